/* The roll-forward of the whole, of each sector, area and branch: counted from the events on one side,
 * from the register at both ends on the other. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/definitions.h"

const char *roll_column_name(enum roll_column column)
{
    static const char *const names[] = {"opening", "admitted", "entered", "received", "moved_in",
                                        "gone",    "sent",     "moved_out", "closing"};

    return names[column];
}

bool roll_balances(const struct roll_group *g)
{
    const int64_t *c = g->columns;

    return c[ROLL_OPENING] + c[ROLL_ADMITTED] + c[ROLL_ENTERED] + c[ROLL_RECEIVED] + c[ROLL_MOVED_IN] -
               c[ROLL_GONE] - c[ROLL_SENT] - c[ROLL_MOVED_OUT] ==
           c[ROLL_CLOSING];
}

/* The groups stand one after the other: the total, the sectors, the areas, the branches. */
enum { DIMENSIONS = 4, SECTORS = 2, FIRST_SECTOR = 1, FIRST_AREA = FIRST_SECTOR + SECTORS };
static const char *const sectors[SECTORS] = {"enterprise", "association"};

struct checking {
    struct figures *f;
    struct roll_check *check;
    const char **areas; /* sorted, each once; "" for none */
    size_t area_count, area_cap;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void find_areas(struct checking *c)
{
    size_t n = 0;

    for (size_t i = 0; i < c->f->branch_count; i++)
        for (size_t k = 0; k < c->f->branches[i].run_count; k++) {
            const char *area = c->f->branches[i].runs[k].area;

            ARRAY_GROW(c->areas, c->area_count, c->area_cap);
            c->areas[c->area_count++] = area ? area : "";
        }
    if (c->area_count > 1)
        qsort(c->areas, c->area_count, sizeof *c->areas, by_text);
    for (size_t i = 0; i < c->area_count; i++)
        if (n == 0 || strcmp(c->areas[n - 1], c->areas[i]) != 0)
            c->areas[n++] = c->areas[i];
    c->area_count = n;
}

/* The group of each dimension that a branch is in on a day; -1: none. */
struct groups {
    int64_t of[DIMENSIONS];
};

static struct groups groups_of(const struct checking *c, int32_t branch, day_t day)
{
    const struct locality *at = branch < 0 ? NULL : branch_on(c->f, branch, day);
    struct groups g = {{-1, -1, -1, -1}};
    const char *area, **found;

    if (!at)
        return g;
    area = at->area ? at->area : "";
    found = bsearch(&area, c->areas, c->area_count, sizeof *c->areas, by_text);
    g.of[0] = 0;
    g.of[1] = FIRST_SECTOR + (strcmp(at->sector, sectors[0]) == 0 ? 0 : 1);
    g.of[2] = FIRST_AREA + (found - c->areas);
    g.of[3] = FIRST_AREA + (int64_t)c->area_count + branch;
    return g;
}

static void count(struct checking *c, const struct groups *g, enum roll_column column)
{
    for (int i = 0; i < DIMENSIONS; i++)
        if (g->of[i] >= 0)
            c->check->groups[g->of[i]].columns[column]++;
}

static enum roll_column column_of(enum movement_kind kind)
{
    switch (kind) {
    case MOVE_ADMITTED:
        return ROLL_ADMITTED;
    case MOVE_ENTERED:
        return ROLL_ENTERED;
    case MOVE_RECEIVED:
        return ROLL_RECEIVED;
    case MOVE_GONE:
        return ROLL_GONE;
    case MOVE_SENT:
        return ROLL_SENT;
    case MOVE_WITHIN:
        break;
    }
    return ROLL_MOVED_IN;
}

static void take_step(void *context, const struct figures *f, const struct roll_step *s)
{
    struct checking *c = context;
    struct roll_check *check = c->check;
    struct groups begins = groups_of(c, s->begins, s->begins_day), ends = groups_of(c, s->ends, s->day);

    (void)f;
    if (s->came)
        count(c, &begins, column_of(s->came->kind));
    if (s->left)
        count(c, &ends, column_of(s->left->kind));
    for (int i = 0; i < DIMENSIONS; i++) {
        if (begins.of[i] == ends.of[i] || begins.of[i] < 0 || ends.of[i] < 0)
            continue;
        check->groups[begins.of[i]].columns[ROLL_MOVED_OUT]++;
        check->groups[ends.of[i]].columns[ROLL_MOVED_IN]++;
    }
    if (s->en && check->break_count < ROLL_BREAKS_MAX)
        check->breaks[check->break_count++] = (struct roll_break){s->member, s->day, s->en, s->zh};
}

static void count_ends(struct checking *c)
{
    struct figures *f = c->f;
    struct stint_range stints;
    size_t at = 0;

    while (next_member(&stints, f, &at)) {
        day_t opening = f->first - 1, closing = f->question.day;
        struct groups first = groups_of(c, home_on(f, &stints, opening), opening);
        struct groups last = groups_of(c, home_on(f, &stints, closing), closing);

        count(c, &first, ROLL_OPENING);
        count(c, &last, ROLL_CLOSING);
    }
}

static void name_groups(struct checking *c)
{
    struct roll_group *g = c->check->groups;

    (g++)->by = "total";
    for (int i = 0; i < SECTORS; i++)
        *g++ = (struct roll_group){.by = "sector", .of = sectors[i]};
    for (size_t i = 0; i < c->area_count; i++)
        *g++ = (struct roll_group){.by = "area", .of = c->areas[i]};
    for (size_t i = 0; i < c->f->branch_count; i++)
        *g++ = (struct roll_group){.by = "branch", .of = c->f->branches[i].ref};
}

static bool empty(const struct roll_group *g)
{
    for (int i = 0; i < ROLL_COLUMNS; i++)
        if (g->columns[i])
            return false;
    return true;
}

/* Areas and branches in which nobody was all year tell nothing. */
static void drop_empty(struct roll_check *check)
{
    size_t n = FIRST_AREA;

    for (size_t i = FIRST_AREA; i < check->group_count; i++)
        if (!empty(&check->groups[i]))
            check->groups[n++] = check->groups[i];
    check->group_count = n;
}

/* The figures of the part that is asked about, which may be a prefix of areas. */
static void add_asked(struct checking *c)
{
    struct roll_group *g = &c->check->groups[c->check->group_count++];

    *g = (struct roll_group){.by = "asked"};
    for (int i = 0; i < ROLL_COLUMNS; i++) {
        struct figure_items items = {.keep = false};
        char name[64];

        snprintf(name, sizeof name, "roll.%s", roll_column_name((enum roll_column)i));
        figure_collect(&items, c->f, figures_find(c->f, name));
        g->columns[i] = items.part / ONE;
    }
}

const struct roll_check *figures_check(struct figures *f)
{
    struct checking c = {.f = f};

    if (f->check)
        return f->check;
    find_areas(&c);
    c.check = arena_alloc(&f->arena, sizeof *c.check);
    c.check->group_count = FIRST_AREA + c.area_count + f->branch_count;
    c.check->groups = arena_alloc(&f->arena, (c.check->group_count + 1) * sizeof *c.check->groups);
    name_groups(&c);
    count_ends(&c);
    roll_walk(f, take_step, &c);
    drop_empty(c.check);
    if (!asks_whole(f))
        add_asked(&c);
    free(c.areas);
    f->check = c.check;
    return f->check;
}
