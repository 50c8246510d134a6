/* The made-up district that every benchmark works on: which units, branches and members there are, what
 * their events look like, and how late paper comes in. Everything follows from a seed.
 *
 * Units, branches and members are numbered from 0; branch i has its members i * m to i * m + m - 1 and
 * its one unit i. All were founded and admitted before the first day of activity, so an activity of
 * any of the last years is valid. Every tenth branch is past its term: it has an open alert, so that
 * evaluation has something to do.
 */
#ifndef MUSTER_BENCH_WORLD_H
#define MUSTER_BENCH_WORLD_H

#include "base/buf.h"
#include "base/date.h"
#include "base/uuid.h"

struct rng {
    uint64_t state;
};
uint64_t rng_next(struct rng *rng);
/* 0 .. n-1 */
static inline int64_t rng_below(struct rng *rng, int64_t n)
{
    return (int64_t)(rng_next(rng) % (uint64_t)n);
}

enum { ROLL_MAX = 64 };

struct world {
    int64_t branches;
    int members; /* of each branch */
    int roll;    /* present at a meeting with a roll */
    day_t today;
    int64_t days_back; /* of activity in a generated ledger */
    struct rng rng;
};

/* What an event is about, by number: for writing its touches without looking anything up. */
struct subjects {
    int64_t branch; /* -1: none */
    int64_t member;
    int64_t unit;
    int64_t present[ROLL_MAX];
    int present_count;
};

enum { REF_BUF = 24 };
const char *branch_ref(char out[REF_BUF], int64_t branch);
const char *member_ref(char out[REF_BUF], int64_t member);
const char *unit_ref(char out[REF_BUF], int64_t unit);

/* A version 7 id of a millisecond. */
void world_id(char out[UUID_TEXT_SIZE], struct rng *rng, int64_t unix_ms);
/* How many days after the event the paper comes in: mostly days or weeks, some late paper. */
int world_delay(struct rng *rng);

/* Each appends one event of about 300 bytes as JSON. */
void world_unit(struct buf *out, struct subjects *about, struct world *w, const char *id, int64_t unit);
void world_branch(struct buf *out, struct subjects *about, struct world *w, const char *id, int64_t branch);
void world_member(struct buf *out, struct subjects *about, struct world *w, const char *id, int64_t member);
/* `roll`: how many of the branch are present by name; 0: only counted. */
void world_meeting(struct buf *out, struct subjects *about, struct world *w, const char *id,
                   int64_t branch, day_t day, int roll);
/* One meeting that is all the duties of a month. */
void world_duties(struct buf *out, struct subjects *about, struct world *w, const char *id,
                  int64_t branch, day_t day);
void world_training(struct buf *out, struct subjects *about, struct world *w, const char *id,
                    int64_t branch, day_t day, int roll);
void world_contact(struct buf *out, struct subjects *about, struct world *w, const char *id,
                   int64_t member, day_t day);

/* Went away for good; by `day` long ago, an alert says that the membership should move. */
void world_away(struct buf *out, struct subjects *about, const char *id, int64_t member, day_t day);

/* Workload (a): trainings and meetings without rolls, of the last two months mostly. */
void world_plain(struct buf *out, struct world *w, const char *id);
/* Workload (b): meetings with a roll. */
void world_rolls(struct buf *out, struct world *w, const char *id);
/* Workload (a), but every tenth event opens an alert: of a member, drawn by lot, who has been away for most of a year. */
void world_opens(struct buf *out, struct world *w, const char *id);

/* Cheap writing of JSON that we know to be plain. */
void put_number(struct buf *out, int64_t number);
void put_day(struct buf *out, day_t day);
void put_head(struct buf *out, const char *type, const char *id, day_t day, int minute);

#endif
