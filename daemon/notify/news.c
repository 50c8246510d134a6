/* An alert opened, changed, closed or was acknowledged: who is to be told of it. */
#include <string.h>

#include "notify/notify_state.h"
#include "notify/whereabouts.h"

/* Those whom the route tells so soon, and who do not know this level yet. */
static int tell_by(struct case_file *c, const struct route *route, enum tell tell, enum notice_what what, struct err *err)
{
    const struct person *people = c->notify->telling->people;

    for (size_t i = 0; i < route->to_count; i++) {
        const struct person *p = &people[route->to[i]];
        const struct tell_when *when = route->has_when ? &route->when : &p->when;

        if (when->tell == tell && case_level(c, p->name) < c->level && case_tell(c, what, route->to[i], route, err) < 0)
            return -1;
    }
    return 0;
}

/* Everybody whom a route tells of it; of several routes by the soonest. */
static int tell_routed(struct case_file *c, const struct alert_news *news, enum notice_what what, struct err *err)
{
    struct notify *n = c->notify;
    const struct telling *t = n->telling;
    struct whereabouts where;

    if (whereabouts_of(&where, n->store, news->facts, &n->arena, news->subject, news->data, news->today, err) < 0)
        return -1;
    c->branch = where.branch;
    if (news->type == EV_ALERT_OPENED && reporters_explain(&c->silent, n, news->rule, where.branch, news->today, err) < 0)
        return -1;
    for (int tell = TELL_NOW; tell <= TELL_WEEKLY; tell++)
        for (size_t i = 0; i < t->route_count; i++)
            if (route_takes(t, &t->routes[i], news->rule, news->level) &&
                route_reaches(&t->routes[i], where.ref, where.area) &&
                tell_by(c, &t->routes[i], (enum tell)tell, what, err) < 0)
                return -1;
    return 0;
}

/* Those who know of it already, each once, by the route it came by. */
static int tell_known(struct case_file *c, enum notice_what what, struct err *err)
{
    const struct notice *told = c->told;
    size_t n = c->told_count;

    for (size_t i = 0; i < n; i++) {
        int person = settings_person_find(c->notify->telling, told[i].recipient);
        bool again = false;

        for (size_t k = 0; k < i && !again; k++)
            again = strcmp(told[k].recipient, told[i].recipient) == 0;
        if (again || person == PERSON_NONE)
            continue;
        if (what == NOTICE_RAISED && case_level(c, told[i].recipient) >= c->level)
            continue;
        if (case_tell(c, what, person, case_route(c, &told[i]), err) < 0)
            return -1;
    }
    return 0;
}

static int climb_all(struct case_file *c, struct err *err)
{
    for (size_t i = 0; i < c->told_count; i++) {
        int person = settings_person_find(c->notify->telling, c->told[i].recipient);

        if (person != PERSON_NONE && case_climb(c, person, err) < 0)
            return -1;
    }
    return 0;
}

static int opened(struct case_file *c, const struct alert_news *news, struct err *err)
{
    if (tell_routed(c, news, NOTICE_OPENED, err) < 0 || climb_all(c, err) < 0)
        return -1;
    return ladder_plan(c, news->today, err);
}

/* What waits to be told and is no longer so: a rise that was taken back. */
static int drop_waiting(struct case_file *c, enum notice_what what, enum level above, struct err *err)
{
    for (size_t i = 0; i < c->told_count; i++) {
        const struct notice *row = &c->told[i];

        if (row->message != NOTICE_WAITS || (what && row->what != what) || row->level <= (int)above)
            continue;
        if (store_notice_drop(c->notify->store, row->number, err) < 0)
            return -1;
    }
    return 0;
}

/* Who was told of a level is told of a higher one; back down nothing is told, and up again only what is new. */
static int changed(struct case_file *c, const struct alert_news *news, struct err *err)
{
    if (news->level < news->level_before)
        return drop_waiting(c, NOTICE_RAISED, news->level, err);
    if (news->level == news->level_before)
        return 0;
    if (tell_routed(c, news, NOTICE_RAISED, err) < 0 || tell_known(c, NOTICE_RAISED, err) < 0 || climb_all(c, err) < 0)
        return -1;
    return ladder_plan(c, news->today, err);
}

/* Told to those who were told that it is open. What waits still is not told: it is over. */
static int closed(struct case_file *c, struct err *err)
{
    struct notify *n = c->notify;
    size_t known = 0;

    if (drop_waiting(c, (enum notice_what)0, LEVEL_NONE, err) < 0)
        return -1;
    for (size_t i = 0; i < c->told_count; i++)
        if (c->told[i].message != NOTICE_WAITS)
            c->told[known++] = c->told[i];
    c->told_count = known;
    if (known)
        c->branch = c->told[0].branch;
    if (tell_known(c, NOTICE_CLOSED, err) < 0)
        return -1;
    return store_watch_set(n->store, c->alert, DAY_NEVER, err);
}

int notify_hear(void *listener, const struct alert_news *news, struct err *err)
{
    struct notify *n = listener;
    struct case_file c;

    if (news->type == EV_ALERT_ACKNOWLEDGED)
        return store_watch_set(n->store, news->alert, news->today + 1, err);
    arena_reset(&n->arena);
    if (case_open(&c, n, news->alert, err) < 0)
        return -1;
    c.step = news->seq;
    c.level = news->level;
    switch (news->type) {
    case EV_ALERT_OPENED:
        return opened(&c, news, err);
    case EV_ALERT_CHANGED:
        return changed(&c, news, err);
    default:
        return closed(&c, err);
    }
}
