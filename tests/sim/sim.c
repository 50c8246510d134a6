#include "sim.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/full.h"
#include "base/buf.h"
#include "base/text.h"
#include "base/zone.h"
#include "ledger/ledger.h"
#include "store/store.h"

enum { BUDGET_MS = 1000, NOON_S = 12 * 3600, STEPS_MAX = 1000000, VALID_DAYS = 90 };

void sim_fail(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

static void must(int r, const struct err *err, const char *what)
{
    if (r != 0)
        sim_fail("%s: %s", what, err->en);
}

void sim_clock(struct sim *sim, day_t day)
{
    int64_t us = (zone_midnight(day) + NOON_S) * 1000000;

    if (us > sim->clock.fake_us)
        sim->clock.fake_us = us;
}

day_t sim_today(struct sim *sim)
{
    return clock_today(&sim->clock);
}

static void read_pack(struct sim *sim, const char *pack_file)
{
    struct err err = {0};

    must(pack_read_file(&sim->pack, pack_file, ledger_kinds(sim->ledger), &err), &err, pack_file);
}

static void open_alerts(struct sim *sim)
{
    struct err err = {0};

    must(alerts_new(&sim->alerts, sim->ledger, sim->pack, sim->tracking_since, &err), &err,
         "alerts");
}

void sim_start(struct sim *sim, const char *pack_file, day_t tracking_since, day_t day)
{
    struct ledger_options options = {
        .path = ":memory:", .timezone = "Asia/Shanghai", .transfer_valid_days = VALID_DAYS};
    struct err err = {0};

    memset(sim, 0, sizeof *sim);
    must(zone_set(options.timezone, &err), &err, "zone");
    sim_clock(sim, day);
    must(ledger_open(&sim->ledger, &options, &sim->clock, &err), &err, "ledger");
    sim->tracking_since = tracking_since;
    read_pack(sim, pack_file);
    open_alerts(sim);
    sim->facts = facts_new(ledger_store(sim->ledger), ledger_kinds(sim->ledger));
}

void sim_end(struct sim *sim)
{
    facts_free(sim->facts);
    alerts_free(sim->alerts);
    pack_free(sim->pack);
    ledger_free(sim->ledger);
    memset(sim, 0, sizeof *sim);
}

void sim_submit(struct submit_result *out, struct sim *sim, const char *json)
{
    struct err err = {0};

    must(ledger_begin(sim->ledger, &err), &err, "begin");
    must(ledger_submit(sim->ledger, json, strlen(json), "tester", out, &err), &err, json);
    must(ledger_commit(sim->ledger, &err), &err, "commit");
}

void sim_settle(struct sim *sim)
{
    struct err err = {0};
    bool done = false;

    for (int i = 0; !done; i++) {
        must(alerts_step(sim->alerts, BUDGET_MS, &done, &err), &err, "evaluation");
        if (i > STEPS_MAX)
            sim_fail("evaluation does not end");
    }
    if (alerts_pending(sim->alerts))
        sim_fail("alerts are done and pending");
    if (alerts_lag(sim->alerts) != 0)
        sim_fail("alerts are done, but %lld rows behind", (long long)alerts_lag(sim->alerts));
}

void sim_restart_alerts(struct sim *sim)
{
    alerts_free(TAKE(sim->alerts));
    open_alerts(sim);
}

void sim_configure(struct sim *sim, const char *pack_file, day_t tracking_since)
{
    struct pack *old = sim->pack;
    struct err err = {0};

    read_pack(sim, pack_file);
    sim->tracking_since = tracking_since;
    must(alerts_configure(sim->alerts, sim->pack, tracking_since, &err), &err, "configure");
    pack_free(old);
}

void sim_rebuild(struct sim *sim)
{
    struct err err = {0};

    must(ledger_rebuild(sim->ledger, NULL, &err), &err, "rebuild");
    sim_restart_alerts(sim);
}

static struct sim_alert *add(struct sim_alerts *list, const char *rule, enum subject_kind kind,
                             const char *ref)
{
    struct sim_alert *a;

    ARRAY_GROW(list->items, list->n, list->cap);
    a = &list->items[list->n++];
    *a = (struct sim_alert){.kind = kind, .since = DAY_NONE, .due = DAY_NONE};
    text_copy(a->rule, sizeof a->rule, rule);
    text_copy(a->ref, sizeof a->ref, ref);
    return a;
}

void sim_alerts_deinit(struct sim_alerts *alerts)
{
    free(alerts->items);
    *alerts = (struct sim_alerts){0};
}

static int alert_order(const void *a, const void *b)
{
    const struct sim_alert *x = a, *y = b;
    int c = strcmp(x->rule, y->rule);

    if (c == 0)
        c = (int)x->kind - (int)y->kind;
    return c ? c : strcmp(x->ref, y->ref);
}

static void sort(struct sim_alerts *list)
{
    if (list->n > 1)
        qsort(list->items, list->n, sizeof *list->items, alert_order);
}

void sim_open_alerts(struct sim_alerts *out, struct sim *sim)
{
    static const char text[] = "SELECT a.rule, s.kind, s.ref, a.level, a.since FROM alert AS a "
                               "JOIN subject AS s ON s.key = a.subject WHERE a.closed = 0";
    sqlite3 *db = store_db(ledger_store(sim->ledger));
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(db, text, -1, &s, NULL) != SQLITE_OK)
        sim_fail("%s", sqlite3_errmsg(db));
    while (sqlite3_step(s) == SQLITE_ROW) {
        struct sim_alert *a = add(out, (const char *)sqlite3_column_text(s, 0),
                                  (enum subject_kind)sqlite3_column_int(s, 1),
                                  (const char *)sqlite3_column_text(s, 2));

        a->level = (enum level)sqlite3_column_int(s, 3);
        a->since = (day_t)sqlite3_column_int(s, 4);
    }
    sqlite3_finalize(s);
    sort(out);
}

