/* A branch day by day, and its rolls. */
#include <stdlib.h>
#include <string.h>

#include "facts/facts_state.h"

enum {
    TERM_YEARS_USUAL = 3, /* ledger.md section 3, branch.founded */
    STARS_UNRATED = -1,   /* rules.md section 1 */
};

static const char *text_or(const struct event *e, enum field_id field, const char *before)
{
    return event_has(e, field) ? event_text(e, field) : before;
}

/* branch.founded and branch.changed: what they say replaces what was. */
static void describe(struct branch_state *s, const struct event *e)
{
    s->name = text_or(e, F_NAME, s->name);
    s->form = text_or(e, F_FORM, s->form);
    s->sector = text_or(e, F_SECTOR, s->sector);
    s->area = text_or(e, F_AREA, s->area);
    s->committee = event_int(e, F_COMMITTEE, s->committee) != 0;
    s->groups = event_int(e, F_GROUPS, s->groups);
    s->term_years = event_int(e, F_TERM_YEARS, s->term_years);
    if (event_has(e, F_UNITS))
        s->units = e->values[F_UNITS];
    if (event_has(e, F_TERM_STARTED))
        s->term_started = e->values[F_TERM_STARTED]->day;
}

static void apply(struct branch_state *s, const struct entry *e)
{
    switch (e->type) {
    case EV_BRANCH_FOUNDED:
        s->in_force = true;
        s->stars = STARS_UNRATED;
        s->term_years = TERM_YEARS_USUAL;
        s->term_started = DAY_NONE;
        describe(s, e->event);
        break;
    case EV_BRANCH_CHANGED:
        describe(s, e->event);
        break;
    case EV_BRANCH_ELECTED:
        s->term_started = e->day;
        s->term_years = event_int(e->event, F_TERM_YEARS, s->term_years);
        break;
    case EV_BRANCH_RATED:
        s->stars = event_int(e->event, F_STARS, s->stars);
        break;
    case EV_BRANCH_DISSOLVED:
        s->in_force = false;
        break;
    default:
        return;
    }
    s->seq = e->seq;
}

static void fold_branch(struct branch_view *view, struct facts *facts, const struct history *h)
{
    struct branch_state now = {.form = "", .sector = "", .name = "", .term_started = DAY_NONE};

    view->states = arena_alloc(&facts->arena, (h->n + 1) * sizeof *view->states);
    for (size_t i = 0; i < h->n; i++) {
        const struct entry *e = &h->entries[i];
        size_t n = view->state_count;

        if (!(e->role & ROLE_SELF) || (n == 0 && e->type != EV_BRANCH_FOUNDED))
            continue;
        apply(&now, e);
        now.from = e->day;
        if (n == 0 || view->states[n - 1].from != e->day)
            view->state_count = ++n;
        view->states[n - 1] = now;
    }
}

int branch_view_get(struct branch_view **out, struct facts *facts, int64_t key, struct err *err)
{
    struct branch_view *view = (struct branch_view *)keymap_get(&facts->branches, key);
    struct history h;

    if (!view) {
        if (facts_register(&h, facts, key, err) < 0)
            return -1;
        view = arena_alloc(&facts->arena, sizeof *view);
        view->key = key;
        fold_branch(view, facts, &h);
        facts_exemptions(&view->exemptions, &view->exemption_count, facts, &h);
        keymap_set(&facts->branches, key, (uintptr_t)view);
    }
    *out = view;
    return 0;
}

