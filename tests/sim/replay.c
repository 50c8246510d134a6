/* A history replayed on a moving clock: every event when the clock has reached its date, in the
 * order recorded. At the end of a day the alerts kept up step by step must be those that evaluation
 * from the ground up gives; and after the last event, those of the files expected-NAME-DAY.jsonl
 * (NAME is "alerts", or "none" for no such files).
 *
 *     sim_replay DIR --pack FILE [--expect NAME] [--tracking-since DAY] [--events FILE]
 *                [--until DAY] [--every N] [--swap PACK] [--seed N]
 *
 * --every N compares every Nth day. --seed makes it restless: batches of any size, slices cut short,
 * restarts in the middle, and, with --swap, rules changed and changed back. Finally everything is
 * rebuilt, and must be as before.
 */
#include <dirent.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sim.h"
#include "wire/event.h"

struct replay {
    struct sim sim;
    const char *dir, *pack, *expect, *events, *swap;
    day_t tracking_since, until;
    int every;
    bool restless;
    uint64_t random;
    int in_batch; /* events submitted and not committed yet */
    long compared;
};

static uint64_t draw(struct replay *r, uint64_t below)
{
    /* xorshift64*: the same on every machine */
    r->random ^= r->random >> 12;
    r->random ^= r->random << 25;
    r->random ^= r->random >> 27;
    return (r->random * UINT64_C(0x2545F4914F6CDD1D) >> 33) % below;
}

static void check(int failed, const struct err *err)
{
    if (failed)
        sim_fail("%s", err->en);
}

static void commit(struct replay *r)
{
    struct err err = {0};

    if (r->in_batch)
        check(ledger_commit(r->sim.ledger, &err), &err);
    r->in_batch = 0;
}

static void be_restless(struct replay *r)
{
    struct err err = {0};
    bool done;

    if (draw(r, 3) == 0)
        return; /* more of the batch */
    commit(r);
    for (uint64_t n = draw(r, 4); n > 0; n--)
        check(alerts_step(r->sim.alerts, (int64_t)draw(r, 2), &done, &err), &err);
    if (draw(r, 60) == 0)
        sim_restart_alerts(&r->sim);
    if (r->swap && draw(r, 100) == 0) {
        sim_configure(&r->sim, draw(r, 2) ? r->swap : r->pack, r->tracking_since);
        check(alerts_step(r->sim.alerts, 0, &done, &err), &err);
        if (draw(r, 2))
            sim_restart_alerts(&r->sim);
    }
}

static void end_day(struct replay *r, bool compare)
{
    commit(r);
    sim_settle(&r->sim);
    if (!compare)
        return;
    sim_check(&r->sim, r->dir);
    r->compared++;
}

/* Every day in between has its midnight; some restless clocks jump. */
static void go(struct replay *r, day_t day)
{
    while (sim_today(&r->sim) < day) {
        day_t today = sim_today(&r->sim);

        if (!r->restless || draw(r, 3))
            end_day(r, today % r->every == 0);
        else
            commit(r);
        sim_clock(&r->sim, r->restless && draw(r, 10) == 0 ? day : today + 1);
    }
}

static void submit(struct replay *r, const char *line)
{
    struct submit_result result;
    struct err err = {0};

    if (!r->in_batch)
        check(ledger_begin(r->sim.ledger, &err), &err);
    r->in_batch++;
    check(ledger_submit(r->sim.ledger, line, strlen(line), "tester", &result, &err), &err);
    if (result.status != SUBMIT_RECORDED)
        sim_fail("not recorded: %s: %s", result.err.en, line);
    if (r->restless)
        be_restless(r);
    else
        commit(r);
}

static void play(struct replay *r)
{
    _cleanup_buf_ struct buf path = {0};
    _cleanup_file_ FILE *file = NULL;
    _cleanup_free_ char *line = NULL;
    _cleanup_arena_ struct arena arena = {0};
    size_t cap = 0;
    ssize_t len;

    buf_addf(&path, "%s/%s", r->dir, r->events);
    file = fopen(buf_str(&path), "r");
    if (!file)
        sim_fail("cannot read %s", buf_str(&path));
    while ((len = getline(&line, &cap, file)) > 1) {
        struct event event;
        struct err err = {0};

        line[strcspn(line, "\n")] = '\0';
        arena_reset(&arena);
        check(event_read(&event, &arena, line, strlen(line), EVENT_SUBMITTED,
                         ledger_kinds(r->sim.ledger), &err),
              &err);
        go(r, event.day);
        submit(r, line);
    }
    commit(r);
}