static int keep(void *ctx, const struct subject_data *subject, const struct rule *rule,
                const struct verdict *verdict)
{
    struct sim_alert *a = add(ctx, rule->id, subject->kind, subject->ref);

    a->level = verdict->level;
    a->since = verdict->since;
    a->due = verdict->due;
    a->missed = verdict->missed;
    return 0;
}

void sim_evaluate(struct sim_alerts *out, struct sim *sim, day_t day)
{
    struct err err = {0};

    facts_reset(sim->facts);
    must(alerts_full(sim->facts, ledger_store(sim->ledger), sim->pack, sim->tracking_since, day,
                     keep, out, &err),
         &err, "evaluation");
    sort(out);
}

static day_t day_of(const json_t *line, const char *key)
{
    const char *text = json_string_value(json_object_get(line, key));
    day_t day;

    return text && day_parse(&day, text, strlen(text)) ? day : DAY_NONE;
}

static void read_line(struct sim_alerts *out, const char *path, const char *text)
{
    json_t *line = json_loads(text, 0, NULL);
    enum subject_kind kind;
    const char *name = json_string_value(json_object_get(line, "subject_type"));
    struct sim_alert *a;

    if (!name || !subject_kind_parse(&kind, name, strlen(name)))
        sim_fail("%s: not an alert: %s", path, text);
    a = add(out, json_string_value(json_object_get(line, "rule")), kind,
            json_string_value(json_object_get(line, "subject")));
    if (!level_parse(&a->level, json_string_value(json_object_get(line, "level"))))
        sim_fail("%s: no level: %s", path, text);
    a->since = day_of(line, "since");
    a->due = day_of(line, "due");
    a->missed = (int32_t)json_integer_value(json_object_get(line, "missed"));
    json_decref(line);
}

void sim_read_expected(struct sim_alerts *out, const char *path)
{
    _cleanup_file_ FILE *file = fopen(path, "r");
    _cleanup_free_ char *line = NULL;
    size_t cap = 0;

    if (!file)
        sim_fail("cannot read %s", path);
    while (getline(&line, &cap, file) > 0)
        if (line[0] == '{')
            read_line(out, path, line);
    sort(out);
}

static bool same_content(const struct sim_alert *a, const struct sim_alert *b, bool all)
{
    return a->level == b->level && a->since == b->since &&
           (!all || (a->due == b->due && a->missed == b->missed));
}

static void print(char sign, const struct sim_alert *a)
{
    char since[DAY_TEXT_SIZE], due[DAY_TEXT_SIZE];

    fprintf(stderr, "  %c %s %s %s %s since %s due %s missed %d\n", sign, a->rule,
            subject_kind_name(a->kind), a->ref, level_name(a->level), day_format(since, a->since),
            a->due == DAY_NONE ? "-" : day_format(due, a->due), a->missed);
}

bool sim_same(const char *what, const struct sim_alerts *wanted, const struct sim_alerts *got,
              bool all)
{
    size_t i = 0, k = 0;
    bool same = true;

    while (i < wanted->n || k < got->n) {
        const struct sim_alert *w = i < wanted->n ? &wanted->items[i] : NULL;
        const struct sim_alert *g = k < got->n ? &got->items[k] : NULL;
        int order = !w ? 1 : !g ? -1 : alert_order(w, g);

        i += order <= 0;
        k += order >= 0;
        if (order == 0 && same_content(w, g, all))
            continue;
        if (same)
            fprintf(stderr, "%s: - wanted, + is\n", what);
        same = false;
        if (order <= 0)
            print('-', w);
        if (order >= 0)
            print('+', g);
    }
    return same;
}

void sim_check(struct sim *sim, const char *when)
{
    _cleanup_sim_alerts_ struct sim_alerts wanted = {0}, got = {0};
    char today[DAY_TEXT_SIZE];

    sim_evaluate(&wanted, sim, sim_today(sim));
    sim_open_alerts(&got, sim);
    if (!sim_same("recorded alerts against evaluation", &wanted, &got, false))
        sim_fail("%s, on %s", when, day_format(today, sim_today(sim)));
}
