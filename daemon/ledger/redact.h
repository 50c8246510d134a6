/* Erasing the personal text of an event, by a recorded event (event.redacted): text and salt go, the seal stays, so
 * that the chain still holds.
 *
 * What history is made of must not change with it, and does not: a remainder without anything personal stays where a field
 * decides something. That is: who was absent (ids, without the reasons), that a member came from outside, and a mark
 * in place of a name: of a member its id, of the holder of an office a word that is the same in all rows of that person and
 * body. For that all those rows are erased together, each by a row of its own. The row of the redaction holds the hash
 * of the remainder, so that it cannot be changed unseen.
 */
#ifndef MUSTER_LEDGER_REDACT_H
#define MUSTER_LEDGER_REDACT_H

#include "ledger/check.h"

struct ledger;

/* 0: there is something to erase; 1: refused; -1. */
int redact_check(struct reading *rd, const struct event *event, struct err *err) MUST_CHECK;
/* Erases, and appends what says so. Inside a batch, after redact_check. *seq_out: the event's own row. */
int redact_record(struct ledger *ledger, struct event *event, const char *recorded_by, int64_t *seq_out,
                  struct err *err) MUST_CHECK;
/* Takes out of an event what is personal. */
void redact_bare(struct event *event);

#endif
