/* Key pairs of CURVE (Curve25519) as text, and the files that hold them.
 *
 * A file is in the form of CZMQ certificates, which other ZeroMQ bindings read as well:
 *
 *     #   comment
 *     metadata
 *         name = "zhang"
 *     curve
 *         public-key = "40 characters of Z85"
 *         secret-key = "40 characters of Z85"
 *
 * The secret part is its owner's alone: a file that others may read is refused.
 */
#ifndef MUSTER_BASE_KEYFILE_H
#define MUSTER_BASE_KEYFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { KEY_TEXT_SIZE = 41 };

struct keypair {
    char public[KEY_TEXT_SIZE];
    char secret[KEY_TEXT_SIZE];
};

/* 40 characters of Z85 that stand for 32 bytes. */
bool key_is_z85(const char *s, size_t len_bytes);

/* Both parts. 0; 1 with err "file:line: ...", code not_allowed where the file is readable by others or somebody
 * else's, unknown_ref where there is none, else invalid_value. */
int keyfile_read(struct keypair *out, const char *path, struct err *err) MUST_CHECK;

/* The text alone, of a file called `path`. 1: err invalid_value "path:line: ...". */
int keyfile_read_text(struct keypair *out, FILE *file, const char *path, struct err *err) MUST_CHECK;

/* Makes the file (mode 0600), durable when it returns. Refuses (1, exists) to write over another; -1: the
 * system failed. `name` may be NULL. */
int keyfile_write(const char *path, const struct keypair *pair, const char *name, struct err *err) MUST_CHECK;

#endif
