/* Which ledger each server had when it was asked last, across runs of the command.
 *
 * Like ssh's known hosts: a server that suddenly has another ledger is told of loudly. It is no more than
 * a warning, because a machine may be set up anew; `ledger` in the configuration, or --ledger, refuse.
 * Rehearsals come and go, and are not remembered. What cannot be read or written is not missed.
 */
#ifndef MUSTER_CLI_PINS_H
#define MUSTER_CLI_PINS_H

/* Compares with what was remembered, tells of a difference, and remembers. */
void pins_check(const char *server, const char *ledger);

#endif
