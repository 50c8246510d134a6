/* recent: events, newest first; or, with after_seq, in the order in which they were recorded. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "query/scope.h"
#include "query/stream.h"

enum { ROW_STEPS = 5 }; /* reading and parsing a row, in steps of a walk */

enum which { WHICH_ACTIVITY, WHICH_ONE, WHICH_ANY };

struct filter {
    enum which which;
    enum event_type type; /* WHICH_ONE */
    uint64_t kinds;       /* 0: not asked */
    day_t since, until;
    const char *area;
    int64_t branch, member; /* 0: not asked */
};

static const struct param recent_params[] = {
    {"branch", PARAM_REF, false, NULL, 0, 0},  {"area", PARAM_TEXT, false, NULL, 0, 0},
    {"member", PARAM_REF, false, NULL, 0, 0},  {"type", PARAM_TEXT, false, NULL, 0, 0},
    {"kind", PARAM_TEXT, false, NULL, 0, 0},   {"since", PARAM_DAY, false, NULL, 0, 0},
    {"until", PARAM_DAY, false, NULL, 0, 0},   {"after_seq", PARAM_INT, false, NULL, 0, INT64_MAX},
};

static int read_type(struct filter *f, struct asking *ask, struct err *err)
{
    const char *text = ask_text(ask, "type");
    const char *nearest;

    if (!text)
        return 0;
    if (strcmp(text, "any") == 0) {
        f->which = WHICH_ANY;
        return 0;
    }
    f->which = WHICH_ONE;
    f->type = catalogue_find_type(text, strlen(text));
    if (f->type != EV_NONE)
        return 0;
    nearest = catalogue_nearest_type(text);
    ask_malformed(err, "type", "there is no event type \"%s\"", "没有“%s”这一事件类型",
                  excerpt_of(text).text);
    if (nearest)
        err_hint(err, nearest);
    return 1;
}

static int read_kind(struct filter *f, struct asking *ask, struct err *err)
{
    const char *text = ask_text(ask, "kind"), *nearest, *names[KIND_MAX + 1];
    size_t n = 0;
    int bit;

    if (!text)
        return 0;
    bit = kinds_find(ask->kinds, text, strlen(text));
    if (bit >= 0) {
        f->kinds = KIND_BIT(bit);
        return 0;
    }
    for (int i = 0; i <= KIND_MAX; i++)
        if (ask->kinds->names[i])
            names[n++] = ask->kinds->names[i];
    nearest = text_nearest(text, names, n);
    ask_malformed(err, "kind", "there is no meeting kind \"%s\"", "没有“%s”这一会议类别",
                  excerpt_of(text).text);
    if (nearest)
        err_hint(err, nearest);
    return 1;
}

static int read_filter(struct filter *f, struct asking *ask, struct err *err)
{
    int r;

    *f = (struct filter){
        .since = ask_day(ask, "since", DAY_NONE),
        .until = ask_day(ask, "until", DAY_NEVER),
        .area = ask_text(ask, "area"),
    };
    if (f->since > f->until)
        return ask_malformed(err, "since", "since is after until", "since 晚于 until");
    if (ask->as_of && f->until > ask->day)
        f->until = ask->day;
    r = read_type(f, ask, err);
    if (r == 0)
        r = read_kind(f, ask, err);
    if (r == 0)
        r = ask_key_of(&f->branch, ask, SUBJECT_BRANCH, "branch", err);
    if (r == 0)
        r = ask_key_of(&f->member, ask, SUBJECT_MEMBER, "member", err);
    return r;
}

static bool is_recent_activity(enum event_type type)
{
    switch (type) {
    case EV_MEETING:
    case EV_TRAINING:
    case EV_CONTACT:
    case EV_MEMBER_AWAY:
    case EV_MEMBER_RETURNED:
    case EV_TRANSFER_ISSUED:
    case EV_TRANSFER_RECEIVED:
    case EV_TRANSFER_RECEIPTED:
    case EV_TRANSFER_CANCELLED:
        return true;
    default:
        return false;
    }
}

static bool type_passes(const struct filter *f, enum event_type type, int64_t out_by)
{
    switch (f->which) {
    case WHICH_ACTIVITY:
        return out_by == 0 && is_recent_activity(type);
    case WHICH_ONE:
        return out_by == 0 && type == f->type;
    case WHICH_ANY:
        break;
    }
    return true;
}