const struct branch_state *branch_view_on(const struct branch_view *view, day_t day)
{
    size_t low = 0, high = view->state_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (view->states[middle].from <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &view->states[low - 1] : NULL;
}

int facts_branch_units(const struct value **units_out, struct facts *facts, int64_t branch, day_t day,
                       struct err *err)
{
    const struct branch_state *s;
    struct branch_view *view;

    *units_out = NULL;
    if (branch_view_get(&view, facts, branch, err) < 0)
        return -1;
    s = branch_view_on(view, day);
    if (s && s->in_force)
        *units_out = s->units;
    return 0;
}

static void branch_frame(struct frame *frame, const struct branch_state *s, int64_t members,
                         int64_t full)
{
    frame->in_force = s->in_force;
    frame->state_seq = s->from == frame->from ? s->seq : 0;
    frame->facts[FACT_FORM] = fact_text(s->form);
    frame->facts[FACT_SECTOR] = fact_text(s->sector);
    frame->facts[FACT_AREA] = fact_text(s->area);
    frame->facts[FACT_COMMITTEE] = fact_bool(s->committee);
    frame->facts[FACT_GROUPS] = fact_number(s->groups);
    frame->facts[FACT_MEMBERS] = fact_number(members);
    frame->facts[FACT_FULL_MEMBERS] = fact_number(full);
    frame->facts[FACT_UNITS] = fact_number(s->units ? (int64_t)s->units->count : 0);
    frame->facts[FACT_STARS] = fact_number(s->stars);
    if (s->term_started != DAY_NONE)
        frame->dates[DATE_TERM_ENDS] = day_add_months(s->term_started, 12 * (int)s->term_years);
}

/* Somebody came (+1) or went (-1). */
struct step {
    day_t day;
    int members, full;
};

static int step_order(const void *a, const void *b)
{
    const struct step *x = a, *y = b;

    return (x->day > y->day) - (x->day < y->day);
}

static size_t steps_of_stints(struct step *steps, const struct stint *stints, size_t n)
{
    size_t k = 0;

    for (size_t i = 0; i < n; i++) {
        if (stints[i].from >= stints[i].to)
            continue; /* came and went within the day */
        steps[k++] = (struct step){stints[i].from, 1, stints[i].full};
        if (stints[i].to != DAY_NEVER)
            steps[k++] = (struct step){stints[i].to, -1, -(int)stints[i].full};
    }
    if (k > 1)
        qsort(steps, k, sizeof *steps, step_order);
    return k;
}

int load_branch(struct loading *l, struct err *err)
{
    struct facts *facts = l->facts;
    struct branch_view *view;
    struct stint *stints;
    struct step *steps;
    int64_t members = 0, full = 0;
    size_t n, k, next_state = 0, next_step = 0;

    if (branch_view_get(&view, facts, l->out->key, err) < 0)
        return -1;
    if (view->state_count == 0)
        return 0;
    if (store_stints(&stints, &n, &facts->arena, facts->store, SQL_STINTS_OF_BRANCH, view->key,
                     err) < 0)
        return -1;
    steps = arena_alloc(&facts->arena, (2 * n + 1) * sizeof *steps);
    k = steps_of_stints(steps, stints, n);
    while (next_state < view->state_count || next_step < k) {
        day_t day = next_state < view->state_count ? view->states[next_state].from : DAY_NEVER;

        if (next_step < k && steps[next_step].day < day)
            day = steps[next_step].day;
        for (; next_step < k && steps[next_step].day == day; next_step++) {
            members += steps[next_step].members;
            full += steps[next_step].full;
        }
        while (next_state < view->state_count && view->states[next_state].from <= day)
            next_state++;
        if (next_state > 0)
            branch_frame(loading_frame(l, day), &view->states[next_state - 1], members, full);
    }
    l->out->name = view->states[view->state_count - 1].name;
    l->out->exemptions = view->exemptions;
    l->out->exemption_count = view->exemption_count;
    return loading_activities(l, ROLE_HOST | ROLE_WITH, err) < 0 ? -1 : 1;
}

struct gathered {
    struct activity *items;
    size_t n, cap;
};

static int activity_order(const void *a, const void *b)
{
    const struct activity *x = a, *y = b;

    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

/* What a member attended while belonging to the branch, by the end of each day. */
static int gather_attended(struct gathered *g, struct facts *facts, const struct stint *stint,
                           struct err *err)
{
    struct touch *touches;
    size_t n;
    day_t last = stint->to == DAY_NEVER ? DAY_NEVER - 1 : stint->to - 1;

    if (stint->from > last)
        return 0;
    if (store_activities(&touches, &n, &facts->arena, facts->store, stint->member, stint->from,
                         last, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (touches[i].out_by != 0 || !(touches[i].role & ROLE_PRESENT))
            continue;
        ARRAY_GROW(g->items, g->n, g->cap);
        g->items[g->n++] = activity_of_touch(&touches[i]);
    }
    return 0;
}

static void keep_attended(struct branch_rolls *rolls, struct facts *facts, struct gathered *g)
{
    struct activity *kept;
    size_t n = 0;

    if (g->n > 1)
        qsort(g->items, g->n, sizeof *g->items, activity_order);
    for (size_t i = 0; i < g->n; i++)
        if (n == 0 || g->items[n - 1].seq != g->items[i].seq)
            g->items[n++] = g->items[i];
    kept = arena_alloc(&facts->arena, (n + 1) * sizeof *kept);
    if (n)
        memcpy(kept, g->items, n * sizeof *kept);
    rolls->attended = kept;
    rolls->attended_count = n;
}

static int load_rolls(struct branch_view *view, struct facts *facts, struct err *err)
{
    struct gathered g = {0};
    struct activity *held;
    struct stint *stints;
    struct touch *touches;
    size_t n;
    int r = 0;

    if (store_activities(&touches, &n, &facts->arena, facts->store, view->key, DAY_NONE + 1,
                         DAY_NEVER - 1, err) < 0)
        return -1;
    view->rolls.held = held = arena_alloc(&facts->arena, (n + 1) * sizeof *held);
    for (size_t i = 0; i < n; i++)
        if (touches[i].out_by == 0)
            held[view->rolls.held_count++] = activity_of_touch(&touches[i]);
    if (store_stints(&stints, &n, &facts->arena, facts->store, SQL_STINTS_OF_BRANCH, view->key,
                     err) < 0)
        return -1;
    for (size_t i = 0; i < n && r == 0; i++)
        r = gather_attended(&g, facts, &stints[i], err);
    if (r == 0)
        keep_attended(&view->rolls, facts, &g);
    free(g.items);
    return r;
}

const struct branch_rolls *branch_view_rolls(void *ctx, int64_t branch)
{
    struct facts *facts = ctx;
    struct branch_view *view;

    if (branch == 0 || facts->failed)
        return NULL;
    if (branch_view_get(&view, facts, branch, &facts->failure) < 0 ||
        (!view->rolls_loaded && load_rolls(view, facts, &facts->failure) < 0)) {
        facts->failed = true;
        return NULL;
    }
    view->rolls_loaded = true;
    return &view->rolls;
}
