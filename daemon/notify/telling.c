/* Rows of the outbox: for whom, by which channels, and when. */
#include <string.h>

#include "notify/moment.h"
#include "notify/notify_state.h"

int case_open(struct case_file *c, struct notify *n, int64_t alert, struct err *err)
{
    *c = (struct case_file){.notify = n, .alert = alert, .summary = n->summary ? MOMENT_SUMMARY : MOMENT_NOW};
    return store_notices_of_alert(&c->told, &c->told_count, &n->arena, n->store, alert, err);
}

bool case_has(const struct case_file *c, const char *person)
{
    for (size_t i = 0; i < c->told_count; i++)
        if (strcmp(c->told[i].recipient, person) == 0)
            return true;
    return false;
}

enum level case_level(const struct case_file *c, const char *person)
{
    int level = LEVEL_NONE;

    for (size_t i = 0; i < c->told_count; i++)
        if (strcmp(c->told[i].recipient, person) == 0 && c->told[i].level > level)
            level = c->told[i].level;
    return (enum level)level;
}

const struct route *case_route(const struct case_file *c, const struct notice *row)
{
    const struct telling *t = c->notify->telling;

    for (size_t i = 0; *row->route && i < t->route_count; i++)
        if (strcmp(t->routes[i].name, row->route) == 0)
            return &t->routes[i];
    return NULL;
}

static enum notice_moment moment_kind(const struct case_file *c, const struct tell_when *when)
{
    if (c->summary == MOMENT_SUMMARY)
        return MOMENT_SUMMARY;
    switch (when->tell) {
    case TELL_NOW:
        return MOMENT_NOW;
    case TELL_DAILY:
        return MOMENT_DAILY;
    case TELL_WEEKLY:
        return MOMENT_WEEKLY;
    }
    return MOMENT_NOW;
}

/* `told` is looked at by what is decided next: one more row of the same alert. */
static void remember(struct case_file *c, const struct notice *row)
{
    struct notice *more = arena_alloc(&c->notify->arena, (c->told_count + 1) * sizeof *more);

    if (c->told_count)
        memcpy(more, c->told, c->told_count * sizeof *more);
    more[c->told_count++] = *row;
    c->told = more;
}

int case_tell(struct case_file *c, enum notice_what what, int person, const struct route *route, struct err *err)
{
    struct notify *n = c->notify;
    const struct person *p = &n->telling->people[person];
    const struct tell_when *when = route && route->has_when ? &route->when : &p->when;
    int64_t now_us = clock_now_us(ledger_clock(n->ledger));
    struct notice row = {
        .alert = c->alert,
        .what = what,
        .step = c->step,
        .recipient = p->name,
        .level = (int)c->level,
        .level_before = (int)case_level(c, p->name),
        .branch = c->branch,
        .route = route ? route->name : "",
        .moment = moment_kind(c, when),
        .silent = c->silent ? c->silent : "",
        .due_us = moment_of(p, when, &n->telling->calendar, now_us + n->telling->gather_s * 1000000),
        .made_us = now_us,
    };

    for (size_t i = 0; i < p->address_count; i++) {
        bool added;

        row.channel = p->addresses[i].channel;
        if (store_notice_add(&added, n->store, &row, err) < 0)
            return -1;
        if (added)
            remember(c, &row);
    }
    n->look = true;
    return 0;
}

int case_climb(struct case_file *c, int person, struct err *err)
{
    const struct person *people = c->notify->telling->people;

    for (const struct person *p = &people[person];
         p->above != PERSON_NONE && p->above_level != LEVEL_NONE && c->level >= p->above_level; p = &people[p->above])
        if (!case_has(c, people[p->above].name) && case_tell(c, NOTICE_ESCALATED, p->above, NULL, err) < 0)
            return -1;
    return 0;
}
