/* What figures count of meetings and trainings. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/definitions.h"

static bool holds_or_joins(const struct annual_event *e, int32_t branch)
{
    if (e->branch == branch)
        return true;
    for (size_t i = 0; i < e->with_count; i++)
        if (e->with[i] == branch)
            return true;
    return false;
}

static bool host_lies_there(const struct figures *f, const struct annual_event *e)
{
    const struct locality *at = e->branch < 0 ? NULL : branch_on(f, e->branch, e->place.day);

    return at && asks_place(f, at->area, at->sector);
}

/* figures.md: an event belongs to the area of its `branch`; asked by branch, a joint one counts for each. */
static bool asks_event(const struct figures *f, const struct annual_event *e)
{
    const struct figures_question *q = &f->question;
    int32_t branch = index_of(f, q->branch);

    if (!q->branch)
        return asks_branch(f, e->branch, e->place.day);
    return branch >= 0 && holds_or_joins(e, branch) && ((!q->area && !q->sector) || host_lies_there(f, e));
}

static bool asks_training(const struct figures *f, const struct annual_event *e)
{
    return e->type == EV_TRAINING && asks_event(f, e);
}

void collect_trainings(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    for (size_t i = 0; i < f->event_count; i++)
        if (asks_training(f, &f->events[i]))
            yield_event(out, &f->events[i], ONE);
}

void collect_training_attendances(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    for (size_t i = 0; i < f->event_count; i++)
        if (asks_training(f, &f->events[i]))
            yield_event(out, &f->events[i], f->events[i].attendance * ONE);
}

void collect_training_hours(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    (void)figure;
    for (size_t i = 0; i < f->event_count; i++) {
        const struct annual_event *e = &f->events[i];

        if (asks_training(f, e))
            yield_event(out, e, e->attendance * e->hours); /* hours are in hundredths */
    }
}

/* Keys of those present, each once, rising. */
struct people {
    int64_t *keys;
    size_t n, cap;
};

static void people_deinit(struct people *p)
{
    free(p->keys);
}

static int by_key(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void find_people(struct people *p, const struct figures *f)
{
    size_t n = 0;

    for (size_t i = 0; i < f->event_count; i++) {
        const struct annual_event *e = &f->events[i];

        for (size_t k = 0; asks_training(f, e) && k < e->present_count; k++) {
            ARRAY_GROW(p->keys, p->n, p->cap);
            p->keys[p->n++] = e->present[k];
        }
    }
    if (p->n > 1)
        qsort(p->keys, p->n, sizeof *p->keys, by_key);
    for (size_t i = 0; i < p->n; i++)
        if (n == 0 || p->keys[n - 1] != p->keys[i])
            p->keys[n++] = p->keys[i];
    p->n = n;
}

void collect_training_people(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    CLEANUP(people_deinit) struct people people = {0};

    (void)figure;
    find_people(&people, f);
    for (size_t i = 0; i < people.n; i++)
        yield_subject(out, people.keys[i], f->question.day, ONE, 0);
}

static void reach(struct figure_items *out, const struct figures *f, const struct stint *stint, day_t day,
                  const void *context)
{
    const struct people *people = context;
    bool there = people->n && bsearch(&stint->member, people->keys, people->n, sizeof *people->keys, by_key);

    (void)f;
    yield_subject(out, stint->member, day, there ? ONE : 0, ONE);
}

void collect_training_reach(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    CLEANUP(people_deinit) struct people people = {0};

    (void)figure;
    find_people(&people, f);
    each_member(out, f, f->question.day, reach, &people);
}

static bool asks_meeting(const struct figures *f, const struct annual_event *e, const struct figure *figure)
{
    if (e->type != EV_MEETING || (figure->meeting_kind >= 0 && !(e->kinds & KIND_BIT(figure->meeting_kind))))
        return false;
    return asks_event(f, e);
}

void collect_meetings(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    for (size_t i = 0; i < f->event_count; i++)
        if (asks_meeting(f, &f->events[i], figure))
            yield_event(out, &f->events[i], ONE);
}

void collect_meeting_attendances(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    for (size_t i = 0; i < f->event_count; i++)
        if (asks_meeting(f, &f->events[i], figure))
            yield_event(out, &f->events[i], f->events[i].attendance * ONE);
}
