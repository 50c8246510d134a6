/* The body of a submit: split into its events by brackets and quotes alone, so that one event that
 * is no JSON is refused by itself and its neighbours are not (docs/protocol.md, submit). */
#include <string.h>

#include "wire/event.h"
#include "wire/scan.h"

struct splitter {
    size_t events_max;
    struct submit_body *out;
    struct arena *arena;
    struct err *err;
    const char *p, *end;
    size_t cap;
    bool has_events;
    bool has_lang, has_ledger;
};

static int say_syntax(struct splitter *s)
{
    return err_say(s->err, ERR_MALFORMED, NULL, "the body is not a valid JSON object",
                   "请求体不是有效的 JSON 对象");
}

static bool at_char(struct splitter *s, char c)
{
    s->p = scan_skip_blanks(s->p, s->end);
    return s->p < s->end && *s->p == c;
}

static bool take_char(struct splitter *s, char c)
{
    bool there = at_char(s, c);

    s->p += there;
    return there;
}

/* One string, read strictly. False if it is none, or holds what no text may. */
static bool take_string(struct splitter *s, struct span *out)
{
    const char *start;
    struct scan scan;

    if (!at_char(s, '"'))
        return false;
    start = s->p;
    if (!scan_skip(&s->p, s->end) ||
        scan_read(&scan, s->arena, start, (size_t)(s->p - start), EVENT_DEPTH_MAX) ||
        scan.nodes[0].flags)
        return false;
    *out = (struct span){scan_str(&scan, &scan.nodes[0]), scan.nodes[0].len};
    return true;
}

static void add_event(struct splitter *s, struct span event)
{
    struct submit_body *out = s->out;

    if (out->count < s->events_max) {
        if (out->count == s->cap) {
            size_t cap = s->cap ? s->cap * 4 : 16;
            struct span *events = arena_alloc(s->arena, cap * sizeof *events);

            if (out->count)
                memcpy(events, out->events, out->count * sizeof *events);
            out->events = events;
            s->cap = cap;
        }
        out->events[out->count] = event;
    }
    out->count++; /* above the bound too: it is told after the language is known */
}

static int read_events(struct splitter *s)
{
    if (!take_char(s, '['))
        return err_say(s->err, ERR_MALFORMED, "events", "events must be a list of 1 to %d events",
                       "events 必须是 1 到 %d 个事件的列表", (int)s->events_max);
    s->has_events = true;
    if (take_char(s, ']'))
        return 0;
    for (;;) {
        const char *start = s->p = scan_skip_blanks(s->p, s->end);

        if (!scan_skip(&s->p, s->end) || s->p == start)
            return say_syntax(s);
        add_event(s, (struct span){start, (size_t)(s->p - start)});
        if (take_char(s, ']'))
            return 0;
        if (!take_char(s, ','))
            return say_syntax(s);
    }
}

static int read_text(struct splitter *s, const char *field, struct span *out)
{
    if (s->end - s->p >= 4 && memcmp(s->p, "null", 4) == 0) {
        s->p += 4;
        return 0;
    }
    return take_string(s, out) ? 0
                               : err_say(s->err, ERR_MALFORMED, field, "%s must be a text",
                                         "%s 必须是文本", field);
}

static int read_member(struct splitter *s)
{
    struct span key;
    bool *seen;

    if (!take_string(s, &key) || !take_char(s, ':'))
        return say_syntax(s);
    s->p = scan_skip_blanks(s->p, s->end);
    seen = strcmp(key.s, "events") == 0   ? &s->has_events
           : strcmp(key.s, "lang") == 0   ? &s->has_lang
           : strcmp(key.s, "ledger") == 0 ? &s->has_ledger
                                          : NULL;
    if (!seen) {
        err_say(s->err, ERR_MALFORMED, key.s, "a submit has no such field: it has events, lang, ledger",
                "submit 请求没有该字段：只有 events、lang、ledger");
        return 1;
    }
    if (*seen)
        return err_say(s->err, ERR_MALFORMED, key.s, "%s is given twice", "%s 重复给出", key.s);
    *seen = true;
    if (seen == &s->has_events)
        return read_events(s);
    return seen == &s->has_lang ? read_text(s, "lang", &s->out->lang)
                                : read_text(s, "ledger", &s->out->ledger);
}

static int read_body(struct splitter *s)
{
    if (!take_char(s, '{'))
        return say_syntax(s);
    if (!take_char(s, '}'))
        for (;;) {
            if (read_member(s))
                return 1;
            if (take_char(s, '}'))
                break;
            if (!take_char(s, ','))
                return say_syntax(s);
        }
    return scan_skip_blanks(s->p, s->end) == s->end ? 0 : say_syntax(s);
}

int submit_body_read_most(struct submit_body *out, struct arena *arena, const char *body, size_t len_bytes,
                          size_t events_max, struct err *err)
{
    struct splitter s = {.out = out, .arena = arena, .err = err, .p = body, .end = body + len_bytes, .events_max = events_max};
    int bad;

    memset(out, 0, sizeof *out);
    if (len_bytes > SUBMIT_MAX_BYTES)
        return err_say(err, ERR_TOO_LARGE, NULL, "a request may have at most %d bytes",
                       "一个请求最多 %d 字节", SUBMIT_MAX_BYTES);
    bad = read_body(&s);
    if (!bad && out->count > events_max)
        bad = err_say(err, ERR_TOO_LARGE, "events", "a submit may have at most %d events; this one has %zu",
                      "一次最多提交 %d 个事件；本次有 %zu 个", (int)events_max, out->count);
    if (!bad && out->count == 0)
        bad = err_say(err, ERR_MALFORMED, "events", "events must be a list of 1 to %d events",
                      "events 必须是 1 到 %d 个事件的列表", (int)events_max);
    if (bad)
        out->count = 0;
    return bad;
}

int submit_body_read(struct submit_body *out, struct arena *arena, const char *body, size_t len_bytes, struct err *err)
{
    return submit_body_read_most(out, arena, body, len_bytes, SUBMIT_MAX_EVENTS, err);
}
