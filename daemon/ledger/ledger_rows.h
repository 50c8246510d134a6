/* Rows that the daemon itself writes. Only alerts and the ledger use it. */
#ifndef MUSTER_LEDGER_LEDGER_ROWS_H
#define MUSTER_LEDGER_LEDGER_ROWS_H

#include "ledger/check.h"

struct reading ledger_reading(struct ledger *ledger);

/* Appends a row that was checked, inside a batch. */
int ledger_append(struct ledger *ledger, const struct considered *c, const char *recorded_by,
                  unsigned flags, int64_t *seq_out, struct err *err) MUST_CHECK;

/* Appends one of the daemon's own: `members` is the JSON of its fields (",\"rule\":..."), dated
 * `day`. Inside a batch. */
int ledger_append_own(struct ledger *ledger, enum event_type type, const char *members, day_t day,
                      int64_t *seq_out, struct err *err) MUST_CHECK;

#endif
