/* The chain's arithmetic: what a row's seal and chain value are (docs/ledger.md, "The chain").
 *
 *   seal  = BLAKE2b-256(salt || personal)                  of a row with personal text
 *   chain = BLAKE2b-256(previous chain, seq, recorded_at, recorded_by, flags, body, seal)
 *
 * each part of the chain with its length before it (8 bytes, little-endian; numbers are 8 bytes,
 * little-endian). The first row's previous value is empty. Pure functions; the daemon records with
 * them, and everybody who verifies a ledger or an export of it uses the same.
 */
#ifndef MUSTER_CHAIN_LINK_H
#define MUSTER_CHAIN_LINK_H

#include "base/uuid.h"
#include "wire/event.h"

enum { SALT_SIZE = 16, SEAL_SIZE = 32, CHAIN_SIZE = 32, CHAIN_HEX_SIZE = 2 * CHAIN_SIZE + 1 };

/* A row as it lies in the ledger or in an export, whatever is in it. Texts belong to whoever read it. */
struct chain_row {
    int64_t seq;
    int64_t recorded_at; /* microseconds since 1970 UTC */
    struct span recorded_by;
    int64_t flags;
    struct span body;
    bool has_personal, has_salt, has_seal;
    struct span personal;
    uint8_t salt[SALT_SIZE];
    uint8_t seal[SEAL_SIZE];
    uint8_t chain[CHAIN_SIZE];
    /* Columns that follow from `body`: of a row of the database only. */
    bool has_columns;
    uint8_t id[UUID_SIZE];
    int64_t type;
    const char *broken; /* a part that has not even the right size: its name; NULL else */
};

void link_seal(uint8_t out[SEAL_SIZE], const uint8_t salt[SALT_SIZE], struct span personal);
/* The value of `row` if `previous` (NULL: it is the first) stands before it, and it had the number `seq`. */
void link_value(uint8_t out[CHAIN_SIZE], const uint8_t *previous, const struct chain_row *row, int64_t seq);
/* What the row of a redaction vouches for: the hash of the text that an erasure left, as hex. */
void link_kept(char out[CHAIN_HEX_SIZE], struct span kept);

/* Lower-case hex, terminated: 2 * size + 1 bytes. */
const char *hex_write(char *out, const uint8_t *bytes, size_t size_bytes);
/* Exactly `size_bytes` of them; false otherwise. */
bool hex_read(uint8_t *out, size_t size_bytes, const char *text, size_t len_bytes);

#endif
