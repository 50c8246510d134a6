/* What belongs to the whole ledger only: alliances and offices. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/annual.h"

static const char deputy[] = "deputy_secretary"; /* figures.md, offices.deputies */

/* Indices, each once. */
struct sides {
    int32_t *items;
    size_t n, cap;
};

static void sides_deinit(struct sides *s)
{
    free(s->items);
}

static void side_joins(struct sides *s, int32_t index)
{
    ARRAY_GROW(s->items, s->n, s->cap);
    s->items[s->n++] = index;
}

static void side_leaves(struct sides *s, int32_t index)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->n; i++)
        if (s->items[i] != index)
            s->items[kept++] = s->items[i];
    s->n = kept;
}

typedef int32_t find_fn(const struct figures *f, const char *ref);

/* alliance.formed has a list (`many`), alliance.joined and alliance.left have one (`one`). */
static void take_sides(struct sides *s, const struct figures *f, const struct event *e, enum field_id many,
                       enum field_id one, find_fn *find)
{
    const struct value *list = e->values[many];

    for (size_t i = 0; e->type == EV_ALLIANCE_FORMED && list && i < list->count; i++)
        side_joins(s, find(f, list->items[i].s));
    if (e->type == EV_ALLIANCE_JOINED && event_has(e, one))
        side_joins(s, find(f, event_text(e, one)));
    if (e->type == EV_ALLIANCE_LEFT && event_has(e, one))
        side_leaves(s, find(f, event_text(e, one)));
}

static int32_t *keep_sides(struct figures *f, const struct sides *s)
{
    int32_t *kept = arena_alloc(&f->arena, (s->n + 1) * sizeof *kept);

    if (s->n)
        memcpy(kept, s->items, s->n * sizeof *kept);
    return kept;
}

static void keep_alliance(struct figures *f, const char *ref, const struct history *h)
{
    CLEANUP(sides_deinit) struct sides branches = {0}, units = {0};
    struct annual_alliance *a = &f->alliances[f->alliance_count];
    const char *name = NULL;

    for (size_t i = 0; i < h->n && h->entries[i].day <= f->question.day; i++) {
        const struct event *e = h->entries[i].event;

        if (e->type == EV_ALLIANCE_FORMED)
            name = event_text(e, F_NAME);
        take_sides(&branches, f, e, F_BRANCHES, F_BRANCH, find_branch);
        take_sides(&units, f, e, F_UNITS, F_UNIT, find_unit);
    }
    if (!name)
        return; /* formed later, or out of effect */
    *a = (struct annual_alliance){
        .ref = ref,
        .name = keep_text(f, name),
        .branches = keep_sides(f, &branches),
        .units = keep_sides(f, &units),
        .branch_count = branches.n,
        .unit_count = units.n,
    };
    f->alliance_count++;
}

static bool ends_tenure(const struct event *e, const struct event *taken)
{
    return e->type == EV_OFFICE_LEFT && strcmp(event_text(e, F_OFFICE), event_text(taken, F_OFFICE)) == 0 &&
           strcmp(event_text(e, F_PERSON), event_text(taken, F_PERSON)) == 0;
}

static void keep_deputies(struct figures *f, const char *body, const struct history *h)
{
    size_t n = h->n;

    (void)body; /* an office.taken names it */
    while (n > 0 && h->entries[n - 1].day > f->question.day)
        n--;
    for (size_t i = 0; i < n; i++) {
        const struct event *taken = h->entries[i].event;
        bool held = taken->type == EV_OFFICE_TAKEN && strcmp(event_text(taken, F_OFFICE), deputy) == 0;

        for (size_t k = i + 1; held && k < n; k++)
            held = !ends_tenure(h->entries[k].event, taken);
        if (!held)
            continue;
        ARRAY_GROW(f->deputies, f->deputy_count, f->deputy_cap);
        f->deputies[f->deputy_count++] = h->entries[i].seq;
    }
}

typedef void keep_fn(struct figures *f, const char *ref, const struct history *h);

static int each_history(struct figures *f, const struct ref_list *refs, keep_fn *keep, struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    struct reading rd = {f->source.store, &arena, f->source.kinds, false};
    struct history h;

    for (size_t i = 0; i < refs->n; i++) {
        arena_reset(&arena);
        if (figures_patience(f, err) < 0 || history_load_register(&h, &rd, refs->items[i].key, err) < 0)
            return -1;
        keep(f, refs->items[i].ref, &h);
    }
    return 0;
}

int read_whole(struct figures *f, struct err *err)
{
    struct ref_list alliances, bodies;

    if (read_refs(&alliances, f, SUBJECT_ALLIANCE, err) < 0 || read_refs(&bodies, f, SUBJECT_BODY, err) < 0)
        return -1;
    f->alliances = arena_alloc(&f->arena, (alliances.n + 1) * sizeof *f->alliances);
    if (each_history(f, &alliances, keep_alliance, err) < 0)
        return -1;
    return each_history(f, &bodies, keep_deputies, err);
}
