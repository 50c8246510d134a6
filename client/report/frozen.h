/* What was published: the figures as an event, and what has changed since, and by which entries. */
#ifndef MUSTER_CLIENT_REPORT_FROZEN_H
#define MUSTER_CLIENT_REPORT_FROZEN_H

#include "report/material.h"

/* The event report.frozen but for `id` and `at`: the figures as they stand in the material, and what they stand on.
 * The caller decrefs. */
json_t *frozen_event(const struct material *material, const char *name);

/* The question that a frozen report was an answer to, as the ledger is now. The caller decrefs. */
json_t *frozen_question(const json_t *frozen);

/* What differs between a frozen report (an event row) and `now`, which answers its question: rows
 * {figure, title, unit, then, now, entries: [event rows recorded since, in the order of seq], rules_changed}. A figure
 * is compared as it was published: to one decimal where it is per cent. 0, or -1 when asking failed. */
int frozen_diff(json_t **rows_out, struct material *now, const json_t *frozen) MUST_CHECK;

#endif
