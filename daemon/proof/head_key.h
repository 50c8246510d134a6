/* The key that signs heads: a file beside the database, of its own, so that it is in no copy of the ledger.
 *
 * Made at the first start, readable by its owner alone; a file that others can read is refused. Constant after it
 * was opened: any thread may sign.
 */
#ifndef MUSTER_PROOF_HEAD_KEY_H
#define MUSTER_PROOF_HEAD_KEY_H

#include "chain/head.h"

struct head_key;

/* Reads `DATABASE.headkey`, or makes it. 1: it is refused, err says where; -1: the disk failed. */
int head_key_open(struct head_key **out, const char *database, struct err *err) MUST_CHECK;
void head_key_free(struct head_key *key);
DEFINE_CLEANUP(head_key);
#define _cleanup_head_key_ CLEANUP(head_key_cleanup)

/* A key for another purpose, that follows from this one and tells nothing of it. */
void head_key_derive(uint8_t *out, size_t size, const struct head_key *key, const char *purpose);

/* Sets key and signature; the rest of `head` is set. */
void head_key_sign(struct head *head, const struct head_key *key);

#endif
