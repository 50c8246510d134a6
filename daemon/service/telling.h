/* Telling people: moves notify/ on between batches, and gives what it hands out to those who send it (teller.h). What
 * the daemon itself sends, to the log and to the feed, is done here. */
#ifndef MUSTER_SERVICE_TELLING_H
#define MUSTER_SERVICE_TELLING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct service;

/* After the alerts, before anything is evaluated. */
int telling_open(struct service *s, struct err *err) MUST_CHECK;
void telling_close(struct service *s);
/* After a reload. */
void telling_configure(struct service *s);

/* A little of it, if alerts are those of today. Never fails: a fault is logged, and tried again. */
void telling_step(struct service *s, int64_t now_ms);
/* What is due to be told is not all on its way: alerts are not those of today, or it is being worked on. */
bool telling_busy(struct service *s);
/* Milliseconds until there is something to do; -1: nothing foreseen. */
int64_t telling_wait_ms(struct service *s, int64_t now_ms);

#endif
