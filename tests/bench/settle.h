/* A ledger with its alerts, on a clock that stands where it is put: for evaluating a generated ledger once
 * before it is measured, and for measuring a midnight. */
#ifndef MUSTER_BENCH_SETTLE_H
#define MUSTER_BENCH_SETTLE_H

#include "alerts/alerts.h"
#include "settings/settings.h"

struct settled {
    struct clock clock;
    struct settings *settings;
    struct ledger *ledger;
    struct alerts *alerts;
};

/* Opens the ledger that the configuration names, at noon of `day`. `real`: it is no rehearsal. */
int settled_open(struct settled *s, const char *config, bool real, day_t day, struct err *err) MUST_CHECK;
void settled_close(struct settled *s);
/* Evaluates until nothing is left on the clock's day, with housekeeping between. */
int settle(struct settled *s, struct err *err) MUST_CHECK;
/* Puts the clock to a second of a day. */
void settled_clock(struct settled *s, day_t day, int second);
/* Leaves one file without a WAL. */
int settled_seal(struct settled *s, struct err *err) MUST_CHECK;

#endif
