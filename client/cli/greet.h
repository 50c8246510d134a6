/* `muster` alone, on a terminal: what is open, and how to go on. */
#ifndef MUSTER_CLI_GREET_H
#define MUSTER_CLI_GREET_H

#include "cli.h"

/* Without a daemon, or for a key that may not ask: the help. */
enum exit_status greet_run(struct cli *cli);

#endif
