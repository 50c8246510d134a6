/* Files that hold a secret (a password, a key, an address with a token in it): their owner's alone.
 *
 * What was read is wiped when it is freed. Secrets are never logged, and no error shows one.
 */
#ifndef MUSTER_BASE_SECRET_H
#define MUSTER_BASE_SECRET_H

#include <stddef.h>

#include "base/err.h"

/* Of an open file: a regular one, of this user or root, and readable by nobody else. 0; 1 with err "path:1: ...",
 * code not_allowed where others can read it. */
int secret_check(int fd, const char *path, struct err *err) MUST_CHECK;

/* The one line of text in a file, without its end: 1 to max_bytes bytes of UTF-8 without control characters. To be
 * freed by secret_free. 0; 1 with err "path:1: ...", code unknown_ref where there is no such file. */
int secret_read(char **out, const char *path, size_t max_bytes, struct err *err) MUST_CHECK;
/* Wipes and frees. Takes NULL. */
void secret_free(char *secret);

#endif
