/* What figures count of registers, duties, alliances and offices. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/definitions.h"

void yield(struct figure_items *out, struct figure_item item)
{
    out->part += item.part;
    out->whole += item.whole;
    if (!out->keep)
        return;
    ARRAY_GROW(out->items, out->n, out->cap);
    out->items[out->n++] = item;
}

void yield_event(struct figure_items *out, const struct annual_event *event, int64_t part)
{
    yield(out, (struct figure_item){
                   .kind = ITEM_EVENT, .seq = event->place.seq, .day = event->place.day, .part = part});
}

void yield_subject(struct figure_items *out, int64_t key, day_t day, int64_t part, int64_t whole)
{
    yield(out, (struct figure_item){
                   .kind = ITEM_SUBJECT, .subject = key, .day = day, .part = part, .whole = whole});
}

/* --- units and branches --- */

static bool lists(const struct annual_branch *b, int32_t unit)
{
    for (size_t i = 0; i < b->unit_count; i++)
        if (b->units[i] == unit)
            return true;
    return false;
}

/* Units lie where they are registered; those of a branch are those that it lists. */
static bool asks_unit(const struct figures *f, int32_t index, const char *sector)
{
    const struct annual_unit *u = &f->units[index];
    int32_t branch = index_of(f, f->question.branch);

    if (!u->in_force || (sector && strcmp(u->sector, sector) != 0))
        return false;
    if (f->question.branch && (branch < 0 || !lists(&f->branches[branch], index)))
        return false;
    return asks_place(f, u->area, u->sector);
}

void collect_units(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    for (size_t i = 0; i < f->unit_count; i++)
        if (asks_unit(f, (int32_t)i, figure->sector))
            yield_subject(out, f->units[i].key, f->question.day, ONE, 0);
}

static void cover(struct figure_items *out, const struct figures *f, const struct figure *figure, bool own)
{
    for (size_t i = 0; i < f->unit_count; i++) {
        const struct annual_unit *u = &f->units[i];

        if (asks_unit(f, (int32_t)i, figure->sector) && u->marked[f->question.denominator])
            yield_subject(out, u->key, f->question.day, (own ? u->own : u->covered) ? ONE : 0, ONE);
    }
}

void collect_coverage(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    cover(out, f, figure, false);
}

void collect_own_rate(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    cover(out, f, figure, true);
}

void collect_branches(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    day_t day = f->question.day;

    for (size_t i = 0; i < f->branch_count; i++) {
        const struct locality *at = branch_on(f, (int32_t)i, day);

        if (at && at->in_force && asks_branch(f, (int32_t)i, day) &&
            of_sector(f, (int32_t)i, day, figure->sector))
            yield_subject(out, f->branches[i].key, day, ONE, 0);
    }
}

static void branch_events(struct figure_items *out, const struct figures *f, enum event_type type, bool cleared)
{
    for (size_t i = 0; i < f->event_count; i++) {
        const struct annual_event *e = &f->events[i];

        if (e->type == type && (e->cleared || !cleared) && asks_branch(f, e->branch, e->place.day))
            yield_event(out, e, ONE);
    }
}

void collect_founded(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    branch_events(out, f, EV_BRANCH_FOUNDED, false);
}

void collect_dissolved(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    branch_events(out, f, EV_BRANCH_DISSOLVED, false);
}

void collect_cleared(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    branch_events(out, f, EV_BRANCH_DISSOLVED, true);
}

/* A duty period belongs to what its branch was on the period's last day. */
void collect_duty(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    for (size_t i = 0; i < f->duty_count; i++) {
        const struct annual_duty *d = &f->duties[i];

        if (d->rule == figure->rule && asks_branch(f, d->branch, d->last))
            yield(out, (struct figure_item){.kind = ITEM_DUTY,
                                            .subject = f->branches[d->branch].key,
                                            .first = d->first,
                                            .day = d->last,
                                            .part = d->met ? ONE : 0,
                                            .whole = ONE});
    }
}

/* --- members --- */

