/* Branches, their duties, and units. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/annual.h"

/* They come in the order of their bytes. */
int read_refs(struct ref_list *out, struct figures *f, enum subject_kind kind, struct err *err)
{
    struct store *store = f->source.store;
    sqlite3_stmt *s = store_stmt(store, SQL_SUBJECTS_OF_KIND);
    _cleanup_free_ struct ref_key *items = NULL;
    size_t n = 0, cap = 0;
    int r;

    sqlite3_bind_int(s, 1, (int)kind);
    sqlite3_bind_text(s, 2, "", 0, SQLITE_STATIC);
    sqlite3_bind_int(s, 3, -1);
    while ((r = store_step(store, s, err)) == 1) {
        ARRAY_GROW(items, n, cap);
        items[n++] = (struct ref_key){keep_text(f, (const char *)sqlite3_column_text(s, 1)),
                                      sqlite3_column_int64(s, 0)};
    }
    out->items = arena_alloc(&f->arena, (n + 1) * sizeof *items);
    if (n)
        memcpy(out->items, items, n * sizeof *items);
    out->n = n;
    return r;
}

static void index_keys(struct figures *f, const struct ref_list *branches, const struct ref_list *units)
{
    const struct ref_list *lists[] = {branches, units};
    int64_t largest = 0;

    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        for (size_t i = 0; i < lists[k]->n; i++)
            if (lists[k]->items[i].key > largest)
                largest = lists[k]->items[i].key;
    f->key_count = (size_t)largest + 1;
    f->by_key = arena_alloc(&f->arena, f->key_count * sizeof *f->by_key);
    for (size_t i = 0; i < f->key_count; i++)
        f->by_key[i] = -1;
    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        for (size_t i = 0; i < lists[k]->n; i++)
            f->by_key[lists[k]->items[i].key] = (int32_t)i;
}

