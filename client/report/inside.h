/* The inside of the room. */
#ifndef MUSTER_CLIENT_REPORT_INSIDE_H
#define MUSTER_CLIENT_REPORT_INSIDE_H

#include "report/material.h"

enum { LISTS_MAX = 128 }; /* kinds of list, and one for each rule: rule packs have at most 64 rules */

struct material {
    struct report_source source;
    json_t *question;
    json_t *figures, *rules; /* replies */
    json_t *board;           /* {rows, rules} */
    json_t *alerts;          /* rows */
    json_t *branch_names;    /* ref -> name */
    json_t *status;
    struct list lists[LISTS_MAX];
    size_t list_count;
    json_t *kept;            /* an array of what lists own */
    char *nearest;
};

/* The question's members named in `keys`, for another verb; `as_of` becomes the figures' day. */
json_t *question_for(const struct material *m, const char *const *keys, size_t count);
/* Asks `verb`, page by page, and collects the rows into an array; the last reply too (may be NULL). 0, -1. */
int ask_rows(json_t **rows_out, json_t **reply_out, struct material *m, const char *verb, json_t *body) MUST_CHECK;
const char *row_text(const json_t *row, const char *key); /* "" where it is no text */

#endif
