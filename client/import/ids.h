/* The ids of what rows say, so that a row is recorded once, however often its sheet is imported.
 *
 * A row has a key: what it is about, by which people would know it again (docs/import.md). The id of an event that a row makes
 * follows from its key alone; so the daemon answers `duplicate` to the same row, and `id_conflict` to one that was corrected. The
 * id of such a correction follows from the key, from the event that it replaces and from all that the row says.
 *
 * Ids are UUIDs of version 8 (RFC 9562): those of dated keys begin with their day, so that the ledger's index is written nearly in order.
 */
#ifndef MUSTER_IMPORT_IDS_H
#define MUSTER_IMPORT_IDS_H

#include <sodium.h>

#include "base/date.h"
#include "base/uuid.h"

struct id_maker {
    crypto_generichash_state hash;
    day_t day; /* DAY_NONE: the key has none */
};

void id_begin(struct id_maker *maker, const char *what);
/* Parts are told apart: "ab", "c" is another key than "a", "bc". */
void id_add(struct id_maker *maker, const char *part);
void id_add_bytes(struct id_maker *maker, const void *part, size_t len_bytes);
void id_add_day(struct id_maker *maker, day_t day);
void id_end(uint8_t out[UUID_SIZE], struct id_maker *maker);

/* Whether an id was made here. */
bool id_is_ours(const uint8_t id[UUID_SIZE]);

/* "M-3f9a1c20b7": a ref for an entry that its sheet gives none. From what names it, which cannot be read from it. */
enum { MADE_REF_SIZE = 16 };
const char *id_made_ref(char out[MADE_REF_SIZE], char letter, const char *const *parts, size_t count);

/* The keys of a sheet so far, and what their rows said: 24 bytes a row. */
struct seen;
struct seen *seen_new(void);
void seen_free(struct seen *seen);
/* Notes a row. Returns how many rows before it had that key; *same_row_out is the row that said the same, 0 if none. */
unsigned seen_add(struct seen *seen, const uint8_t key[UUID_SIZE], uint64_t content, int64_t row, int64_t *same_row_out);

#endif
