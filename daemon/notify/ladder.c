/* What the passing of days brings: one step up the ladder where nobody acknowledged, repetitions, and what an
 * acknowledgement kept quiet until its end. */
#include <string.h>

#include "alerts/story.h"
#include "base/zone.h"
#include "notify/notify_state.h"
#include "store/alert_table.h"

enum { LOOK_AT_ONCE = 50 }; /* alerts in one transaction: some milliseconds */

/* One recipient's part in a case. */
struct part {
    int person;
    const struct route *route; /* NULL: the ladder's */
    day_t first, last;         /* days on which it was said that the alert is open */
    int64_t rung;
};

static bool part_of(struct part *out, const struct case_file *c, const char *name)
{
    *out = (struct part){.person = settings_person_find(c->notify->telling, name), .first = DAY_NEVER, .last = DAY_NONE};
    for (size_t i = 0; i < c->told_count; i++) {
        const struct notice *row = &c->told[i];
        day_t day = zone_local(row->made_us / 1000000).day;

        if (strcmp(row->recipient, name) != 0)
            continue;
        if (day < out->first)
            out->first = day;
        if (day > out->last)
            out->last = day;
        if (!out->route)
            out->route = case_route(c, row);
        if (row->what == NOTICE_ESCALATED)
            out->rung = row->step;
    }
    return out->person != PERSON_NONE;
}

static void no_later(day_t *day, day_t than)
{
    if (than < *day)
        *day = than;
}

/* `since`: the day after the last acknowledgement's end, DAY_NONE without one. */
static int say_again(struct case_file *c, const struct part *part, day_t since, day_t today, day_t *next, struct err *err)
{
    day_t due = DAY_NEVER;

    if (part->last < since)
        due = since;
    else if (part->route && part->route->repeat_days)
        due = part->last + part->route->repeat_days;
    if (due > today) {
        no_later(next, due);
        return 0;
    }
    if (part->route && part->route->repeat_days)
        no_later(next, today + part->route->repeat_days);
    c->step = today;
    return case_tell(c, NOTICE_AGAIN, part->person, part->route, err);
}

static int step_up(struct case_file *c, const struct part *part, day_t since, day_t today, day_t *next, struct err *err)
{
    const struct person *people = c->notify->telling->people, *p = &people[part->person];
    day_t due = (part->first > since ? part->first : since) + p->after_days;

    if (p->above == PERSON_NONE || p->after_days == 0 || case_has(c, people[p->above].name))
        return 0;
    if (due > today) {
        no_later(next, due);
        return 0;
    }
    c->step = part->rung + 1;
    return case_tell(c, NOTICE_ESCALATED, p->above, NULL, err);
}

/* Everybody's part in turn; whoever is told now is looked at as well. *next_out: the day to look again. */
static int go_through(day_t *next_out, struct case_file *c, day_t since, day_t today, struct err *err)
{
    *next_out = DAY_NEVER;
    for (size_t i = 0; i < c->told_count; i++) {
        const char *name = c->told[i].recipient;
        bool before = false;
        struct part part;

        for (size_t k = 0; k < i && !before; k++)
            before = strcmp(c->told[k].recipient, name) == 0;
        if (before || !part_of(&part, c, name))
            continue;
        if (say_again(c, &part, since, today, next_out, err) < 0 || step_up(c, &part, since, today, next_out, err) < 0)
            return -1;
    }
    return 0;
}

int ladder_plan(struct case_file *c, day_t today, struct err *err)
{
    day_t next;

    if (c->told_count == 0)
        return 0;
    if (go_through(&next, c, DAY_NONE, today, err) < 0)
        return -1;
    return store_watch_set(c->notify->store, c->alert, next, err);
}

static int look(struct notify *n, int64_t alert, day_t today, struct err *err)
{
    struct reading rd = {n->store, &n->arena, ledger_kinds(n->ledger), false};
    struct alert_story story;
    struct alert_row row;
    struct case_file c;
    day_t until, next;
    int r = store_alert_get(&row, &n->arena, n->store, alert, err);

    if (r < 0)
        return -1;
    if (r == 0 || row.closed)
        return store_watch_set(n->store, alert, DAY_NEVER, err);
    if (alert_story_read(&story, &rd, alert, err) < 0 || case_open(&c, n, alert, err) < 0)
        return -1;
    until = alert_acknowledged_until(alert_story_last_acknowledged(&story));
    if (until >= today) /* without an end it may still be taken back */
        return store_watch_set(n->store, alert, until == DAY_NEVER ? today + 1 : until + 1, err);
    c.level = (enum level)row.level;
    if (c.told_count)
        c.branch = c.told[0].branch;
    if (go_through(&next, &c, until == DAY_NONE ? DAY_NONE : until + 1, today, err) < 0)
        return -1;
    return store_watch_set(n->store, alert, next, err);
}

int ladder_step(struct notify *n, day_t today, struct err *err)
{
    int64_t alerts[LOOK_AT_ONCE];
    size_t count;
    int r = 0;

    if (store_watch_due(alerts, &count, n->store, today, LOOK_AT_ONCE, err) < 0)
        return -1;
    if (count == 0)
        return 0;
    if (store_begin(n->store, err) < 0)
        return -1;
    for (size_t i = 0; i < count && r == 0; i++) {
        arena_reset(&n->arena);
        r = look(n, alerts[i], today, err);
    }
    if (r == 0)
        r = store_commit(n->store, err);
    if (r < 0)
        store_rollback(n->store);
    return r < 0 ? -1 : count == LOOK_AT_ONCE;
}
