#include "mix.h"

#include <stdio.h>
#include <string.h>

enum { STEPS = 9, STEP_DAYS = 4, NO_TIME = -1 };

void mix_init(struct mix *mix, struct world *world, int64_t stream, const char *tag)
{
    memset(mix, 0, sizeof *mix);
    mix->world = world;
    mix->stream = stream;
    snprintf(mix->tag, sizeof mix->tag, "%s", tag);
}

/* A member's life, from being admitted to leaving, a few days between two steps. */
static void put_life(struct buf *out, struct mix *mix, const char *id)
{
    static const char *const types[STEPS] = {
        "member.admitted", "member.changed", "member.away", "member.returned", "member.converted",
        "transfer.issued", "transfer.received", "transfer.receipted", "member.left",
    };
    struct world *w = mix->world;
    struct life *life = &mix->lives[rng_below(&w->rng, LIVES)];
    char branch[REF_BUF], to[REF_BUF], who[96];
    int step;

    if (!life->number)
        *life = (struct life){++mix->made, 0, rng_below(&w->rng, w->branches)};
    step = life->step++;
    snprintf(who, sizeof who, "%s-%lld-%lld", mix->tag, (long long)mix->stream, (long long)life->number);
    branch_ref(branch, life->branch);
    branch_ref(to, (life->branch + 1) % w->branches);
    put_head(out, types[step], id, w->today - (STEPS - step) * STEP_DAYS, NO_TIME);
    buf_addf(out, step >= 5 && step <= 7 ? ",\"transfer\":\"T-%s\"" : ",\"member\":\"%s\"", who);
    if (step == 0)
        buf_addf(out, ",\"name\":\"郑远辉\",\"branch\":\"%s\",\"stage\":\"probationary\",\"new\":true", branch);
    else if (step == 1)
        buf_add_str(out, ",\"name\":\"郑远晖\"");
    else if (step == 2)
        buf_add_str(out, ",\"destination\":\"广东\",\"fixed\":true,\"reason\":\"务工\"");
    else if (step == 5)
        buf_addf(out, ",\"member\":\"%s\",\"to\":\"%s\",\"reason\":\"工作调动\"", who, to);
    else if (step == 8)
        buf_add_str(out, ",\"reason\":\"other\"");
    buf_add_char(out, '}');
    if (step == STEPS - 1)
        life->number = 0;
}

static void put_branch(struct buf *out, struct mix *mix, const char *id, const char *type, const char *rest)
{
    struct world *w = mix->world;
    char ref[REF_BUF];

    put_head(out, type, id, w->today - world_delay(&w->rng) % 60, NO_TIME);
    buf_addf(out, ",\"branch\":\"%s\"%s}", branch_ref(ref, rng_below(&w->rng, w->branches)), rest);
}

static void put_unit(struct buf *out, struct mix *mix, const char *id)
{
    struct world *w = mix->world;
    char ref[REF_BUF];

    put_head(out, "unit.changed", id, w->today - world_delay(&w->rng) % 60, NO_TIME);
    buf_addf(out, ",\"unit\":\"%s\",\"staff\":%d}", unit_ref(ref, rng_below(&w->rng, w->branches)),
             (int)rng_below(&w->rng, 500));
}

static void put_void(struct buf *out, struct mix *mix, const char *id)
{
    put_head(out, "event.voided", id, mix->world->today, NO_TIME);
    buf_addf(out, ",\"event\":\"%s\",\"reason\":\"重复录入\"}", mix->ids[--mix->id_count]);
}

static void put_meeting(struct buf *out, struct mix *mix, const char *id)
{
    struct world *w = mix->world;
    int64_t branch = rng_below(&w->rng, w->branches);
    day_t day = w->today - world_delay(&w->rng);
    struct subjects about;

    /* In the sample 65 of 100 meetings have a roll, of 4 to 20 members mostly. */
    world_meeting(out, &about, w, id, branch, day,
                  rng_below(&w->rng, 100) < 65 ? 1 + (int)rng_below(&w->rng, w->members) : 0);
    if (mix->id_count < MIX_IDS)
        memcpy(mix->ids[mix->id_count++], id, UUID_TEXT_SIZE);
}

void mix_next(struct buf *out, struct mix *mix, const char *id)
{
    /* How many of each kind the sample has, added up. */
    enum { MEETING = 1113, TRAINING = 1153, CONTACT = 1190, LIFE = 1293, RATED = 1331, CHANGED = 1349,
           VOIDED = 1359, UNIT = 1365, ELECTED = 1369 };
    struct world *w = mix->world;
    int64_t which = rng_below(&w->rng, ELECTED);
    struct subjects about;

    if (which >= CHANGED && which < VOIDED && mix->id_count == 0)
        which = 0;
    if (which < MEETING)
        put_meeting(out, mix, id);
    else if (which < TRAINING)
        world_training(out, &about, w, id, rng_below(&w->rng, w->branches),
                       w->today - world_delay(&w->rng), rng_below(&w->rng, 4) ? 30 : 0);
    else if (which < CONTACT)
        world_contact(out, &about, w, id, rng_below(&w->rng, w->branches) * w->members,
                      w->today - world_delay(&w->rng));
    else if (which < LIFE)
        put_life(out, mix, id);
    else if (which < RATED)
        put_branch(out, mix, id, "branch.rated", ",\"cycle\":2021,\"stars\":4,\"score\":88");
    else if (which < CHANGED)
        put_branch(out, mix, id, "branch.changed", ",\"groups\":0");
    else if (which < VOIDED)
        put_void(out, mix, id);
    else if (which < UNIT)
        put_unit(out, mix, id);
    else
        put_branch(out, mix, id, "branch.elected", ",\"term_years\":3");
}
