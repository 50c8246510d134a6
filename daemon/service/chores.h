/* Long work that somebody asked for: verifying the ledger, writing a backup. One thread does it, one chore after the
 * other, with a read-only connection of its own and behind all others where the processor is short (nice), so that
 * neither recording nor a read waits for it. Whoever asked looks in again: an answer never waits for a chore.
 *
 * The main thread alone calls this; what it shares with the thread is the list of chores, behind a lock. Bounded:
 * CHORES_MAX chores are kept, those that are done for as long as there is room.
 */
#ifndef MUSTER_SERVICE_CHORES_H
#define MUSTER_SERVICE_CHORES_H

#include "base/err.h"
#include "base/json.h"
#include "chain/walk.h"
#include "proof/deep.h"

enum { CHORES_MAX = 8 };

enum chore_kind { CHORE_VERIFY, CHORE_BACKUP, CHORE_SOUND /* the structure of a large database, once after the start */ };
enum chore_state { CHORE_WAITS, CHORE_RUNS, CHORE_DONE, CHORE_FAILED };

struct chore {
    int64_t number; /* 1, 2, ...; 0: a free place */
    enum chore_kind kind;
    enum chore_state state;
    char *file; /* owned; of a backup */
    int64_t deep_rows; /* of a verification: also the tables, if there are at most so many rows; 0: the chain alone */
    int64_t newest; /* the newest row when it was asked for */
    uint8_t newest_chain[CHAIN_SIZE];
    int64_t done, all; /* rows, or pages of a backup */
    /* what it came to */
    bool told;         /* the main thread has taken it */
    bool holds;
    int64_t rows, erased, bytes;
    uint8_t head[CHAIN_SIZE];
    struct misfit misfit;
    char differs[DEEP_NAME_SIZE]; /* the first table that does not follow from the rows; "": none, or not looked at */
    struct err err;    /* FAILED */
};

struct chores;

int chores_start(struct chores **out, const char *database, struct err *err) MUST_CHECK;
/* Ends the chore in hand, and the thread. Takes NULL. */
void chores_stop(struct chores *chores);

/* Begins one; a verification that waits or runs already is joined. `file` is copied. 1: too many wait. */
struct chore_order {
    enum chore_kind kind;
    const char *file;
    int64_t deep_rows;
    int64_t newest;
    const uint8_t *newest_chain;
};
int chores_add(int64_t *number_out, struct chores *chores, const struct chore_order *order, struct err *err) MUST_CHECK;
/* A copy of how it stands (its `file` is not: NULL). False: no such chore, or it is forgotten. */
bool chores_look(struct chore *out, struct chores *chores, int64_t number);
/* The next verification, or look at the structure, that has ended and was not taken yet. */
bool chores_take_ended(struct chore *out, struct chores *chores);
/* Readable when one has ended. */
int chores_fd(const struct chores *chores);

#endif
