/* The few members of a stored meeting that figures count, straight from its row. A city's year has a hundred thousand and more of
 * them: reading each in full, as other rooms do, was more than half of the work.
 *
 * It was checked when it was recorded, and written by ourselves (wire/event_write.c): one object, no blanks, refs without
 * escapes. What is not so is told, and ends the read.
 */
#ifndef MUSTER_REPORT_PEEK_H
#define MUSTER_REPORT_PEEK_H

#include "wire/event.h"

struct peeked {
    struct span branch;      /* not terminated; len 0: none */
    struct span with;        /* the list's text between its brackets */
    bool counted;            /* present_count is there */
    int64_t present_count;
    int64_t present;         /* names */
};

/* False: it is no meeting that we wrote. */
bool peek_meeting(struct peeked *out, const char *body, size_t len_bytes) MUST_CHECK;
/* The next ref of a list's text; false at its end. */
bool peek_next_ref(struct span *ref_out, struct span *list);

#endif
