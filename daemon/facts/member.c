/* A member day by day, and the letters of transfer that move one. */
#include <string.h>

#include "base/buf.h"
#include "facts/facts_state.h"

static int fold_of(struct member_fold *fold, struct history *h, struct facts *facts,
                   int64_t member, struct err *err)
{
    struct contradiction ignored = {0}; /* what is recorded was judged when it came */

    if (facts_register(h, facts, member, err) < 0)
        return -1;
    fold_member(fold, &ignored, h, &facts->arena);
    return 0;
}

static void member_frame(struct frame *frame, const struct member_state *m,
                         const struct branch_view *view)
{
    const struct branch_state *b = view ? branch_view_on(view, frame->from) : NULL;

    frame->in_force = m->in;
    frame->state_seq = m->from == frame->from ? m->seq : 0;
    if (!m->in)
        return;
    frame->facts[FACT_STAGE] = fact_text(m->stage);
    frame->facts[FACT_ROLE] = fact_text(m->role);
    frame->facts[FACT_PRESENCE] = fact_text(m->away ? "away" : "home");
    if (m->away)
        frame->facts[FACT_FIXED] = fact_bool(m->fixed);
    frame->dates[DATE_PROBATION_ENDS] = m->probation_ends;
    frame->dates[DATE_AWAY_SINCE] = m->away_since;
    frame->branch = view ? view->key : 0;
    if (!b)
        return;
    frame->facts[FACT_BRANCH_FORM] = fact_text(b->form);
    frame->facts[FACT_SECTOR] = fact_text(b->sector);
    frame->facts[FACT_AREA] = fact_text(b->area);
}

/* The frames of one state, [m->from, until): one more wherever the branch changed. */
static int state_frames(struct loading *l, const struct member_state *m, day_t until,
                        struct err *err)
{
    struct facts *facts = l->facts;
    struct branch_view *view = NULL;
    int64_t branch;
    int r;

    if (m->in) {
        r = store_subject_find(&branch, facts->store, SUBJECT_BRANCH, m->branch, err);
        if (r < 0 || (r == 1 && branch_view_get(&view, facts, branch, err) < 0))
            return -1;
    }
    member_frame(loading_frame(l, m->from), m, view);
    if (!view)
        return 0;
    for (size_t i = 0; i < view->state_count; i++)
        if (view->states[i].from > m->from && view->states[i].from < until)
            member_frame(loading_frame(l, view->states[i].from), m, view);
    return 0;
}

/* The branch's exemptions, for the days on which it was the member's branch. */
static int branch_exemptions(struct loading *l, struct err *err)
{
    const struct frame *frames = l->out->frames;
    size_t n = l->out->frame_count, end;

    for (size_t i = 0; i < n; i = end) {
        struct branch_view *view;

        for (end = i + 1; end < n && frames[end].branch == frames[i].branch; end++)
            ;
        if (frames[i].branch == 0)
            continue;
        if (branch_view_get(&view, l->facts, frames[i].branch, err) < 0)
            return -1;
        for (size_t k = 0; k < view->exemption_count; k++)
            loading_exemption(l, &view->exemptions[k], frames[i].from,
                              end < n ? frames[end].from - 1 : DAY_NEVER, true);
    }
    return 0;
}

int load_member(struct loading *l, struct err *err)
{
    struct exemption_span *own;
    struct member_fold fold;
    struct history h;
    size_t n;

    if (fold_of(&fold, &h, l->facts, l->out->key, err) < 0)
        return -1;
    if (fold.n == 0)
        return 0;
    facts_exemptions(&own, &n, l->facts, &h);
    for (size_t i = 0; i < n; i++)
        loading_exemption(l, &own[i], own[i].from, own[i].to, false);
    for (size_t i = 0; i < fold.n; i++) {
        day_t until = i + 1 < fold.n ? fold.states[i + 1].from : DAY_NEVER;

        if (state_frames(l, &fold.states[i], until, err) < 0)
            return -1;
    }
    if (branch_exemptions(l, err) < 0)
        return -1;
    if (fold.states[fold.n - 1].name)
        l->out->name = fold.states[fold.n - 1].name;
    l->out->rolls = branch_view_rolls;
    l->out->rolls_ctx = l->facts;
    return loading_activities(l, ROLE_PRESENT | ROLE_ABSENT | ROLE_SELF, err) < 0 ? -1 : 1;
}

