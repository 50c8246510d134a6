/* What the walk needs to know of an event: read from the hashed bytes alone, in any state they may be in. */
#ifndef MUSTER_CHAIN_CONTENT_H
#define MUSTER_CHAIN_CONTENT_H

#include "chain/link.h"

struct content {
    bool has_id;
    uint8_t id[UUID_SIZE];
    enum event_type type; /* EV_NONE: of no type that we know */
    bool has_event;       /* of event.redacted: which event, and the hash of what was left */
    uint8_t event[UUID_SIZE];
    struct span kept;     /* len 0: nothing was left */
    struct span ledger;   /* of ledger.opened */
};

/* False where it is no JSON object. Texts live in the arena. */
bool content_read(struct content *out, struct arena *arena, struct span body);

#endif
