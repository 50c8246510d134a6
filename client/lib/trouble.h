/* The session's last error: owns the strings that a `struct muster_error` points to. */
#ifndef MUSTER_LIB_TROUBLE_H
#define MUSTER_LIB_TROUBLE_H

#include <jansson.h>

#include "base/cleanup.h"
#include "muster/muster.h"

struct trouble {
    struct muster_error view; /* points into `owned`, or at constants */
    char *owned[5];
};

void trouble_init(struct trouble *t);
void trouble_deinit(struct trouble *t);
/* Back to no error: every member "". */
void trouble_clear(struct trouble *t);

/* Sets code and sentence, and returns `result`, so that a check can end with it. */
int trouble_say(struct trouble *t, enum muster_result result, const char *code, const char *fmt,
                ...) PRINTF_LIKE(4, 5);

/* Takes over the body of an error reply. Returns MUSTER_REFUSED. */
int trouble_from_reply(struct trouble *t, const json_t *body);

/* A copy of an error that belongs to somebody else. */
void trouble_copy(struct trouble *t, const struct muster_error *error);

/* A view of an error object of the wire. Its strings belong to `body`. */
struct muster_error error_view(const json_t *body);

#endif
