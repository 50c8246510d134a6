/* The whole daemon but for its sockets, in one process, on a fake clock: a ledger in memory, the
 * rules, and alerts that are moved on by hand. Years pass in milliseconds.
 *
 * A simulation that goes wrong says why and ends the program: the tests read as stories.
 */
#ifndef MUSTER_TESTS_SIM_SIM_H
#define MUSTER_TESTS_SIM_SIM_H

#include "alerts/alerts.h"
#include "base/clock.h"
#include "facts/facts.h"
#include "pack/pack.h"

struct sim {
    struct clock clock;
    struct ledger *ledger;
    struct alerts *alerts;
    struct pack *pack;
    day_t tracking_since;
    struct facts *facts; /* for evaluation from the ground up */
};

struct sim_alert {
    char rule[128];
    enum subject_kind kind;
    char ref[72];
    enum level level;
    day_t since, due; /* due, missed: DAY_NONE and 0 where not known */
    int32_t missed;
};

struct sim_alerts {
    struct sim_alert *items; /* by rule, kind, ref */
    size_t n, cap;
};
void sim_alerts_deinit(struct sim_alerts *alerts);
#define _cleanup_sim_alerts_ CLEANUP(sim_alerts_deinit)

/* Prints the sentence and ends the program with status 1. */
_Noreturn void sim_fail(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Zone Asia/Shanghai, letters valid for 90 days; the clock stands at the beginning of `day`. */
void sim_start(struct sim *sim, const char *pack_file, day_t tracking_since, day_t day);
void sim_end(struct sim *sim);
/* Moves the clock to noon of a day, never back. */
void sim_clock(struct sim *sim, day_t day);
day_t sim_today(struct sim *sim);

/* One event, in a batch of its own. */
void sim_submit(struct submit_result *out, struct sim *sim, const char *json);
/* Evaluates until nothing is left for now. */
void sim_settle(struct sim *sim);
/* Forgets all that alerts hold in memory, as a restart does. */
void sim_restart_alerts(struct sim *sim);
void sim_configure(struct sim *sim, const char *pack_file, day_t tracking_since);
void sim_rebuild(struct sim *sim);

/* The open alerts, as recorded. */
void sim_open_alerts(struct sim_alerts *out, struct sim *sim);
/* evaluate(ledger, rules, day), from the ground up. */
void sim_evaluate(struct sim_alerts *out, struct sim *sim, day_t day);
/* From a file of expected alerts, one JSON object a line. */
void sim_read_expected(struct sim_alerts *out, const char *path);
/* Whether both are the same; prints what differs. due and missed are compared if `all`. */
bool sim_same(const char *what, const struct sim_alerts *wanted, const struct sim_alerts *got,
              bool all);
/* The recorded alerts must be those of the day. */
void sim_check(struct sim *sim, const char *when);

#endif
