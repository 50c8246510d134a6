/* Answers that leave the service, and what it says of itself. */
#include <string.h>

#include "base/json.h"
#include "service/answer.h"
#include "service/service_state.h"
#include "service/telling.h"

/* A key that was revoked meanwhile gets nothing more. */
static bool is_shut_out(struct service *s, const struct request *request)
{
    const struct grant *grant = request->grant;

    if (!grant || !grant->gone)
        return false;
    s->admission.stopped++;
    return true;
}

void service_answer_request(struct service *s, const struct request *request, bool ok, struct buf *body)
{
    if (is_shut_out(s, request))
        buf_deinit(body);
    else
        service_answer(s, &request->from, ok, body);
}

void service_refuse_request(struct service *s, const struct request *request, const struct err *err, const char *lang)
{
    if (!is_shut_out(s, request))
        service_refuse(s, &request->from, err, lang);
}

void service_answer(struct service *s, const struct address *to, bool ok, struct buf *body)
{
    count(&s->counters, ok ? COUNT_OK : COUNT_ERROR);
    gate_answer(s->gate, to, ok, body);
}

void service_refuse(struct service *s, const struct address *to, const struct err *err,
                    const char *lang)
{
    _cleanup_buf_ struct buf body = {0};
    struct json out = json_to(&body);

    answer_error(&out, err, lang);
    count_error(&s->counters, err->code);
    service_answer(s, to, false, &body);
}

/* What a client over tcp has to know (muster key). */
static void write_doors(struct json *out, const struct service *s)
{
    json_kv_str(out, "server_key", s->admission.server.public);
    json_key(out, "tcp");
    json_open(out, '[');
    for (size_t i = 0; net_endpoint(s->net, i); i++)
        if (strncmp(net_endpoint(s->net, i), "tcp://", 6) == 0)
            json_str(out, net_endpoint(s->net, i));
    json_close(out, ']');
}

/* Counts over the whole district are for those who may know it. */
static void write_counts(struct json *out, struct service *s, int64_t lag)
{
    struct net_turned_away away = net_turned_away(s->net);
    struct gate_counts gate = gate_counts(s->gate);
    struct counted_elsewhere others = {
        .bytes_held = net_held(s->net),
        .keys_unknown = away.unknown_keys,
        .keys_revoked = s->admission.stopped,
        .keys_hurried = s->admission.hurried,
        .handshakes_failed = away.handshakes_failed,
        .strangers = away.strangers,
        .not_admitted = s->admission.refused,
    };

    s->counters.values[COUNT_LOST] = gate.lost;
    s->counters.values[COUNT_DROPPED_SLOW] = gate.dropped_slow;
    s->counters.values[COUNT_DROPPED_GONE] = gate.dropped_gone;
    json_kv_int(out, "events", ledger_events(s->ledger));
    json_kv_bool(out, "telling", telling_busy(s));
    json_key(out, "queue");
    json_open(out, '{');
    json_kv_int(out, "reads", (int64_t)s->reads.in_flight[LINE_LOOKUP]);
    json_kv_int(out, "history", (int64_t)s->reads.in_flight[LINE_HISTORY]);
    json_kv_int(out, "evaluations", lag);
    json_close(out, '}');
    counters_write(out, &s->counters, &others);
}

char *service_status(struct service *s, const struct grant *limits)
{
    _cleanup_buf_ struct buf text = {0};
    struct json out = json_to(&text);
    char started[CLOCK_TEXT_SIZE];
    int64_t lag = alerts_lag(s->evaluation.alerts);

    json_kv_str(&out, "version", MUSTER_VERSION);
    json_kv_str(&out, "started", clock_format_us(started, s->started_us));
    json_kv_int(&out, "transfer_valid_days", s->policy->settings->transfer_valid_days);
    json_kv_bool(&out, "settling", evaluation_settling(&s->evaluation));
    json_kv_int(&out, "lag", lag);
    json_kv_bool(&out, "recording", !s->leapt);
    json_key(&out, "verified");
    if (s->verified)
        json_raw(&out, s->verified, strlen(s->verified));
    else
        json_nil(&out);
    write_doors(&out, s);
    if (!limits || grant_allows(limits, role_may(limits->role, DEED_READ_COUNTERS)))
        write_counts(&out, s, lag);
    return mem_strdup(buf_str(&text));
}
