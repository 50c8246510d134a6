/* A ledger on a disk that fails at every call in turn.
 *
 * The story: branches, meetings, corrections, in small batches, with the index in many small parts and a
 * checkpoint now and then, so that every kind of write takes part. What was answered "recorded" (its
 * commit returned) must be there afterwards, once; what was not may be there or not, and can be sent
 * again; and what is derived is what a rebuild would derive.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/zone.h"
#include "disk.h"
#include "ledger/ledger.h"
#include "store/touches.h"
#include "store/upkeep.h"

enum { EVENTS = 120, BATCH = 4, TEXT = 512 };

static unsigned seed;
static long step = 1; /* every how manyth call fails: 1 in the long test */
static char folder[64], path[80], image[80];

static void make_event(char out[TEXT], int i)
{
    const char *id = "0185a000-0000-7000-8000-";

    if (i < 8)
        snprintf(out, TEXT,
                 "{\"id\":\"%s%012d\",\"type\":\"branch.founded\",\"at\":\"2020-01-01\",\"branch\":\"B-%d\","
                 "\"name\":\"branch\",\"form\":\"own\",\"sector\":\"enterprise\"}",
                 id, i, i);
    else if (i % 9 == 0)
        snprintf(out, TEXT,
                 "{\"id\":\"%s%012d\",\"type\":\"event.voided\",\"at\":\"2022-12-30\",\"event\":\"%s%012d\","
                 "\"reason\":\"counted twice\"}",
                 id, i, id, i - 1);
    else
        snprintf(out, TEXT,
                 "{\"id\":\"%s%012d\",\"type\":\"meeting\",\"at\":\"2022-%02d-%02d\",\"branch\":\"B-%d\","
                 "\"kinds\":[\"talk\"],\"title\":\"a title that takes some room in the row: %040d\"}",
                 id, i, 1 + i * 7 % 12, 1 + i * 5 % 28, i % 8, i);
}

static struct ledger *open_ledger(const char *file, struct clock *clock, struct err *err)
{
    struct ledger_options options = {file, "Asia/Shanghai", false, 90, NULL, 0, NULL};
    struct ledger *ledger = NULL;

    clock_init(clock, 0);
    clock->fake_us = zone_instant(day_from_civil(2023, 1, 1), 43200) * 1000000;
    if (ledger_open(&ledger, &options, clock, err) != 0)
        return NULL;
    store_upkeep_set(ledger_store(ledger), 20, 2);
    return ledger;
}

/* Submits events [from, to) as one batch. True: the commit returned. */
static bool submit(struct ledger *ledger, int from, int to)
{
    struct submit_result result;
    char text[TEXT];
    struct err err = {0};

    if (ledger_begin(ledger, &err) < 0)
        return false;
    for (int i = from; i < to; i++) {
        make_event(text, i);
        if (ledger_submit(ledger, text, strlen(text), "tester", &result, &err) < 0) {
            ledger_rollback(ledger);
            return false;
        }
        if (result.status == SUBMIT_REFUSED)
            fail_msg("event %d: %s", i, result.err.en);
    }
    return ledger_commit(ledger, &err) == 0;
}

/* Tells the story until something fails; returns how many events were answered. */
static int tell(struct ledger *ledger, int from)
{
    while (from < EVENTS) {
        if (!submit(ledger, from, from + BATCH))
            return from;
        from += BATCH;
        ledger_upkeep(ledger, 0);
        if (from % 40 == 0)
            sqlite3_wal_checkpoint_v2(store_db(ledger_store(ledger)), NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
                                      NULL);
    }
    return from;
}

static int64_t walk_length(struct ledger *ledger, int64_t subject, int64_t *out_of_effect)
{
    struct touch_walk walk;
    struct err err = {0};
    struct touch t;
    int64_t n = 0;
    int r;

    *out_of_effect = 0;
    touch_walk_init(&walk, ledger_store(ledger), subject, NULL);
    while ((r = touch_walk_next(&t, &walk, &err)) == 1) {
        n++;
        *out_of_effect += t.out_by != 0;
    }
    assert_int_equal(r, 0);
    return n;
}

static void check_index(struct ledger *ledger)
{
    int64_t out[10], rows[10], out_again;
    struct err err = {0};

    for (int64_t s = 0; s < 9; s++)
        rows[s] = walk_length(ledger, s, &out[s]);
    assert_int_equal(rows[0], ledger_seq(ledger));
    assert_int_equal(ledger_rebuild(ledger, NULL, &err), 0);
    for (int64_t s = 0; s < 9; s++) {
        assert_int_equal(walk_length(ledger, s, &out_again), rows[s]);
        assert_int_equal(out_again, out[s]);
    }
}

