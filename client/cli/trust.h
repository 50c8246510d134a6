/* The verbs about proof and copies: verify, head, export, backup. */
#ifndef MUSTER_CLI_TRUST_H
#define MUSTER_CLI_TRUST_H

#include "chain/head.h"
#include "cli.h"

int verify_run(struct cli *cli, const struct arguments *args);
int head_run(struct cli *cli, const struct arguments *args);
int backup_run(struct cli *cli, const struct arguments *args);
int redact_run(struct cli *cli, const struct arguments *args);
int reads_run(struct cli *cli, const struct arguments *args);
int export_run(struct cli *cli, const struct arguments *args);

/* How a verification came out: told, and the exit status of it. `found` is as the daemon's reply to verify. */
enum exit_status verify_tell(struct cli *cli, const json_t *found);
/* Heads that were kept, one a line: read, and their signatures checked. The caller frees. */
struct heads {
    struct head *items;
    size_t count, cap;
};
enum exit_status heads_read(struct heads *heads, const char *name) MUST_CHECK;
void heads_deinit(struct heads *heads);
/* After the chain was verified: whether the daemon's ledger still has the rows that they tell of. */
enum exit_status heads_compare(struct cli *cli, const struct heads *heads) MUST_CHECK;
/* `muster verify --file`: no daemon is asked. */
enum exit_status verify_file(struct cli *cli, const char *name, const struct heads *heads);
/* Begins a chore of the daemon and waits for its end, with a progress bar. The caller decrefs the last reply. */
enum exit_status chore_wait(struct cli *cli, const char *verb, json_t *body, const char *unit, json_t **reply_out) MUST_CHECK;

#endif
