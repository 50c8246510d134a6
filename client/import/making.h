/* Rows into events: what the files make_*.c share. One row is being made; its cells are asked for by column.
 *
 * A cell that cannot be read ends it: the first mistake is kept in the row (refused), and whatever is asked for after that does
 * no harm.
 */
#ifndef MUSTER_IMPORT_MAKING_H
#define MUSTER_IMPORT_MAKING_H

#include "base/json.h"
#include "import/cell.h"
#include "import/directory.h"
#include "import/head.h"
#include "import/ids.h"
#include "import/importer.h"
#include "import/row.h"
#include "say/language.h"

struct suspect;

/* Where and when the row says that people were. */
struct making_where {
    const char *branch, *place; /* NULL: not said */
    day_t day;
    int from_s;      /* of the day; CELL_TIME_NONE */
    int64_t minutes; /* 0: not said */
};

struct making {
    const struct head *head;
    const struct import_asking *asking;
    const struct directory *directory;
    struct seen *seen;
    struct suspect *suspect; /* NULL: nobody looks */
    struct making_where where;
    struct arena *arena;  /* of this row */
    struct row *row;
    const char **cells;
    size_t cell_count;
    struct json json;     /* of the event being written */
    bool fault;           /* a question could not be asked: not the row's fault, the import ends */
};

/* make_*.c: one kind of sheet each. */
void make_unit(struct making *m);
void make_branch(struct making *m);
void make_member(struct making *m);
void make_meeting(struct making *m);
void make_training(struct making *m);
void make_transfer(struct making *m);
/* What a letter from outside and a roster say alike. */
void make_stage_and_role(struct making *m);

/* The cell as it is in the file, or NULL where it is blank or there is no such column. */
const char *making_raw(const struct making *m, enum column_id column);
/* The same in its plain form. */
const char *making_cell(const struct making *m, enum column_id column);
/* How the sheet calls a column. */
const char *making_heading(const struct making *m, enum column_id column);

static inline bool making_failed(const struct making *m)
{
    return m->row->outcome != ROW_MADE || m->fault;
}
/* Refuses the row for a mistake in a column, whose heading becomes the error's field. The first mistake counts. */
void making_refuse(struct making *m, enum column_id column, const struct err *err);
#define MAKING_REFUSE(m, column, code, ...)                                                        \
    do {                                                                                           \
        struct err refused_ = {0};                                                                 \
        err_say(&refused_, code, NULL, __VA_ARGS__);                                               \
        making_refuse(m, column, &refused_);                                                       \
    } while (0)
/* False: it was refused since the column's cell is blank. */
bool making_need(struct making *m, enum column_id column);

/* In the language of the user: MAKING_FLAG(m, "twice", _("..."), ...). */
#define MAKING_FLAG(m, name, ...) row_flag((m)->row, name, __VA_ARGS__)

/* Begins an event of the row, with its type and `at`; fields are written until the next one begins, or the row ends. */
struct row_event *making_begin(struct making *m, enum event_type type, const char *at);
/* Its key is complete, and all that it says was written. Of two rows with one key that say the same the second is skipped; else a
 * `numbered` key gets a number (the second meeting of that kind that day), and another is refused. */
void making_key(struct making *m, struct row_event *event, struct id_maker *key, bool numbered);

/* --- a column's cell into a field, where it is not blank --- */
void making_text(struct making *m, enum column_id column, const char *field);
void making_count(struct making *m, enum column_id column, const char *field);
void making_yes_no(struct making *m, enum column_id column, const char *field);
void making_word(struct making *m, enum column_id column, const char *field, const char *const *words);
void making_day(struct making *m, enum column_id column, const char *field);
void making_texts(struct making *m, enum column_id column, const char *field, enum cell_parting parting);
/* Refs of what the cell names, one or a list. What is not in the directory is passed on if it may be a ref: the daemon judges. */
void making_ref(struct making *m, enum column_id column, const char *field, enum directory_kind kind);
void making_refs(struct making *m, enum column_id column, const char *field, enum directory_kind kind);
/* The ref itself; NULL: none was given, or it was refused. */
const char *making_find(struct making *m, enum column_id column, enum directory_kind kind);
/* A ref that the sheet gives itself: as it stands, or made from `parts` where the cell is blank. */
const char *making_own_ref(struct making *m, enum column_id column, char letter, const char *const *parts, size_t count);
/* What the catalogue has no field for, into `extra`. */
void making_extra(struct making *m, struct row_event *event, enum column_id column);
/* The day of the row, which must be there. False when it was refused. */
bool making_when(struct making *m, enum column_id column, struct cell_when *out);

/* --- people (people.c) --- */

/* Who is meant: by ref, or by a name in that branch on that day (branch NULL: by a name that only one has). NULL: it was refused. */
const char *making_member(struct making *m, enum column_id column, const char *branch, day_t day);
/* "present" and "absent" with the counts beside them. `branch` may be NULL. */
void making_attendance(struct making *m, struct row_event *event, const char *branch, day_t day);

#endif
