#include "import/suspect.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "import/plain.h"

enum {
    MANY_THAT_DAY = 5,
    MONTHS_RUNNING = 3,
    ROLL_LEAST = 3,       /* names; fewer are often the same */
    PLACES = 1 << 17,     /* who was where last that day; a power of two */
    FIRST_SLOTS = 1024,
    DEFAULT_MINUTES = 60, /* of a meeting that does not say how long it took */
    MONTHS_AROUND = 32,
};

/* Of all meetings of a branch on a day: how many. Of a roll: in which months, as bits around the first. */
struct tally_slot {
    uint64_t key; /* 0: empty */
    uint64_t bits;
    int64_t first;
};

struct tallies {
    struct tally_slot *slots;
    size_t cap, count;
};

struct whereabouts {
    uint64_t key; /* of member and day */
    int64_t row;
    int from_s, to_s;
    uint64_t place; /* of branch and place */
};

struct suspect {
    struct tallies days, rolls;
    struct whereabouts *places; /* NULL: nobody yet */
};

static uint64_t hash(uint64_t h, const char *text)
{
    h = h ? h : UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        h = (h ^ *p) * UINT64_C(0x100000001b3);
    h = (h ^ 0xFF) * UINT64_C(0x100000001b3); /* the end of a part */
    return h ? h : 1;
}

static uint64_t hash_day(uint64_t h, day_t day)
{
    char text[DAY_TEXT_SIZE];

    return hash(h, day_format(text, day));
}

struct suspect *suspect_new(void)
{
    struct suspect *s = mem_zero(sizeof *s);

    s->days.cap = s->rolls.cap = FIRST_SLOTS;
    s->days.slots = mem_zero(FIRST_SLOTS * sizeof *s->days.slots);
    s->rolls.slots = mem_zero(FIRST_SLOTS * sizeof *s->rolls.slots);
    return s;
}

void suspect_free(struct suspect *s)
{
    if (!s)
        return;
    free(s->days.slots);
    free(s->rolls.slots);
    free(s->places);
    free(s);
}

static struct tally_slot *slot_of(const struct tallies *t, uint64_t key)
{
    size_t at = key & (t->cap - 1);

    while (t->slots[at].key && t->slots[at].key != key)
        at = (at + 1) & (t->cap - 1);
    return &t->slots[at];
}

static void grow(struct tallies *t)
{
    struct tallies larger = {.cap = t->cap * 2, .count = t->count};

    larger.slots = mem_zero(larger.cap * sizeof *larger.slots);
    for (size_t i = 0; i < t->cap; i++)
        if (t->slots[i].key)
            *slot_of(&larger, t->slots[i].key) = t->slots[i];
    free(t->slots);
    *t = larger;
}

static struct tally_slot *slot_for(struct tallies *t, uint64_t key)
{
    struct tally_slot *slot;

    if (2 * (t->count + 1) > t->cap)
        grow(t);
    slot = slot_of(t, key);
    t->count += slot->key == 0;
    slot->key = key;
    return slot;
}

static size_t names_in(const char *roll)
{
    size_t n = 1;

    for (const char *p = roll; *p; p++)
        n += *p == ',' || *p == ';' || strncmp(p, "、", strlen("、")) == 0;
    return n;
}

static uint64_t day_key(const struct making *m, day_t day)
{
    const char *branch = making_raw(m, COL_BRANCH);

    return branch ? hash_day(hash(0, branch), day) : 0;
}

static uint64_t roll_key(const struct making *m)
{
    const char *branch = making_raw(m, COL_BRANCH), *kinds = making_raw(m, COL_KINDS), *roll = making_raw(m, COL_PRESENT);

    if (!branch || !kinds || !roll || names_in(roll) < ROLL_LEAST)
        return 0;
    return hash(hash(hash(0, branch), kinds), roll);
}

static int64_t month_of(day_t day)
{
    struct civil civil = day_to_civil(day);

    return (int64_t)civil.year * 12 + civil.month;
}

