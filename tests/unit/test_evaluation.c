/* When alerts are evaluated: settling, slices, faults, and what reads may count on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/zone.h"
#include "service/evaluation.h"

enum { SETTLE = 60000, START = 1000 };

/* What the rooms below say, as each test wants it. */
static struct {
    struct clock clock;
    int64_t seq;
    int pending; /* slices that are left */
    int steps;
    int64_t lag;
    int64_t budget_ms;
    bool fails;
} fake;

int64_t ledger_seq(const struct ledger *ledger)
{
    (void)ledger;
    return fake.seq;
}
struct clock *ledger_clock(struct ledger *ledger)
{
    (void)ledger;
    return &fake.clock;
}
int alerts_new(struct alerts **out, struct ledger *ledger, const struct pack *pack, day_t since, struct err *err)
{
    (void)ledger, (void)pack, (void)since, (void)err;
    *out = (struct alerts *)&fake;
    return 0;
}
void alerts_free(struct alerts *alerts)
{
    (void)alerts;
}
int alerts_configure(struct alerts *a, const struct pack *pack, day_t since, struct err *err)
{
    (void)a, (void)pack, (void)since, (void)err;
    fake.pending = 1;
    return 0;
}
int64_t alerts_lag(struct alerts *alerts)
{
    (void)alerts;
    return fake.lag;
}
bool alerts_pending(struct alerts *alerts)
{
    (void)alerts;
    return fake.pending > 0;
}
int alerts_step(struct alerts *alerts, int64_t budget_ms, bool *done_out, struct err *err)
{
    (void)alerts;
    fake.steps++;
    fake.budget_ms = budget_ms;
    if (fake.fails)
        return err_fault(err, "the disk is full");
    fake.pending--;
    *done_out = fake.pending == 0;
    return 0;
}

static void start(struct evaluation *e, int pending)
{
    struct err err = {0};

    memset(&fake, 0, sizeof fake);
    fake.clock.fake_us = 1000000LL * zone_instant(day_from_civil(2022, 12, 31), 3600);
    fake.seq = 10;
    fake.pending = pending;
    assert_int_equal(evaluation_init(e, NULL, NULL, 0, SETTLE, START, &err), 0);
}

static void test_settles_when_quiet(void **state)
{
    struct evaluation e;

    (void)state;
    start(&e, 2);
    assert_true(evaluation_settling(&e));
    assert_int_equal(evaluation_wait_ms(&e, START), QUIET_MS);
    evaluation_step(&e, START + 400, false);
    evaluation_input(&e, START + 400); /* not quiet yet */
    evaluation_step(&e, START + QUIET_MS, false);
    assert_int_equal(fake.steps, 0);
    assert_int_equal(evaluation_wait_ms(&e, START + QUIET_MS), 400);
    evaluation_step(&e, START + 400 + QUIET_MS, false);
    assert_int_equal(fake.steps, 1);
    assert_true(evaluation_settling(&e)); /* one slice is left */
    assert_false(evaluation_covers(&e, 10));
    assert_int_equal(evaluation_wait_ms(&e, START + 400 + QUIET_MS), 0);
    evaluation_step(&e, START + 401 + QUIET_MS, false);
    assert_false(evaluation_settling(&e));
    assert_true(evaluation_covers(&e, 10));
    assert_int_equal(evaluation_wait_ms(&e, START + 401 + QUIET_MS), -1);
    evaluation_deinit(&e);
}

static void test_settling_has_an_end(void **state)
{
    struct evaluation e;

    (void)state;
    start(&e, 1);
    for (int64_t now = START; now < START + SETTLE; now += 100) {
        evaluation_input(&e, now);
        evaluation_step(&e, now, true);
        assert_int_equal(fake.steps, 0);
    }
    evaluation_input(&e, START + SETTLE);
    evaluation_step(&e, START + SETTLE, false);
    assert_int_equal(fake.steps, 1);
    assert_false(evaluation_settling(&e));
    evaluation_deinit(&e);
}

static void begin(struct evaluation *e)
{
    start(e, 1);
    evaluation_step(e, START + QUIET_MS, false);
    assert_false(evaluation_settling(e));
}

