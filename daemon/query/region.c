/* Regions: which area, sector and branch things belong to on a day, for filters and rows.
 *
 * figures.md: an event belongs to the area of its `branch` (of the member's branch that day for
 * registers and moves); trainings without a branch, offices and alliances belong to the whole only. */
#include <string.h>

#include "query/answer.h"
#include "query/registers.h"
#include "query/scope.h"

enum { REGION_BUCKETS = 1024 };

/* A branch's or unit's regions, by day. */
struct region_runs {
    struct region_runs *next;
    int64_t key;
    struct region *runs;
    size_t n;
};

struct region_cache {
    struct region_runs *buckets[REGION_BUCKETS];
};

static const char *keep(struct asking *ask, const char *text)
{
    return text ? arena_strndup(&ask->arena, text, strlen(text)) : NULL;
}

static struct region region_after(struct asking *ask, enum subject_kind kind, const struct history *h,
                                  size_t n)
{
    struct region region = {.from = h->entries[n - 1].day};

    if (kind == SUBJECT_BRANCH) {
        struct branch_record b;

        branch_fold(&b, h->entries, n);
        region.name = keep(ask, b.name);
        region.area = keep(ask, b.area);
        region.sector = keep(ask, b.sector);
        region.form = keep(ask, b.form);
    } else {
        struct unit_record u;

        unit_fold(&u, h->entries, n);
        region.name = keep(ask, u.name);
        region.area = keep(ask, u.area);
        region.sector = keep(ask, u.sector);
    }
    return region;
}

static int load_runs(struct region_runs *out, struct asking *ask, enum subject_kind kind,
                     struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct history h;

    if (ask_history(&h, ask, &arena, out->key, DAY_NEVER, err) < 0)
        return -1;
    out->runs = arena_alloc(&ask->arena, (h.n + 1) * sizeof *out->runs);
    for (size_t i = 0; i < h.n; i++)
        if (i + 1 == h.n || h.entries[i + 1].day != h.entries[i].day)
            out->runs[out->n++] = region_after(ask, kind, &h, i + 1);
    return 0;
}

static int find_runs(struct region_runs **out, struct asking *ask, enum subject_kind kind, int64_t key,
                     struct err *err)
{
    struct region_runs **slot, *runs;

    if (!ask->regions)
        ask->regions = arena_alloc(&ask->arena, sizeof *ask->regions);
    slot = &ask->regions->buckets[(uint64_t)key % REGION_BUCKETS];
    for (runs = *slot; runs; runs = runs->next)
        if (runs->key == key) {
            *out = runs;
            return 0;
        }
    runs = arena_alloc(&ask->arena, sizeof *runs);
    runs->key = key;
    if (load_runs(runs, ask, kind, err) < 0)
        return -1;
    runs->next = *slot;
    *slot = *out = runs;
    return 0;
}

int ask_region(struct region *out, struct asking *ask, enum subject_kind kind, int64_t key, day_t day,
               struct err *err)
{
    struct region_runs *runs;

    memset(out, 0, sizeof *out);
    if (find_runs(&runs, ask, kind, key, err) < 0)
        return -1;
    for (size_t i = 0; i < runs->n && runs->runs[i].from <= day; i++)
        *out = runs->runs[i];
    return 0;
}

bool area_within(const char *area, const char *prefix)
{
    return area && strncmp(area, prefix, strlen(prefix)) == 0;
}

int ask_branches_of_member(int64_t out[BRANCHES_OF_MAX], size_t *n_out, struct asking *ask,
                           int64_t member, day_t day, struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct stint *stints;
    size_t n;

    *n_out = 0;
    if (store_stints(&stints, &n, &arena, ask->store, SQL_STINTS_OF_MEMBER, member, err) < 0)
        return -1;
    for (size_t i = 0; i < n && *n_out < BRANCHES_OF_MAX; i++)
        if (stints[i].branch != 0 && stints[i].from <= day && day <= stints[i].to)
            out[(*n_out)++] = stints[i].branch;
    return 0;
}

struct within {
    struct asking *ask;
    const char *area, *sector;
    day_t day;
    struct err *err;
};

static int branch_or_unit_within(bool *out, struct within *w, enum subject_kind kind, int64_t key)
{
    struct region region;

    if (ask_region(&region, w->ask, kind, key, w->day, w->err) < 0)
        return -1;
    *out = (!w->area || area_within(region.area, w->area)) &&
           (!w->sector || (region.sector && strcmp(region.sector, w->sector) == 0));
    return 0;
}

static int member_within(bool *out, struct within *w, int64_t member)
{
    int64_t branches[BRANCHES_OF_MAX];
    size_t n;

    *out = false;
    if (ask_branches_of_member(branches, &n, w->ask, member, w->day, w->err) < 0)
        return -1;
    for (size_t i = 0; i < n && !*out; i++)
        if (branch_or_unit_within(out, w, SUBJECT_BRANCH, branches[i]) < 0)
            return -1;
    return 0;
}

static int transfer_within(bool *out, struct within *w, int64_t transfer)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct reading rd = ask_reading(w->ask, &arena);
    struct stored *creator;
    int64_t member;
    int r = history_creator_of(&creator, &rd, SUBJECT_TRANSFER, transfer, w->err);

    *out = false;
    if (r != 1)
        return r;
    r = store_subject_find(&member, w->ask->store, SUBJECT_MEMBER, event_text(&creator->event, F_MEMBER),
                           w->err);
    return r == 1 ? member_within(out, w, member) : r;
}

