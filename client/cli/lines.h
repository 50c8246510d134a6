/* Lines of a file or of standard input, in bounded memory whatever comes. */
#ifndef MUSTER_CLI_LINES_H
#define MUSTER_CLI_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct lines {
    int fd;
    uint64_t number;   /* of the line read last, from 1 */
    uint64_t bytes;    /* read so far */
    struct buf line;   /* the line read last, without its end */
    bool too_long;     /* it was longer than the bound; `line` is its beginning */
    int error;         /* errno of a failed read; 0 if none */

    char *block;
    size_t block_len, block_at;
    bool end;
};

/* `line_max_bytes` bounds each call of lines_next. Does not own the descriptor. */
void lines_init(struct lines *lines, int fd);
void lines_deinit(struct lines *lines);

/* False at the end, or on an error. */
bool lines_next(struct lines *lines, size_t line_max_bytes);

/* Would lines_next have to wait for more input? */
bool lines_would_wait(const struct lines *lines);

#endif
