#include "import/directory.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "import/plain.h"

enum { NEAR_CHARACTERS = 1, NEAR_NAME_LEAST = 3 * 3 }; /* two ideographs alone are near to too many */

struct register_ {
    struct entry *by_ref, *by_name;
    size_t count, cap;
};

struct directory {
    struct register_ registers[DIRECTORY_KINDS];
    struct entry *by_branch; /* members */
    struct arena arena;
};

struct directory *directory_new(void)
{
    return mem_zero(sizeof(struct directory));
}

void directory_free(struct directory *d)
{
    if (!d)
        return;
    for (int i = 0; i < DIRECTORY_KINDS; i++) {
        free(d->registers[i].by_ref);
        free(d->registers[i].by_name);
    }
    free(d->by_branch);
    arena_deinit(&d->arena);
    free(d);
}

void directory_add(struct directory *d, enum directory_kind kind, const struct entry *entry)
{
    struct register_ *r = &d->registers[kind];
    struct entry copy = {.ref = arena_strndup(&d->arena, entry->ref, strlen(entry->ref)),
                         .name = plain_name(&d->arena, entry->name ? entry->name : ""),
                         .members = entry->members};

    if (entry->branch)
        copy.branch = arena_strndup(&d->arena, entry->branch, strlen(entry->branch));
    ARRAY_GROW(r->by_ref, r->count, r->cap);
    r->by_ref[r->count++] = copy;
}

static int compare_refs(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->ref, ((const struct entry *)b)->ref);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static int compare_branches(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->branch, ((const struct entry *)b)->branch);
}

static struct entry *sorted_copy(const struct register_ *r, int (*compare)(const void *, const void *))
{
    struct entry *copy = mem_alloc((r->count + 1) * sizeof *copy);

    if (r->count)
        memcpy(copy, r->by_ref, r->count * sizeof *copy);
    qsort(copy, r->count, sizeof *copy, compare);
    return copy;
}

void directory_ready(struct directory *d)
{
    for (int i = 0; i < DIRECTORY_KINDS; i++) {
        struct register_ *r = &d->registers[i];

        if (r->count)
            qsort(r->by_ref, r->count, sizeof *r->by_ref, compare_refs);
        free(r->by_name);
        r->by_name = sorted_copy(r, compare_names);
    }
    free(d->by_branch);
    d->by_branch = sorted_copy(&d->registers[DIRECTORY_MEMBER], compare_branches);
}

size_t directory_count(const struct directory *d, enum directory_kind kind)
{
    return d->registers[kind].count;
}

/* The run of entries that compare equal. */
static struct entries equal_run(const struct entry *all, size_t count, const struct entry *key,
                                int (*compare)(const void *, const void *))
{
    size_t low = 0, high = count, end;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare(&all[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (end = low; end < count && compare(&all[end], key) == 0; end++)
        ;
    return (struct entries){all + low, end - low};
}

const struct entry *directory_by_ref(const struct directory *d, enum directory_kind kind, const char *ref)
{
    const struct register_ *r = &d->registers[kind];
    struct entry key = {.ref = ref};

    return r->count ? bsearch(&key, r->by_ref, r->count, sizeof key, compare_refs) : NULL;
}

struct entries directory_by_name(const struct directory *d, enum directory_kind kind, const char *name)
{
    const struct register_ *r = &d->registers[kind];
    struct entry key = {.name = name};

    return equal_run(r->by_name, r->count, &key, compare_names);
}

const char *directory_find(const struct directory *d, enum directory_kind kind, const char *cell)
{
    const struct entry *entry = directory_by_ref(d, kind, cell);
    struct entries named;

    if (entry)
        return entry->ref;
    named = directory_by_name(d, kind, cell);
    return named.count == 1 ? named.first->ref : NULL;
}

const char *directory_nearest(const struct directory *d, enum directory_kind kind, const char *cell)
{
    const struct register_ *r = &d->registers[kind];
    const char **words = mem_alloc((2 * r->count + 1) * sizeof *words), *nearest;

    for (size_t i = 0; i < r->count; i++) {
        words[2 * i] = r->by_ref[i].ref;
        words[2 * i + 1] = r->by_ref[i].name;
    }
    nearest = text_nearest(cell, words, 2 * r->count);
    free(words);
    return nearest;
}

size_t directory_near_members(const struct entry **out, size_t most, const struct directory *d, const char *branch, const char *name)
{
    struct entry key = {.branch = branch};
    struct entries members = equal_run(d->by_branch, d->registers[DIRECTORY_MEMBER].count, &key, compare_branches);
    size_t n = 0;

    for (size_t i = 0; i < members.count && n < most; i++) {
        const char *other = members.first[i].name;

        if ((strlen(name) >= NEAR_NAME_LEAST || strlen(other) >= NEAR_NAME_LEAST) &&
            plain_distance(name, other, NEAR_CHARACTERS) <= NEAR_CHARACTERS)
            out[n++] = &members.first[i];
    }
    return n;
}
