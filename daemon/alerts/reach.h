/* Who is within reach of a change: helpers of taking.c. All of them put subjects into the queue,
 * rather too many than one too few. */
#ifndef MUSTER_ALERTS_REACH_H
#define MUSTER_ALERTS_REACH_H

#include "alerts/alerts_state.h"

struct reach {
    struct alerts *alerts;
    struct reading rd;
    day_t today;
    struct err *err;
    bool failed; /* once true, nothing more is done */
};

void reach_key(struct reach *r, int64_t key);
/* NULL is nobody; one that was never recorded either. */
void reach_ref(struct reach *r, enum subject_kind kind, const char *ref);
/* A field that holds one ref or a list of them. */
void reach_field(struct reach *r, const struct event *e, enum field_id field,
                 enum subject_kind kind);
/* 0 when there is none, or the store failed. */
int64_t reach_find(struct reach *r, enum subject_kind kind, const char *ref);

enum members_of { MEMBERS_PRESENT, MEMBERS_EVER };
/* Members of a branch, now or whenever; `loud`: only those who are not quiet. */
void reach_members(struct reach *r, int64_t branch, enum members_of which, bool loud);
/* The units that a branch lists or ever listed, whatever came of the events that said so. */
void reach_units_of(struct reach *r, int64_t branch);
/* Everything that the events of a member ever named: branches, units, letters; those out of effect
 * too, so it is both before and after a correction. `attended`: branches whose rolls this member may
 * be part of, with all who ever belonged to them. */
void reach_around_member(struct reach *r, int64_t member, bool attended);
/* The subjects that events creating a letter or an exemption ever named. */
void reach_creators(struct reach *r, enum subject_kind kind, const char *ref,
                    void (*visit)(struct reach *, const struct event *creator, bool counts),
                    bool counts);

#endif
