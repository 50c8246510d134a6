/* Fields that are lists: no item twice (ledger.md section 3). */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "wire/event_parts.h"

enum { ITEMS_LINEAR = 16 }; /* compared pair by pair; longer lists are sorted */

static int compare_spans(const void *a, const void *b)
{
    const struct span *x = *(const struct span *const *)a, *y = *(const struct span *const *)b;
    int c;

    if (x->len != y->len)
        return x->len < y->len ? -1 : 1;
    c = memcmp(x->s, y->s, x->len);
    return c ? c : (x > y) - (x < y);
}

size_t event_first_repeated(struct arena *arena, const struct span *items, size_t n)
{
    const struct span **sorted;
    size_t first = n;

    if (n <= ITEMS_LINEAR) {
        for (size_t i = 1; i < n; i++)
            for (size_t j = 0; j < i; j++)
                if (span_same(items[i], items[j]))
                    return i;
        return n;
    }
    sorted = arena_alloc(arena, n * sizeof *sorted);
    for (size_t i = 0; i < n; i++)
        sorted[i] = &items[i];
    qsort(sorted, n, sizeof *sorted, compare_spans);
    for (size_t i = 1; i < n; i++)
        if (span_same(*sorted[i - 1], *sorted[i]) && (size_t)(sorted[i] - items) < first)
            first = (size_t)(sorted[i] - items);
    return first;
}

static int check_repeated(struct reader *r, const char *field, const struct span *items, size_t n)
{
    size_t i = event_first_repeated(r->arena, items, n);
    char quoted[EXCERPT_SIZE];

    if (i == n)
        return 0;
    event_excerpt(quoted, items[i]);
    return SAY_BAD(r, field, "%s has \"%s\" twice", "%s 中“%s”重复", field, quoted);
}

/* How many items the list has. */
static size_t list_length(const struct reader *r, size_t node)
{
    const struct scan_node *n = node_at(r, node);
    size_t count = 0;

    for (size_t i = node + 1; i < n->next; i = node_at(r, i)->next)
        count++;
    return count;
}

static int read_kind(struct reader *r, const char *field, size_t node, struct span *out, uint64_t *kinds)
{
    const char *names[KIND_MAX + 1];
    char quoted[EXCERPT_SIZE];
    const char *near;
    size_t n = 0;
    int bit;

    if (event_text_read(r, field, node, out))
        return 1;
    bit = kinds_find(r->kinds, out->s, out->len);
    if (bit >= 0 && (r->mode == EVENT_STORED || r->kinds->allowed[bit])) {
        *kinds |= KIND_BIT(bit);
        return 0;
    }
    event_excerpt(quoted, *out);
    SAY_BAD(r, field, "there is no meeting kind \"%s\"", "没有名为“%s”的会议类型", quoted);
    for (int i = 0; i <= KIND_MAX; i++)
        if (r->kinds->names[i] && r->kinds->allowed[i])
            names[n++] = r->kinds->names[i];
    near = text_nearest(out->s, names, n);
    if (near)
        err_hint(r->err, near);
    return 1;
}

static int read_item(struct reader *r, const struct field_spec *spec, size_t node, struct value *v,
                     struct span *out)
{
    const char *field = field_name(spec->id);

    if (spec->kind == VALUE_KINDS)
        return read_kind(r, field, node, out, &v->kinds);
    if (spec->kind == VALUE_REFS)
        return event_ref_read(r, field, node, out);
    if (event_text_read(r, field, node, out))
        return 1;
    if ((spec->kind == VALUE_RULES || spec->kind == VALUE_AREAS) && out->len == 0)
        return SAY_BAD(r, field, "%s has an empty item", "%s 中有空项", field);
    return 0;
}

/* "*", where it stands for all. */
static int check_alone(struct reader *r, const struct field_spec *spec, const struct value *v)
{
    if (spec->kind != VALUE_RULES && spec->kind != VALUE_AREAS)
        return 0;
    for (size_t i = 0; v->count > 1 && i < v->count; i++)
        if (span_is(v->items[i], "*"))
            return SAY_BAD(r, field_name(spec->id), "%s: \"*\" (all of them) stands alone",
                           "%s：“*”（全部）只能单独使用", field_name(spec->id));
    return 0;
}

int event_value_list(struct reader *r, const struct field_spec *spec, size_t node, struct value *v)
{
    const char *field = field_name(spec->id);
    size_t at = node + 1;

    if (node_at(r, node)->kind != SCAN_ARRAY)
        return SAY_BAD(r, field, "%s must be a list of texts", "%s 必须是文本的列表", field);
    v->count = list_length(r, node);
    if (v->count == 0 && (spec->kind == VALUE_KINDS || spec->kind == VALUE_RULES || spec->kind == VALUE_AREAS ||
                          (spec->flags & FIELD_ITEMS)))
        return SAY_BAD(r, field, "%s must not be empty", "%s 不能为空", field);
    v->items = arena_alloc(r->arena, v->count * sizeof *v->items);
    for (size_t i = 0; i < v->count; i++, at = node_at(r, at)->next)
        if (read_item(r, spec, at, v, &v->items[i]))
            return 1;
    if (check_repeated(r, field, v->items, v->count))
        return 1;
    return check_alone(r, spec, v);
}

/* One of the list: exactly a member and a reason. */
static int read_absence(struct reader *r, const char *field, size_t node, struct span *member,
                        struct span *reason)
{
    const struct scan_node *n = node_at(r, node);
    bool whole = n->kind == SCAN_OBJECT;

    for (size_t key = node + 1; whole && key < n->next; key = node_at(r, key + 1)->next) {
        struct span name = node_span(r, key);

        if (span_is(name, "member")) {
            if (event_ref_read(r, field, key + 1, member))
                return 1;
        } else if (span_is(name, "reason")) {
            if (event_text_read(r, field, key + 1, reason))
                return 1;
        } else {
            whole = false;
        }
    }
    if (whole && member->s && reason->s)
        return 0;
    return SAY_BAD(r, field, "each item of %s must be {\"member\": ..., \"reason\": ...}",
                   "%s 的每一项必须是 {\"member\": …, \"reason\": …}", field);
}

int event_value_absent(struct reader *r, const struct field_spec *spec, size_t node, struct value *v)
{
    const char *field = field_name(spec->id);
    size_t at = node + 1;

    if (node_at(r, node)->kind != SCAN_ARRAY)
        return SAY_BAD(r, field, "%s must be a list of {\"member\": ..., \"reason\": ...}",
                       "%s 必须是 {\"member\": …, \"reason\": …} 的列表", field);
    v->count = list_length(r, node);
    v->items = arena_alloc(r->arena, v->count * sizeof *v->items);
    v->reasons = arena_alloc(r->arena, v->count * sizeof *v->reasons);
    for (size_t i = 0; i < v->count; i++, at = node_at(r, at)->next)
        if (read_absence(r, field, at, &v->items[i], &v->reasons[i]))
            return 1;
    return check_repeated(r, field, v->items, v->count);
}
