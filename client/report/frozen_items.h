/* Which entries changed a figure: what is counted now and was not then, or the other way round, and what was recorded since about it. */
#ifndef MUSTER_CLIENT_REPORT_FROZEN_ITEMS_H
#define MUSTER_CLIENT_REPORT_FROZEN_ITEMS_H

#include "report/material.h"

/* Items of all figures that are counted on one side only, or with another weight: rows of `figures` with since_known. The
 * caller decrefs. 0, -1. */
int frozen_items(json_t **items_out, struct material *now, const json_t *frozen) MUST_CHECK;

/* Event rows recorded after the frozen report about those of the items that are a figure's, by seq. `shown`, an object, keeps
 * what was asked for the next figure. 0, -1. */
int frozen_entries(json_t **entries_out, struct material *now, const json_t *frozen, const char *figure, const json_t *items,
                   json_t *shown) MUST_CHECK;

#endif
