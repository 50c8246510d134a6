/* The ledger: decides what may be recorded, records it, and keeps the derived tables in step.
 *
 * One thread writes. A batch is begin, any number of submits, commit; nothing of it may be answered
 * before ledger_commit returned 0. A refused event leaves the batch as it was. A fault of the store
 * (-1) spoils the whole batch: roll back, and answer `unavailable` to all of it.
 *
 * What it must not do: look at the network, or at any clock but the one it was given.
 */
#ifndef MUSTER_LEDGER_LEDGER_H
#define MUSTER_LEDGER_LEDGER_H

#include "base/clock.h"
#include "base/err.h"
#include "base/progress.h"
#include "base/uuid.h"
#include "wire/event.h"

struct grant;
struct ledger;
struct store;
struct submitted;

struct ledger_options {
    const char *path;             /* SQLite file, or ":memory:" */
    const char *timezone;         /* already given to zone_set */
    bool rehearsal;
    int64_t transfer_valid_days;  /* written into letters that have none */
    const char *const *kinds;     /* additional meeting kinds that may be submitted */
    size_t kind_count;
    const struct onlooker *onlooker; /* of a replay that a new schema asks for; may be NULL */
};

/* Opens or makes the ledger; a new one gets its first row, ledger.opened. Refuses (1, err set) one
 * of another time zone, a rehearsal opened as real or the other way round, a newer schema, and a
 * rehearsal date before the last row. -1: the store failed. The clock gets the last row's time as
 * its floor. */
int ledger_open(struct ledger **out, const struct ledger_options *options, struct clock *clock,
                struct err *err) MUST_CHECK;
void ledger_free(struct ledger *ledger);
DEFINE_CLEANUP(ledger);
#define _cleanup_ledger_ CLEANUP(ledger_cleanup)

enum submit_status { SUBMIT_RECORDED, SUBMIT_DUPLICATE, SUBMIT_REFUSED };

struct submit_result {
    enum submit_status status;
    int64_t seq; /* recorded, duplicate */
    bool out_of_effect; /* duplicate: voided or replaced since */
    bool has_id;
    uint8_t id[UUID_SIZE];
    struct err err; /* refused */
};

int ledger_begin(struct ledger *ledger, struct err *err) MUST_CHECK;
/* Who submits: the name that goes into the row, and what he may do. */
struct author {
    const char *name;
    struct grant *grant; /* NULL: everything (access/grant.h) */
};
/* One event as sent, which was read. 0: see `result`; -1: the store failed. */
int ledger_take(struct ledger *ledger, struct submitted *sent, const struct author *author,
                struct submit_result *result, struct err *err) MUST_CHECK;
/* Reads it first; of somebody who may do everything. */
int ledger_submit(struct ledger *ledger, const char *json, size_t len_bytes,
                  const char *recorded_by, struct submit_result *result,
                  struct err *err) MUST_CHECK;
int ledger_commit(struct ledger *ledger, struct err *err) MUST_CHECK;
void ledger_rollback(struct ledger *ledger);

/* After a reload: takes effect from the next event on. */
int ledger_configure(struct ledger *ledger, int64_t transfer_valid_days, const char *const *kinds,
                     size_t kind_count, struct err *err) MUST_CHECK;

/* One-time words that were made with this key are good from now on; without, none is (access/word.h). */
void ledger_take_words(struct ledger *ledger, const uint8_t *key);

/* Replays every row into fresh derived tables, in one transaction. The onlooker may be NULL. */
int ledger_rebuild(struct ledger *ledger, const struct onlooker *onlooker, struct err *err) MUST_CHECK;

/* Is told of every row inside the batch that writes it: what is rolled back was told too, and its seq comes
 * again. One listener; NULL ends it. */
typedef void ledger_heard(void *listener, int64_t seq, const struct event *event);
void ledger_listen(struct ledger *ledger, ledger_heard *heard, void *listener);

/* Housekeeping between commits, for about `budget_ms`: a checkpoint when the WAL has grown, and the index
 * of activities in small steps. True: there is more to do, now or when nobody waits. */
bool ledger_upkeep(struct ledger *ledger, int64_t budget_ms);

/* Counted on whenever a row about a key was recorded or taken back, or one that tells where branches and units lie. */
uint64_t ledger_keys_version(const struct ledger *ledger);
uint64_t ledger_realm_version(const struct ledger *ledger);

int64_t ledger_seq(const struct ledger *ledger);    /* newest row */
const uint8_t *ledger_head(const struct ledger *ledger); /* its chain value; 32 bytes */
int64_t ledger_events(const struct ledger *ledger); /* rows submitted by clients */
const char *ledger_uuid(const struct ledger *ledger);
bool ledger_rehearsal(const struct ledger *ledger);
const struct kinds *ledger_kinds(const struct ledger *ledger);
struct store *ledger_store(struct ledger *ledger);
struct clock *ledger_clock(struct ledger *ledger);

#endif
