/* Events of one or several subjects in one list, newest first.
 *
 * A branch's list holds what names the branch, and what is about a member (contacts, absences, letters,
 * register) on a day on which the member belonged to it: so it is read from the branch's own events
 * and those of its members, merged. The cost is that of the branch, not of the ledger. */
#ifndef MUSTER_QUERY_STREAM_H
#define MUSTER_QUERY_STREAM_H

#include "query/answer.h"

enum { LANE_FEW = 8 };

/* The events of one subject. Members' lanes are many and most are never looked at twice: a lane holds
 * a few touches, and walks on from the last of them when they are used up. */
struct lane {
    int64_t subject;
    struct touch_walk *walk; /* kept between refills; NULL: a walk is begun anew each time */
    struct place from;       /* where the next few begin */
    day_t first;             /* nothing older */
    uint32_t roles;          /* one of these; 0: any */
    bool registers_only;     /* a member without contacts: no activity is about it */
    bool done;
    int n, i;
    struct touch few[LANE_FEW];
};

struct stream {
    struct asking *ask;
    struct lane **heap; /* the lane with the newest touch first */
    size_t n, cap;
    struct place start;
    day_t first;
    struct touch_walk *shared; /* for lanes without one of their own */
    int64_t last_seq; /* an event may come in several lanes: at the same place, so one after another */
    bool any;
    struct place seen; /* everything down to here was looked at */
};

/* From what is older than `start` down to the day `first`, included. */
void stream_init(struct stream *s, struct asking *ask, const struct place *start, day_t first);
/* The events of a subject, or of WHOLE_LEDGER. */
void stream_add(struct stream *s, int64_t subject);
/* The same where there are many: they share what a walk needs. `roles`: one of these; 0: any. */
void stream_add_shared(struct stream *s, int64_t subject, uint32_t roles);
/* What is about a branch's members while they belonged to it. */
int stream_add_members(struct stream *s, int64_t branch, struct err *err) MUST_CHECK;
int stream_add_branch(struct stream *s, int64_t branch, struct err *err) MUST_CHECK;
/* 1: the next; 0: no more; 2: the request may do no more (go on from `seen`); -1: failed. */
int stream_next(struct touch *out, struct stream *s, struct err *err) MUST_CHECK;

/* The place before all events of the days after `until`. */
struct place place_end_of(day_t until);
/* Cursors: "day.tod.seq". */
void page_mark_place(struct asking *ask, const struct place *place);
void page_cut_at(struct asking *ask, const struct place *place);
/* Puts the request's cursor into `start` if it has one, else leaves it. */
int page_place(struct place *start, struct asking *ask, struct err *err) MUST_CHECK;

#endif
