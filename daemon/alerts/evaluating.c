/* One subject: what is open, against what should be. */
#include <stdlib.h>
#include <string.h>

#include "alerts/alerts_state.h"
#include "base/buf.h"
#include "base/json.h"
#include "ledger/ledger_rows.h"
#include "store/alert_table.h"

struct judged {
    const struct rule *rule;
    struct verdict verdict;
    bool recorded; /* there is a row of an open alert for it */
};

struct evaluating {
    struct alerts *alerts;
    const struct subject_data *subject; /* NULL: nothing makes it one (any more) */
    enum subject_kind kind;
    const char *ref;
    int64_t key;
    day_t today;
    struct judged *judged; /* of each rule for its kind */
    size_t n;
    day_t next;
    bool quiet;
};

int64_t subject_hash(enum subject_kind kind, const char *ref)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)kind; /* FNV-1a */

    for (const char *p = ref; *p; p++)
        h = (h ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
    return h ? (int64_t)h : 1;
}

bool alerts_quiet(const struct alerts *a, int64_t key)
{
    size_t byte = (size_t)key / 8;

    return byte < a->quiet_bytes && (a->quiet[byte] & (1 << (key % 8)));
}

void alerts_set_quiet(struct alerts *a, int64_t key, bool quiet)
{
    size_t byte = (size_t)key / 8;

    if (byte >= a->quiet_bytes) {
        size_t bytes = (byte + 1) * 2;

        if (!quiet)
            return;
        a->quiet = mem_resize(a->quiet, bytes);
        memset(a->quiet + a->quiet_bytes, 0, bytes - a->quiet_bytes);
        a->quiet_bytes = bytes;
    }
    if (quiet)
        a->quiet[byte] |= (uint8_t)(1 << (key % 8));
    else
        a->quiet[byte] &= (uint8_t)~(1 << (key % 8));
}

static void no_later(day_t *day, day_t than)
{
    if (than < *day)
        *day = than;
}

/* With needs_rolls, others' events decide with it what counts. So that a roll need not wake the
 * whole branch, such a rule is looked at again whenever its time comes, rolls or no rolls: a silence
 * at each of its thresholds, a cadence whenever a period closes. */
static void wait_for_rolls(struct evaluating *ev, const struct rule *rule, const struct verdict *v)
{
    const struct frame *frame = frame_on(ev->subject, ev->today);

    if (rule->needs_rolls == 0 || !frame || !frame->in_force || !rule_when_holds(rule, frame))
        return;
    if (rule->kind == RULE_CADENCE) {
        day_t day = ev->today, closes;

        /* Back to a period that is closed, then on to the first that is not. */
        do {
            day = period_first(rule->per, day);
            closes = day_add(period_last(rule->per, day), rule->grace) + 1;
            if (closes > ev->today)
                day--;
        } while (closes > ev->today);
        do {
            day = period_last(rule->per, day) + 1;
            closes = day_add(period_last(rule->per, day), rule->grace) + 1;
        } while (closes <= ev->today);
        no_later(&ev->next, closes);
    } else if (rule->kind == RULE_SILENCE && v->base != DAY_NONE) {
        for (size_t i = 0; i < rule->level_count; i++) {
            day_t when = day_add(v->base, rule->levels[i].after);

            if (when > ev->today)
                no_later(&ev->next, when);
            else if (!v->open)
                ev->quiet = false;
        }
    }
}

static int judge(struct evaluating *ev, struct err *err)
{
    struct alerts *a = ev->alerts;
    const struct pack *pack = a->pack;

    ev->judged = arena_alloc(&a->arena, (pack->rule_count + 1) * sizeof *ev->judged);
    for (size_t i = 0; ev->subject && i < pack->rule_count; i++) {
        const struct rule *rule = &pack->rules[i];
        struct judged *j = &ev->judged[ev->n];

        if (rule->subject != ev->kind)
            continue;
        j->rule = rule;
        rule_evaluate(&j->verdict, rule, a->tracking_since, ev->subject, ev->today);
        no_later(&ev->next, j->verdict.next);
        wait_for_rolls(ev, rule, &j->verdict);
        ev->quiet = ev->quiet && !j->verdict.open;
        ev->n++;
    }
    return facts_check(a->facts, err);
}

static int write_row(struct evaluating *ev, enum event_type type, struct buf *members,
                     struct err *err)
{
    return ledger_append_own(ev->alerts->ledger, type, buf_str(members), ev->today,
                             &ev->alerts->last_own, err);
}

static void count_open(struct evaluating *ev, int change)
{
    struct keymap *open = &ev->alerts->open;
    int64_t hash = subject_hash(ev->kind, ev->ref);

    keymap_set(open, hash, keymap_get(open, hash) + (uintptr_t)change);
}

/* The row was just written. `row`: the alert as it was before; NULL: it was not open. */
static int tell(struct evaluating *ev, enum event_type type, const struct alert_row *row, const char *rule,
                enum level level, struct err *err)
{
    struct alerts *a = ev->alerts;
    struct alert_news news = {
        .type = type,
        .alert = row ? row->number : a->last_own,
        .seq = a->last_own,
        .rule = rule,
        .subject = ev->key,
        .level = level,
        .level_before = row ? (enum level)row->level : LEVEL_NONE,
        .data = ev->subject,
        .facts = a->facts,
        .today = ev->today,
    };

