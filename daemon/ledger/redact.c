#include "ledger/redact.h"

#include <string.h>

#include "base/buf.h"
#include "chain/link.h"
#include "ledger/ledger_state.h"

/* In place of a sender's name: that there was one decides the order (event_rank). */
static const char from_outside[] = "erased";

void redact_bare(struct event *event)
{
    const struct type_spec *type = catalogue_type(event->type);

    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].flags & FIELD_PERSONAL)
            event->values[type->fields[i].id] = NULL;
    event->extra = (struct span){0};
}

static int find_target(struct stored **out, struct reading *rd, const struct event *event, struct err *err)
{
    int64_t seq;
    int r = store_row_find(&seq, rd->store, event->values[F_EVENT]->uuid, err);

    if (r == 0)
        return err_say(err, ERR_UNKNOWN_REF, "event", "no event of that id is recorded", "没有以该编号记录的事件");
    return r < 0 ? -1 : stored_get(out, rd, seq, err);
}

int redact_check(struct reading *rd, const struct event *event, struct err *err)
{
    struct stored *target;
    int r = find_target(&target, rd, event, err);

    if (r != 0)
        return r;
    if (target->row.erased)
        return err_say(err, ERR_IMPOSSIBLE, "event", "its personal text was erased already", "其个人信息已被删除");
    if (target->row.personal.len == 0)
        return err_say(err, ERR_IMPOSSIBLE, "event", "that event has no personal text: there is nothing to erase",
                       "该事件没有个人信息：无需删除");
    return 0;
}

/* --- what is left --- */

static struct value *keep_text(struct arena *arena, const char *text)
{
    struct value *v = arena_alloc(arena, sizeof *v);

    v->kind = VALUE_NAME;
    v->text = (struct span){arena_strndup(arena, text, strlen(text)), strlen(text)};
    return v;
}

/* Who, but not why. */
static struct value *keep_absent(struct arena *arena, const struct value *was)
{
    struct value *v = arena_alloc(arena, sizeof *v);

    *v = *was;
    v->reasons = arena_alloc(arena, (v->count + 1) * sizeof *v->reasons);
    for (size_t i = 0; i < v->count; i++)
        v->reasons[i] = (struct span){"", 0};
    return v;
}

static struct span what_is_left(struct arena *arena, const struct event *was, const char *holder)
{
    _cleanup_buf_ struct buf body = {0}, personal = {0};
    struct event left = *was;

    redact_bare(&left);
    if (event_has(was, F_FROM_NAME))
        left.values[F_FROM_NAME] = keep_text(arena, from_outside);
    if (event_has(was, F_NAME) && event_has(was, F_MEMBER))
        left.values[F_NAME] = keep_text(arena, event_text(was, F_MEMBER));
    if (event_has(was, F_PERSON))
        left.values[F_PERSON] = keep_text(arena, holder);
    if (event_has(was, F_ABSENT))
        left.values[F_ABSENT] = keep_absent(arena, was->values[F_ABSENT]);
    event_write(&body, &personal, &left);
    return (struct span){arena_strndup(arena, buf_str(&personal), personal.len), personal.len};
}

/* --- recording --- */

static int erase(struct ledger *ledger, struct event *event, const struct stored *target, const char *holder,
                 const char *recorded_by, int64_t *seq_out, struct err *err)
{
    struct reading rd = ledger_reading(ledger);
    struct span left = what_is_left(&ledger->arena, &target->event, holder);
    char hash[CHAIN_HEX_SIZE];
    struct considered c;
    unsigned flags = 0;

    if (left.len) {
        link_kept(hash, left);
        event->values[F_KEPT] = keep_text(&ledger->arena, hash);
        flags = ROW_KEPT_GIVEN_HERE;
    }
    if (consider(&c, &rd, event, err) < 0 || store_row_erase(ledger->store, target->row.seq, left, err) < 0)
        return -1;
    return ledger_append(ledger, &c, recorded_by, flags, seq_out, err);
}

static bool same_holder(const struct stored *a, const struct stored *b)
{
    return !b->row.erased && event_has(&b->event, F_PERSON) &&
           strcmp(event_text(&a->event, F_PERSON), event_text(&b->event, F_PERSON)) == 0;
}

/* The other rows of that person and body, also those out of effect. */
static int find_tenure(struct stored ***out, size_t *n_out, struct ledger *ledger, const struct stored *target,
                       struct err *err)
{
    struct reading rd = ledger_reading(ledger);
    struct touch *touches;
    int64_t body;
    size_t n;

    rd.with_out = true;
    if (store_subject_find(&body, rd.store, SUBJECT_BODY, event_text(&target->event, F_BODY), err) < 0 ||
        store_touches(&touches, &n, rd.arena, rd.store, body, err) < 0)
        return -1;
    *out = arena_alloc(rd.arena, (n + 1) * sizeof **out);
    *n_out = 0;
    for (size_t i = 0; i < n; i++) {
        struct stored *other;

        if (touches[i].place.seq == target->row.seq)
            continue;
        if (stored_get(&other, &rd, touches[i].place.seq, err) < 0)
            return -1;
        if (same_holder(target, other))
            (*out)[(*n_out)++] = other;
    }
    return 0;
}

/* A redaction of the daemon's making, beside the one that was sent. */
static void make_beside(struct event *out, struct ledger *ledger, const struct event *sent, const struct stored *target)
{
    struct value *which = arena_alloc(&ledger->arena, sizeof *which);

    *out = *sent;
    uuid_make(out->id, clock_now_us(ledger->clock) / 1000);
    which->kind = VALUE_UUID;
    memcpy(which->uuid, target->row.id, UUID_SIZE);
    out->values[F_EVENT] = which;
    out->values[F_KEPT] = NULL;
    out->extra = (struct span){0};
}

static int erase_tenure(struct ledger *ledger, struct event *event, const struct stored *target, const char *recorded_by,
                        int64_t *seq_out, struct err *err)
{
    struct stored **others;
    int64_t first = target->row.seq, seq;
    char holder[32];
    size_t n;

    if (find_tenure(&others, &n, ledger, target, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (others[i]->row.seq < first)
            first = others[i]->row.seq;
    snprintf(holder, sizeof holder, "erased-%lld", (long long)first);
    if (erase(ledger, event, target, holder, recorded_by, seq_out, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        struct event beside;

        make_beside(&beside, ledger, event, others[i]);
        if (erase(ledger, &beside, others[i], holder, recorded_by, &seq, err) < 0)
            return -1;
    }
    return 0;
}

int redact_record(struct ledger *ledger, struct event *event, const char *recorded_by, int64_t *seq_out, struct err *err)
{
    struct reading rd = ledger_reading(ledger);
    struct stored *target;

    if (find_target(&target, &rd, event, err) != 0)
        return -1;
    if (event_has(&target->event, F_PERSON))
        return erase_tenure(ledger, event, target, recorded_by, seq_out, err);
    return erase(ledger, event, target, "", recorded_by, seq_out, err);
}