/* The member that an event is about: its own, or its letter's. 1 found, 0 none, -1 failed. */
static int member_of(int64_t *member_out, struct asking *ask, const struct event *e, struct err *err)
{
    struct reading rd = ask_reading(ask, &ask->scratch);
    struct stored *creator;
    enum subject_kind kind;
    const char *ref = event_text(e, F_MEMBER), *transfer;
    int r;

    if (!ref && event_needs_creator(e, &kind, &transfer) && kind == SUBJECT_TRANSFER) {
        r = history_creator(&creator, &rd, kind, transfer, err);
        if (r != 1)
            return r;
        ref = event_text(&creator->event, F_MEMBER);
    }
    return ref ? store_subject_find(member_out, ask->store, SUBJECT_MEMBER, ref, err) : 0;
}

/* Whether the event at a place concerns a subject. */
static int touched(bool *out, struct asking *ask, int64_t subject, const struct place *place,
                   struct err *err)
{
    struct place after = *place;
    struct touch_walk walk;
    struct touch touch;
    int r;

    after.seq++;
    touch_walk_init(&walk, ask->store, subject, &after);
    r = touch_walk_next(&touch, &walk, err);
    *out = r == 1 && touch.place.seq == place->seq;
    return r < 0 ? -1 : 0;
}

/* The same as what stream_add_branch lists. */
static int of_branch(bool *out, struct asking *ask, const struct stored *stored, int64_t branch,
                     struct err *err)
{
    const struct event *e = &stored->event;
    struct place place = {.day = e->day, .tod = e->tod_ns, .seq = stored->row.seq};
    int64_t member, branches[BRANCHES_OF_MAX];
    size_t n;
    int r;

