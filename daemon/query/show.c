/* show: one thing, and its history. */
#include <inttypes.h>
#include <string.h>

#include "query/list.h"
#include "query/scope.h"
#include "query/stream.h"

enum { CORRECTIONS_MAX = 1000 };

static const char *const what_words[] = {"branch", "member", "unit",      "transfer", "alliance",
                                         "body",   "exemption", "event", NULL};

static const struct param show_params[] = {
    {"what", PARAM_WORD, true, what_words, 0, 0},
    {"ref", PARAM_TEXT, true, NULL, 0, 0},
};

/* Whether a row is for the asker. */
static int row_is_seen(bool *out, struct asking *ask, int64_t seq, struct err *err)
{
    struct reading rd = ask_reading(ask, &ask->scratch);
    struct stored *stored;

    *out = ask->realm == NULL && !ask->env->grant;
    if (*out)
        return 0;
    if (stored_get(&stored, &rd, seq, err) < 0)
        return -1;
    return scope_has_event(out, ask, &stored->event, err);
}

static int write_history(struct asking *ask, int64_t subject, bool *any_out, struct err *err)
{
    struct place start = place_end_of(ask->as_of ? ask->day : DAY_NEVER);
    struct stream s;
    struct touch t;
    int r = page_place(&start, ask, err);

    if (r != 0)
        return r;
    stream_init(&s, ask, &start, DAY_NONE);
    stream_add(&s, subject);
    json_key(ask->out, "history");
    json_open(ask->out, '[');
    while ((r = stream_next(&t, &s, err)) == 1) {
        enum page_step step = PAGE_COUNT;
        bool seen;

        *any_out = true;
        arena_reset(&ask->scratch);
        if (row_is_seen(&seen, ask, t.place.seq, err) < 0)
            return -1;
        if (seen)
            step = page_step(ask);
        if (step == PAGE_FULL)
            break;
        arena_reset(&ask->scratch);
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

static int not_there(struct asking *ask, enum subject_kind kind, const char *ref, struct err *err)
{
    char day[DAY_TEXT_SIZE];

    return err_say(err, ERR_UNKNOWN_REF, "ref", "there was no %s \"%s\" on %s",
                   "%.0s“%s”在 %s 尚不存在", subject_kind_name(kind), ref, day_format(day, ask->day));
}

static bool of_whole(enum subject_kind kind)
{
    return kind == SUBJECT_ALLIANCE || kind == SUBJECT_BODY;
}

static int show_subject(struct asking *ask, enum subject_kind kind, const char *ref, struct err *err)
{
    struct listing l = {.ask = ask, .all = true};
    bool any = false;
    int64_t key;
    int r = of_whole(kind) && !ask_may(ask, DEED_READ_WHOLE) ? ask_not_allowed(err) : ask_key(&key, ask, kind, ref, "ref", err);

    if (r != 0)
        return r;
    json_key(ask->out, "row");
    r = register_kinds[kind].row(ask->out, &l, key, ref, err);
    if (r < 0)
        return -1;
    /* Everything that was said of it may be voided: there is a history, but nothing of it holds. */
    if (r == 0)
        json_nil(ask->out);
    l.all = r == 1;
    r = write_history(ask, key, &any, err);
    if (r == 0 && !l.all && !any && !ask_field(ask, "cursor"))
        return not_there(ask, kind, ref, err);
    return r;
}

/* An event by its id or its seq. 1 found, 0 none, -1. */
static int find_event(struct row *out, struct asking *ask, const char *ref, struct err *err)
{
    uint8_t id[UUID_SIZE];
    int64_t seq;
    char *end;
    int r;

    if (uuid_parse(id, ref, strlen(ref))) {
        r = store_row_find(&seq, ask->store, id, err);
        if (r != 1)
            return r;
    } else {
        seq = strtoll(ref, &end, 10);
        if (ref[0] < '1' || ref[0] > '9' || *end != '\0')
            return 0;
    }
    return store_row_get(out, &ask->arena, ask->store, seq, err);
}

/* What took it out of effect, what took that out, and so on; newest first. */
static int write_corrections(struct asking *ask, const struct row *row, struct err *err)
{
    int64_t seqs[CORRECTIONS_MAX];
    struct row by = *row;
    size_t n = 0;

    while (by.out_by != 0 && n < CORRECTIONS_MAX) {
        seqs[n++] = by.out_by;
        arena_reset(&ask->scratch);
        if (ask_patience(ask, err) < 0 ||
            store_row_get(&by, &ask->scratch, ask->store, seqs[n - 1], err) != 1)
            return err_fault(err, "row %lld of the ledger is missing", (long long)seqs[n - 1]);
    }
    json_key(ask->out, "history");
    json_open(ask->out, '[');
    while (n > 0 && !page_too_long(ask)) {
        bool seen;

        arena_reset(&ask->scratch);
        if (row_is_seen(&seen, ask, seqs[--n], err) < 0 || (seen && write_event_of(ask, seqs[n], err) < 0))
            return -1;
    }
    json_close(ask->out, ']');
    return 0;
}

static int show_event(struct asking *ask, const char *ref, struct err *err)
{
    struct row row;
    bool seen = false;
    int r = find_event(&row, ask, ref, err);

    if (r < 0 || (r == 1 && row_is_seen(&seen, ask, row.seq, err) < 0))
        return -1;
    if (!seen && ask->env->grant)
        return ask_not_allowed(err);
    if (r == 0)
        return err_say(err, ERR_UNKNOWN_REF, "ref", "there is no event %s: an event is named by its id or its seq",
                       "没有事件 %s：事件须以其编号（id）或序号（seq）指定", excerpt_of(ref).text);
    json_key(ask->out, "row");
    if (write_event(ask, &row, err) < 0)
        return -1;
    return write_corrections(ask, &row, err);
}

static int answer_show(struct asking *ask, struct err *err)
{
    const char *what = ask_text(ask, "what"), *ref = ask_text(ask, "ref");
    enum subject_kind kind;

    if (!subject_kind_parse(&kind, what, strlen(what)))
        return show_event(ask, ref, err);
    return show_subject(ask, kind, ref, err);
}

const struct verb verb_show = {
    .name = "show",
    .flags = VERB_PAGED | VERB_AS_OF | VERB_KNOWN_ON,
    .params = show_params,
    .param_count = ARRAY_LEN(show_params),
    .answer = answer_show,
};
