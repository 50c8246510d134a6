/* One row of a sheet, and what becomes of it: events to be recorded, with remarks about it; or a reason why not.
 *
 * Reading it knows no daemon: it looks at the cells, and at the registers through the directory. What it cannot know it asks through
 * the functions of struct import_asking.
 */
#ifndef MUSTER_IMPORT_ROW_H
#define MUSTER_IMPORT_ROW_H

#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "base/uuid.h"
#include "import/sheet.h"
#include "wire/catalogue.h"

enum { ROW_EVENTS = 4, ROW_FLAGS = 12 };

struct row_event {
    enum event_type type;
    uint8_t key[UUID_SIZE];  /* what the row is about: the id of its event if it was never corrected */
    uint8_t id[UUID_SIZE];   /* the same, but where the row is known to be recorded under another id */
    struct buf members;      /* "type":...,"at":..., all but id, replaces and extra */
    struct buf extra;        /* members of `extra`, without the braces; empty: none */
};

/* What a person should look at; the row is recorded all the same. */
struct row_flag {
    const char *name; /* stable, lower_snake_case: docs/import.md */
    char *text;       /* a sentence in the user's language */
};

enum row_outcome { ROW_MADE, ROW_SKIPPED, ROW_REFUSED };

struct row {
    int64_t number;
    enum row_outcome outcome;
    struct row_event events[ROW_EVENTS];
    size_t event_count;
    struct row_flag flags[ROW_FLAGS];
    size_t flag_count;
    struct err err;     /* REFUSED; of SKIPPED what it was taken for */
    char **cells;       /* as in the file */
    size_t cell_count;
};

void row_free(struct row *row);
DEFINE_CLEANUP(row);
#define _cleanup_row_ CLEANUP(row_cleanup)

/* Takes the first ROW_FLAGS; more would not be read. */
void row_flag(struct row *row, const char *name, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The event as it is sent: under the id of its key; or, with `replaces` (else NULL), as a correction, under an id that follows from
 * all of it. Returns that id. */
const char *row_event_json(char id_out[UUID_TEXT_SIZE], struct buf *out, struct row_event *event, const char *replaces);

/* The day of an event; false where `at` is no date or time. */
bool row_event_day(day_t *out, const struct row_event *event);

#endif
