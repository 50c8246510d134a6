/* Recording verbs: one event from the options, sent, and its verdict. Which field goes where is the
 * verbs' tables' and the catalogue's business. */
#ifndef MUSTER_CLI_RECORD_H
#define MUSTER_CLI_RECORD_H

#include "cli.h"

int record_run(struct cli *cli, const struct arguments *args);

/* Sends an event that is made already (its id and at included), and tells the verdict as recording verbs do. */
enum exit_status record_made(struct cli *cli, enum event_type type, const json_t *event, const char *first) MUST_CHECK;

/* The verdict on one event as a row {id, status, seq?, error?}. The caller decrefs. */
json_t *record_verdict_row(const struct muster_verdict *verdict);

#endif
