/* A unit day by day: itself, its members, and the branches that cover it. */
#include <string.h>

#include "facts/facts_state.h"

struct unit_state {
    day_t from;
    bool in_force;
    const char *name, *sector, *area;
    struct fact staff, eligible, above_scale; /* unset until told */
    int64_t seq;
};

struct unit_states {
    struct unit_state *items;
    size_t n;
};

struct covering {
    struct branch_view **views; /* every branch that ever listed the unit */
    size_t n;
};

static void describe(struct unit_state *s, const struct event *e)
{
    if (event_has(e, F_NAME))
        s->name = event_text(e, F_NAME);
    if (event_has(e, F_SECTOR))
        s->sector = event_text(e, F_SECTOR);
    if (event_has(e, F_AREA))
        s->area = event_text(e, F_AREA);
    if (event_has(e, F_STAFF))
        s->staff = fact_number(event_int(e, F_STAFF, 0));
    if (event_has(e, F_ELIGIBLE))
        s->eligible = fact_bool(event_int(e, F_ELIGIBLE, 0) != 0);
    if (event_has(e, F_ABOVE_SCALE))
        s->above_scale = fact_bool(event_int(e, F_ABOVE_SCALE, 0) != 0);
}

static void fold_unit(struct unit_states *out, struct facts *facts, const struct history *h)
{
    struct unit_state now = {.name = "", .sector = NULL};

    out->items = arena_alloc(&facts->arena, (h->n + 1) * sizeof *out->items);
    out->n = 0;
    for (size_t i = 0; i < h->n; i++) {
        const struct entry *e = &h->entries[i];

        if (!(e->role & ROLE_SELF) || (out->n == 0 && e->type != EV_UNIT_REGISTERED))
            continue;
        now.in_force = e->type != EV_UNIT_CLOSED && (now.in_force || e->type == EV_UNIT_REGISTERED);
        describe(&now, e->event);
        now.from = e->day;
        now.seq = e->seq;
        if (out->n == 0 || out->items[out->n - 1].from != e->day)
            out->n++;
        out->items[out->n - 1] = now;
    }
}

static bool lists(const struct branch_state *s, const char *unit)
{
    for (size_t i = 0; s->units && i < s->units->count; i++)
        if (strcmp(s->units->items[i].s, unit) == 0)
            return true;
    return false;
}

static void covering_add(struct covering *c, struct branch_view *view)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->views[i] == view)
            return;
    c->views[c->n++] = view;
}

static int find_covering(struct covering *c, struct facts *facts, int64_t unit, struct err *err)
{
    struct reading rd = {facts->store, &facts->arena, facts->kinds, false};
    struct touch *touches;
    struct stored *stored;
    struct branch_view *view;
    int64_t branch;
    size_t n;
    int r;

    if (store_touches(&touches, &n, rd.arena, rd.store, unit, err) < 0)
        return -1;
    c->views = arena_alloc(rd.arena, (n + 1) * sizeof *c->views);
    c->n = 0;
    for (size_t i = 0; i < n; i++) {
        if (touches[i].out_by != 0 ||
            (touches[i].type != EV_BRANCH_FOUNDED && touches[i].type != EV_BRANCH_CHANGED))
            continue;
        if (stored_get(&stored, &rd, touches[i].place.seq, err) < 0)
            return -1;
        r = store_subject_find(&branch, rd.store, SUBJECT_BRANCH,
                               event_text(&stored->event, F_BRANCH), err);
        if (r < 0 || (r == 1 && branch_view_get(&view, facts, branch, err) < 0))
            return -1;
        if (r == 1)
            covering_add(c, view);
    }
    return 0;
}

static void cover(struct frame *frame, const struct covering *c, const char *unit)
{
    bool covered = false, own = false;

    for (size_t i = 0; i < c->n; i++) {
        const struct branch_state *s = branch_view_on(c->views[i], frame->from);

        if (!s || !s->in_force || !lists(s, unit))
            continue;
        covered = true;
        own = own || strcmp(s->form, "own") == 0;
    }
    frame->facts[FACT_COVERED] = fact_bool(covered);
    frame->facts[FACT_OWN_BRANCH] = fact_bool(own);
}

static int64_t full_members_on(const struct stint *stints, size_t n, day_t day)
{
    int64_t full = 0;

    for (size_t i = 0; i < n; i++)
        full += stints[i].full && stints[i].from <= day && day < stints[i].to;
    return full;
}

static void unit_frame(struct frame *frame, const struct unit_state *s)
{
    frame->in_force = s->in_force;
    frame->state_seq = s->from == frame->from ? s->seq : 0;
    frame->facts[FACT_SECTOR] = fact_text(s->sector);
    frame->facts[FACT_AREA] = fact_text(s->area);
    frame->facts[FACT_STAFF] = s->staff;
    frame->facts[FACT_ELIGIBLE] = s->eligible;
    frame->facts[FACT_ABOVE_SCALE] = s->above_scale;
}

static void collect_days(struct days *days, const struct unit_states *states,
                         const struct stint *stints, size_t n, const struct covering *c)
{
    for (size_t i = 0; i < states->n; i++)
        days_add(days, states->items[i].from);
    for (size_t i = 0; i < n; i++) {
        days_add(days, stints[i].from);
        if (stints[i].to != DAY_NEVER)
            days_add(days, stints[i].to);
    }
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->views[i]->state_count; k++)
            days_add(days, c->views[i]->states[k].from);
    days_sort(days);
}

int load_unit(struct loading *l, struct err *err)
{
    _cleanup_days_ struct days days = {0};
    struct facts *facts = l->facts;
    struct subject_data *out = l->out;
    struct unit_states states;
    struct covering covering;
    struct history h;
    struct stint *stints;
    size_t n, at = 0;

    if (facts_register(&h, facts, out->key, err) < 0)
        return -1;
    fold_unit(&states, facts, &h);
    if (states.n == 0)
        return 0;
    if (find_covering(&covering, facts, out->key, err) < 0 ||
        store_stints(&stints, &n, &facts->arena, facts->store, SQL_STINTS_OF_UNIT, out->key,
                     err) < 0)
        return -1;
    collect_days(&days, &states, stints, n, &covering);
    for (size_t i = 0; i < days.n; i++) {
        struct frame *frame;

        while (at < states.n && states.items[at].from <= days.items[i])
            at++;
        if (at == 0)
            continue;
        frame = loading_frame(l, days.items[i]);
        unit_frame(frame, &states.items[at - 1]);
        frame->facts[FACT_FULL_MEMBERS] = fact_number(full_members_on(stints, n, days.items[i]));
        cover(frame, &covering, out->ref);
    }
    out->name = states.items[states.n - 1].name;
    facts_exemptions(&out->exemptions, &out->exemption_count, facts, &h);
    return 1;
}
