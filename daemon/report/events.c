/* The events of the year, by D, that figures count. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/annual.h"
#include "report/peek.h"

/* Rows of one year lie close together: going on to the next one is cheaper than a new search, as long as
 * there are not many others between. */
enum { ROWS_BETWEEN = 8, PATIENCE_ROWS = 256, REF_MAX_BYTES = 64 };

struct rows {
    struct figures *f;
    enum sql_id sql;
    sqlite3_stmt *stmt; /* NULL: not begun */
    int64_t last;       /* the newest row that will be wanted */
    struct row row;
    struct arena *arena;
};

/* A statement that stays open would keep the snapshot. */
static void rows_deinit(struct rows *rows)
{
    if (rows->stmt)
        sqlite3_reset(rows->stmt);
}

static int64_t seq_of(const struct rows *rows)
{
    return sqlite3_column_int64(rows->stmt, 0);
}

static int step(struct rows *rows, struct err *err)
{
    return store_step(rows->f->source.store, rows->stmt, err);
}

static int search(struct rows *rows, int64_t seq, struct err *err)
{
    rows->stmt = store_stmt(rows->f->source.store, rows->sql);
    sqlite3_bind_int64(rows->stmt, 1, seq - 1);
    sqlite3_bind_int64(rows->stmt, 2, rows->last);
    return step(rows, err);
}

/* Seqs only ever rise. */
static int find_row(struct rows *rows, int64_t seq, struct err *err)
{
    int r = 1;

    if (!rows->stmt || seq - seq_of(rows) > ROWS_BETWEEN)
        r = search(rows, seq, err);
    while (r == 1 && seq_of(rows) < seq)
        r = step(rows, err);
    if (r != 1 || seq_of(rows) != seq)
        return r < 0 ? -1 : err_fault(err, "row %lld of the ledger is missing", (long long)seq);
    return 0;
}

static int read_row(struct rows *rows, int64_t seq, struct err *err)
{
    if (find_row(rows, seq, err) < 0)
        return -1;
    store_row_read(&rows->row, rows->arena, rows->stmt);
    return 0;
}

static bool wanted(const struct touch *t)
{
    if (t->out_by != 0)
        return false;
    switch (t->type) {
    case EV_MEETING:
    case EV_TRAINING:
    case EV_BRANCH_FOUNDED:
    case EV_BRANCH_DISSOLVED:
    case EV_MEMBER_ADMITTED:
    case EV_MEMBER_LEFT:
    case EV_MEMBER_MOVED:
    case EV_TRANSFER_RECEIVED:
        return true;
    default:
        return false;
    }
}

static int32_t branch_of(const struct figures *f, const struct event *e, enum field_id field)
{
    return event_has(e, field) ? find_branch(f, event_text(e, field)) : -1;
}

static int by_ref(const void *ref, const void *item)
{
    return strcmp(ref, ((const struct ref_key *)item)->ref);
}

static int64_t member_key(const struct figures *f, const char *ref)
{
    const struct ref_key *found = bsearch(ref, f->members.items, f->members.n, sizeof *found, by_ref);

    return found ? found->key : 0;
}

/* figures.md: present_count, or the number of those present where no count is given. */
static int64_t attendance_of(const struct event *e)
{
    const struct value *present = e->values[F_PRESENT];

    return event_int(e, F_PRESENT_COUNT, present ? (int64_t)present->count : 0);
}

static void keep_present(struct figures *f, struct annual_event *out, const struct value *present)
{
    if (!present)
        return;
    out->present = arena_alloc(&f->arena, (present->count + 1) * sizeof *out->present);
    for (size_t i = 0; i < present->count; i++)
        out->present[out->present_count++] = member_key(f, present->items[i].s);
}

static void keep_with(struct figures *f, struct annual_event *out, const struct value *with)
{
    if (!with)
        return;
    out->with = arena_alloc(&f->arena, (with->count + 1) * sizeof *out->with);
    for (size_t i = 0; i < with->count; i++)
        out->with[out->with_count++] = find_branch(f, with->items[i].s);
}

