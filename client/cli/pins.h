/* Which ledger each server had when it was asked last, across runs of the command.
 *
 * Like ssh's known hosts: a server that suddenly has another ledger is told of loudly. It is no more than
 * a warning, because a machine may be set up anew; `ledger` in the configuration, or --ledger, refuse.
 * Rehearsals come and go, and are no part of that. What cannot be read or written is not missed.
 *
 * Beside it, for the outbox: who answered last at each server, be it a rehearsal. What is typed while nobody answers is for that one.
 */
#ifndef MUSTER_CLI_PINS_H
#define MUSTER_CLI_PINS_H

#include <stdbool.h>

#include "base/uuid.h"

/* Compares with what was remembered, tells of a difference, and remembers. */
void pins_check(const char *server, const char *ledger);

enum { ZONE_NAME_SIZE = 64 };

struct met {
    char ledger[UUID_TEXT_SIZE];
    bool rehearsal;
    char zone[ZONE_NAME_SIZE]; /* the ledger's; "" if it did not tell */
};

/* Remembers who answered at `server`. */
void pins_met(const char *server, const struct met *met);
/* Who answered there last; false if nobody ever did. */
bool pins_last(struct met *out, const char *server);

#endif
