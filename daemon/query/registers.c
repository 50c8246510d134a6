#include "query/registers.h"

#include <string.h>

enum { TERM_YEARS = 3 }; /* ledger.md section 3, branch.founded */

static void take_text(const char **out, const struct event *e, enum field_id field)
{
    if (event_has(e, field))
        *out = event_text(e, field);
}

static void take_int(int64_t *out, const struct event *e, enum field_id field)
{
    *out = event_int(e, field, *out);
}

static void branch_take(struct branch_record *b, const struct event *e)
{
    take_text(&b->name, e, F_NAME);
    take_text(&b->form, e, F_FORM);
    take_text(&b->sector, e, F_SECTOR);
    take_text(&b->area, e, F_AREA);
    if (event_has(e, F_UNITS))
        b->units = e->values[F_UNITS];
    b->committee = event_int(e, F_COMMITTEE, b->committee) != 0;
    take_int(&b->groups, e, F_GROUPS);
}

/* rules.md section 2: the start of the latest term in the one order, and its years. */
static void term_take(day_t *started, int64_t *years, const struct event *e)
{
    if (e->type == EV_BRANCH_ELECTED)
        *started = e->day;
    else if (event_has(e, F_TERM_STARTED))
        *started = e->values[F_TERM_STARTED]->day;
    *years = event_int(e, F_TERM_YEARS, *years);
}

void branch_fold(struct branch_record *out, const struct entry *entries, size_t n)
{
    day_t started = DAY_NONE;
    int64_t years = TERM_YEARS;

    memset(out, 0, sizeof *out);
    out->stars = -1;
    out->founded = out->dissolved = out->term_ends = DAY_NONE;
    for (size_t i = 0; i < n; i++) {
        const struct event *e = entries[i].event;

        switch (e->type) {
        case EV_BRANCH_FOUNDED:
            out->known = true;
            out->founded = e->day;
            branch_take(out, e);
            term_take(&started, &years, e);
            break;
        case EV_BRANCH_CHANGED:
            branch_take(out, e);
            term_take(&started, &years, e);
            break;
        case EV_BRANCH_ELECTED:
            term_take(&started, &years, e);
            break;
        case EV_BRANCH_RATED:
            take_int(&out->stars, e, F_STARS);
            break;
        case EV_BRANCH_DISSOLVED:
            out->dissolved = e->day;
            break;
        default:
            break;
        }
    }
    if (started != DAY_NONE)
        out->term_ends = day_add_months(started, (int)years * 12);
}

void unit_fold(struct unit_record *out, const struct entry *entries, size_t n)
{
    memset(out, 0, sizeof *out);
    out->registered = out->closed = DAY_NONE;
    for (size_t i = 0; i < n; i++) {
        const struct event *e = entries[i].event;

        if (e->type == EV_UNIT_CLOSED)
            out->closed = e->day;
        if (e->type != EV_UNIT_REGISTERED && e->type != EV_UNIT_CHANGED)
            continue;
        if (e->type == EV_UNIT_REGISTERED) {
            out->known = true;
            out->registered = e->day;
        }
        take_text(&out->name, e, F_NAME);
        take_text(&out->sector, e, F_SECTOR);
        take_text(&out->area, e, F_AREA);
    }
}

/* Room for one more: alliances are small, their lists are copied. */
static void list_add(const char ***list, size_t *n, struct arena *arena, const char *ref)
{
    const char **bigger = arena_alloc(arena, (*n + 1) * sizeof *bigger);

    if (*n)
        memcpy(bigger, *list, *n * sizeof *bigger);
    bigger[(*n)++] = ref;
    *list = bigger;
}

static void list_remove(const char **list, size_t *n, const char *ref)
{
    size_t kept = 0;

    for (size_t i = 0; i < *n; i++)
        if (strcmp(list[i], ref) != 0)
            list[kept++] = list[i];
    *n = kept;
}

static void list_take(const char ***list, size_t *n, struct arena *arena, const struct event *e,
                      enum field_id field)
{
    const struct value *v = e->values[field];

    if (!v)
        return;
    if (v->kind == VALUE_REFS)
        for (size_t i = 0; i < v->count; i++)
            list_add(list, n, arena, v->items[i].s);
    else if (e->type == EV_ALLIANCE_LEFT)
        list_remove(*list, n, v->text.s);
    else
        list_add(list, n, arena, v->text.s);
}

void alliance_fold(struct alliance_record *out, struct arena *arena, const struct entry *entries, size_t n)
{
    memset(out, 0, sizeof *out);
    out->formed = DAY_NONE;
    for (size_t i = 0; i < n; i++) {
        const struct event *e = entries[i].event;

        if (e->type == EV_ALLIANCE_FORMED) {
            out->known = true;
            out->name = event_text(e, F_NAME);
            out->formed = e->day;
            list_take(&out->branches, &out->branch_count, arena, e, F_BRANCHES);
            list_take(&out->units, &out->unit_count, arena, e, F_UNITS);
        } else if (e->type == EV_ALLIANCE_JOINED || e->type == EV_ALLIANCE_LEFT) {
            list_take(&out->branches, &out->branch_count, arena, e, F_BRANCH);
            list_take(&out->units, &out->unit_count, arena, e, F_UNIT);
        }
    }
}

size_t tenures_fold(struct tenure **out, struct arena *arena, const struct entry *entries, size_t n)
{
    size_t count = 0;

    *out = arena_alloc(arena, (n + 1) * sizeof **out);
    for (size_t i = 0; i < n; i++) {
        const struct event *e = entries[i].event;

        if (e->type == EV_OFFICE_TAKEN) {
            (*out)[count++] = (struct tenure){&entries[i], event_text(e, F_OFFICE),
                                              event_text(e, F_PERSON), e->day, DAY_NONE};
            continue;
        }
        if (e->type != EV_OFFICE_LEFT)
            continue;
        for (size_t k = 0; k < count; k++) {
            struct tenure *t = &(*out)[k];

            if (t->left == DAY_NONE && strcmp(t->office, event_text(e, F_OFFICE)) == 0 &&
                strcmp(t->person, event_text(e, F_PERSON)) == 0)
                t->left = e->day;
        }
    }
    return count;
}
