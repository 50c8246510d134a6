#include "stream.h"

#include "base/zone.h"

enum {
    REGISTER_STEP_US = 200, /* between two register entries: a province is entered within two hours */
    MORNING_S = 8 * 3600,
    UNDUTIFUL = 5,          /* of ten branches, this one */
};

static int64_t activity_start_us(const struct stream *s)
{
    return zone_midnight(s->world.today - (day_t)s->world.days_back) * 1000000;
}

static int64_t registers(const struct stream *s)
{
    return s->world.branches * (2 + s->world.members);
}

int64_t stream_start_us(const struct stream *s)
{
    return activity_start_us(s) - (registers(s) + 10000) * REGISTER_STEP_US;
}

static void next_register(struct streamed *out, struct stream *s, const char *id)
{
    int64_t branches = s->world.branches, i = s->at;

    if (i < branches)
        world_unit(&out->json, &out->about, &s->world, id, i);
    else if (i < 2 * branches)
        world_branch(&out->json, &out->about, &s->world, id, i - branches);
    else
        world_member(&out->json, &out->about, &s->world, id, i - 2 * branches);
}

/* The last events are meetings of each branch in turn, if there are enough for that. */
static int64_t duties(const struct stream *s)
{
    return s->events < 2 * s->world.branches ? 0 : s->world.branches;
}

/* Paper comes in evenly until midnight, that of the duties from then on. */
static int64_t activity_us(const struct stream *s, int64_t event)
{
    int64_t plain = s->events - duties(s);
    int64_t midnight_us = zone_midnight(s->world.today) * 1000000;
    double part = event < plain ? (double)event / (double)plain
                                : (double)(event - plain) / (double)duties(s);
    int64_t from_us = event < plain ? activity_start_us(s) : midnight_us;
    int64_t until_us = event < plain ? midnight_us : midnight_us + (int64_t)MORNING_S * 1000000;

    return from_us + (int64_t)((double)(until_us - from_us) * part);
}

static void next_activity(struct streamed *out, struct stream *s, const char *id, int64_t event)
{
    struct world *w = &s->world;
    int64_t branch = rng_below(&w->rng, w->branches), of_100 = rng_below(&w->rng, 100);
    int64_t duty = event - (s->events - duties(s));
    day_t day = zone_local(out->recorded_us / 1000000).day - world_delay(&w->rng);

    if (duty >= 0 && duty % 10 != UNDUTIFUL)
        world_duties(&out->json, &out->about, w, id, duty,
                     w->today - (day_t)rng_below(&w->rng, day_to_civil(w->today).day));
    else if (of_100 < 3)
        world_training(&out->json, &out->about, w, id, branch, day, 0);
    else if (of_100 < 6)
        world_contact(&out->json, &out->about, w, id, branch * w->members, day);
    else
        world_meeting(&out->json, &out->about, w, id, branch, day, of_100 < 45 ? w->roll : 0);
}

bool stream_next(struct streamed *out, struct stream *s)
{
    int64_t event = s->at - registers(s);
    char id[UUID_TEXT_SIZE];

    if (event >= s->events)
        return false;
    out->recorded_us = event < 0 ? activity_start_us(s) + event * REGISTER_STEP_US
                                 : activity_us(s, event);
    world_id(id, &s->world.rng, out->recorded_us / 1000);
    buf_clear(&out->json);
    if (event < 0)
        next_register(out, s, id);
    else
        next_activity(out, s, id, event);
    s->at++;
    return true;
}