static void test_rows_and_days(void **state)
{
    struct evaluation e;

    (void)state;
    begin(&e);
    fake.seq = 12; /* recorded */
    fake.pending = 1;
    assert_true(evaluation_covers(&e, 10));
    assert_false(evaluation_covers(&e, 12));
    evaluation_step(&e, 5000, false);
    assert_true(evaluation_covers(&e, 12));
    fake.clock.fake_us += 86400LL * 1000000; /* another day */
    fake.pending = 1;
    assert_false(evaluation_covers(&e, 12));
    assert_false(evaluation_settling(&e));
    evaluation_step(&e, 6000, false);
    assert_true(evaluation_covers(&e, 12));
    evaluation_deinit(&e);
}

static void test_slices(void **state)
{
    struct evaluation e;

    (void)state;
    begin(&e);
    fake.pending = 9;
    evaluation_input(&e, 5000);
    evaluation_step(&e, 5001, false);
    assert_int_equal(fake.budget_ms, SLICE_MS); /* somebody submits */
    evaluation_step(&e, 5001, true);
    assert_int_equal(fake.budget_ms, SLICE_AWAITED_MS); /* somebody waits */
    evaluation_step(&e, 6000, false);
    assert_int_equal(fake.budget_ms, SLICE_AWAITED_MS); /* nobody does */
    evaluation_deinit(&e);
}

static void slice(struct evaluation *e, int64_t from_ms, int64_t to_ms)
{
    evaluation_step(e, from_ms, false);
    evaluation_ended(e, to_ms);
}

static void test_rests_while_input_goes_on(void **state)
{
    struct evaluation e;

    (void)state;
    begin(&e);
    fake.pending = 9;
    fake.steps = 0;
    evaluation_input(&e, 5000);
    slice(&e, 5000, 5003); /* 3 ms of work: 27 ms of rest */
    slice(&e, 5004, 5004);
    evaluation_input(&e, 5029);
    slice(&e, 5029, 5029);
    assert_int_equal(fake.steps, 1);
    assert_int_equal(evaluation_wait_ms(&e, 5029), 1);
    slice(&e, 5030, 5031);
    assert_int_equal(fake.steps, 2);
    evaluation_step(&e, 5031, true); /* unless a read waits for it */
    assert_int_equal(fake.steps, 3);
    fake.lag = LAG_MANY + 1; /* or too much is left */
    evaluation_ended(&e, 5033);
    assert_int_equal(evaluation_wait_ms(&e, 5033), 2);
    fake.lag = 0;
    slice(&e, 5045, 5105);
    assert_int_equal(evaluation_wait_ms(&e, 5105), 0); /* or nobody submits any more */
    evaluation_deinit(&e);
}

static void test_fault_is_tried_again(void **state)
{
    struct evaluation e;

    (void)state;
    begin(&e);
    fake.seq = 11;
    fake.pending = 1;
    fake.fails = true;
    evaluation_step(&e, 5000, false);
    assert_int_equal(evaluation_wait_ms(&e, 5000), RETRY_MS);
    fake.fails = false;
    fake.steps = 0;
    evaluation_step(&e, 5000 + RETRY_MS - 1, true);
    assert_int_equal(fake.steps, 0);
    assert_false(evaluation_covers(&e, 11));
    evaluation_step(&e, 5000 + RETRY_MS, true);
    assert_int_equal(fake.steps, 1);
    assert_true(evaluation_covers(&e, 11));
    evaluation_deinit(&e);
}

static void test_new_rules_settle_anew(void **state)
{
    struct evaluation e;
    struct err err = {0};

    (void)state;
    begin(&e);
    assert_int_equal(evaluation_configure(&e, NULL, 0, &err), 0);
    assert_true(evaluation_settling(&e));
    assert_false(evaluation_covers(&e, 0));
    evaluation_step(&e, 5000, false);
    assert_false(evaluation_settling(&e));
    evaluation_deinit(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settles_when_quiet), cmocka_unit_test(test_settling_has_an_end),
        cmocka_unit_test(test_rows_and_days),      cmocka_unit_test(test_slices),
        cmocka_unit_test(test_rests_while_input_goes_on),
        cmocka_unit_test(test_fault_is_tried_again), cmocka_unit_test(test_new_rules_settle_anew),
    };
    struct err err = {0};

    if (zone_set("Asia/Shanghai", &err) != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
