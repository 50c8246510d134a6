/* The inside of a session, shared by the files of facts only. */
#ifndef MUSTER_FACTS_FACTS_STATE_H
#define MUSTER_FACTS_FACTS_STATE_H

#include "facts/facts.h"
#include "facts/keymap.h"
#include "ledger/fold.h"

/* What a branch's register says of it after all events of a day. */
struct branch_state {
    day_t from;
    bool in_force;
    const char *name, *form, *sector, *area; /* area NULL: none */
    bool committee;
    int64_t groups, stars, term_years;
    day_t term_started; /* DAY_NONE: no term */
    const struct value *units; /* NULL: none listed */
    int64_t seq; /* of the last of that day's events */
};

/* A branch of the session: loaded once for all who belong to it, or whom it covers. */
struct branch_view {
    int64_t key;
    struct branch_state *states; /* by day; none: nothing founded it */
    size_t state_count;
    struct exemption_span *exemptions;
    size_t exemption_count;
    struct branch_rolls rolls;
    bool rolls_loaded;
};

struct facts {
    struct store *store;
    const struct kinds *kinds;
    struct arena arena;
    struct keymap branches; /* key -> struct branch_view */
    bool failed;            /* rolls could not be loaded: they are asked for where no error fits */
    struct err failure;
};

/* Days on which something may change, collected and then put in order. */
struct days {
    day_t *items;
    size_t n, cap;
};
void days_add(struct days *days, day_t day);
void days_sort(struct days *days); /* in order, each once */
void days_deinit(struct days *days);
#define _cleanup_days_ CLEANUP(days_deinit)

/* A subject being loaded. */
struct loading {
    struct facts *facts;
    struct subject_data *out;
    bool with_out;
    size_t frame_cap, exemption_cap;
};

/* A fresh frame from `from`, with no facts, not in force. */
struct frame *loading_frame(struct loading *l, day_t from);
/* Activities of the subject whose roles have one of `roles`. */
int loading_activities(struct loading *l, uint32_t roles, struct err *err) MUST_CHECK;
void loading_exemption(struct loading *l, const struct exemption_span *span, day_t from, day_t to,
                       bool by_branch);
struct activity activity_of_touch(const struct touch *touch);

/* What events in effect say of the subject itself, and its exemptions, in the one order. */
int facts_register(struct history *out, struct facts *facts, int64_t key,
                   struct err *err) MUST_CHECK;
/* The exemptions that a history grants its subject. */
void facts_exemptions(struct exemption_span **out, size_t *n_out, struct facts *facts,
                      const struct history *h);

int branch_view_get(struct branch_view **out, struct facts *facts, int64_t key,
                    struct err *err) MUST_CHECK;
/* NULL before the first. */
const struct branch_state *branch_view_on(const struct branch_view *view, day_t day);
const struct branch_rolls *branch_view_rolls(void *facts, int64_t branch);

/* One for each kind of subject. 1 loaded, 0 nothing makes it a subject, -1 failed. */
int load_branch(struct loading *l, struct err *err) MUST_CHECK;
int load_member(struct loading *l, struct err *err) MUST_CHECK;
int load_unit(struct loading *l, struct err *err) MUST_CHECK;
int load_transfer(struct loading *l, struct err *err) MUST_CHECK;

static inline struct fact fact_text(const char *text)
{
    return (struct fact){text ? FACT_TEXT : FACT_UNSET, 0, text};
}
static inline struct fact fact_number(int64_t number)
{
    return (struct fact){FACT_NUMBER, number, NULL};
}
static inline struct fact fact_bool(bool holds)
{
    return (struct fact){FACT_BOOL, holds, NULL};
}

#endif