static struct annual_event *add_event(struct figures *f, const struct touch *t)
{
    struct annual_event *out;

    ARRAY_GROW(f->events, f->event_count, f->event_cap);
    out = &f->events[f->event_count++];
    *out = (struct annual_event){.place = t->place, .type = t->type, .kinds = t->kinds, .hours = t->hours, .branch = -1};
    return out;
}

static void keep_event(struct figures *f, const struct touch *t, const struct event *e)
{
    const char *reason = event_text(e, F_REASON);
    struct annual_event *out = add_event(f, t);

    out->branch = branch_of(f, e, F_BRANCH);
    out->attendance = attendance_of(e);
    out->cleared = reason && (strcmp(reason, "dormant") == 0 || strcmp(reason, "hollow") == 0);
    keep_with(f, out, e->values[F_WITH]);
    if (t->type == EV_TRAINING)
        keep_present(f, out, e->values[F_PRESENT]);
}

/* What a letter's reception does is told by its issue. */
static int receive(struct movement *m, struct figures *f, struct reading *rd, const struct event *e,
                   struct err *err)
{
    struct stored *issue;
    int r;

    m->letter = true;
    if (event_has(e, F_FROM_NAME)) {
        m->kind = MOVE_RECEIVED;
        m->member = member_key(f, event_text(e, F_MEMBER));
        m->branch = branch_of(f, e, F_BRANCH);
        return 1;
    }
    r = history_creator(&issue, rd, SUBJECT_TRANSFER, event_text(e, F_TRANSFER), err);
    if (r != 1)
        return r;
    m->kind = event_has(&issue->event, F_TO) ? MOVE_WITHIN : MOVE_SENT;
    m->member = member_key(f, event_text(&issue->event, F_MEMBER));
    m->branch = branch_of(f, &issue->event, F_TO);
    return 1;
}

static int movement_of(struct movement *m, struct figures *f, struct reading *rd, const struct event *e,
                       struct err *err)
{
    if (e->type == EV_TRANSFER_RECEIVED)
        return receive(m, f, rd, e, err);
    m->member = member_key(f, event_text(e, F_MEMBER));
    m->branch = branch_of(f, e, F_BRANCH);
    if (e->type == EV_MEMBER_ADMITTED)
        m->kind = event_int(e, F_NEW, 0) ? MOVE_ADMITTED : MOVE_ENTERED;
    else
        m->kind = e->type == EV_MEMBER_LEFT ? MOVE_GONE : MOVE_WITHIN;
    return 1;
}

static int keep_movement(struct figures *f, struct reading *rd, const struct stored *s, struct err *err)
{
    struct movement m = {.branch = -1};
    int r = movement_of(&m, f, rd, &s->event, err);

    if (r != 1)
        return r;
    entry_from_event(&m.entry, &s->event, s->root, s->row.seq, ROLE_SELF);
    m.entry.event = NULL;
    ARRAY_GROW(f->movements, f->movement_count, f->movement_cap);
    f->movements[f->movement_count++] = m;
    return 0;
}

static bool moves(enum event_type type)
{
    return type == EV_MEMBER_ADMITTED || type == EV_MEMBER_LEFT || type == EV_MEMBER_MOVED ||
           type == EV_TRANSFER_RECEIVED;
}

static int by_seq(const void *a, const void *b)
{
    const struct touch *x = a, *y = b;

    return (x->place.seq > y->place.seq) - (x->place.seq < y->place.seq);
}

static int by_place(const void *a, const void *b)
{
    return place_compare(&((const struct annual_event *)a)->place, &((const struct annual_event *)b)->place);
}

static int by_member(const void *a, const void *b)
{
    const struct movement *x = a, *y = b;

    if (x->member != y->member)
        return x->member < y->member ? -1 : 1;
    return entry_compare(&x->entry, &y->entry);
}

static int32_t branch_named(const struct figures *f, struct span ref)
{
    char text[REF_MAX_BYTES + 1];

    if (ref.len == 0 || ref.len > REF_MAX_BYTES)
        return -1;
    memcpy(text, ref.s, ref.len);
    text[ref.len] = '\0';
    return find_branch(f, text);
}