/* expected-NAME-2022-03-31.jsonl: the day, or DAY_NONE for another file. */
static day_t expected_day(const struct replay *r, const char *file)
{
    size_t len = strlen(r->expect);
    day_t day;

    if (strncmp(file, "expected-", 9) != 0 || strncmp(file + 9, r->expect, len) != 0 ||
        file[9 + len] != '-' || strlen(file) != 9 + len + 1 + 10 + 6)
        return DAY_NONE;
    return day_parse(&day, file + 9 + len + 1, 10) ? day : DAY_NONE;
}

static int compare_expected(struct replay *r, const char *file, day_t day)
{
    _cleanup_sim_alerts_ struct sim_alerts wanted = {0}, got = {0}, open = {0};
    _cleanup_buf_ struct buf path = {0};
    int wrong = 0;

    buf_addf(&path, "%s/%s", r->dir, file);
    sim_read_expected(&wanted, buf_str(&path));
    sim_evaluate(&got, &r->sim, day);
    wrong += !sim_same(buf_str(&path), &wanted, &got, true);
    if (day >= sim_today(&r->sim)) {
        go(r, day);
        sim_settle(&r->sim);
        sim_open_alerts(&open, &r->sim);
        wrong += !sim_same(buf_str(&path), &wanted, &open, false);
    }
    return wrong;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int compare_all_expected(struct replay *r)
{
    struct dirent **files = NULL;
    int n = scandir(r->dir, &files, NULL, by_name), wrong = 0, found = 0;

    for (int i = 0; i < n; i++) {
        day_t day = expected_day(r, files[i]->d_name);

        if (day != DAY_NONE) {
            wrong += compare_expected(r, files[i]->d_name, day);
            found++;
        }
        free(files[i]);
    }
    free(files);
    if (found == 0)
        sim_fail("%s has no file expected-%s-DAY.jsonl", r->dir, r->expect);
    return wrong;
}

static void rebuild(struct replay *r)
{
    _cleanup_sim_alerts_ struct sim_alerts before = {0}, after = {0};
    int64_t seq;

    sim_settle(&r->sim);
    sim_open_alerts(&before, &r->sim);
    seq = ledger_seq(r->sim.ledger);
    sim_rebuild(&r->sim);
    sim_settle(&r->sim);
    if (ledger_seq(r->sim.ledger) != seq)
        sim_fail("%s: a rebuild changed alerts", r->dir);
    sim_open_alerts(&after, &r->sim);
    if (!sim_same("open alerts after a rebuild", &before, &after, false))
        sim_fail("%s", r->dir);
    sim_check(&r->sim, "after a rebuild");
}

static day_t day_option(const char *text)
{
    day_t day;

    if (!day_parse(&day, text, strlen(text)))
        sim_fail("no day: %s", text);
    return day;
}

static void read_options(struct replay *r, int argc, char **argv)
{
    static const struct option options[] = {
        {"pack", 1, NULL, 'p'},  {"expect", 1, NULL, 'x'}, {"tracking-since", 1, NULL, 't'},
        {"every", 1, NULL, 'e'}, {"seed", 1, NULL, 's'},   {"events", 1, NULL, 'f'},
        {"until", 1, NULL, 'u'}, {"swap", 1, NULL, 'w'},   {0},
    };
    int c;

    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'p')
            r->pack = optarg;
        else if (c == 'x')
            r->expect = optarg;
        else if (c == 't')
            r->tracking_since = day_option(optarg);
        else if (c == 'e')
            r->every = atoi(optarg);
        else if (c == 'f')
            r->events = optarg;
        else if (c == 'u')
            r->until = day_option(optarg);
        else if (c == 'w')
            r->swap = optarg;
        else if (c == 's') {
            r->restless = true;
            r->random = strtoull(optarg, NULL, 10) * 2 + 1;
        } else
            exit(2);
    }
    if (optind + 1 != argc || !r->pack || r->every < 1)
        sim_fail("usage: sim_replay DIR --pack FILE ... (see replay.c)");
    r->dir = argv[optind];
}

int main(int argc, char **argv)
{
    struct replay r = {.expect = "alerts",
                       .events = "events.jsonl",
                       .tracking_since = day_from_civil(2022, 1, 1),
                       .until = DAY_NONE,
                       .every = 1};
    int wrong;

    read_options(&r, argc, argv);
    sim_start(&r.sim, r.pack, r.tracking_since, day_from_civil(2021, 1, 1));
    play(&r);
    if (r.swap)
        sim_configure(&r.sim, r.pack, r.tracking_since);
    end_day(&r, true);
    wrong = strcmp(r.expect, "none") == 0 ? 0 : compare_all_expected(&r);
    if (r.until != DAY_NONE)
        go(&r, r.until);
    rebuild(&r);
    printf("%s: %ld days compared\n", r.dir, r.compared);
    sim_end(&r.sim);
    return wrong ? 1 : 0;
}
