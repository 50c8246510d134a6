/* How a figure is defined: one row of the table in definitions.c. */
#ifndef MUSTER_REPORT_DEFINITIONS_H
#define MUSTER_REPORT_DEFINITIONS_H

#include "report/annual.h"

enum figure_by {
    BY_NOTHING,
    BY_TOTAL,    /* name.total, name.enterprise, name.association */
    BY_SECTOR,   /* name.enterprise, name.association */
    BY_MEETING,  /* name.K for every kind of meeting */
    BY_RULE,     /* name.R for every cadence rule of branches */
    BY_ALLIANCE, /* for every alliance, and all together */
};

enum figure_flag {
    OF_WHOLE = 1 << 0, /* not told of an area, sector or branch */
    OF_PART = 1 << 1,  /* told of these only */
    BY_DAY = 1 << 2,   /* each item belongs to a day of the year */
};

typedef void collect_fn(struct figure_items *out, const struct figures *f, const struct figure *figure);

struct words {
    const char *en, *zh;
};

struct figure_def {
    const char *name;
    enum figure_by by;
    enum figure_kind kind;
    unsigned flags;
    struct words unit, title, formula;
    collect_fn *collect;
};

/* The collectors: what each figure counts (collect_*.c). */
collect_fn collect_units, collect_branches, collect_coverage, collect_own_rate, collect_full_members,
    collect_probationary, collect_away, collect_founded, collect_dissolved, collect_cleared, collect_duty,
    collect_deputies, collect_alliance_members, collect_alliance_enterprises, collect_alliance_staff;
collect_fn collect_trainings, collect_training_attendances, collect_training_people, collect_training_reach,
    collect_training_hours, collect_meetings, collect_meeting_attendances;
collect_fn collect_opening, collect_admitted, collect_entered, collect_received, collect_gone, collect_sent,
    collect_closing, collect_moved_in, collect_moved_out, collect_within, collect_turnover;

enum { ONE = 100 }; /* weights are in hundredths */

void yield(struct figure_items *out, struct figure_item item);
void yield_event(struct figure_items *out, const struct annual_event *event, int64_t part);
void yield_subject(struct figure_items *out, int64_t key, day_t day, int64_t part, int64_t whole);

/* Members at the end of a day who are asked about. */
typedef void member_fn(struct figure_items *out, const struct figures *f, const struct stint *stint, day_t day,
                       const void *context);
void each_member(struct figure_items *out, const struct figures *f, day_t day, member_fn *take,
                 const void *context);

#endif
