/* Who read whose history, and when: a file of its own beside the database, one JSON object a line.
 *
 *   {"at":"2022-11-05T07:00:00.000000Z","by":"wang","member":"M0001","verb":"show"}
 *
 * Ids only, never a name or a text. `member` is "*" where everything was read (an export). Noting costs a copy in
 * memory: a thread writes what has come, every second or when it is much, and no read ever waits for the disk. So the
 * last second may be lost when the power fails. Bounded: what comes faster than it can be written is counted and not kept;
 * files of READ_LOG_FILE_BYTES, the last READ_LOG_FILES of them. They are named DATABASE.reads.N, N rising.
 */
#ifndef MUSTER_PROOF_READ_LOG_H
#define MUSTER_PROOF_READ_LOG_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
    READ_LOG_FILE_BYTES = 8 * 1024 * 1024, /* some 80,000 reads: a reader holds one in memory */
    READ_LOG_FILES = 16,                   /* a million reads: a year of a busy district */
    READ_LOG_WAITING_BYTES = 1024 * 1024,  /* not written yet */
};

struct read_log;

int read_log_open(struct read_log **out, const char *database, struct err *err) MUST_CHECK;
/* Writes what waits. Takes NULL. */
void read_log_close(struct read_log *log);
/* From any thread. Never waits for the disk. `log` may be NULL: nothing is noted. */
void read_log_note(struct read_log *log, int64_t at_us, const char *by, const char *member, const char *verb);

/* Going back through the lines, newest first. */
struct read_log_walk {
    const char *database;
    int64_t file;    /* the number of the one in hand */
    struct buf text; /* of it */
    size_t end;      /* lines before here are still to come */
};

/* Begins at the newest line, or before the place given by an earlier walk (file 0: the newest). 0, or -1. */
int read_log_walk_begin(struct read_log_walk *walk, const char *database, int64_t file, size_t end,
                        struct err *err) MUST_CHECK;
/* 1: a line, without its end; it belongs to the walk. 0: no more; -1. */
int read_log_walk_next(const char **line_out, size_t *len_out, struct read_log_walk *walk, struct err *err) MUST_CHECK;
void read_log_walk_end(struct read_log_walk *walk);

#endif