void suspect_look(struct suspect *s, const struct making *m)
{
    struct cell_when when;
    struct err err = {0};
    const char *at = making_cell(m, COL_AT);
    uint64_t day, roll;

    if (!at || cell_when(&when, at, &err))
        return;
    day = day_key(m, when.day);
    if (day)
        slot_for(&s->days, day)->bits++;
    roll = roll_key(m);
    if (roll) {
        struct tally_slot *slot = slot_for(&s->rolls, roll);
        int64_t month = month_of(when.day), bit;

        slot->first = slot->bits ? slot->first : month;
        bit = month - slot->first + MONTHS_AROUND;
        if (bit >= 0 && bit < 64)
            slot->bits |= UINT64_C(1) << bit;
    }
}

/* The longest run of months. */
static int months_running(uint64_t bits)
{
    int run = 0;

    for (; bits; bits &= bits << 1)
        run++;
    return run;
}

static bool all_came(const struct making *m)
{
    const char *due = making_cell(m, COL_DUE_COUNT);
    const struct entry *branch = directory_by_ref(m->directory, DIRECTORY_BRANCH, m->where.branch);
    int64_t named = (int64_t)names_in(making_raw(m, COL_PRESENT)), n = 0;
    struct err err = {0};

    if (due && cell_count(&n, due, &err) == 0)
        return named >= n;
    return branch && named >= branch->members;
}

void suspect_row(struct making *m)
{
    struct suspect *s = m->suspect;
    uint64_t key;

    if (!s || making_failed(m) || m->head->kind != SHEET_MEETINGS)
        return;
    key = day_key(m, m->where.day);
    if (key) {
        unsigned meetings = (unsigned)slot_of(&s->days, key)->bits;

        if (meetings >= MANY_THAT_DAY)
            MAKING_FLAG(m, "many_that_day", _("the branch has %u meetings on that day"), meetings);
    }
    key = roll_key(m);
    if (key && !all_came(m)) {
        int months = months_running(slot_of(&s->rolls, key)->bits);

        if (months >= MONTHS_RUNNING)
            MAKING_FLAG(m, "copied_roll", _("the same people in the same order %d months running"), months);
    }
}

void suspect_person(struct making *m, const char *ref)
{
    struct suspect *s = m->suspect;
    const struct making_where *w = &m->where;
    struct whereabouts now, *slot;

    if (!s || w->from_s == CELL_TIME_NONE)
        return;
    if (!s->places)
        s->places = mem_zero(PLACES * sizeof *s->places);
    now = (struct whereabouts){.key = hash_day(hash(0, ref), w->day), .row = m->row->number, .from_s = w->from_s,
                               .to_s = w->from_s + 60 * (w->minutes > 0 ? (int)w->minutes : DEFAULT_MINUTES),
                               .place = hash(hash(0, w->branch ? w->branch : ""), w->place ? w->place : "")};
    slot = &s->places[now.key & (PLACES - 1)];
    if (slot->key == now.key && slot->place != now.place && slot->row != now.row && slot->from_s < now.to_s && now.from_s < slot->to_s)
        MAKING_FLAG(m, "two_places", _("member %.64s is present in row %lld too, at the same time"), ref,
                    (long long)slot->row);
    *slot = now;
}

void suspect_numbers(struct making *m, const char *branch, int64_t present, int64_t due, int64_t guests)
{
    const struct entry *entry = branch ? directory_by_ref(m->directory, DIRECTORY_BRANCH, branch) : NULL;

    if (making_failed(m) || present < 0)
        return;
    if (due >= 0 && present > due + (guests > 0 ? guests : 0))
        MAKING_FLAG(m, "more_than_due", _("%lld were present, and %lld due"), (long long)present, (long long)due);
    else if (due < 0 && m->head->kind == SHEET_MEETINGS && entry && !making_cell(m, COL_WITH) && entry->members > 0 &&
             present > entry->members + (guests > 0 ? guests : 0))
        MAKING_FLAG(m, "more_than_due", _("%lld were present, and the branch has %lld members"),
                    (long long)present, (long long)entry->members);
}
