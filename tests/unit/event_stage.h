/* For tests of events: reading one from a text with ' for ". */
#ifndef MUSTER_TEST_EVENT_STAGE_H
#define MUSTER_TEST_EVENT_STAGE_H

#include "base/zone.h"
#include "wire/event.h"

struct event_stage {
    struct arena arena;
    struct kinds kinds;
    struct event event;
    struct err err;
};

static inline void event_stage_init(struct event_stage *s)
{
    struct err err = {0};

    memset(s, 0, sizeof *s);
    kinds_init(&s->kinds);
    assert_int_equal(zone_set("Asia/Shanghai", &err), 0);
}

static inline void event_stage_deinit(struct event_stage *s)
{
    kinds_deinit(&s->kinds);
    arena_deinit(&s->arena);
}

static inline int event_stage_read(struct event_stage *s, const char *text, enum event_mode mode)
{
    char *json = arena_strndup(&s->arena, text, strlen(text));

    for (char *p = json; *p; p++)
        if (*p == '\'')
            *p = '"';
    err_clear(&s->err);
    return event_read(&s->event, &s->arena, json, strlen(json), mode, &s->kinds, &s->err);
}

#define ID_1 "0185a000-0000-7000-8000-000000000001"
#define ID_2 "0185a000-0000-7000-8000-000000000002"
/* The head of an event of a type; more members and } are to follow. */
#define EVENT(type) "{'id':'" ID_1 "','type':'" type "','at':'2022-11-05'"

#endif