/* All that was answered is there; the rest can be sent; everything is there once. */
static void check_ledger(struct ledger *ledger, int answered)
{
    assert_true(ledger_events(ledger) >= answered);
    assert_int_equal(tell(ledger, 0), EVENTS);
    assert_int_equal(ledger_events(ledger), EVENTS);
    check_index(ledger);
}

static void remove_files(const char *file)
{
    static const char *const tails[] = {"", "-wal", "-shm"};
    char name[100];

    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        snprintf(name, sizeof name, "%s%s", file, tails[i]);
        unlink(name);
    }
}

static void check_image(enum disk_lost lost, int answered)
{
    struct clock clock;
    struct ledger *ledger;
    struct err err = {0};

    disk_crash_image(path, image, lost, &seed);
    disk_plan(DISK_WORKS, 0, 0);
    ledger = open_ledger(image, &clock, &err);
    if (!ledger)
        fail_msg("after a power cut: %s", err.en);
    check_ledger(ledger, answered);
    ledger_free(ledger);
    remove_files(image);
}

/* Runs the story with a power cut at the given call. False: it ended before. */
static bool power_cut_at(long at, enum disk_lost lost)
{
    struct clock clock;
    struct ledger *ledger;
    struct err err = {0};
    int answered = 0;
    bool struck;

    remove_files(path);
    disk_plan(DISK_POWER_CUT, at, 0);
    ledger = open_ledger(path, &clock, &err);
    if (ledger)
        answered = tell(ledger, 0);
    struck = disk_struck();
    if (ledger)
        ledger_free(ledger);
    if (struck)
        check_image(lost, answered);
    return struck;
}

static void test_power_cut(void **state)
{
    static const enum disk_lost ways[] = {DISK_LOST_ALL, DISK_LOST_NONE, DISK_LOST_SOME};
    long at = 1, cuts = 0;

    (void)state;
    for (; power_cut_at(at, ways[cuts % 3]); at += step > 1 ? 1 + (long)(rand_r(&seed) % (unsigned)(2 * step)) : 1)
        cuts++;
    print_message("%ld power cuts among %ld calls\n", cuts, at);
    assert_true(cuts > 5);
}

/* The disk fails for a while; the ledger stays open, and goes on when it can. */
static bool fails_at(enum disk_fault fault, long at, long calls)
{
    struct clock clock;
    struct ledger *ledger;
    struct err err = {0};
    int answered = 0;
    bool struck;

    remove_files(path);
    disk_plan(fault, at, calls);
    ledger = open_ledger(path, &clock, &err);
    for (int tries = 0; ledger && answered < EVENTS; tries++) {
        answered = tell(ledger, answered);
        assert_true(tries < 100);
    }
    struck = disk_struck();
    if (ledger)
        check_ledger(ledger, answered);
    ledger_free(ledger);
    return struck;
}

static void fail_everywhere(enum disk_fault fault)
{
    long at = 1, faults = 0;

    for (; fails_at(fault, at, 1 + (long)(rand_r(&seed) % 6)); at += step > 1 ? 1 + (long)(rand_r(&seed) % (unsigned)(2 * step)) : 1)
        faults++;
    print_message("%ld faults among %ld calls\n", faults, at);
    assert_true(faults > 5);
}

static void test_disk_full(void **state)
{
    (void)state;
    fail_everywhere(DISK_FULL);
}

static void test_disk_error(void **state)
{
    (void)state;
    fail_everywhere(DISK_ERROR);
}

static int setup(void **state)
{
    struct err err = {0};

    (void)state;
    strcpy(folder, "/tmp/muster-faults-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/l.db", folder);
    snprintf(image, sizeof image, "%s/after.db", folder);
    return zone_set("Asia/Shanghai", &err);
}

static int teardown(void **state)
{
    (void)state;
    disk_plan(DISK_WORKS, 0, 0);
    remove_files(path);
    remove_files(image);
    return rmdir(folder);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_power_cut),
        cmocka_unit_test(test_disk_full),
        cmocka_unit_test(test_disk_error),
    };
    const char *given = getenv("SEED");

    if (argc > 1)
        step = strtol(argv[1], NULL, 10);
    seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    print_message("SEED=%u, a fault at every %ldth call or so\n", seed, step);
    disk_install();
    return cmocka_run_group_tests(tests, setup, teardown);
}
