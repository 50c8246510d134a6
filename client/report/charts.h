/* The charts that a report may show: a list's columns over its rows. Each form draws them in its own way. */
#ifndef MUSTER_CLIENT_REPORT_CHARTS_H
#define MUSTER_CLIENT_REPORT_CHARTS_H

#include "report/material.h"

enum { SERIES_MAX = 3 };

struct chart {
    const char *name, *en; /* title */
    const char *unit;
    const char *list;              /* of which list */
    const char *category;          /* the column below the axis */
    const char *series[SERIES_MAX]; /* columns of numbers, stacked; NULL after the last */
    bool lying;                    /* bars from left to right: long labels, and as many as there are */
    int skipped;                   /* bytes of a label that all have: "2022-" */
};

const struct chart *chart_find(const char *name);
/* All of them. */
size_t charts_all(const struct chart **out);

#endif
