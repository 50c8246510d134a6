/* Rows of the registers, for list and show. */
#ifndef MUSTER_QUERY_LIST_H
#define MUSTER_QUERY_LIST_H

#include "query/answer.h"

/* What a list is narrowed to. */
struct listing {
    struct asking *ask;
    const char *area, *sector; /* NULL: not asked */
    const char *branch;        /* its ref; NULL: not asked */
    int64_t branch_key;
    bool all; /* those no longer in force, too */
};

struct register_kind {
    const char *plural;
    enum subject_kind kind;
    bool has_area;   /* can be narrowed by area and sector */
    bool has_branch; /* and by branch */
    /* Writes the row of one subject. 1: written; 0: not there on that day, or not asked for; -1. */
    int (*row)(struct json *out, const struct listing *l, int64_t key, const char *ref, struct err *err);
};

/* By subject kind. Bodies list their offices, one row each, and have a row of their own in show. */
extern const struct register_kind register_kinds[SUBJECT_KIND_COUNT];

/* keys.c */
int list_keys(struct asking *ask, struct err *err) MUST_CHECK;

struct tenure;
void write_tenure(struct json *out, const char *body, const struct tenure *t);

#endif
