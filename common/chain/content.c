#include "chain/content.h"

#include <string.h>

#include "wire/scan.h"

static bool named(const struct scan *s, const struct scan_node *n, const char *name)
{
    return n->len == strlen(name) && memcmp(scan_str(s, n), name, n->len) == 0;
}

static struct span copy(struct arena *arena, const struct scan *s, const struct scan_node *n)
{
    return (struct span){arena_strndup(arena, scan_str(s, n), n->len), n->len};
}

static void take(struct content *out, struct arena *arena, const struct scan *s, const struct scan_node *key,
                 const struct scan_node *value)
{
    const char *text = scan_str(s, value);

    if (value->kind != SCAN_STRING)
        return;
    if (named(s, key, "id"))
        out->has_id = uuid_parse(out->id, text, value->len);
    else if (named(s, key, "type"))
        out->type = catalogue_find_type(text, value->len);
    else if (named(s, key, "event"))
        out->has_event = uuid_parse(out->event, text, value->len);
    else if (named(s, key, "kept"))
        out->kept = copy(arena, s, value);
    else if (named(s, key, "ledger"))
        out->ledger = copy(arena, s, value);
}

bool content_read(struct content *out, struct arena *arena, struct span body)
{
    struct scan scan;
    size_t key;

    memset(out, 0, sizeof *out);
    if (scan_read(&scan, arena, body.s, body.len, EVENT_DEPTH_MAX + 1) || scan.nodes[0].kind != SCAN_OBJECT)
        return false;
    for (key = 1; key < scan.count; key = scan.nodes[key + 1].next)
        take(out, arena, &scan, &scan.nodes[key], &scan.nodes[key + 1]);
    return true;
}
