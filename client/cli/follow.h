/* --follow: waits for what is new. The feed tells at once that there is something; where there is no
 * feed, or it drops, asking every second does. */
#ifndef MUSTER_CLI_FOLLOW_H
#define MUSTER_CLI_FOLLOW_H

#include "cli.h"

/* Asked with the newest row known, whenever there may be more. Returns the row known after. */
typedef enum exit_status follow_fn(void *context, int64_t *after_seq);

/* Goes on until `ask` fails, or the command is interrupted. */
enum exit_status follow(struct cli *cli, const struct arguments *args, int64_t after_seq, follow_fn *ask,
                        void *context) MUST_CHECK;

/* The newest row's number, asked now. */
enum exit_status follow_newest(struct cli *cli, int64_t *seq_out) MUST_CHECK;

#endif