static void keep_joined(struct figures *f, struct annual_event *out, struct span list)
{
    struct span ref, left = list;
    size_t n = 0;

    while (peek_next_ref(&ref, &left))
        n++;
    if (n)
        out->with = arena_alloc(&f->arena, n * sizeof *out->with);
    while (peek_next_ref(&ref, &list))
        out->with[out->with_count++] = branch_named(f, ref);
}

static int read_meeting(struct figures *f, struct rows *bodies, const struct touch *t, struct err *err)
{
    struct peeked peeked;
    struct annual_event *out;

    if (find_row(bodies, t->place.seq, err) < 0)
        return -1;
    if (!peek_meeting(&peeked, (const char *)sqlite3_column_blob(bodies->stmt, 1),
                      (size_t)sqlite3_column_bytes(bodies->stmt, 1)))
        return err_fault(err, "row %lld of the ledger cannot be read", (long long)t->place.seq);
    out = add_event(f, t);
    out->branch = branch_named(f, peeked.branch);
    out->attendance = peeked.counted ? peeked.present_count : peeked.present;
    keep_joined(f, out, peeked.with);
    return 0;
}

static int read_other(struct figures *f, struct rows *rows, const struct touch *t, struct err *err)
{
    struct reading rd = {f->source.store, rows->arena, f->source.kinds, false};
    struct stored s = {0};

    arena_reset(rows->arena);
    if (read_row(rows, t->place.seq, err) < 0)
        return -1;
    s.row = rows->row;
    if (stored_from_row(&s, &rd, err) < 0)
        return -1;
    if (moves(t->type))
        return keep_movement(f, &rd, &s, err);
    keep_event(f, t, &s.event);
    return 0;
}

static int read_rows(struct figures *f, const struct touch *touches, size_t n, struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    int64_t last = n ? touches[n - 1].place.seq : 0;
    CLEANUP(rows_deinit) struct rows rows = {.f = f, .sql = SQL_ROWS_AFTER, .last = last, .arena = &arena};
    CLEANUP(rows_deinit) struct rows bodies = {.f = f, .sql = SQL_REPORT_BODIES, .last = last};

    for (size_t i = 0; i < n; i++) {
        int r = i % PATIENCE_ROWS == 0 ? figures_patience(f, err) : 0;

        if (r == 0)
            r = touches[i].type == EV_MEETING ? read_meeting(f, &bodies, &touches[i], err)
                                              : read_other(f, &rows, &touches[i], err);
        if (r < 0)
            return -1;
    }
    return 0;
}

/* Who leaves does not say from where. */
static void find_branches_left(struct figures *f)
{
    size_t at = 0, i = 0;
    struct stint_range stints = {0};

    while (i < f->movement_count) {
        int64_t member = f->movements[i].member;
        int32_t now = -1;

        while (at < f->stint_count && f->stints[at].member <= member && next_member(&stints, f, &at))
            ;
        for (day_t day = DAY_NONE; i < f->movement_count && f->movements[i].member == member; i++) {
            struct movement *m = &f->movements[i];

            if (m->entry.day != day && stints.n && stints.items[0].member == member)
                now = home_on(f, &stints, m->entry.day - 1);
            day = m->entry.day;
            if (m->kind == MOVE_GONE || m->kind == MOVE_SENT)
                m->branch = now;
            now = m->branch;
        }
    }
}

int read_events(struct figures *f, struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    struct touch *touches;
    size_t n, count = 0;

    if (store_activities(&touches, &n, &arena, f->source.store, WHOLE_LEDGER, f->first, f->question.day,
                         err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (wanted(&touches[i]))
            touches[count++] = touches[i];
    if (count > 1)
        qsort(touches, count, sizeof *touches, by_seq);
    if (read_rows(f, touches, count, err) < 0)
        return -1;
    if (f->event_count > 1)
        qsort(f->events, f->event_count, sizeof *f->events, by_place);
    if (f->movement_count > 1)
        qsort(f->movements, f->movement_count, sizeof *f->movements, by_member);
    find_branches_left(f);
    return 0;
}
