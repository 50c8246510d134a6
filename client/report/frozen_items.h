/* Which entries changed a figure: what is counted now and was not then, or the other way round, and what was recorded since about it. */
#ifndef MUSTER_CLIENT_REPORT_FROZEN_ITEMS_H
#define MUSTER_CLIENT_REPORT_FROZEN_ITEMS_H

#include "report/material.h"

/* Event rows recorded after the frozen report, by seq, and the figure's title. 0, -1. */
int frozen_entries(json_t **entries_out, json_t **title_out, struct material *now, const json_t *frozen,
                   const char *figure) MUST_CHECK;

#endif
