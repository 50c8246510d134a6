/* The scanner of the submit path: strict JSON (RFC 8259) and strict UTF-8, in one pass.
 *
 * It gives the verdict and the values that jansson gives with JSON_REJECT_DUPLICATES and
 * JSON_DECODE_ANY (a fuzz target compares them), within a depth, and keeps byte ranges and the
 * spelling of numbers. Keys are unique in every object (ledger.md section 2).
 *
 * The text becomes a flat list of nodes in the order of the text. A container is followed by its
 * children (in an object: key, value, key, value); `next` leads behind it. Memory comes from the
 * arena alone. What is valid JSON but no text or number of ours is flagged, and the scan goes on,
 * so that a verdict that comes earlier in the wire's order can win.
 */
#ifndef MUSTER_WIRE_SCAN_H
#define MUSTER_WIRE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum scan_kind {
    SCAN_NULL, SCAN_FALSE, SCAN_TRUE, SCAN_NUMBER, SCAN_STRING, SCAN_ARRAY, SCAN_OBJECT,
};

/* A container has the flags of all it holds. */
enum scan_flag {
    SCAN_BAD_TEXT = 1 << 0,   /* an escape that is no character of a text: \u0000, half a surrogate pair */
    SCAN_BIG_NUMBER = 1 << 1, /* an integer beyond 64 bits, or a number beyond double */
};

enum scan_error {
    SCAN_FINE,
    SCAN_SYNTAX,
    SCAN_ENDS_EARLY,
    SCAN_CONTROL,   /* a control character in a string, not escaped */
    SCAN_UTF8,
    SCAN_ESCAPE,
    SCAN_DUPLICATE, /* a key for the second time; `at` is behind its object */
    SCAN_TOO_DEEP,
    SCAN_TRAILING,  /* more behind the end */
};

struct scan_node {
    uint32_t at;   /* STRING: offset into texts; others: into json */
    uint32_t len;  /* bytes */
    uint32_t next; /* index of the node behind this one and all it holds; 0 while not complete */
    uint8_t kind;
    uint8_t flags;
};

enum { SCAN_NODES_INLINE = 160 }; /* more than an ordinary event has */

struct scan {
    const char *json;
    char *texts;   /* decoded strings, each terminated */
    struct scan_node *nodes;
    size_t count;
    enum scan_error error;
    size_t error_at; /* byte offset */

    /* the scanner's own */
    const char *p, *end;
    size_t texts_len, cap;
    unsigned depth_max;
    struct arena *arena;
    struct scan_node first[SCAN_NODES_INLINE];
};

/* Returns 0, or 1 with error and error_at. `json` (under 4 GiB) must outlive the scan. After a
 * failure the nodes read so far are there; those with next == 0 are not complete. */
int scan_read(struct scan *s, struct arena *arena, const char *json, size_t len_bytes,
              unsigned depth_max);

static inline const char *scan_str(const struct scan *s, const struct scan_node *n)
{
    return (n->kind == SCAN_STRING ? s->texts : s->json) + n->at;
}

/* Moves *p behind one value by its brackets and quotes alone; the strict reading comes later.
 * False if the text ends before. *p is at the first byte of the value. */
bool scan_skip(const char **p, const char *end);
const char *scan_skip_blanks(const char *p, const char *end);

#endif
