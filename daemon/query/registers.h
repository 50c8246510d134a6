/* What register events make of a branch, a unit, an alliance or a body by the end of a history, as
 * far as rows and filters show it. Pure. What rules look at is facts/'s affair. */
#ifndef MUSTER_QUERY_REGISTERS_H
#define MUSTER_QUERY_REGISTERS_H

#include "ledger/fold.h"

struct branch_record {
    bool known; /* founded by then */
    const char *name, *form, *sector, *area; /* area NULL: none */
    const struct value *units;               /* NULL: none */
    bool committee;
    int64_t groups;
    int64_t stars;  /* -1 before the first rating */
    day_t term_ends; /* DAY_NONE without a term */
    day_t founded, dissolved; /* dissolved: the day of it; DAY_NONE while in force */
};
void branch_fold(struct branch_record *out, const struct entry *entries, size_t n);

struct unit_record {
    bool known;
    const char *name, *sector, *area;
    day_t registered, closed;
};
void unit_fold(struct unit_record *out, const struct entry *entries, size_t n);

/* The members of an alliance, in the order in which they came. */
struct alliance_record {
    bool known;
    const char *name;
    day_t formed;
    const char **branches, **units;
    size_t branch_count, unit_count;
};
void alliance_fold(struct alliance_record *out, struct arena *arena, const struct entry *entries, size_t n);

/* Offices of a body, in the order in which they were taken. */
struct tenure {
    const struct entry *taken;
    const char *office, *person;
    day_t since, left; /* left: the day of it; DAY_NONE while held */
};
size_t tenures_fold(struct tenure **out, struct arena *arena, const struct entry *entries, size_t n);

#endif
