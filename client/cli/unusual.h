/* What is allowed and seldom meant: asked about once more, where somebody is there to be asked. */
#ifndef MUSTER_CLI_UNUSUAL_H
#define MUSTER_CLI_UNUSUAL_H

#include "cli.h"

/* An activity dated `at` long before today is mostly a slip in the year. False: whoever typed it says that it is one; that
 * nothing was recorded is told. Never asked with --yes, for machine output, or where either end is no terminal. */
bool unusual_is_meant(const struct cli *cli, const struct arguments *args, const char *at);

#endif
