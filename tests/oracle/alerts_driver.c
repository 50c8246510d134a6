/* Records lines from standard input into a ledger on a clock that moves a second with each event, and
 * answers reads; for comparing the daemon's alerts with the reference in this folder.
 *
 *   today DAY        put the clock at noon of that day
 *   tracking DAY     rules apply from then on
 *   pack FILE        the rule pack in force
 *   submit EVENT     record; prints {"status", "code"?}. On disk before the next read
 *   evaluate         bring the recorded alerts up to the day; prints their number of changes
 *   ask VERB BODY    prints the reply, or {"error": code, "message"}
 *
 *   alerts_driver DATABASE
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/alerts.h"
#include "base/json.h"
#include "base/zone.h"
#include "ledger/ledger.h"
#include "query/query.h"

enum { HISTORY_MS = 60000, HISTORY_ROWS = 1000000, STEP_MS = 1000 };

struct driver {
    struct clock clock;
    struct ledger *ledger;
    struct query *query;
    struct pack *pack;
    day_t tracking_since;
    bool in_batch;
};

static void die(const struct err *err)
{
    fprintf(stderr, "alerts_driver: %s\n", err->en);
    exit(1);
}

static void submit(struct driver *d, const char *event)
{
    static const char *const words[] = {"recorded", "duplicate", "refused"};
    _cleanup_buf_ struct buf out = {0};
    struct json j = json_to(&out);
    struct submit_result result;
    struct err err = {0};

    d->clock.fake_us += 1000000;
    if ((!d->in_batch && ledger_begin(d->ledger, &err) < 0) ||
        ledger_submit(d->ledger, event, strlen(event), "driver", &result, &err) < 0)
        die(&err);
    d->in_batch = true;
    json_open(&j, '{');
    json_kv_str(&j, "status", words[result.status]);
    if (result.status == SUBMIT_REFUSED)
        json_kv_str(&j, "code", err_code_name(result.err.code));
    json_close(&j, '}');
    puts(buf_str(&out));
}

static void commit(struct driver *d)
{
    struct err err = {0};

    if (d->in_batch && ledger_commit(d->ledger, &err) < 0)
        die(&err);
    d->in_batch = false;
}

static void evaluate(struct driver *d)
{
    _cleanup_alerts_ struct alerts *alerts = NULL;
    struct err err = {0};
    int64_t before;
    bool done = false;

    commit(d);
    before = ledger_seq(d->ledger);
    if (alerts_new(&alerts, d->ledger, d->pack, d->tracking_since, &err) != 0)
        die(&err);
    while (!done)
        if (alerts_step(alerts, STEP_MS, &done, &err) < 0)
            die(&err);
    printf("%lld\n", (long long)(ledger_seq(d->ledger) - before));
}

static void ask(struct driver *d, const char *verb, const char *body)
{
    _cleanup_buf_ struct buf reply = {0};
    struct err err = {0};
    struct query_env env = {
        .pack = d->pack,
        .tracking_since = d->tracking_since,
        .today = clock_today(&d->clock),
        .now_us = clock_now_us(&d->clock),
        .history_ms = HISTORY_MS,
        .history_rows = HISTORY_ROWS,
        .status = "",
    };

    commit(d);
    if (query_answer(d->query, &env, verb, body, strlen(body), &reply, &err) != 0) {
        struct json j = json_to(&reply);

        buf_clear(&reply);
        json_open(&j, '{');
        json_kv_str(&j, "error", err_code_name(err.code));
        json_kv_str(&j, "message", err.en);
        json_close(&j, '}');
    }
    puts(buf_str(&reply));
}

static void read_pack(struct driver *d, const char *path)
{
    struct pack *pack = NULL;
    struct err err = {0};

    if (pack_read_file(&pack, path, ledger_kinds(d->ledger), &err) != 0)
        die(&err);
    pack_free(d->pack);
    d->pack = pack;
}

static bool day_after(day_t *out, const char *line, const char *word)
{
    size_t n = strlen(word);

    return strncmp(line, word, n) == 0 && day_parse(out, line + n, strlen(line + n));
}

static void obey(struct driver *d, char *line)
{
    day_t day;
    char *body;

    if (strncmp(line, "submit ", 7) == 0) {
        submit(d, line + 7);
    } else if (strncmp(line, "ask ", 4) == 0 && (body = strchr(line + 4, ' '))) {
        *body = '\0';
        ask(d, line + 4, body + 1);
    } else if (day_after(&day, line, "today ")) {
        d->clock.fake_us = d->clock.last_us = zone_instant(day, 43200) * 1000000;
    } else if (day_after(&day, line, "tracking ")) {
        d->tracking_since = day;
    } else if (strcmp(line, "evaluate") == 0) {
        evaluate(d);
    } else if (strncmp(line, "pack ", 5) == 0) {
        read_pack(d, line + 5);
    } else {
        fprintf(stderr, "alerts_driver: what is \"%s\"?\n", line);
        exit(2);
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct driver d = {.tracking_since = 0};
    struct ledger_options options = {.timezone = "Asia/Shanghai", .transfer_valid_days = 90};
    struct err err = {0};
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;

    if (argc != 2)
        return 2;
    options.path = argv[1];
    if (zone_set(options.timezone, &err) != 0)
        die(&err);
    clock_init(&d.clock, 0);
    d.clock.fake_us = zone_instant(day_from_civil(2000, 1, 1), 43200) * 1000000;
    if (ledger_open(&d.ledger, &options, &d.clock, &err) != 0 || query_new(&d.query, argv[1], &err) != 0)
        die(&err);
    while ((len = getline(&line, &cap, stdin)) > 0) {
        if (line[len - 1] == '\n')
            line[len - 1] = '\0';
        obey(&d, line);
    }
    free(line);
    pack_free(d.pack);
    query_free(d.query);
    ledger_free(d.ledger);
    return 0;
}
