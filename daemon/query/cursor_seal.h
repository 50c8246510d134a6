/* Cursors of those who may see but a part.
 *
 * A cursor says where a walk stood, and a walk passes what lies out of scope: its place would tell a ref, a day, a number of
 * elsewhere. So theirs is sealed, with a key that only the daemon has and that outlives a restart. All are of a few lengths, and
 * the same place never looks the same.
 */
#ifndef MUSTER_QUERY_CURSOR_SEAL_H
#define MUSTER_QUERY_CURSOR_SEAL_H

#include "base/arena.h"
#include "base/buf.h"

struct head_key;

void cursor_seal(struct buf *out, const struct head_key *key, const char *cursor, size_t len_bytes);
/* What was sealed, in the arena. NULL: this key has not sealed it. */
const char *cursor_unseal(struct arena *arena, const struct head_key *key, const char *sealed);

#endif
