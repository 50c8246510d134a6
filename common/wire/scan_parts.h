/* What the parts of the scanner share; nobody else includes this. */
#ifndef MUSTER_WIRE_SCAN_PARTS_H
#define MUSTER_WIRE_SCAN_PARTS_H

#include "wire/scan.h"

/* Notes the error; always false. */
bool scan_fail(struct scan *s, enum scan_error error, const char *where);

/* A new node, not complete yet; its index. */
size_t scan_node_add(struct scan *s, enum scan_kind kind, size_t at);

/* s->p is at the opening quote. */
bool scan_string(struct scan *s);

/* Unique keys: tells whether one of the `n` keys of the object whose first key is node `first` is
 * there twice. Called after each member while n <= SCAN_KEYS_LINEAR (only the last key is new),
 * and once at the end for an object of more. `bits` belongs to the object, 0 at first. */
enum { SCAN_KEYS_LINEAR = 32 };
bool scan_key_repeated(const struct scan *s, size_t first, size_t key, uint64_t *bits);
bool scan_keys_repeated(struct scan *s, size_t first, size_t n);

#endif
