/* The outbox, as the command meets it: events of recording verbs are kept while musterd is away, and delivered by whatever
 * command finds it again. `muster outbox` itself is outbox.c.
 *
 * The file is outbox.db in the user's state folder. Which ledger an event is for is settled when it is typed: the one that is pinned or has
 * answered, else the one that answered last at this server; where none ever did, the first real one that does.
 */
#ifndef MUSTER_CLI_KEEPING_H
#define MUSTER_CLI_KEEPING_H

#include "cli.h"

/* The outbox; NULL in *out where there is none yet and `make` is not set. Tells what is wrong with it: EXIT_AWAY, as later may do. */
enum exit_status keeping_open(struct muster_outbox **out, struct cli *cli, bool make) MUST_CHECK;
void keeping_say_error(const struct muster_outbox *outbox);

/* The verdict on an event delivered: a refusal is told. */
void keeping_tell(void *context, const struct muster_verdict *verdict);
/* "3 events from the outbox were recorded, 1 was refused". */
void keeping_tell_count(const struct muster_outbox_count *count);

/* Once the session stands: delivers what waits for its ledger. Whatever hinders that is no failure of the command. */
void keeping_deliver(struct cli *cli);

/* May what this command records be kept at all? */
bool keeping_is_wanted(const struct cli *cli);

/* May the session's last failure be waited out? Not where waiting does not help, or the user wants no outbox. */
bool keeping_helps(const struct cli *cli);

/* musterd was not there: the calendar to read dates by is this machine's, in the zone of the ledger that answered last. EXIT_DONE if the
 * event can be made and kept; else what was wrong is told. */
enum exit_status keeping_begin(struct cli *cli, const struct arguments *args) MUST_CHECK;

/* Keeps an event: EXIT_KEPT. Else what was wrong with it, or with the outbox, is told. */
enum exit_status keeping_keep(struct cli *cli, const char *event, size_t len_bytes) MUST_CHECK;

static inline void keeping_cleanup_outbox(struct muster_outbox **p)
{
    muster_outbox_close(*p);
}
#define _cleanup_outbox_ CLEANUP(keeping_cleanup_outbox)

#endif
