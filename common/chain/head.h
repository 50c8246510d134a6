/* A signed head: the daemon's word that on a day its ledger ended so. Whoever keeps one can later tell that what came
 * before was not changed, whatever happened to the database meanwhile. One line of JSON:
 *
 *   {"ledger":UUID,"seq":7,"chain":hex,"at":"2022-11-05T07:00:00.000000Z","key":hex,"signature":hex}
 *
 * `key` is the daemon's Ed25519 public key; `signature` is over the text of head_message. What a signature says is
 * that the holder of that key wrote the line; that the key is the daemon's, its owner has to know.
 */
#ifndef MUSTER_CHAIN_HEAD_H
#define MUSTER_CHAIN_HEAD_H

#include "base/buf.h"
#include "base/clock.h"
#include "chain/link.h"

enum { HEAD_KEY_SIZE = 32, HEAD_SIGNATURE_SIZE = 64, HEAD_LINE_MAX_BYTES = 4096 };

struct head {
    char ledger[UUID_TEXT_SIZE];
    int64_t seq;
    uint8_t chain[CHAIN_SIZE];
    char at[CLOCK_TEXT_SIZE];
    uint8_t key[HEAD_KEY_SIZE];
    uint8_t signature[HEAD_SIGNATURE_SIZE];
};

/* "muster head 1\n" ledger "\n" seq "\n" chain "\n" at "\n" */
void head_message(struct buf *out, const struct head *head);
/* Members of a JSON object, `ledger` and all; without the braces. */
void head_write(struct buf *out, const struct head *head);
/* 0: read, and rightly signed by the key in it. 1: err says what is wrong. Other members are let be. */
int head_read(struct head *out, const char *line, size_t len_bytes, struct err *err) MUST_CHECK;

#endif
