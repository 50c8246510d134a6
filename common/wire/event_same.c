/* Is it the same content as parsed? (ledger.md section 2, Identity) */
#include <stdlib.h>
#include <string.h>

#include "wire/decimal.h"
#include "wire/event.h"
#include "wire/scan.h"

/* Two scanned objects, walked side by side. */
struct pair {
    struct scan a, b;
    struct arena *arena;
};

static bool span_same(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.s, b.s, a.len) == 0);
}

static bool spans_same(const struct span *a, const struct span *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!span_same(a[i], b[i]))
            return false;
    return true;
}

static bool number_same(struct span a, struct span b)
{
    struct decimal x = decimal_read(a.s, a.len), y = decimal_read(b.s, b.len);

    return decimal_same(&x, &y);
}

static struct span node_span(const struct scan *s, size_t i)
{
    return (struct span){scan_str(s, &s->nodes[i]), s->nodes[i].len};
}

static int compare_keys(const void *a, const void *b, void *context)
{
    const struct scan *s = context;
    struct span x = node_span(s, *(const uint32_t *)a), y = node_span(s, *(const uint32_t *)b);

    if (x.len != y.len)
        return x.len < y.len ? -1 : 1;
    return memcmp(x.s, y.s, x.len);
}

/* The keys of an object in an order of their own; *n_out of them. */
static uint32_t *sorted_keys(struct arena *arena, struct scan *s, size_t node, size_t *n_out)
{
    uint32_t *keys;
    size_t n = 0;

    for (size_t i = node + 1; i < s->nodes[node].next; i = s->nodes[i + 1].next)
        n++;
    keys = arena_alloc(arena, n * sizeof *keys);
    *n_out = n;
    n = 0;
    for (size_t i = node + 1; i < s->nodes[node].next; i = s->nodes[i + 1].next)
        keys[n++] = (uint32_t)i;
    qsort_r(keys, n, sizeof *keys, compare_keys, s);
    return keys;
}

static bool nodes_same(struct pair *p, size_t a, size_t b);

static bool objects_same(struct pair *p, size_t a, size_t b)
{
    size_t n, m;
    uint32_t *x = sorted_keys(p->arena, &p->a, a, &n);
    uint32_t *y = sorted_keys(p->arena, &p->b, b, &m);

    if (n != m)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!span_same(node_span(&p->a, x[i]), node_span(&p->b, y[i])) ||
            !nodes_same(p, x[i] + 1, y[i] + 1))
            return false;
    return true;
}

static bool arrays_same(struct pair *p, size_t a, size_t b)
{
    size_t i = a + 1, j = b + 1;

    while (i < p->a.nodes[a].next && j < p->b.nodes[b].next) {
        if (!nodes_same(p, i, j))
            return false;
        i = p->a.nodes[i].next;
        j = p->b.nodes[j].next;
    }
    return i == p->a.nodes[a].next && j == p->b.nodes[b].next;
}

static bool nodes_same(struct pair *p, size_t a, size_t b)
{
    enum scan_kind kind = (enum scan_kind)p->a.nodes[a].kind;

    if (kind != p->b.nodes[b].kind)
        return false;
    switch (kind) {
    case SCAN_NULL:
    case SCAN_FALSE:
    case SCAN_TRUE:
        return true;
    case SCAN_NUMBER:
        return number_same(node_span(&p->a, a), node_span(&p->b, b));
    case SCAN_STRING:
        return span_same(node_span(&p->a, a), node_span(&p->b, b));
    case SCAN_ARRAY:
        return arrays_same(p, a, b);
    case SCAN_OBJECT:
        return objects_same(p, a, b);
    }
    return false;
}

static bool extra_same(struct span a, struct span b)
{
    _cleanup_arena_ struct arena arena = {0};
    struct pair p = {.arena = &arena};

    if (span_same(a, b))
        return true;
    if (a.len == 0 || b.len == 0)
        return false;
    if (scan_read(&p.a, &arena, a.s, a.len, EVENT_DEPTH_MAX) ||
        scan_read(&p.b, &arena, b.s, b.len, EVENT_DEPTH_MAX))
        return false;
    return nodes_same(&p, 0, 0);
}

static bool value_same(const struct value *a, const struct value *b)
{
    switch (a->kind) {
    case VALUE_REF:
    case VALUE_NAME:
    case VALUE_TEXT:
    case VALUE_KEY:
        return span_same(a->text, b->text);
    case VALUE_ENUM:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_HOURS:
        return a->number == b->number;
    case VALUE_NUMBER:
        return number_same(a->text, b->text);
    case VALUE_DATE:
        return a->day == b->day;
    case VALUE_UUID:
        return memcmp(a->uuid, b->uuid, UUID_SIZE) == 0;
    case VALUE_SUBJECT:
        return a->subject == b->subject && span_same(a->text, b->text);
    case VALUE_KINDS:
    case VALUE_REFS:
    case VALUE_TEXTS:
    case VALUE_RULES:
    case VALUE_AREAS:
        return a->count == b->count && spans_same(a->items, b->items, a->count);
    case VALUE_ABSENT:
        return a->count == b->count && spans_same(a->items, b->items, a->count) &&
               spans_same(a->reasons, b->reasons, a->count);
    }
    return false;
}

bool event_same(const struct event *a, const struct event *b)
{
    if (a->type != b->type || memcmp(a->id, b->id, UUID_SIZE) != 0 ||
        a->has_replaces != b->has_replaces || memcmp(a->replaces, b->replaces, UUID_SIZE) != 0 ||
        !span_same(a->at, b->at))
        return false;
    for (int f = 0; f < F_COUNT; f++) {
        if (!a->values[f] != !b->values[f])
            return false;
        if (a->values[f] && !value_same(a->values[f], b->values[f]))
            return false;
    }
    return extra_same(a->extra, b->extra);
}