    if (touched(out, ask, branch, &place, err) < 0)
        return -1;
    if (*out || e->type == EV_MEETING || e->type == EV_TRAINING)
        return 0;
    r = member_of(&member, ask, e, err);
    if (r != 1)
        return r;
    if (ask_branches_of_member(branches, &n, ask, member, e->day, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        *out = *out || branches[i] == branch;
    return 0;
}

/* What can only be told from the row itself. 1: passes; 0: not; -1. */
static int row_passes(struct asking *ask, const struct filter *f, bool branch, bool member,
                      const struct stored *stored, struct err *err)
{
    struct place place = {
        .day = stored->event.day, .tod = stored->event.tod_ns, .seq = stored->row.seq};
    bool passes = true;

    if (branch && of_branch(&passes, ask, stored, f->branch, err) < 0)
        return -1;
    if (passes && member && touched(&passes, ask, f->member, &place, err) < 0)
        return -1;
    if (passes && f->area && ask_event_within(&passes, ask, stored, f->area, err) < 0)
        return -1;
    return passes;
}

/* 1: passes; 0: not; -1. */
static int touch_passes(struct asking *ask, const struct filter *f, const struct touch *t,
                        struct err *err)
{
    bool branch = f->branch != 0 && f->member != 0; /* else the stream is the branch's own */
    bool scoped = ask->realm && f->member != 0; /* else the lanes are those of the scope */
    bool passes = true;
    struct reading rd = ask_reading(ask, &ask->scratch);
    struct stored *stored;

    if (scope_hides_type(ask, t->type) || !type_passes(f, t->type, t->out_by) || (f->kinds && !(t->kinds & f->kinds)))
        return 0;
    if (!branch && !f->area && !scoped)
        return 1;
    if (ask_spend(ask, ROW_STEPS, err) < 0 || stored_get(&stored, &rd, t->place.seq, err) < 0)
        return -1;
    if (scoped && scope_has_event(&passes, ask, &stored->event, err) < 0)
        return -1;
    return passes ? row_passes(ask, f, branch, false, stored, err) : 0;
}

/* Whether events about members can be among those asked for. */
static bool asks_for_members(const struct filter *f)
{
    if (f->kinds)
        return (f->kinds & KIND_BIT(KIND_CONTACT)) != 0;
    return f->which != WHICH_ONE || (f->type != EV_MEETING && f->type != EV_TRAINING);
}

static int open_stream(struct stream *s, struct asking *ask, const struct filter *f, struct err *err)
{
    struct place start = place_end_of(f->until);

    if (page_place(&start, ask, err) != 0)
        return 1;
    stream_init(s, ask, &start, f->since);
    if (ask->realm && !f->member && !f->branch)
        return scope_add_lanes(s, asks_for_members(f), f->which != WHICH_ACTIVITY, err);
    if (!f->member && f->branch && asks_for_members(f))
        return stream_add_branch(s, f->branch, err);
    stream_add(s, f->member ? f->member : f->branch ? f->branch : WHOLE_LEDGER);
    return 0;
}

static int list_newest_first(struct asking *ask, const struct filter *f, struct err *err)
{
    struct stream s;
    struct touch t;
    int r = open_stream(&s, ask, f, err);

    if (r != 0)
        return r;
    page_begin(ask);
    while ((r = stream_next(&t, &s, err)) == 1) {
        enum page_step step = PAGE_COUNT;

        arena_reset(&ask->scratch);
        r = touch_passes(ask, f, &t, err);
        if (r < 0)
            return -1;
        if (r == 1)
            step = page_step(ask);
        if (step == PAGE_FULL)
            break;
        if (step == PAGE_WRITE && write_event_at(ask, &t, err) < 0)
            return -1;
        page_mark_place(ask, &t.place);
    }
    if (r < 0)
        return -1;
    if (r == 2)
        page_cut_at(ask, &s.seen);
    page_end(ask);
    return 0;
}

static uint64_t kinds_of(const struct event *e)
{
    if (e->type == EV_TRAINING)
        return KIND_BIT(KIND_TRAINING);
    if (e->type == EV_CONTACT)
        return KIND_BIT(KIND_CONTACT);
    return e->values[F_KINDS] ? e->values[F_KINDS]->kinds : 0;
}

static int seq_passes(struct asking *ask, const struct filter *f, struct stored *stored,
                      struct err *err)
{
    struct reading rd = ask_reading(ask, &ask->scratch);
    const struct event *e = &stored->event;
    bool passes;

    if (scope_hides_type(ask, stored->row.type) || !type_passes(f, stored->row.type, stored->row.out_by))
        return 0;
    if (stored_from_row(stored, &rd, err) < 0)
        return -1;
    if (e->day < f->since || e->day > f->until || (f->kinds && !(kinds_of(e) & f->kinds)))
        return 0;
    if (scope_has_event(&passes, ask, e, err) < 0)
        return -1;
    return passes ? row_passes(ask, f, f->branch != 0, f->member != 0, stored, err) : 0;
}

/* The next row after `seq`: 1 found, 0 none, -1 failed. Seqs have no gaps. */
static int next_row(struct stored **out, struct asking *ask, int64_t seq, struct err *err)
{
    *out = arena_alloc(&ask->scratch, sizeof **out);
    if (seq >= ask->seq)
        return 0;
    return store_row_get(&(*out)->row, &ask->scratch, ask->store, seq + 1, err);
}

static int list_by_seq(struct asking *ask, const struct filter *f, struct err *err)
{
    int64_t seq = ask_int(ask, "after_seq", 0);
    struct stored *stored;
    const char *cursor;
    int r = page_cursor(&cursor, ask, 's', err), used = 0;

    if (r != 0)
        return r;
    if (cursor && (sscanf(cursor, "%" SCNd64 "%n", &seq, &used) != 1 || cursor[used] != '\0' || seq < 0))
        return page_bad_cursor(err);
    page_begin(ask);
    while (arena_reset(&ask->scratch), (r = next_row(&stored, ask, seq, err)) == 1) {
        enum page_step step = PAGE_COUNT;

        r = ask_spend(ask, ROW_STEPS, err);
        if (r == 1) {
            page_cut(ask);
            break;
        }
        if (r == 0)
            r = seq_passes(ask, f, stored, err);
        if (r < 0)
            return -1;
        seq++;
        if (r == 1)
            step = page_step(ask);
        if (step == PAGE_FULL)
            break;
        if (step == PAGE_WRITE && write_event(ask, &stored->row, err) < 0)
            return -1;
        page_mark(ask, 's', "%" PRId64, seq);
    }
    page_end(ask);
    return r < 0 ? -1 : 0;
}

static int answer_recent(struct asking *ask, struct err *err)
{
    struct filter f;
    int r = read_filter(&f, ask, err);

    if (r != 0)
        return r;
    json_kv_int(ask->out, "seq", ask->seq);
    return ask_field(ask, "after_seq") ? list_by_seq(ask, &f, err) : list_newest_first(ask, &f, err);
}

const struct verb verb_recent = {
    .name = "recent",
    .flags = VERB_PAGED | VERB_AS_OF | VERB_KNOWN_ON,
    .params = recent_params,
    .param_count = ARRAY_LEN(recent_params),
    .answer = answer_recent,
};
