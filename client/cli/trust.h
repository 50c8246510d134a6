/* The verbs about proof and copies: verify, head, export, backup. */
#ifndef MUSTER_CLI_TRUST_H
#define MUSTER_CLI_TRUST_H

#include "cli.h"

int verify_run(struct cli *cli, const struct arguments *args);
int export_run(struct cli *cli, const struct arguments *args);

/* How a verification came out: told, and the exit status of it. `found` is as the daemon's reply to verify. */
enum exit_status verify_tell(struct cli *cli, const json_t *found);
/* `muster verify --file`: no daemon is asked. */
enum exit_status verify_file(struct cli *cli, const char *name);
/* Begins a chore of the daemon and waits for its end, with a progress bar. The caller decrefs the last reply. */
enum exit_status chore_wait(struct cli *cli, const char *verb, json_t *body, const char *unit, json_t **reply_out) MUST_CHECK;

#endif
