/* What a person should look at in a sheet as a whole: a look over all rows before they are read, and then row by row.
 *
 *   many_that_day   five meetings of one branch on one day, or more
 *   copied_roll     the same people in the same order three months running at meetings of one kind, while others of the branch were missing
 *   two_places      a member at two meetings at once
 *   more_than_due   more present than were due, or than the branch has members
 *
 * The looks over all rows keep 24 bytes for each; who was where is kept in a table of fixed size, so that of very large unsorted
 * sheets some are not noticed. A flag refuses nothing.
 */
#ifndef MUSTER_IMPORT_SUSPECT_H
#define MUSTER_IMPORT_SUSPECT_H

#include "import/making.h"

struct suspect *suspect_new(void);
void suspect_free(struct suspect *suspect);

/* The first look: one row of cells. */
void suspect_look(struct suspect *suspect, const struct making *m);
/* A row that was read: its flags. */
void suspect_row(struct making *m);
/* A member who was there (in `m->where`). */
void suspect_person(struct making *m, const char *ref);
/* The numbers of a row, -1 where it has none. `branch` may be NULL. */
void suspect_numbers(struct making *m, const char *branch, int64_t present, int64_t due, int64_t guests);

#endif
