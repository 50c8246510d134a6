/* What was published: kept as an event of the ledger, and held against the ledger of today. */
#ifndef MUSTER_CLI_REPORT_FROZEN_H
#define MUSTER_CLI_REPORT_FROZEN_H

#include "cli.h"

/* Records the figures that `question` is about as `name`. */
enum exit_status report_freeze(struct cli *cli, const json_t *question, const char *name) MUST_CHECK;

/* Which figures are others now than when `name` was published, and because of which entries. */
enum exit_status report_diff(struct cli *cli, const char *name) MUST_CHECK;

/* What was published, newest first. */
enum exit_status report_list(struct cli *cli) MUST_CHECK;

#endif