void each_member(struct figure_items *out, const struct figures *f, day_t day, member_fn *take,
                 const void *context)
{
    for (size_t i = 0; i < f->stint_count; i++) {
        const struct stint *s = &f->stints[i];

        if (s->from <= day && day < s->to && asks_branch(f, index_of(f, s->branch), day))
            take(out, f, s, day, context);
    }
}

static void full_member(struct figure_items *out, const struct figures *f, const struct stint *stint, day_t day,
                        const void *sector)
{
    if (stint->full && of_sector(f, index_of(f, stint->branch), day, sector))
        yield_subject(out, stint->member, day, ONE, 0);
}

void collect_full_members(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    each_member(out, f, f->question.day, full_member, figure->sector);
}

static void probationary(struct figure_items *out, const struct figures *f, const struct stint *stint,
                         day_t day, const void *context)
{
    (void)f;
    (void)context;
    if (!stint->full)
        yield_subject(out, stint->member, day, ONE, 0);
}

void collect_probationary(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    each_member(out, f, f->question.day, probationary, NULL);
}

static int by_key(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void away(struct figure_items *out, const struct figures *f, const struct stint *stint, day_t day,
                 const void *context)
{
    (void)context;
    if (f->away_count && bsearch(&stint->member, f->away, f->away_count, sizeof *f->away, by_key))
        yield_subject(out, stint->member, day, ONE, 0);
}

void collect_away(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    each_member(out, f, f->question.day, away, NULL);
}

/* --- the whole only --- */

/* Counted by post: one person in two bodies is two. */
void collect_deputies(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    for (size_t i = 0; i < f->deputy_count; i++)
        yield(out, (struct figure_item){.kind = ITEM_EVENT, .seq = f->deputies[i], .part = ONE});
}

/* The branches and units of one alliance, or of all: nobody is counted twice. */
struct allied {
    bool *branches, *units;
};

static void allied_deinit(struct allied *a)
{
    free(a->branches);
    free(a->units);
}

static void ally(struct allied *a, const struct figures *f, const struct annual_alliance *alliance)
{
    for (size_t i = 0; i < alliance->unit_count; i++)
        if (alliance->units[i] >= 0)
            a->units[alliance->units[i]] = true;
    for (size_t i = 0; i < alliance->branch_count; i++) {
        int32_t branch = alliance->branches[i];

        if (branch < 0)
            continue;
        a->branches[branch] = true;
        for (size_t k = 0; k < f->branches[branch].unit_count; k++)
            a->units[f->branches[branch].units[k]] = true;
    }
}

static void allied_init(struct allied *a, const struct figures *f, const struct figure *figure)
{
    a->branches = mem_zero(f->branch_count + 1);
    a->units = mem_zero(f->unit_count + 1);
    for (size_t i = 0; i < f->alliance_count; i++)
        if (figure->alliance < 0 || (size_t)figure->alliance == i)
            ally(a, f, &f->alliances[i]);
}

static void allied_member(struct figure_items *out, const struct figures *f, const struct stint *stint,
                          day_t day, const void *context)
{
    const struct allied *a = context;
    int32_t branch = index_of(f, stint->branch);

    if (branch >= 0 && a->branches[branch])
        yield_subject(out, stint->member, day, ONE, 0);
}

void collect_alliance_members(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    CLEANUP(allied_deinit) struct allied a = {0};

    allied_init(&a, f, figure);
    each_member(out, f, f->question.day, allied_member, &a);
}

void collect_alliance_enterprises(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    CLEANUP(allied_deinit) struct allied a = {0};

    allied_init(&a, f, figure);
    for (size_t i = 0; i < f->unit_count; i++)
        if (a.units[i] && f->units[i].in_force && strcmp(f->units[i].sector, "enterprise") == 0)
            yield_subject(out, f->units[i].key, f->question.day, ONE, 0);
}

/* Over units of both sectors. */
void collect_alliance_staff(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    CLEANUP(allied_deinit) struct allied a = {0};

    allied_init(&a, f, figure);
    for (size_t i = 0; i < f->unit_count; i++)
        if (a.units[i] && f->units[i].in_force)
            yield_subject(out, f->units[i].key, f->question.day, f->units[i].staff * ONE, 0);
}
