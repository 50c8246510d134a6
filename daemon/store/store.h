/* The store: SQLite behind named statements (store/sql/). No other room speaks SQL.
 *
 * One connection writes (WAL, synchronous=FULL: a commit that returned is on disk), readers have
 * their own read-only ones. Checkpoints happen on the writing connection only, between commits.
 */
#ifndef MUSTER_STORE_STORE_H
#define MUSTER_STORE_STORE_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/deadline.h"
#include "base/err.h"
#include "base/uuid.h"
#include "chain/link.h"
#include "store/sql_text.h"
#include "wire/event.h"

struct store;

enum store_mode { STORE_WRITE, STORE_READ, STORE_MEMORY };

/* Opens and, for a writer, brings the schema up to date (user_version inside the same transaction).
 * 1: a newer schema or not a ledger; -1: SQLite failed. */
int store_open(struct store **out, const char *path, enum store_mode mode,
               struct err *err) MUST_CHECK;
void store_free(struct store *store);
DEFINE_CLEANUP(store);
#define _cleanup_store_ CLEANUP(store_cleanup)

/* The statement, reset and with no bindings. Never NULL: every statement is prepared at open. */
sqlite3_stmt *store_stmt(struct store *store, enum sql_id id);
/* Runs a statement that returns no rows. 0 or -1. */
int store_run(struct store *store, sqlite3_stmt *stmt, struct err *err) MUST_CHECK;
/* 1: a row is there; 0: no more (and the statement is reset); -1: failed. */
int store_step(struct store *store, sqlite3_stmt *stmt, struct err *err) MUST_CHECK;
int store_exec(struct store *store, enum sql_id id, struct err *err) MUST_CHECK;
/* A transaction that writes. After a failed commit: roll back. */
int store_begin(struct store *store, struct err *err) MUST_CHECK;
int store_commit(struct store *store, struct err *err) MUST_CHECK;
/* A snapshot to read from, until store_rollback. */
int store_begin_read(struct store *store, struct err *err) MUST_CHECK;
void store_rollback(struct store *store);
/* What memory holds of the tables is read anew when next needed. */
void store_forget(struct store *store);
/* Whether the schema was brought up to date and what follows from the ledger was not made anew since; and
 * that it was, inside the transaction that did. */
int store_rebuild_due(bool *due_out, struct store *store, struct err *err) MUST_CHECK;
int store_rebuild_done(struct store *store, struct err *err) MUST_CHECK;
sqlite3 *store_db(struct store *store);
/* A passive checkpoint, once the WAL has grown past its bound: short, because the bound is small. */
void store_checkpoint(struct store *store);
/* Ends statements that still run when the deadline has passed (NULL: no bound). Copies it. */
void store_deadline(struct store *store, const struct deadline *deadline);

enum row_flag {
    ROW_VALID_DAYS_GIVEN_HERE = 1, /* the sender's letter had no valid_days */
    ROW_KEPT_GIVEN_HERE = 2,       /* the sender's redaction had no `kept` */
};

/* A row of the ledger. Texts live in the arena. */
struct row {
    int64_t seq;
    uint8_t id[UUID_SIZE];
    int64_t recorded_at;
    const char *recorded_by;
    enum event_type type;
    unsigned flags;
    struct span body;
    struct span personal;     /* len 0: none, or erased */
    bool erased;              /* read only: what `personal` holds, if anything, is what an erasure left */
    uint8_t salt[SALT_SIZE];  /* of a row with personal text; written, not read */
    uint8_t seal[SEAL_SIZE];
    uint8_t chain[CHAIN_SIZE];
    int64_t out_by;           /* read only: seq of the row that took it out of effect, 0 while it counts */
    uint8_t root[UUID_SIZE];  /* read only: the id with which it stands in the one order */
};

int store_row_insert(struct store *store, const struct row *row, struct err *err) MUST_CHECK;
/* 1 found, 0 not, -1 failed. */
int store_row_get(struct row *out, struct arena *arena, struct store *store, int64_t seq,
                  struct err *err) MUST_CHECK;
/* As much of a row as a list tells: no id, seal or chain; whether it is in effect the touch has said.
 * 1 found, 0 none, -1. */
int store_row_told(struct row *out, struct arena *arena, struct store *store, int64_t seq,
                   struct err *err) MUST_CHECK;
/* The largest id recorded: 1 found, 0 when there is none. */
int store_row_largest_id(uint8_t id_out[UUID_SIZE], struct store *store, struct err *err) MUST_CHECK;
int store_row_find(int64_t *seq_out, struct store *store, const uint8_t id[UUID_SIZE],
                   struct err *err) MUST_CHECK;
/* A row of SQL_ROW_BY_SEQ or SQL_ROWS_AFTER. */
void store_row_read(struct row *out, struct arena *arena, sqlite3_stmt *stmt);
/* Removes text and salt of a row's personal text, and leaves `kept` (len 0: nothing) in its place. Inside a transaction;
 * what is freed is overwritten. Until store_wipe has succeeded the log of the database still holds it. */
