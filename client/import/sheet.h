/* What a sheet may hold: six kinds of sheets, the columns of each, and the headings under which offices keep them.
 *
 * A heading is compared in a plain form (plain.h) without brackets, blanks, '_' and '-', so that "任期(年)" and "任期", or
 * "Present Count" and "present_count", are the same. Every column also goes by its own name, which is that of the event's
 * field where there is one: these are the names that --map and --set use.
 */
#ifndef MUSTER_IMPORT_SHEET_H
#define MUSTER_IMPORT_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum sheet_kind { SHEET_UNITS, SHEET_BRANCHES, SHEET_MEMBERS, SHEET_MEETINGS, SHEET_TRAININGS, SHEET_TRANSFERS, SHEET_COUNT };

enum column_id {
    COL_NONE, /* told as not used */
    COL_ABOVE_SCALE, COL_ABSENT, COL_ABSENT_REASON, COL_ADMITTED_ON, COL_AREA, COL_AT, COL_AUDIENCE, COL_BRANCH, COL_BRANCH_NAME,
    COL_CANCELLED_ON, COL_COMMITTEE, COL_CONTENT, COL_CONVERTED_ON, COL_DECISION, COL_DISSOLVED_ON, COL_DUE_COUNT,
    COL_DURATION_MIN, COL_ELIGIBLE, COL_ENDS, COL_FORM, COL_FROM, COL_GROUPS, COL_GUESTS, COL_HOST, COL_HOURS, COL_IGNORED, COL_KINDS,
    COL_LEFT_ON, COL_MEMBER, COL_MEMBER_NAME, COL_NEW, COL_NOTE, COL_PLACE, COL_PRESENT, COL_PRESENT_COUNT, COL_PRESENTER, COL_PRIVATE,
    COL_REASON, COL_RECEIPTED_ON, COL_RECEIVED_ON, COL_RECORDER, COL_ROLE, COL_SECTOR, COL_STAFF, COL_STAGE, COL_STARTS,
    COL_TAGS, COL_TERM_STARTED, COL_TERM_YEARS, COL_TITLE, COL_TO, COL_TOPICS, COL_TRAINER, COL_TRANSFER, COL_UNIT, COL_UNIT_NAME,
    COL_UNITS, COL_VALID_DAYS, COL_WITH, COL_CLOSED_ON,
    COL_COUNT
};

enum sheet_flag {
    SHEET_NEEDED = 1 << 0,
    SHEET_PEOPLE = 1 << 1, /* holds names of members: the directory is needed */
    SHEET_VARIES = 1 << 2, /* differs from one honest row to the next: not compared when rows are looked at for copies */
};

struct column_spec {
    enum column_id id;
    const char *name;     /* for --map and --set */
    unsigned flags;
    const char *headings; /* as kept in sheets, '|' between; in the plain form described above */
};

struct sheet_spec {
    const char *name; /* "meetings": for --as */
    const struct column_spec *columns;
    size_t column_count;
};

const struct sheet_spec *sheet_spec(enum sheet_kind kind);
/* False when no kind of sheet has that name. */
bool sheet_find(enum sheet_kind *out, const char *name);
/* The kind of which the name is most like it; NULL: none is. */
const char *sheet_nearest(const char *name);
const struct column_spec *sheet_column(enum sheet_kind kind, enum column_id id);
/* By a column's own name, NULL if there is none; "-" is COL_IGNORED. */
const struct column_spec *sheet_column_named(enum sheet_kind kind, const char *name);
const char *sheet_column_nearest(enum sheet_kind kind, const char *name);

/* The column that a heading of a sheet stands for, or NULL. Scratch memory from the arena. */
const struct column_spec *sheet_recognise(enum sheet_kind kind, const char *heading, struct arena *arena);
/* A heading in the form in which headings are compared. */
char *sheet_plain_heading(struct arena *arena, const char *heading);

#endif