int32_t find_branch(const struct figures *f, const char *ref)
{
    size_t low = 0, high = f->branch_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(f->branches[middle].ref, ref);

        if (order == 0)
            return (int32_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

int32_t find_unit(const struct figures *f, const char *ref)
{
    size_t low = 0, high = f->unit_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(f->units[middle].ref, ref);

        if (order == 0)
            return (int32_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* A branch has a frame for every day on which somebody came or went; here only where it lies counts. */
static void keep_runs(struct figures *f, struct annual_branch *b, const struct subject_data *branch)
{
    b->runs = arena_alloc(&f->arena, branch->frame_count * sizeof *b->runs);
    for (size_t i = 0; i < branch->frame_count; i++) {
        const struct frame *frame = &branch->frames[i];
        const struct locality *last = b->run_count ? &b->runs[b->run_count - 1] : NULL;
        const char *sector = frame->facts[FACT_SECTOR].text, *area = frame->facts[FACT_AREA].text;

        if (last && last->in_force == frame->in_force && same(last->sector, sector) && same(last->area, area))
            continue;
        b->runs[b->run_count++] = (struct locality){
            .from = frame->from,
            .in_force = frame->in_force,
            .sector = last && same(last->sector, sector) ? last->sector : keep_text(f, sector),
            .area = last && same(last->area, area) ? last->area : keep_text(f, area),
            .seq = frame->state_seq,
        };
    }
}

static int keep_units(struct figures *f, struct annual_branch *b, struct err *err)
{
    const struct value *units;

    if (facts_branch_units(&units, f->facts, b->key, f->question.day, err) < 0)
        return -1;
    if (!units)
        return 0;
    b->units = arena_alloc(&f->arena, units->count * sizeof *b->units);
    for (size_t i = 0; i < units->count; i++) {
        int32_t unit = find_unit(f, units->items[i].s);

        if (unit >= 0)
            b->units[b->unit_count++] = unit;
    }
    return 0;
}

/* figures.md, duty.R: periods whose last day is in the year and not after D, grace or not. */
static void keep_duties(struct figures *f, int32_t index, const struct rule *rule,
                        const struct subject_data *branch)
{
    _cleanup_free_ struct duty *duties = NULL;
    day_t day = f->question.day;
    size_t n = rule_duties(&duties, rule, f->source.tracking_since, branch, f->first, day, day);

    for (size_t i = 0; i < n; i++) {
        if (duties[i].last > day || duties[i].state == DUTY_NONE || duties[i].state == DUTY_EXCUSED)
            continue;
        ARRAY_GROW(f->duties, f->duty_count, f->duty_cap);
        f->duties[f->duty_count++] = (struct annual_duty){
            .branch = index,
            .rule = rule,
            .first = duties[i].first,
            .last = duties[i].last,
            .met = duties[i].state == DUTY_MET,
        };
    }
}

static int read_branch(struct figures *f, int32_t index, struct err *err)
{
    struct annual_branch *b = &f->branches[index];
    const struct pack *pack = f->source.pack;
    const struct subject_data *branch;
    int r;

    figures_bound(f);
    r = facts_subject(&branch, f->facts, b->key, false, err);
    if (r != 1)
        return r;
    keep_runs(f, b, branch);
    for (size_t i = 0; i < pack->rule_count; i++)
        if (pack->rules[i].kind == RULE_CADENCE && pack->rules[i].subject == SUBJECT_BRANCH)
            keep_duties(f, index, &pack->rules[i], branch);
    return keep_units(f, b, err);
}

static bool holds(const struct frame *frame, enum fact_id fact)
{
    return frame->facts[fact].type == FACT_BOOL && frame->facts[fact].number != 0;
}

static int read_unit(struct figures *f, struct annual_unit *u, struct err *err)
{
    const struct subject_data *unit;
    const struct frame *frame;
    int r;

    figures_bound(f);
    r = facts_subject(&unit, f->facts, u->key, false, err);
    if (r != 1)
        return r;
    frame = frame_on(unit, f->question.day);
    if (!frame)
        return 0;
    u->in_force = frame->in_force;
    u->sector = keep_text(f, frame->facts[FACT_SECTOR].text);
    u->area = keep_text(f, frame->facts[FACT_AREA].text);
    u->staff = frame->facts[FACT_STAFF].type == FACT_NUMBER ? frame->facts[FACT_STAFF].number : 0;
    u->marked[DENOMINATOR_OPERATING] = true;
    u->marked[DENOMINATOR_ELIGIBLE] = holds(frame, FACT_ELIGIBLE);
    u->marked[DENOMINATOR_ABOVE_SCALE] = holds(frame, FACT_ABOVE_SCALE);
    u->covered = holds(frame, FACT_COVERED);
    u->own = holds(frame, FACT_OWN_BRANCH);
    return 0;
}

static void make_room(struct figures *f, const struct ref_list *branches, const struct ref_list *units)
{
    f->branch_count = branches->n;
    f->branches = arena_alloc(&f->arena, (branches->n + 1) * sizeof *f->branches);
    for (size_t i = 0; i < branches->n; i++) {
        f->branches[i].key = branches->items[i].key;
        f->branches[i].ref = branches->items[i].ref;
    }
    f->unit_count = units->n;
    f->units = arena_alloc(&f->arena, (units->n + 1) * sizeof *f->units);
    for (size_t i = 0; i < units->n; i++) {
        f->units[i].key = units->items[i].key;
        f->units[i].ref = units->items[i].ref;
    }
    index_keys(f, branches, units);
}

int read_registers(struct figures *f, struct err *err)
{
    struct ref_list branches, units;

    if (read_refs(&branches, f, SUBJECT_BRANCH, err) < 0 || read_refs(&units, f, SUBJECT_UNIT, err) < 0 ||
        read_refs(&f->members, f, SUBJECT_MEMBER, err) < 0)
        return -1;
    make_room(f, &branches, &units);
    for (size_t i = 0; i < f->branch_count; i++)
        if (figures_patience(f, err) < 0 || read_branch(f, (int32_t)i, err) < 0)
            return -1;
    for (size_t i = 0; i < f->unit_count; i++)
        if (figures_patience(f, err) < 0 || read_unit(f, &f->units[i], err) < 0)
            return -1;
    return 0;
}