int store_row_erase(struct store *store, int64_t seq, struct span kept, struct err *err) MUST_CHECK;
/* After erasures: moves all of the log into the database, and cuts it. Tries again at each call while a reader holds it. */
void store_wipe(struct store *store);
/* The newest row: 1 found, 0 when the ledger is empty. */
int store_row_last(int64_t *seq_out, int64_t *recorded_at_out, uint8_t chain_out[CHAIN_SIZE],
                   struct store *store, struct err *err) MUST_CHECK;
/* Rows submitted by clients among those after `after`: one pass over these. */
int store_row_count_clients(int64_t *count_out, struct store *store, int64_t after,
                            struct err *err) MUST_CHECK;
/* Copies row `seq` from one store to another, as it is. */
int store_row_copy(struct store *to, struct store *from, int64_t seq, struct err *err) MUST_CHECK;
/* The newest seq with recorded_at <= us (0 if none). */
int store_seq_known_on(int64_t *seq_out, struct store *store, int64_t us,
                       struct err *err) MUST_CHECK;

int store_meta_get(char **value_out, struct store *store, const char *name,
                   struct err *err) MUST_CHECK; /* 1 found, 0 not */
int store_meta_set(struct store *store, const char *name, const char *value,
                   struct err *err) MUST_CHECK;

/* Subjects. 1 found (key set), 0 not, -1 failed. */
int store_subject_find(int64_t *key_out, struct store *store, enum subject_kind kind,
                       const char *ref, struct err *err) MUST_CHECK;
int store_subject_intern(int64_t *key_out, struct store *store, enum subject_kind kind,
                         const char *ref, struct err *err) MUST_CHECK;
int store_subject_get(enum subject_kind *kind_out, const char **ref_out, struct arena *arena,
                      struct store *store, int64_t key, struct err *err) MUST_CHECK;

/* Corrections: row `seq` is out of effect because of row `by`; row `seq` stands in the order as `root`. */
int store_effect_out(struct store *store, int64_t seq, int64_t by, struct err *err) MUST_CHECK;
int store_effect_root(struct store *store, int64_t seq, const uint8_t root[UUID_SIZE],
                      struct err *err) MUST_CHECK;

/* In-force days of a unit or branch, both included: 1 known, 0 not, -1 failed. */
int store_standing(day_t *first_out, day_t *last_out, struct store *store, int64_t key,
                   struct err *err) MUST_CHECK;
int store_standing_set(struct store *store, int64_t key, day_t first, day_t last,
                       struct err *err) MUST_CHECK;
int store_standing_delete(struct store *store, int64_t key, struct err *err) MUST_CHECK;

struct stint {
    int64_t member, branch, unit;
    day_t from, to; /* [from, to); from = to: came and went within a day */
    bool full;
};
int store_stint_add(struct store *store, const struct stint *stint, struct err *err) MUST_CHECK;
int store_stint_clear(struct store *store, int64_t member, struct err *err) MUST_CHECK;
/* The latest stint begun by `day`: 1 found, 0 none. */
int store_stint_latest(struct stint *out, struct store *store, int64_t member, day_t day,
                       struct err *err) MUST_CHECK;
/* Whether the member was one on that day, the day of leaving included. 1: known, 0: not begun by then. */
int store_stint_covers(bool *covers_out, struct store *store, int64_t member, day_t day,
                       struct err *err) MUST_CHECK;
/* A stint in a branch, and the days after which nothing about the member was recorded. */
struct recent_stint {
    int64_t member;
    day_t from, to;
    day_t registered, contacted; /* the newest register event, the newest contact; DAY_NONE: never */
};
int store_stints_recent(struct recent_stint **out, size_t *n_out, struct arena *arena,
                        struct store *store, int64_t branch, struct err *err) MUST_CHECK;
/* Stints by one of SQL_STINTS_OF_MEMBER, _BRANCH, _UNIT. */
int store_stints(struct stint **out, size_t *n_out, struct arena *arena, struct store *store,
                 enum sql_id which, int64_t key, struct err *err) MUST_CHECK;

/* Meeting kinds that were ever configured, with their bits. */
int store_kinds_load(struct kinds *kinds, struct store *store, struct err *err) MUST_CHECK;
int store_kind_add(struct store *store, int bit, const char *name, struct err *err) MUST_CHECK;

/* The daemon's own rows about alerts, folded. `seq`: the row that says so. */
int store_alert_open(struct store *store, int64_t number, const char *rule, int64_t subject,
                     int level, day_t since, struct err *err) MUST_CHECK;
int store_alert_change(struct store *store, int64_t number, int level, day_t since, int64_t seq,
                       struct err *err) MUST_CHECK;
int store_alert_close(struct store *store, int64_t number, int64_t seq, const char *why,
                      struct err *err) MUST_CHECK;
int store_alert_ack(struct store *store, int64_t number, int64_t seq, struct err *err) MUST_CHECK;
/* An acknowledgement of the alert was taken back: those who follow it are to look again. */
int store_alert_touch(struct store *store, int64_t number, int64_t seq, struct err *err) MUST_CHECK;
/* Row `seq` says something of the alert; its opening need not be told. */
int store_alert_row_add(struct store *store, int64_t number, int64_t seq,
                        struct err *err) MUST_CHECK;
/* 1 known, 0 not, -1 failed. */
int store_alert_state(bool *open_out, int *level_out, struct store *store, int64_t number,
                      struct err *err) MUST_CHECK;

#endif
