/* Who and what is in the registers, as far as sheets name it: branches, units and members, found by ref or by name.
 *
 * Filled from the rows of the daemon's lists, then sorted once (directory_ready), then only read. Names are compared in their plain
 * form. Who left counts too: books are about the past.
 */
#ifndef MUSTER_IMPORT_DIRECTORY_H
#define MUSTER_IMPORT_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum directory_kind { DIRECTORY_BRANCH, DIRECTORY_UNIT, DIRECTORY_MEMBER, DIRECTORY_KINDS };

struct entry {
    const char *ref, *name; /* name: plain */
    const char *branch;     /* MEMBER: the ref of its (last) branch; else NULL */
    int64_t members;        /* BRANCH */
};

struct entries {
    const struct entry *first; /* one beside the other */
    size_t count;
};

struct directory;

struct directory *directory_new(void);
void directory_free(struct directory *directory);

void directory_add(struct directory *directory, enum directory_kind kind, const struct entry *entry);
void directory_ready(struct directory *directory);
size_t directory_count(const struct directory *directory, enum directory_kind kind);

/* NULL where there is none. */
const struct entry *directory_by_ref(const struct directory *directory, enum directory_kind kind, const char *ref);
/* All of that plain name. */
struct entries directory_by_name(const struct directory *directory, enum directory_kind kind, const char *name);
/* The ref of what a cell calls by ref or by an unambiguous name; NULL where it is neither. */
const char *directory_find(const struct directory *directory, enum directory_kind kind, const char *cell);
/* The nearest ref or name to what nobody has, as a person would mistype it; NULL if none is near. */
const char *directory_nearest(const struct directory *directory, enum directory_kind kind, const char *cell);

/* Members of a branch whose name is one character off; at most `most`. */
size_t directory_near_members(const struct entry **out, size_t most, const struct directory *directory, const char *branch,
                              const char *name);

#endif
