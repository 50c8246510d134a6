/* The frames of a request (docs/protocol.md, "Frames"): a pure function over what a peer sent.
 *
 *     request = [ empty ] version request-id verb body
 *
 * Nothing is copied; everything points into the frames given.
 */
#ifndef MUSTER_NET_FRAMES_H
#define MUSTER_NET_FRAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define FRAMES_VERSION "muster/1"

enum {
    FRAMES_MAX = 5,              /* the longest request: empty, version, request-id, verb, body */
    FRAMES_ID_MAX = 64,          /* bytes of a request-id */
    FRAMES_ID_ECHO_MAX = 255,    /* a longer one than allowed is told so, and echoed up to this size */
    FRAMES_VERB_MAX = 32,        /* longer than any verb there is */
    FRAMES_BODY_MAX = 4 * 1024 * 1024,
};

struct frame {
    const char *data;
    size_t len_bytes;
};

enum frames_verdict {
    FRAMES_OK,
    FRAMES_REFUSED, /* err is the answer; delimiter and id say where to */
    FRAMES_LOST,    /* there is nothing to echo: count it, and no more */
};

struct request_frames {
    bool delimiter; /* an empty first frame: echo it */
    struct frame id;
    struct frame verb; /* lower-case letters and '_' only, 1 to FRAMES_VERB_MAX of them */
    struct frame body;
};

/* `count` is how many frames the message had; only the first FRAMES_MAX need to be in `frames`. */
enum frames_verdict frames_read(struct request_frames *out, const struct frame *frames,
                                size_t count, struct err *err) MUST_CHECK;

#endif
