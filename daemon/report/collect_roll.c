/* What figures count of members coming, leaving and changing places. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/definitions.h"

static int by_day(const void *a, const void *b)
{
    const struct figure_item *x = a, *y = b;

    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

/* They stand in the order of members; an explanation tells them in the order of days. */
static void movements(struct figure_items *out, const struct figures *f, enum movement_kind kind,
                      const char *sector)
{
    size_t before = out->n;

    for (size_t i = 0; i < f->movement_count; i++) {
        const struct movement *m = &f->movements[i];

        if (m->kind == kind && asks_branch(f, m->branch, m->entry.day) &&
            of_sector(f, m->branch, m->entry.day, sector))
            yield(out, (struct figure_item){.kind = ITEM_EVENT,
                                            .seq = m->entry.seq,
                                            .subject = m->member,
                                            .day = m->entry.day,
                                            .part = ONE});
    }
    if (out->n > before + 1)
        qsort(out->items + before, out->n - before, sizeof *out->items, by_day);
}

void collect_admitted(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    movements(out, f, MOVE_ADMITTED, figure->sector);
}

void collect_entered(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    movements(out, f, MOVE_ENTERED, NULL);
}

void collect_received(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    movements(out, f, MOVE_RECEIVED, NULL);
}

void collect_gone(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    movements(out, f, MOVE_GONE, NULL);
}

void collect_sent(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    movements(out, f, MOVE_SENT, NULL);
}

void collect_within(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    movements(out, f, MOVE_WITHIN, NULL);
}

/* --- the ends --- */

static void member(struct figure_items *out, const struct figures *f, const struct stint *stint, day_t day,
                   const void *context)
{
    (void)f;
    (void)context;
    yield_subject(out, stint->member, day, ONE, 0);
}

void collect_opening(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    each_member(out, f, f->first - 1, member, NULL);
}

void collect_closing(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    each_member(out, f, f->question.day, member, NULL);
}

static void half_of_mean(struct figure_items *out, const struct figures *f, const struct stint *stint, day_t day,
                         const void *context)
{
    (void)f;
    (void)context;
    yield_subject(out, stint->member, day, 0, ONE / 2);
}

/* Over the mean of members at both ends: each member at each end is a half. */
void collect_turnover(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    for (enum movement_kind kind = MOVE_ADMITTED; kind < MOVE_WITHIN; kind++)
        movements(out, f, kind, NULL);
    each_member(out, f, f->first - 1, half_of_mean, NULL);
    each_member(out, f, f->question.day, half_of_mean, NULL);
}

/* --- changes of place --- */

struct changes {
    struct figure_items *out;
    bool in;
};

static int64_t run_of(const struct figures *f, const struct roll_step *s)
{
    const struct locality *at = branch_on(f, s->ends, s->day);

    return at && at->from == s->day ? at->seq : 0;
}

static void change(void *context, const struct figures *f, const struct roll_step *s)
{
    const struct changes *c = context;
    bool begins, ends;

    if (s->begins < 0 || s->ends < 0)
        return;
    begins = asks_branch(f, s->begins, s->begins_day);
    ends = asks_branch(f, s->ends, s->day);
    if (begins == ends || ends != c->in)
        return;
    yield(c->out, (struct figure_item){.kind = ITEM_CHANGE,
                                       .subject = s->member,
                                       .day = s->day,
                                       .seq = s->seq ? s->seq : run_of(f, s),
                                       .part = ONE});
}

void collect_moved_in(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    struct changes c = {out, true};

    (void)figure;
    roll_walk(f, change, &c);
}

void collect_moved_out(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    struct changes c = {out, false};

    (void)figure;
    roll_walk(f, change, &c);
}
