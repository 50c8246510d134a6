/* The inside of the room: a year as it is read from the store once, for all figures. */
#ifndef MUSTER_REPORT_ANNUAL_H
#define MUSTER_REPORT_ANNUAL_H

#include "facts/facts.h"
#include "ledger/history.h"
#include "report/figures.h"

/* What a branch is from a day on, as far as figures look at it. */
struct locality {
    day_t from;
    bool in_force;
    const char *sector, *area; /* area NULL: none. Of a dissolved one: the last */
    int64_t seq;               /* of the event that began it */
};

struct annual_branch {
    int64_t key;
    const char *ref;
    struct locality *runs; /* by day; none: nothing in effect founded it */
    size_t run_count;
    int32_t *units;        /* indices of those it lists on D */
    size_t unit_count;
};

/* A unit on D. */
struct annual_unit {
    int64_t key;
    const char *ref;
    bool in_force;
    const char *sector, *area;
    int64_t staff;
    bool marked[3]; /* by enum figure_denominator */
    bool covered, own;
};

/* A duty period whose last day is in the year and not after D. */
struct annual_duty {
    int32_t branch;
    const struct rule *rule;
    day_t first, last;
    bool met;
};

/* A meeting, training, founding or dissolution of the year, by D. */
struct annual_event {
    struct place place;
    enum event_type type;
    int32_t branch;       /* its `branch`, -1: none */
    int32_t *with;
    size_t with_count;
    uint64_t kinds;
    int32_t hours;        /* hundredths */
    int64_t attendance;
    int64_t *present;     /* of trainings: keys of members */
    size_t present_count;
    bool cleared;         /* dissolved as dormant or hollow */
};

enum movement_kind { MOVE_ADMITTED, MOVE_ENTERED, MOVE_RECEIVED, MOVE_GONE, MOVE_SENT, MOVE_WITHIN };

/* A member comes, leaves or changes the branch. In the order of members, and of each the one order. */
struct movement {
    enum movement_kind kind;
    int64_t member;
    int32_t branch;     /* to which; of those who leave: which they left, -1 if none */
    bool letter;        /* WITHIN: by a letter */
    struct entry entry; /* its place in the one order; `event` NULL */
};

struct annual_alliance {
    const char *ref, *name;
    int32_t *branches, *units;
    size_t branch_count, unit_count;
};

/* Refs of one kind, for finding their keys. By ref. */
struct ref_list {
    struct ref_key {
        const char *ref;
        int64_t key;
    } *items;
    size_t n;
};

struct figures {
    struct figures_source source;
    struct figures_question question;
    day_t first;       /* 1 January */
    struct arena arena;
    struct facts *facts;

    struct annual_branch *branches; /* by ref */
    size_t branch_count;
    struct annual_unit *units;      /* by ref */
    size_t unit_count;
    struct ref_list members;
    int32_t *by_key;                /* index of a branch or unit, by its key */
    size_t key_count;

    struct annual_duty *duties;
    size_t duty_count, duty_cap;
    struct annual_event *events;    /* by place */
    size_t event_count, event_cap;
    struct movement *movements;
    size_t movement_count, movement_cap;
    struct stint *stints;           /* of all, by member and day */
    size_t stint_count;
    int64_t *away;                  /* keys of members away on D, rising */
    size_t away_count, away_cap;
    struct annual_alliance *alliances; /* by ref, formed by D */
    size_t alliance_count;
    int64_t *deputies;              /* seqs of office.taken */
    size_t deputy_count, deputy_cap;

    struct figure *list;
    size_t list_count, list_cap;
    struct roll_check *check;
};

/* --- reading, in this order; 0 or -1 --- */
int read_registers(struct figures *f, struct err *err) MUST_CHECK; /* branches, duties, units, refs of members */
int read_members(struct figures *f, struct err *err) MUST_CHECK;   /* stints, away */
int read_events(struct figures *f, struct err *err) MUST_CHECK;    /* events, movements */
int read_whole(struct figures *f, struct err *err) MUST_CHECK;     /* alliances, offices */
/* Makes the list of figures (definitions.c). */
void define_figures(struct figures *f);

/* The refs of one kind of subject that the snapshot knows. */
int read_refs(struct ref_list *out, struct figures *f, enum subject_kind kind, struct err *err) MUST_CHECK;
const char *keep_text(struct figures *f, const char *text); /* a copy in the arena; NULL of NULL */
int figures_patience(const struct figures *f, struct err *err) MUST_CHECK;
/* Facts are let go of when they have grown large: nothing of them may be held across this. */
void figures_bound(struct figures *f);

/* Index of a branch or unit by ref, -1. */
int32_t find_branch(const struct figures *f, const char *ref);
int32_t find_unit(const struct figures *f, const char *ref);
static inline int32_t index_of(const struct figures *f, int64_t key)
{
    return key > 0 && (size_t)key < f->key_count ? f->by_key[key] : -1;
}

/* --- what is asked about --- */

/* The branch after all events of a day; NULL before it was founded. */
const struct locality *branch_on(const struct figures *f, int32_t branch, day_t day);
static inline bool asks_whole(const struct figures *f)
{
    return !f->question.area && !f->question.sector && !f->question.branch;
}
/* Whether a place of that area and sector is asked about. */
bool asks_place(const struct figures *f, const char *area, const char *sector);
/* Whether a branch is, as it was on a day. -1, no branch: only of the whole. */
bool asks_branch(const struct figures *f, int32_t branch, day_t day);
/* Whether it was of that sector on a day (NULL: any). */
bool of_sector(const struct figures *f, int32_t branch, day_t day, const char *sector);

/* --- the stints of one member --- */

struct stint_range {
    const struct stint *items;
    size_t n;
};
/* Of the member at *at; *at goes on to the next one. False at the end. */
bool next_member(struct stint_range *out, const struct figures *f, size_t *at);
/* The branch belonged to at the end of a day, -1. */
int32_t home_on(const struct figures *f, const struct stint_range *stints, day_t day);

/* --- members day by day (roll.c) --- */

/* One day of one member on which something may have changed: it begins the day in one branch (that
 * of its coming, if it came), and ends it in one (which it left, if it left). */
struct roll_step {
    int64_t member;
    day_t day;
    int32_t begins, ends;                /* -1: none */
    day_t begins_day;                    /* the day whose facts `begins` is taken with */
    int64_t seq;                         /* of the member's last movement that day, 0 */
    const struct movement *came, *left;  /* NULL */
    const char *en, *zh;                 /* what does not agree with the register; NULL */
};
typedef void roll_step_fn(void *context, const struct figures *f, const struct roll_step *step);
void roll_walk(const struct figures *f, roll_step_fn *take, void *context);

#endif
