/* Compares the scanner's nodes with jansson's values. */
#ifndef MUSTER_FUZZ_SAME_JSON_H
#define MUSTER_FUZZ_SAME_JSON_H

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "fuzz.h"
#include "wire/scan.h"

static void same_json(const struct scan *s, size_t node, const json_t *value);

static inline void same_number(const struct scan *s, const struct scan_node *n, const json_t *value)
{
    char *text = calloc(1, n->len + 1);

    memcpy(text, scan_str(s, n), n->len);
    if (json_is_integer(value))
        FUZZ_CHECK(strtoll(text, NULL, 10) == json_integer_value(value));
    else
        FUZZ_CHECK(json_is_real(value) && strtod(text, NULL) == json_real_value(value));
    free(text);
}

static inline void same_object(const struct scan *s, size_t node, const json_t *value)
{
    size_t n = 0;

    FUZZ_CHECK(json_is_object(value));
    for (size_t key = node + 1; key < s->nodes[node].next; key = s->nodes[key + 1].next, n++) {
        const json_t *one = json_object_getn(value, scan_str(s, &s->nodes[key]), s->nodes[key].len);

        FUZZ_CHECK(one);
        same_json(s, key + 1, one);
    }
    FUZZ_CHECK(n == json_object_size(value));
}

static inline void same_array(const struct scan *s, size_t node, const json_t *value)
{
    size_t n = 0;

    FUZZ_CHECK(json_is_array(value));
    for (size_t i = node + 1; i < s->nodes[node].next; i = s->nodes[i].next)
        same_json(s, i, json_array_get(value, n++));
    FUZZ_CHECK(n == json_array_size(value));
}

static void same_json(const struct scan *s, size_t node, const json_t *value)
{
    const struct scan_node *n = &s->nodes[node];

    switch ((enum scan_kind)n->kind) {
    case SCAN_NULL:
        FUZZ_CHECK(json_is_null(value));
        break;
    case SCAN_FALSE:
        FUZZ_CHECK(json_is_false(value));
        break;
    case SCAN_TRUE:
        FUZZ_CHECK(json_is_true(value));
        break;
    case SCAN_NUMBER:
        same_number(s, n, value);
        break;
    case SCAN_STRING:
        FUZZ_CHECK(json_is_string(value) && json_string_length(value) == n->len &&
                   memcmp(json_string_value(value), scan_str(s, n), n->len) == 0 &&
                   scan_str(s, n)[n->len] == '\0');
        break;
    case SCAN_ARRAY:
        same_array(s, node, value);
        break;
    case SCAN_OBJECT:
        same_object(s, node, value);
        break;
    }
}

#endif
