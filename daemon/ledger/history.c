#include "ledger/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

int stored_get(struct stored **out, struct reading *rd, int64_t seq, struct err *err)
{
    struct stored *s = arena_alloc(rd->arena, sizeof *s);
    struct buf json = {0};
    sqlite3_stmt *q;
    int r = store_row_get(&s->row, rd->arena, rd->store, seq, err);

    if (r != 1)
        return r < 0 ? -1 : err_fault(err, "row %lld of the ledger is missing", (long long)seq);
    buf_add_char(&json, '{');
    event_join(&json, s->row.body.s, s->row.body.len, s->row.personal.s, s->row.personal.len);
    buf_add_char(&json, '}');
    r = event_read(&s->event, rd->arena, json.data, json.len, EVENT_STORED, rd->kinds, err);
    buf_deinit(&json);
    if (r != 0)
        return -1;
    memcpy(s->root, s->row.id, UUID_SIZE);
    q = store_stmt(rd->store, SQL_EFFECT_GET);
    sqlite3_bind_int64(q, 1, seq);
    r = store_step(rd->store, q, err);
    if (r == 1) {
        s->out_by = sqlite3_column_int64(q, 0);
        if (sqlite3_column_bytes(q, 1) == UUID_SIZE)
            memcpy(s->root, sqlite3_column_blob(q, 1), UUID_SIZE);
    }
    sqlite3_reset(q);
    *out = s;
    return r < 0 ? -1 : 0;
}

static int type_rank(enum event_type type)
{
    switch (type) {
    case EV_UNIT_REGISTERED:
    case EV_BRANCH_FOUNDED:
    case EV_ALLIANCE_FORMED:
    case EV_MEMBER_ADMITTED:
    case EV_TRANSFER_ISSUED:
    case EV_OFFICE_TAKEN:
    case EV_EXEMPTION_GRANTED:
        return 0;
    case EV_UNIT_CLOSED:
    case EV_BRANCH_DISSOLVED:
    case EV_MEMBER_LEFT:
    case EV_TRANSFER_RECEIPTED:
    case EV_TRANSFER_CANCELLED:
    case EV_OFFICE_LEFT:
    case EV_EXEMPTION_ENDED:
        return 2;
    default:
        return 1;
    }
}

void entry_from_event(struct entry *out, const struct event *event, const uint8_t root[UUID_SIZE],
                      int64_t seq, uint32_t role)
{
    memset(out, 0, sizeof *out);
    out->seq = seq;
    out->type = event->type;
    out->day = event->day;
    out->tod = event->tod_ns;
    memcpy(out->root, root, UUID_SIZE);
    out->rank = event_rank(event);
    out->role = role;
    out->event = event;
}

int entry_compare(const struct entry *a, const struct entry *b)
{
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->tod != b->tod)
        return a->tod < b->tod ? -1 : 1;
    return memcmp(a->root, b->root, UUID_SIZE);
}

static int entry_order(const void *a, const void *b)
{
    return entry_compare(a, b);
}

void history_sort(struct history *h)
{
    if (h->n > 1)
        qsort(h->entries, h->n, sizeof *h->entries, entry_order);
}

static void entry_read(struct entry *e, sqlite3_stmt *s)
{
    memset(e, 0, sizeof *e);
    e->day = (day_t)sqlite3_column_int(s, 0);
    e->tod = sqlite3_column_int64(s, 1);
    if (sqlite3_column_bytes(s, 2) == UUID_SIZE)
        memcpy(e->root, sqlite3_column_blob(s, 2), UUID_SIZE);
    e->seq = sqlite3_column_int64(s, 3);
    e->type = (enum event_type)sqlite3_column_int(s, 4);
    e->role = (uint32_t)sqlite3_column_int64(s, 5);
    e->kinds = (uint64_t)sqlite3_column_int64(s, 6);
    e->hours = sqlite3_column_int(s, 7);
    e->out_by = sqlite3_column_int64(s, 8);
    e->rank = type_rank(e->type);
}

/* Whether the event itself says something of the subject, beyond that it concerns it on its day. */
static bool is_register(const struct entry *e)
{
    return (e->role & (ROLE_SELF | ROLE_EXEMPT)) && e->type != EV_CONTACT;
}

static int load(struct history *out, struct reading *rd, int64_t subject, bool activities,
                struct err *err)
{
    sqlite3_stmt *s = store_stmt(rd->store, SQL_TOUCHES_OF);
    struct entry *items = NULL;
    size_t n = 0, cap = 0;
    int r;

    sqlite3_bind_int64(s, 1, subject);
    while ((r = store_step(rd->store, s, err)) == 1) {
        ARRAY_GROW(items, n, cap);
        entry_read(&items[n], s);
        if ((items[n].out_by == 0 || rd->with_out) && (activities || is_register(&items[n])))
            n++;
    }
    out->entries = arena_alloc(rd->arena, (n + 1) * sizeof *items);
    if (n)
        memcpy(out->entries, items, n * sizeof *items);
    out->n = n;
    free(items);
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct entry *e = &out->entries[i];
        struct stored *stored;

        if (!is_register(e))
            continue;
        r = stored_get(&stored, rd, e->seq, err);
        if (r == 0) {
            e->event = &stored->event;
            e->rank = event_rank(e->event);
        }
    }
    history_sort(out);
    return r < 0 ? -1 : 0;
}

int history_load(struct history *out, struct reading *rd, int64_t subject, struct err *err)
{
    return load(out, rd, subject, true, err);
}

int history_load_register(struct history *out, struct reading *rd, int64_t subject,
                          struct err *err)
{
    return load(out, rd, subject, false, err);
}

static bool creates(const struct event *e, enum subject_kind kind)
{
    switch (e->type) {
    case EV_TRANSFER_ISSUED:
        return kind == SUBJECT_TRANSFER;
    case EV_TRANSFER_RECEIVED:
        return kind == SUBJECT_TRANSFER && event_has(e, F_FROM_NAME);
    case EV_EXEMPTION_GRANTED:
        return kind == SUBJECT_EXEMPTION;
    case EV_ALLIANCE_FORMED:
        return kind == SUBJECT_ALLIANCE;
    default:
        return false;
    }
}

int history_creator(struct stored **out, struct reading *rd, enum subject_kind kind,
                    const char *ref, struct err *err)
{
    struct history h;
    int64_t key;
    int r = store_subject_find(&key, rd->store, kind, ref, err);

    if (r != 1)
        return r;
    if (history_load(&h, rd, key, err) < 0)
        return -1;
    for (size_t i = 0; i < h.n; i++) {
        if (h.entries[i].out_by != 0 || !h.entries[i].event ||
            !creates(h.entries[i].event, kind))
            continue;
        return stored_get(out, rd, h.entries[i].seq, err) < 0 ? -1 : 1;
    }
    return 0;
}

bool event_needs_creator(const struct event *event, enum subject_kind *kind_out,
                         const char **ref_out)
{
    switch (event->type) {
    case EV_TRANSFER_RECEIVED:
        if (event_has(event, F_FROM_NAME))
            return false;
        /* fall through */
    case EV_TRANSFER_RECEIPTED:
    case EV_TRANSFER_CANCELLED:
        *kind_out = SUBJECT_TRANSFER;
        *ref_out = event_text(event, F_TRANSFER);
        return true;
    case EV_EXEMPTION_ENDED:
        *kind_out = SUBJECT_EXEMPTION;
        *ref_out = event_text(event, F_EXEMPTION);
        return true;
    default:
        return false;
    }
}