static int key_within(bool *out, struct within *w, enum subject_kind kind, int64_t key)
{
    switch (kind) {
    case SUBJECT_BRANCH:
    case SUBJECT_UNIT:
        return branch_or_unit_within(out, w, kind, key);
    case SUBJECT_MEMBER:
        return member_within(out, w, key);
    case SUBJECT_TRANSFER:
        return transfer_within(out, w, key);
    case SUBJECT_ALLIANCE:
    case SUBJECT_BODY:
    case SUBJECT_EXEMPTION:
    case SUBJECT_KIND_COUNT:
        break;
    }
    *out = false;
    return 0;
}

int ask_subject_within(bool *out, struct asking *ask, int64_t key, const char *area, const char *sector,
                       day_t day, struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct within w = {ask, area, sector, day, err};
    enum subject_kind kind;
    const char *ref;
    int r = store_subject_get(&kind, &ref, &arena, ask->store, key, err);

    *out = false;
    return r == 1 ? key_within(out, &w, kind, key) : r;
}

static int ref_within(bool *out, struct within *w, enum subject_kind kind, const char *ref)
{
    int64_t key;
    int r;

    if (*out || !ref)
        return 0;
    r = store_subject_find(&key, w->ask->store, kind, ref, w->err);
    return r == 1 ? key_within(out, w, kind, key) : r;
}

/* The event that this one speaks of: the one voided, the opening of an alert, the grant of an exemption. */
static int spoken_of(struct stored **out, struct reading *rd, const struct event *e, struct err *err)
{
    int64_t seq;
    int r;

    switch (e->type) {
    case EV_EVENT_VOIDED:
        r = store_row_find(&seq, rd->store, e->values[F_EVENT]->uuid, err);
        break;
    case EV_ALERT_CHANGED:
    case EV_ALERT_CLOSED:
    case EV_ALERT_ACKNOWLEDGED:
    case EV_ALERT_NOTED:
        seq = event_int(e, F_ALERT, 0);
        r = 1;
        break;
    case EV_EXEMPTION_ENDED:
        return history_creator(out, rd, SUBJECT_EXEMPTION, event_text(e, F_EXEMPTION), err);
    default:
        return 0;
    }
    if (r != 1)
        return r;
    return stored_get(out, rd, seq, err) < 0 ? -1 : 1;
}

static int event_within(bool *out, struct within *w, const struct event *e)
{
    const struct value *subject = e->values[F_SUBJECT];

    switch (e->type) {
    case EV_ALLIANCE_FORMED:
    case EV_ALLIANCE_JOINED:
    case EV_ALLIANCE_LEFT:
        return 0;
    default:
        break;
    }
    if (subject)
        return ref_within(out, w, subject->subject, subject->text.s);
    if (ref_within(out, w, SUBJECT_BRANCH, event_text(e, F_BRANCH)) < 0 ||
        ref_within(out, w, SUBJECT_MEMBER, event_text(e, F_MEMBER)) < 0 ||
        ref_within(out, w, SUBJECT_TRANSFER, event_text(e, F_TRANSFER)) < 0)
        return -1;
    if (event_has(e, F_BRANCH) || event_has(e, F_MEMBER))
        return 0;
    return ref_within(out, w, SUBJECT_UNIT, event_text(e, F_UNIT));
}

int ask_event_within(bool *out, struct asking *ask, const struct stored *stored, const char *area,
                     struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct reading rd = ask_reading(ask, &arena);
    struct within w = {ask, area, NULL, stored->event.day, err};
    const struct event *e = &stored->event;
    struct stored *other;
    int r = spoken_of(&other, &rd, e, err);

    *out = false;
    if (r < 0)
        return -1;
    if (r == 1) {
        e = &other->event;
        w.day = e->day;
    }
    return event_within(out, &w, e);
}

static int transfer_name(const char **out, struct asking *ask, struct reading *rd, int64_t key,
                         struct err *err)
{
    struct stored *creator;
    int64_t member;
    int r = history_creator_of(&creator, rd, SUBJECT_TRANSFER, key, err);

    if (r == 1)
        r = store_subject_find(&member, ask->store, SUBJECT_MEMBER, event_text(&creator->event, F_MEMBER),
                               err);
    return r == 1 ? ask_name(out, ask, member, err) : r;
}

int ask_name(const char **name_out, struct asking *ask, int64_t key, struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct reading rd = ask_reading(ask, &arena);
    enum subject_kind kind;
    struct history h;
    const char *ref, *name = NULL;
    bool seen = true;
    int r = store_subject_get(&kind, &ref, &arena, ask->store, key, err);

    *name_out = "";
    if (r != 1)
        return r;
    /* A letter has two ends: its name is that of its member. */
    if (kind != SUBJECT_TRANSFER && scope_has_subject(&seen, ask, kind, key, err) < 0)
        return -1;
    if (!seen)
        return 0;
    if (kind == SUBJECT_TRANSFER)
        return transfer_name(name_out, ask, &rd, key, err);
    if (ask_history(&h, ask, &arena, key, ask->day, err) < 0)
        return -1;
    for (size_t i = 0; i < h.n; i++)
        if (event_has(h.entries[i].event, F_NAME))
            name = event_text(h.entries[i].event, F_NAME);
    if (name)
        *name_out = keep(ask, name);
    return 0;
}
