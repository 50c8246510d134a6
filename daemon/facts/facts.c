#include "facts/facts_state.h"

#include <string.h>

#include "base/buf.h"

struct facts *facts_new(struct store *store, const struct kinds *kinds)
{
    struct facts *facts = mem_zero(sizeof *facts);

    facts->store = store;
    facts->kinds = kinds;
    return facts;
}

void facts_free(struct facts *facts)
{
    if (!facts)
        return;
    keymap_deinit(&facts->branches);
    arena_deinit(&facts->arena);
    free(facts);
}

void facts_reset(struct facts *facts)
{
    keymap_deinit(&facts->branches);
    arena_reset(&facts->arena);
    facts->failed = false;
    err_clear(&facts->failure);
}

size_t facts_size(const struct facts *facts)
{
    return arena_size(&facts->arena) + facts->branches.cap * sizeof(struct keymap_slot);
}

int facts_check(const struct facts *facts, struct err *err)
{
    if (!facts->failed)
        return 0;
    *err = facts->failure;
    return -1;
}

void days_add(struct days *days, day_t day)
{
    ARRAY_GROW(days->items, days->n, days->cap);
    days->items[days->n++] = day;
}

static int day_order(const void *a, const void *b)
{
    day_t x = *(const day_t *)a, y = *(const day_t *)b;

    return (x > y) - (x < y);
}

void days_sort(struct days *days)
{
    size_t n = 0;

    if (days->n > 1)
        qsort(days->items, days->n, sizeof *days->items, day_order);
    for (size_t i = 0; i < days->n; i++)
        if (n == 0 || days->items[n - 1] != days->items[i])
            days->items[n++] = days->items[i];
    days->n = n;
}

void days_deinit(struct days *days)
{
    free(days->items);
    *days = (struct days){0};
}

/* Room for one more in an array of the arena. */
static void *make_room(struct arena *arena, void *items, size_t n, size_t *cap, size_t size_bytes)
{
    void *bigger;

    if (n < *cap)
        return items;
    *cap = *cap ? *cap * 2 : 8;
    bigger = arena_alloc(arena, *cap * size_bytes);
    if (n)
        memcpy(bigger, items, n * size_bytes);
    return bigger;
}

struct frame *loading_frame(struct loading *l, day_t from)
{
    struct subject_data *out = l->out;
    struct frame *frame;

    out->frames = make_room(&l->facts->arena, out->frames, out->frame_count, &l->frame_cap,
                            sizeof *out->frames);
    frame = &out->frames[out->frame_count++];
    memset(frame, 0, sizeof *frame);
    frame->from = from;
    for (int i = 0; i < DATE_COUNT; i++)
        frame->dates[i] = DAY_NONE;
    return frame;
}

void loading_exemption(struct loading *l, const struct exemption_span *span, day_t from, day_t to,
                       bool by_branch)
{
    struct subject_data *out = l->out;
    struct exemption_span *e;

    if (from < span->from)
        from = span->from;
    if (to > span->to)
        to = span->to;
    if (from > to)
        return;
    out->exemptions = make_room(&l->facts->arena, out->exemptions, out->exemption_count,
                                &l->exemption_cap, sizeof *out->exemptions);
    e = &out->exemptions[out->exemption_count++];
    *e = *span;
    e->from = from;
    e->to = to;
    e->by_branch = by_branch;
}

struct activity activity_of_touch(const struct touch *touch)
{
    static const struct {
        uint32_t role;
        unsigned flag;
    } flags[] = {
        {ROLE_HOST, ACTIVITY_HOST},         {ROLE_WITH, ACTIVITY_WITH},
        {ROLE_PRESENT, ACTIVITY_PRESENT},   {ROLE_ABSENT, ACTIVITY_ABSENT},
        {ROLE_HAS_LIST, ACTIVITY_HAS_LIST}, {ROLE_HAS_ROLL, ACTIVITY_HAS_ROLL},
    };
    struct activity a = {
        .day = touch->place.day,
        .kinds = touch->kinds,
        .hours_hundredths = touch->hours,
        .seq = touch->place.seq,
    };

    for (size_t i = 0; i < ARRAY_LEN(flags); i++)
        if (touch->role & flags[i].role)
            a.flags |= flags[i].flag;
    if (touch->type == EV_TRAINING)
        a.flags |= ACTIVITY_TRAINING;
    if (touch->type == EV_CONTACT)
        a.flags |= ACTIVITY_CONTACT;
    if (touch->out_by)
        a.flags |= ACTIVITY_OUT;
    return a;
}

