/* The chain: every row holds a hash over the row before it and itself, so that the newest value vouches
 * for all that came before.
 *
 *   seal  = BLAKE2b-256(salt || personal)                  of a row with personal text
 *   chain = BLAKE2b-256(previous chain, seq, recorded_at, recorded_by, flags, body, seal)
 *
 * each part of the chain with its length before it (8 bytes, little-endian; numbers are 8 bytes, little-endian).
 * The first row's previous value is empty. Personal text can be erased: its seal stays.
 */
#ifndef MUSTER_LEDGER_CHAIN_H
#define MUSTER_LEDGER_CHAIN_H

#include "store/store.h"

/* Random bytes, fetched from the system some at a time. Each is given once. */
struct salts {
    uint8_t bytes[SALT_SIZE * 128];
    size_t left;
};

/* Gives a row with personal text a random salt, and seals the text. */
void chain_seal(struct row *row, struct salts *salts);
/* `previous` is NULL for row 1. Sets row->chain. */
void chain_link(struct row *row, const uint8_t previous[CHAIN_SIZE]);

#endif
