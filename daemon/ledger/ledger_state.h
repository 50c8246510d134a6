/* The ledger's inside, shared by its own files only. */
#ifndef MUSTER_LEDGER_LEDGER_STATE_H
#define MUSTER_LEDGER_LEDGER_STATE_H

#include "access/word.h"
#include "ledger/chain.h"
#include "ledger/ids.h"
#include "ledger/ledger.h"
#include "ledger/ledger_rows.h"
#include "ledger/submitted.h"

/* What the newest commit left; taken back by a rollback. */
struct position {
    int64_t seq;
    int64_t events;
    int64_t recorded_at;
    uint8_t chain[CHAIN_SIZE]; /* of the newest row; nothing while seq is 0 */
};

struct ledger {
    struct store *store;
    struct clock *clock;
    struct kinds kinds;
    struct position committed, now;
    int64_t counted_seq; /* up to which row the number of events is saved */
    struct ids *ids;
    int64_t transfer_valid_days;
    bool rehearsal;
    int looks; /* for near refs, left in this batch: mistakes take little time from the others */
    uint64_t keys_version, realm_version;
    char uuid[UUID_TEXT_SIZE];
    ledger_heard *heard; /* NULL: nobody listens */
    void *listener;
    uint8_t word_key[WORD_KEY_SIZE];
    bool has_word_key;
    struct arena arena; /* of one event */
    struct desk desk;
};

/* How many rows clients submitted, as of the newest row: saved now and then, counted on from there. */
int ledger_count_events(struct ledger *ledger, struct err *err) MUST_CHECK;

#endif
