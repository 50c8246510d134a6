#include "ledger/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

int stored_from_row(struct stored *s, struct reading *rd, struct err *err)
{
    _cleanup_buf_ struct buf json = {0};
    struct span text;

    buf_add_char(&json, '{');
    event_join(&json, s->row.body.s, s->row.body.len, s->row.personal.s, s->row.personal.len);
    buf_add_char(&json, '}');
    text = (struct span){arena_strndup(rd->arena, json.data, json.len), json.len};
    if (event_read(&s->event, rd->arena, text.s, text.len, EVENT_STORED, rd->kinds, err) != 0)
        return err_fault(err, "row %lld of the ledger cannot be read", (long long)s->row.seq);
    memcpy(s->root, s->row.root, UUID_SIZE);
    s->out_by = s->row.out_by;
    return 0;
}

int stored_get(struct stored **out, struct reading *rd, int64_t seq, struct err *err)
{
    struct stored *s = arena_alloc(rd->arena, sizeof *s);
    int r = store_row_get(&s->row, rd->arena, rd->store, seq, err);

    if (r != 1)
        return r < 0 ? -1 : err_fault(err, "row %lld of the ledger is missing", (long long)seq);
    if (stored_from_row(s, rd, err) < 0)
        return -1;
    *out = s;
    return 0;
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

int history_load_register(struct history *out, struct reading *rd, int64_t subject,
                          struct err *err)
{
    struct touch *touches;
    struct stored *stored;
    size_t n;

    if (store_touches(&touches, &n, rd->arena, rd->store, subject, err) < 0)
        return -1;
    out->entries = arena_alloc(rd->arena, (n + 1) * sizeof *out->entries);
    out->n = 0;
    for (size_t i = 0; i < n; i++) {
        struct entry *e = &out->entries[out->n];

        if (touches[i].out_by != 0 && !rd->with_out)
            continue;
        if (stored_get(&stored, rd, touches[i].place.seq, err) < 0)
            return -1;
        entry_from_event(e, &stored->event, stored->root, stored->row.seq, touches[i].role);
        e->out_by = touches[i].out_by;
        out->n++;
    }
    history_sort(out);
    return 0;
}

static bool may_create(enum event_type type, enum subject_kind kind)
{
    switch (kind) {
    case SUBJECT_BRANCH:
        return type == EV_BRANCH_FOUNDED;
    case SUBJECT_MEMBER:
        return type == EV_MEMBER_ADMITTED || type == EV_TRANSFER_RECEIVED;
    case SUBJECT_UNIT:
        return type == EV_UNIT_REGISTERED;
    case SUBJECT_TRANSFER:
        return type == EV_TRANSFER_ISSUED || type == EV_TRANSFER_RECEIVED;
    case SUBJECT_ALLIANCE:
        return type == EV_ALLIANCE_FORMED;
    case SUBJECT_BODY:
        return type == EV_OFFICE_TAKEN;
    case SUBJECT_EXEMPTION:
        return type == EV_EXEMPTION_GRANTED;
    case SUBJECT_KIND_COUNT:
        break;
    }
    return false;
}

static bool creates(const struct event *e, enum subject_kind kind)
{
    return may_create(e->type, kind) &&
           (e->type != EV_TRANSFER_RECEIVED || event_has(e, F_FROM_NAME));
}

int history_creator_of(struct stored **out, struct reading *rd, enum subject_kind kind,
                       int64_t key, struct err *err)
{
    struct touch *touches;
    size_t n;

    if (store_touches(&touches, &n, rd->arena, rd->store, key, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (touches[i].out_by != 0 || !may_create(touches[i].type, kind))
            continue;
        if (stored_get(out, rd, touches[i].place.seq, err) < 0)
            return -1;
        if (creates(&(*out)->event, kind))
            return 1;
    }
    return 0;
}

int history_creator(struct stored **out, struct reading *rd, enum subject_kind kind,
                    const char *ref, struct err *err)
{
    int64_t key;
    int r = store_subject_find(&key, rd->store, kind, ref, err);

    return r == 1 ? history_creator_of(out, rd, kind, key, err) : r;
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
