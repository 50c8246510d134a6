#include "requests.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct {
    const char *name, *verb;
} workloads[LOAD_COUNT] = {
    [LOAD_PLAIN] = {"a", "submit"},          [LOAD_ROLLS] = {"b", "submit"},
    [LOAD_OPENS] = {"opens", "submit"},      [LOAD_MIX] = {"mix", "submit"},
    [LOAD_RECENT] = {"recent", "recent"},
    [LOAD_ALERTS] = {"alerts", "alerts"},    [LOAD_DUE] = {"due", "due"},
    [LOAD_SHOW] = {"show", "show"},          [LOAD_FIGURES] = {"figures", "figures"},
    [LOAD_STATUS] = {"status", "status"},
};

bool workload_find(enum workload *out, const char *name)
{
    for (int i = 0; i < LOAD_COUNT; i++)
        if (strcmp(workloads[i].name, name) == 0) {
            *out = (enum workload)i;
            return true;
        }
    return false;
}

const char *workload_verb(enum workload workload)
{
    return workloads[workload].verb;
}

static int64_t unix_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME_COARSE, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Ids and refs differ from those of every run before, so the real time goes into both. */
void requests_init(struct requests *r, int streams)
{
    char tag[24];

    r->streams = streams;
    r->world.rng.state ^= (uint64_t)unix_ms() * 0x9e3779b97f4a7c15ull;
    if (r->workload != LOAD_MIX)
        return;
    snprintf(tag, sizeof tag, "M%llx", (long long)unix_ms());
    r->mixes = mem_alloc((size_t)streams * sizeof *r->mixes);
    for (int i = 0; i < streams; i++)
        mix_init(&r->mixes[i], &r->world, i, tag);
}

void requests_deinit(struct requests *r)
{
    free(r->mixes);
}

static void next_event(struct buf *out, struct requests *r, int stream)
{
    char id[UUID_TEXT_SIZE];

    world_id(id, &r->world.rng, unix_ms());
    if (r->workload == LOAD_PLAIN)
        world_plain(out, &r->world, id);
    else if (r->workload == LOAD_ROLLS)
        world_rolls(out, &r->world, id);
    else if (r->workload == LOAD_OPENS)
        world_opens(out, &r->world, id);
    else
        mix_next(out, &r->mixes[stream], id);
}

static void next_submit(struct buf *out, struct requests *r, int stream)
{
    buf_add_str(out, "{\"events\":[");
    for (int i = 0; i < r->batch; i++) {
        if (i)
            buf_add_char(out, ',');
        next_event(out, r, stream);
    }
    buf_add_str(out, "]}");
}

void requests_next(struct buf *out, struct requests *r, int stream)
{
    int64_t branch = rng_below(&r->world.rng, r->world.branches);
    char ref[REF_BUF];

    switch (r->workload) {
    case LOAD_PLAIN:
    case LOAD_ROLLS:
    case LOAD_OPENS:
    case LOAD_MIX:
        next_submit(out, r, stream);
        break;
    case LOAD_RECENT:
        buf_addf(out, "{\"branch\":\"%s\",\"limit\":20}", branch_ref(ref, branch));
        break;
    case LOAD_SHOW:
        buf_addf(out, "{\"what\":\"branch\",\"ref\":\"%s\"}", branch_ref(ref, branch));
        break;
    case LOAD_DUE:
        buf_add_str(out, "{\"within\":\"30d\"}");
        break;
    case LOAD_FIGURES:
        buf_addf(out, "{\"year\":%d}", day_to_civil(r->world.today).year);
        break;
    case LOAD_ALERTS:
    case LOAD_STATUS:
    case LOAD_COUNT:
        buf_add_str(out, "{}");
        break;
    }
}
