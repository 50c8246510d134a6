/* What the daemon takes for the time, and an administrator's word on it.
 *
 * When the system's time leaps ahead by more than a day, nothing is recorded until it is put right or somebody
 * confirms it: a mistaken clock would date rows that can never be taken back, and raise a year's alerts at once.
 */
#ifndef MUSTER_SERVICE_CLOCK_VERB_H
#define MUSTER_SERVICE_CLOCK_VERB_H

#include "net/net.h"

struct service;

/* Once a turn: tells the log when the clock leapt, and when it is right again. */
void clock_watch(struct service *s);
/* 1 with err if nothing may be recorded now. */
int clock_check(struct service *s, struct err *err) MUST_CHECK;
/* The verb `clock`. Takes the request. */
void clock_accept(struct service *s, struct request *request);

#endif
