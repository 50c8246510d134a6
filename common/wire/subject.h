/* Kinds of register entry: what an event can be about. The first four are subjects of rules. The
 * numbers are stored: never reused, new kinds go to the end. */
#ifndef MUSTER_WIRE_SUBJECT_H
#define MUSTER_WIRE_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>

enum subject_kind {
    SUBJECT_BRANCH,
    SUBJECT_MEMBER,
    SUBJECT_UNIT,
    SUBJECT_TRANSFER,
    SUBJECT_ALLIANCE,
    SUBJECT_BODY,
    SUBJECT_EXEMPTION,
    SUBJECT_KIND_COUNT
};

const char *subject_kind_name(enum subject_kind kind); /* "branch" ... */
const char *subject_kind_zh(enum subject_kind kind);   /* for Chinese sentences */
/* False when there is no kind of that name. */
bool subject_kind_parse(enum subject_kind *out, const char *name, size_t len_bytes);

#endif
