/* A row of the ledger as a line of an export:
 *
 *   {"seq":7,"recorded_at":"2022-11-05T07:00:00.000000Z","recorded_by":"wang","flags":0,"event":{...},
 *    "personal":{...},"salt":"...","seal":"...","chain":"..."}
 *
 * in this order, on one line. `event` and `personal` are the bytes that were hashed, exactly as stored; what
 * a row does not have is left out.
 */
#ifndef MUSTER_CHAIN_LINE_H
#define MUSTER_CHAIN_LINE_H

#include "base/buf.h"
#include "chain/link.h"

/* Twice the largest event (its stored form may be escaped longer), and room for the rest. */
enum { LINE_ROW_MAX_BYTES = 1024 * 1024 };

/* Appends the line, without its end. 1, err set: the row is damaged so that it would be no line. */
int line_write(struct buf *out, const struct chain_row *row, struct err *err) MUST_CHECK;
/* The row of a line. Its texts live in the arena. 1: it is none; err says why. */
int line_read(struct chain_row *out, struct arena *arena, const char *line, size_t len_bytes,
              struct err *err) MUST_CHECK;

#endif
