/* Members day by day: from what branch to what branch, by the events of the year, held against the
 * register of stints. Whoever counts movements or changes of place walks here. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/annual.h"

struct walk {
    const struct figures *f;
    roll_step_fn *take;
    void *context;
    day_t *days; /* of the member at hand */
    size_t day_count, day_cap;
};

/* One member: its stints, and its movements of the year. */
struct passage {
    int64_t member;
    struct stint_range stints;
    const struct movement *moves;
    size_t move_count;
};

static void add_day(struct walk *w, day_t day)
{
    if (day < w->f->first || day > w->f->question.day)
        return;
    ARRAY_GROW(w->days, w->day_count, w->day_cap);
    w->days[w->day_count++] = day;
}

static int by_day(const void *a, const void *b)
{
    day_t x = *(const day_t *)a, y = *(const day_t *)b;

    return (x > y) - (x < y);
}

/* Days on which the member or the branch it is in may have changed. */
static void find_days(struct walk *w, const struct passage *p)
{
    const struct figures *f = w->f;

    w->day_count = 0;
    for (size_t i = 0; i < p->move_count; i++)
        add_day(w, p->moves[i].entry.day);
    for (size_t i = 0; i < p->stints.n; i++) {
        const struct stint *s = &p->stints.items[i];
        int32_t branch = index_of(f, s->branch);

        if (s->to < f->first || s->from > f->question.day)
            continue;
        add_day(w, s->from);
        add_day(w, s->to);
        for (size_t k = 0; branch >= 0 && k < f->branches[branch].run_count; k++)
            if (f->branches[branch].runs[k].from > s->from && f->branches[branch].runs[k].from < s->to)
                add_day(w, f->branches[branch].runs[k].from);
    }
    if (w->day_count > 1)
        qsort(w->days, w->day_count, sizeof *w->days, by_day);
}

static void disagree(struct roll_step *s, const char *en, const char *zh)
{
    if (s->en)
        return;
    s->en = en;
    s->zh = zh;
}

/* One movement after another; *now is the branch in between. */
static void follow(struct roll_step *s, int32_t *now, const struct movement *m)
{
    s->seq = m->entry.seq;
    switch (m->kind) {
    case MOVE_ADMITTED:
    case MOVE_ENTERED:
    case MOVE_RECEIVED:
        if (*now >= 0)
            disagree(s, "comes, and is there already", "到来时已在册");
        s->came = m;
        break;
    case MOVE_GONE:
    case MOVE_SENT:
        if (*now < 0)
            disagree(s, "leaves, and is not there", "离开时并不在册");
        s->left = m;
        break;
    case MOVE_WITHIN:
        if (*now < 0)
            disagree(s, "changes the branch, and is not there", "调整支部时并不在册");
        break;
    }
    *now = m->kind == MOVE_GONE || m->kind == MOVE_SENT ? -1 : m->branch;
}

static void step(const struct walk *w, const struct passage *p, day_t day)
{
    const struct figures *f = w->f;
    int32_t before = home_on(f, &p->stints, day - 1), after = home_on(f, &p->stints, day), now = before;
    struct roll_step s = {.member = p->member, .day = day};

    for (size_t i = 0; i < p->move_count; i++)
        if (p->moves[i].entry.day == day)
            follow(&s, &now, &p->moves[i]);
    if (now != after)
        disagree(&s, "by the events in another branch, or none, than by the register",
                 "按事件推算的所在支部与名册不一致");
    s.begins = s.came ? s.came->branch : before;
    s.begins_day = s.came ? day : day - 1;
    s.ends = s.left ? s.left->branch : after;
    w->take(w->context, f, &s);
}

static void walk_member(struct walk *w, const struct passage *p)
{
    find_days(w, p);
    for (size_t i = 0; i < w->day_count; i++)
        if (i == 0 || w->days[i] != w->days[i - 1])
            step(w, p, w->days[i]);
}

void roll_walk(const struct figures *f, roll_step_fn *take, void *context)
{
    struct walk w = {.f = f, .take = take, .context = context};
    size_t at = 0, moves = 0;

    while (at < f->stint_count || moves < f->movement_count) {
        struct passage p = {.member = INT64_MAX};

        if (at < f->stint_count)
            p.member = f->stints[at].member;
        if (moves < f->movement_count && f->movements[moves].member < p.member)
            p.member = f->movements[moves].member;
        if (at < f->stint_count && f->stints[at].member == p.member)
            next_member(&p.stints, f, &at);
        p.moves = moves < f->movement_count ? &f->movements[moves] : NULL;
        while (moves < f->movement_count && f->movements[moves].member == p.member) {
            p.move_count++;
            moves++;
        }
        walk_member(&w, &p);
    }
    free(w.days);
}
