#include "service/pretend_verb.h"

#include "access/realm.h"
#include "alerts/pretend.h"
#include "base/log.h"
#include "service/answer.h"
#include "service/arrival.h"
#include "service/batch.h"
#include "service/clock_verb.h"
#include "service/limits.h"
#include "service/service_state.h"

enum {
    EVALUATE_MS = 250,      /* recording waits so long for it, at most, after the events are judged */
    PRETEND_EVENTS = 8192,  /* of one request: alerts that only several events close together are seen */
};

struct pretending {
    struct service *service;
    struct request *request;
    struct submit_body body;
    struct arena arena;
    struct json out;
    bool zh;
};

static void pretending_deinit(struct pretending *p)
{
    arena_deinit(&p->arena);
}

/* Alerts of what lies in scope; of letters, which have two ends, only to those who see everything. */
static int may_tell(bool *out, const struct pretending *p, const struct pretended *change, struct err *err)
{
    struct grant *grant = request_limits(p->request);
    struct store *store = ledger_store(p->service->ledger);
    const struct realm *realm;
    int64_t key = 0;

    *out = !grant;
    if (!grant)
        return 0;
    if (grant_realm(&realm, grant, store, ledger_realm_version(p->service->ledger), err) < 0 ||
        store_subject_find(&key, store, change->kind, change->ref, err) < 0)
        return -1;
    if (change->kind == SUBJECT_MEMBER)
        return realm_has_member(out, realm, store, key, clock_today(&p->service->clock), err);
    *out = (change->kind == SUBJECT_BRANCH || change->kind == SUBJECT_UNIT) && realm_has(realm, key);
    return 0;
}

static int write_change(void *context, const struct pretended *change, struct err *err)
{
    struct pretending *p = context;
    struct json *out = &p->out;
    bool may;

    if (may_tell(&may, p, change, err) < 0)
        return -1;
    if (!may)
        return 0;
    json_open(out, '{');
    json_kv_str(out, "change", change->type == EV_ALERT_OPENED ? "opened" : change->type == EV_ALERT_CLOSED ? "closed" : "changed");
    if (change->alert)
        json_kv_int(out, "alert", change->alert);
    json_kv_str(out, "rule", change->rule);
    json_key(out, "subject");
    json_open(out, '{');
    json_kv_str(out, subject_kind_name(change->kind), change->ref);
    json_close(out, '}');
    if (*change->level)
        json_kv_str(out, "level", change->level);
    if (*change->since)
        json_kv_str(out, "since", change->since);
    if (*change->why)
        json_kv_str(out, "why", change->why);
    json_close(out, '}');
    return 0;
}

static int write_result(struct pretending *p, struct span json, struct desk *desk, struct err *err)
{
    struct ledger *ledger = p->service->ledger;
    struct author author = {p->request->user, request_limits(p->request)};
    _cleanup_arena_ struct arena arena = {0};
    struct submitted sent;
    struct submit_result result;
    struct outcome outcome;

    submitted_read(&sent, &arena, desk, json, ledger_kinds(ledger));
    if (ledger_take(ledger, &sent, &author, &result, err) < 0)
        return -1;
    if (result.status == SUBMIT_RECORDED)
        result.seq = 0; /* a number that another event will have */
    outcome_set(&outcome, &result);
    outcome_write(&p->out, &outcome, &sent.event, p->zh);
    outcome_deinit(&outcome);
    return 0;
}

static int write_results(struct pretending *p, struct err *err)
{
    CLEANUP(desk_deinit) struct desk desk = {0};

    json_key(&p->out, "results");
    json_open(&p->out, '[');
    for (size_t i = 0; i < p->body.count; i++)
        if (write_result(p, p->body.events[i], &desk, err) < 0)
            return -1;
    json_close(&p->out, ']');
    return 0;
}

/* While earlier rows wait to be evaluated, what changes is not these events' doing alone: then it says so, and is asked again. */
static int write_alerts(struct pretending *p, struct err *err)
{
    struct evaluation *e = &p->service->evaluation;
    int64_t newest = ledger_seq(p->service->ledger);
    bool known = evaluation_covers(e, newest), done = false;

    json_kv_bool(&p->out, "settling", !known);
    json_key(&p->out, "alerts");
    json_open(&p->out, '[');
    if (known && alerts_pretend(e->alerts, newest, EVALUATE_MS, write_change, p, &done, err) < 0)
        return -1;
    json_close(&p->out, ']');
    json_kv_bool(&p->out, "alerts_complete", done);
    return 0;
}

static int judge(struct pretending *p, struct err *err)
{
    struct ledger *ledger = p->service->ledger;
    int failed = ledger_begin(ledger, err);

    if (failed)
        return failed;
    json_open(&p->out, '{');
    json_kv_str(&p->out, "ledger", ledger_uuid(ledger));
    json_kv_bool(&p->out, "rehearsal", ledger_rehearsal(ledger));
    failed = write_results(p, err) < 0 || write_alerts(p, err) < 0 ? -1 : 0;
    json_close(&p->out, '}');
    ledger_rollback(ledger);
    return failed;
}

static int read_body(struct pretending *p, struct err *err)
{
    size_t len;
    const char *body = request_body(p->request, &len);
    int failed = submit_body_read_most(&p->body, &p->arena, body, len, PRETEND_EVENTS, err);

    p->zh = p->body.lang.len == 2 && p->body.lang.s[0] == 'z' && p->body.lang.s[1] == 'h';
    if (!failed)
        failed = submit_check_pin(&p->body, p->service->ledger, err);
    return failed ? failed : clock_check(p->service, err);
}

void pretend_answer(struct service *s, struct request *request)
{
    _cleanup_buf_ struct buf reply = {0};
    CLEANUP(pretending_deinit) struct pretending p = {.service = s, .request = request, .out = json_to(&reply)};
    struct err err = {0};
    int failed = read_body(&p, &err);

    if (!failed)
        failed = judge(&p, &err);
    if (failed < 0) {
        log_error("events cannot be judged: %s", err.en);
        err_clear(&err);
        err_say(&err, ERR_UNAVAILABLE, NULL, "the ledger cannot be used just now: try again later", "台账暂时无法使用，请稍后重试");
    }
    if (failed)
        service_refuse_request(s, request, &err, p.zh ? "zh" : "en");
    else
        service_answer_request(s, request, true, &reply);
}
