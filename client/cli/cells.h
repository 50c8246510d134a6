/* JSON values as text for people, and JSON itself as it may be printed. */
#ifndef MUSTER_CLI_CELLS_H
#define MUSTER_CLI_CELLS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"

/* A value as plain text: strings as they are, lists with "; " between, an object with one text member
 * as "kind:ref", other objects as "key value, key value"; nothing for null and a missing one. */
void cell_plain(struct buf *out, const json_t *value);

/* The same, with words of the wire shown in the language of the command. */
void cell_shown(struct buf *out, const json_t *value);

/* A member of a row. */
void cell_member(struct buf *out, const json_t *row, const char *key);
const char *cell_string(const json_t *row, const char *key); /* "" where it is no text */

/* A row as one line of JSON, without a line break at the end: members in the order they came,
 * numbers in the shortest spelling that reads back the same, control characters escaped. */
void cell_json(struct buf *out, const json_t *row);

/* One cell of CSV: quoted where it must be, and made harmless for spreadsheets unless it is a number. */
void cell_csv(struct buf *out, const char *text, bool number);

#endif