    return a->told ? a->told(a->listener, &news, err) : 0;
}

static int open_alert(struct evaluating *ev, const struct judged *j, struct err *err)
{
    _cleanup_buf_ struct buf members = {0};
    struct json json = json_to(&members);

    json.comma = true;
    json_kv_str(&json, "rule", j->rule->id);
    json_key(&json, "subject");
    json_open(&json, '{');
    json_kv_str(&json, subject_kind_name(ev->kind), ev->ref);
    json_close(&json, '}');
    json_kv_str(&json, "level", level_name(j->verdict.level));
    json_kv_day(&json, "since", j->verdict.since);
    json_kv_str(&json, "pack", ev->alerts->pack->hash);
    if (write_row(ev, EV_ALERT_OPENED, &members, err) < 0)
        return -1;
    count_open(ev, 1);
    return tell(ev, EV_ALERT_OPENED, NULL, j->rule->id, j->verdict.level, err);
}

static int change_alert(struct evaluating *ev, const struct alert_row *row, const struct judged *j,
                        struct err *err)
{
    _cleanup_buf_ struct buf members = {0};
    struct json json = json_to(&members);

    json.comma = true;
    json_kv_int(&json, "alert", row->number);
    json_kv_str(&json, "level", level_name(j->verdict.level));
    json_kv_day(&json, "since", j->verdict.since);
    if (write_row(ev, EV_ALERT_CHANGED, &members, err) < 0)
        return -1;
    return tell(ev, EV_ALERT_CHANGED, row, row->rule, j->verdict.level, err);
}

/* What closed it, for staff and for docs/protocol.md. */
static const char *why_closed(const struct evaluating *ev, const struct judged *j)
{
    const struct frame *frame = ev->subject ? frame_on(ev->subject, ev->today) : NULL;

    if (!frame || !frame->in_force)
        return "not_in_force";
    if (!j)
        return "rule_removed";
    if (ev->today < ev->alerts->tracking_since)
        return "not_tracked";
    if (!rule_when_holds(j->rule, frame))
        return "when";
    return j->verdict.exempt ? "exempt" : "met";
}

static int close_alert(struct evaluating *ev, const struct alert_row *row, const struct judged *j,
                       struct err *err)
{
    _cleanup_buf_ struct buf members = {0};
    struct json json = json_to(&members);

    json.comma = true;
    json_kv_int(&json, "alert", row->number);
    json_kv_str(&json, "why", why_closed(ev, j));
    if (write_row(ev, EV_ALERT_CLOSED, &members, err) < 0)
        return -1;
    count_open(ev, -1);
    return tell(ev, EV_ALERT_CLOSED, row, row->rule, (enum level)row->level, err);
}

static struct judged *find_judged(struct evaluating *ev, const char *rule)
{
    for (size_t i = 0; i < ev->n; i++)
        if (strcmp(ev->judged[i].rule->id, rule) == 0)
            return &ev->judged[i];
    return NULL;
}

static int compare_recorded(struct evaluating *ev, struct err *err)
{
    struct alerts *a = ev->alerts;
    struct alert_row *rows;
    size_t n;
    int r = 0;

    if (!alerts_has_open(a, ev->kind, ev->ref))
        return 0;
    if (store_alerts_open_of(&rows, &n, &a->arena, a->store, ev->key, err) < 0)
        return -1;
    for (size_t i = 0; i < n && r == 0; i++) {
        struct judged *j = find_judged(ev, rows[i].rule);

        if (!j || !j->verdict.open) {
            r = close_alert(ev, &rows[i], j, err);
            continue;
        }
        j->recorded = true;
        if ((int)j->verdict.level != rows[i].level || j->verdict.since != rows[i].since)
            r = change_alert(ev, &rows[i], j, err);
    }
    return r;
}

int evaluate_subject(struct alerts *a, int64_t key, day_t today, struct err *err)
{
    struct evaluating ev = {
        .alerts = a, .key = key, .today = today, .next = DAY_NEVER, .quiet = true};
    int r;

    arena_reset(&a->arena);
    r = store_subject_get(&ev.kind, &ev.ref, &a->arena, a->store, key, err);
    if (r != 1)
        return r;
    if (facts_subject(&ev.subject, a->facts, key, false, err) < 0 || judge(&ev, err) < 0 ||
        compare_recorded(&ev, err) < 0)
        return -1;
    for (size_t i = 0; i < ev.n; i++)
        if (ev.judged[i].verdict.open && !ev.judged[i].recorded &&
            open_alert(&ev, &ev.judged[i], err) < 0)
            return -1;
    alerts_set_quiet(a, key, ev.quiet);
    /* Too early a day only costs a look; today itself would never end. */
    if (ev.next <= today)
        ev.next = today + 1;
    return store_deadline_set(a->store, key, ev.next, err);
}
