/* What the parts of the event reader share; nobody else includes this. */
#ifndef MUSTER_WIRE_EVENT_PARTS_H
#define MUSTER_WIRE_EVENT_PARTS_H

#include "wire/event.h"
#include "wire/scan.h"

struct reader {
    struct event *out;
    struct arena *arena;
    struct scan scan;
    enum event_mode mode;
    const struct kinds *kinds;
    struct err *err;
};

/* The earliest and the latest day that an event or a date may have: years 1 to 9999. */
#define EVENT_DAY_FIRST day_from_civil(1, 1, 1)
#define EVENT_DAY_LAST day_from_civil(9999, 12, 31)

/* "invalid_value" about one field; always 1. */
#define SAY_BAD(r, ...) err_say((r)->err, ERR_INVALID_VALUE, __VA_ARGS__)

/* Each returns 0, or 1 with the error said. `node` is an index into the scan. */
int event_value_read(struct reader *r, const struct field_spec *spec, size_t node);
int event_value_list(struct reader *r, const struct field_spec *spec, size_t node, struct value *v);
int event_value_absent(struct reader *r, const struct field_spec *spec, size_t node, struct value *v);
int event_text_read(struct reader *r, const char *field, size_t node, struct span *out);
int event_ref_read(struct reader *r, const char *field, size_t node, struct span *out);
int event_uuid_read(struct reader *r, const char *field, size_t node, uint8_t out[UUID_SIZE]);
int event_say_syntax(struct reader *r);
int event_at_read(struct reader *r, size_t node);
int event_check_contradictions(struct reader *r);

/* The first of the items that was there before, or `n`. */
size_t event_first_repeated(struct arena *arena, const struct span *items, size_t n);

static inline const struct scan_node *node_at(const struct reader *r, size_t node)
{
    return &r->scan.nodes[node];
}

static inline struct span node_span(const struct reader *r, size_t node)
{
    const struct scan_node *n = node_at(r, node);

    return (struct span){scan_str(&r->scan, n), n->len};
}

static inline bool span_same(struct span a, struct span b)
{
    return a.len == b.len && memcmp(a.s, b.s, a.len) == 0;
}

static inline bool span_is(struct span a, const char *s)
{
    return strlen(s) == a.len && memcmp(a.s, s, a.len) == 0;
}

/* A piece of the sender's text, fit to be quoted in a sentence. */
enum { EXCERPT_SIZE = 64 };
const char *event_excerpt(char out[EXCERPT_SIZE], struct span text);

#endif