static void letter_frame(struct loading *l, const struct letter *letter, day_t day)
{
    struct frame *frame;

    if (l->out->frame_count && l->out->frames[l->out->frame_count - 1].from == day)
        return; /* two steps of one day: its end was told already */
    frame = loading_frame(l, day);
    frame->in_force = letter->ended == DAY_NONE || day < letter->ended;
    if (letter->created->day == day)
        frame->state_seq = letter->created->seq;
    if (!frame->in_force)
        return;
    frame->facts[FACT_STATE] =
        fact_text(letter->received != DAY_NONE && letter->received <= day ? "received" : "issued");
    frame->facts[FACT_OUTSIDE] = fact_bool(letter->from_outside || letter->to_outside);
    if (!letter->from_outside)
        frame->dates[DATE_VALID_UNTIL] = letter->valid_until;
    if (letter->received != DAY_NONE && letter->received <= day)
        frame->dates[DATE_RECEIVED] = letter->received;
}

static void letter_frames(struct loading *l, const struct letter *letter)
{
    letter_frame(l, letter, letter->created->day);
    if (letter->received != DAY_NONE)
        letter_frame(l, letter, letter->received);
    if (letter->ended != DAY_NONE)
        letter_frame(l, letter, letter->ended);
}

int load_transfer(struct loading *l, struct err *err)
{
    struct member_fold fold;
    struct history h;
    int64_t member;

    if (facts_transfer_member(&member, l->facts, l->out->key, err) < 0)
        return -1;
    if (member == 0)
        return 0;
    if (fold_of(&fold, &h, l->facts, member, err) < 0)
        return -1;
    for (size_t i = 0; i < fold.letter_count; i++)
        if (strcmp(fold.letters[i].ref, l->out->ref) == 0)
            letter_frames(l, &fold.letters[i]);
    if (fold.n && fold.states[fold.n - 1].name)
        l->out->name = fold.states[fold.n - 1].name;
    return l->out->frame_count > 0;
}

int facts_transfer_member(int64_t *member_out, struct facts *facts, int64_t transfer,
                          struct err *err)
{
    struct history h;

    *member_out = 0;
    if (facts_register(&h, facts, transfer, err) < 0)
        return -1;
    /* Only what creates a letter names its member. */
    for (size_t i = 0; i < h.n; i++)
        if (event_has(h.entries[i].event, F_MEMBER))
            return store_subject_find(member_out, facts->store, SUBJECT_MEMBER,
                                      event_text(h.entries[i].event, F_MEMBER), err) < 0
                       ? -1
                       : 0;
    return 0;
}

static int branch_of_member(int64_t *branch_out, struct facts *facts, int64_t member, day_t day,
                            struct err *err)
{
    struct stint stint;
    int r = store_stint_latest(&stint, facts->store, member, day, err);

    /* One who left still belongs, for lists, to the branch left. */
    *branch_out = r == 1 ? stint.branch : 0;
    return r < 0 ? -1 : 0;
}

static int branch_of_transfer(int64_t *branch_out, struct facts *facts, int64_t transfer,
                              day_t day, struct err *err)
{
    struct history h;
    const char *to = NULL;
    bool received = false;
    int64_t member;

    *branch_out = 0;
    if (facts_register(&h, facts, transfer, err) < 0)
        return -1;
    for (size_t i = 0; i < h.n && h.entries[i].day <= day; i++) {
        const struct event *e = h.entries[i].event;

        if (e->type == EV_TRANSFER_ISSUED)
            to = event_text(e, F_TO);
        if (e->type != EV_TRANSFER_RECEIVED)
            continue;
        received = true;
        if (event_has(e, F_FROM_NAME))
            to = event_text(e, F_BRANCH);
    }
    if (received && to)
        return store_subject_find(branch_out, facts->store, SUBJECT_BRANCH, to, err) < 0 ? -1 : 0;
    if (facts_transfer_member(&member, facts, transfer, err) < 0)
        return -1;
    return member ? branch_of_member(branch_out, facts, member, day, err) : 0;
}

int facts_branch_of(int64_t *branch_out, struct facts *facts, int64_t key, day_t day,
                    struct err *err)
{
    enum subject_kind kind;
    const char *ref;
    int r = store_subject_get(&kind, &ref, &facts->arena, facts->store, key, err);

    *branch_out = 0;
    if (r != 1)
        return r;
    if (kind == SUBJECT_BRANCH)
        *branch_out = key;
    else if (kind == SUBJECT_MEMBER)
        r = branch_of_member(branch_out, facts, key, day, err);
    else if (kind == SUBJECT_TRANSFER)
        r = branch_of_transfer(branch_out, facts, key, day, err);
    return r < 0 ? -1 : 0;
}