int loading_activities(struct loading *l, uint32_t roles, struct err *err)
{
    struct facts *facts = l->facts;
    struct subject_data *out = l->out;
    struct touch *touches;
    size_t n;

    if (store_activities(&touches, &n, &facts->arena, facts->store, out->key, DAY_NONE + 1,
                         DAY_NEVER - 1, err) < 0)
        return -1;
    out->activities = arena_alloc(&facts->arena, (n + 1) * sizeof *out->activities);
    for (size_t i = 0; i < n; i++)
        if ((touches[i].role & roles) && (l->with_out || touches[i].out_by == 0))
            out->activities[out->activity_count++] = activity_of_touch(&touches[i]);
    return 0;
}

int facts_register(struct history *out, struct facts *facts, int64_t key, struct err *err)
{
    struct reading rd = {facts->store, &facts->arena, facts->kinds, false};
    struct touch *touches;
    struct stored *stored;
    size_t n;

    if (store_touches(&touches, &n, rd.arena, rd.store, key, err) < 0)
        return -1;
    out->entries = arena_alloc(rd.arena, (n + 1) * sizeof *out->entries);
    out->n = 0;
    for (size_t i = 0; i < n; i++) {
        /* Mentions (members of a branch, by the hundred) say nothing of the subject itself. */
        if (touches[i].out_by != 0 || !(touches[i].role & (ROLE_SELF | ROLE_EXEMPT)))
            continue;
        if (stored_get(&stored, &rd, touches[i].place.seq, err) < 0)
            return -1;
        entry_from_event(&out->entries[out->n++], &stored->event, stored->root, stored->row.seq,
                         touches[i].role);
    }
    history_sort(out);
    return 0;
}

static void end_exemption(struct exemption_span *spans, size_t n, const char *ref, day_t day)
{
    /* From the day of its end on it is no longer in force (ledger.md section 3). */
    for (size_t i = 0; i < n; i++)
        if (strcmp(spans[i].ref, ref) == 0 && spans[i].to >= day)
            spans[i].to = day - 1;
}

void facts_exemptions(struct exemption_span **out, size_t *n_out, struct facts *facts,
                      const struct history *h)
{
    struct exemption_span *spans = arena_alloc(&facts->arena, (h->n + 1) * sizeof *spans);
    size_t n = 0;

    for (size_t i = 0; i < h->n; i++) {
        const struct event *e = h->entries[i].event;

        if (!(h->entries[i].role & ROLE_EXEMPT))
            continue;
        if (e->type == EV_EXEMPTION_GRANTED) {
            const struct value *rules = e->values[F_RULES];
            struct exemption_span *span = &spans[n++];

            span->ref = event_text(e, F_EXEMPTION);
            span->from = e->day;
            span->to = e->values[F_UNTIL]->day;
            span->rule_count = rules->count;
            span->rules = arena_alloc(&facts->arena, (rules->count + 1) * sizeof *span->rules);
            for (size_t k = 0; k < rules->count; k++)
                span->rules[k] = (char *)rules->items[k].s;
        } else if (e->type == EV_EXEMPTION_ENDED) {
            end_exemption(spans, n, event_text(e, F_EXEMPTION), e->day);
        }
    }
    *out = spans;
    *n_out = n;
}

int facts_subject(const struct subject_data **out, struct facts *facts, int64_t key, bool with_out,
                  struct err *err)
{
    struct subject_data *subject = arena_alloc(&facts->arena, sizeof *subject);
    struct loading l = {.facts = facts, .out = subject, .with_out = with_out};
    int r = store_subject_get(&subject->kind, &subject->ref, &facts->arena, facts->store, key, err);

    if (r != 1)
        return r;
    subject->key = key;
    subject->name = "";
    switch (subject->kind) {
    case SUBJECT_BRANCH:
        r = load_branch(&l, err);
        break;
    case SUBJECT_MEMBER:
        r = load_member(&l, err);
        break;
    case SUBJECT_UNIT:
        r = load_unit(&l, err);
        break;
    case SUBJECT_TRANSFER:
        r = load_transfer(&l, err);
        break;
    case SUBJECT_ALLIANCE:
    case SUBJECT_BODY:
    case SUBJECT_EXEMPTION:
    case SUBJECT_KIND_COUNT:
        return 0;
    }
    if (r == 1)
        *out = subject;
    return r;
}
