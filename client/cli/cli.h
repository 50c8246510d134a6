/* One run of the command: its options, the session with the daemon, and what it ends with. */
#ifndef MUSTER_CLI_CLI_H
#define MUSTER_CLI_CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "args.h"
#include "base/date.h"
#include "muster/muster.h"
#include "where.h"

/* Exit statuses: the table is in docs/command.md. */
enum exit_status {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,
    EXIT_USAGE = 2,
    EXIT_AWAY = 3,
    EXIT_KEPT = 4,
    EXIT_NOT_ALLOWED = 5,
};

enum output { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_CSV };

enum { LIMIT_DEFAULT = 50, LIMIT_NONE = -1 };

/* How this run stands to the outbox (keeping.h). */
struct keeping {
    bool records; /* the command records one event, which may be kept */
    bool leave;   /* nothing is delivered by the way: the command sees to it itself, or must not take long */
    bool away;    /* musterd is not there: the event is kept without asking again */
    bool behind;  /* older events still wait for this ledger: the event goes behind them */
};

struct cli {
    enum output output;
    bool bom;
    bool quiet;        /* no progress, and no word where all went well */
    int64_t limit;     /* of --limit; LIMIT_NONE for --all */
    bool limit_given;  /* --limit or --all */
    int timeout_ms;
    bool timeout_given;

    struct user_config config;
    char *server;
    struct muster *session;
    struct keeping keeping;

    /* from the daemon's status; `today` and the zone are what dates are read by */
    json_t *status;
    day_t today;
};

void cli_deinit(struct cli *cli);
#define _cleanup_cli_ CLEANUP(cli_deinit)

static inline void cli_cleanup_json(json_t **p)
{
    json_decref(*p);
}
#define _cleanup_json_ CLEANUP(cli_cleanup_json)

/* Takes over the options of all verbs. EXIT_DONE, or EXIT_USAGE when a mistake was told. */
enum exit_status cli_take_options(struct cli *cli, const struct arguments *args) MUST_CHECK;

/* Reads the user's configuration, without asking anybody. */
enum exit_status cli_read_config(struct cli *cli) MUST_CHECK;

/* Opens the session and asks for the status, once; tells of a rehearsal; delivers what waits in the outbox. */
enum exit_status cli_open(struct cli *cli) MUST_CHECK;

/* Asks; tells an error and returns its exit status. The caller decrefs. */
enum exit_status cli_ask(struct cli *cli, const char *verb, const json_t *body, json_t **reply_out) MUST_CHECK;

/* What a command ends with when an answer, or the verdict of its one event, has that code. */
enum exit_status cli_code_status(const char *code);

/* Opens a file that the command line names. EXIT_USAGE when it cannot be read, which was told then. */
enum exit_status cli_open_file(int *fd_out, const char *name) MUST_CHECK;

/* Tells the session's last error and returns its exit status. */
enum exit_status cli_say_failure(struct cli *cli);

/* The member of the request for every option that has one, dates read by the daemon's calendar. Opens
 * the session. The caller decrefs. */
enum exit_status cli_body(struct cli *cli, const struct arguments *args, json_t **body_out) MUST_CHECK;

/* A date or time typed for `name` ("--at"), as for the wire, and told where it was not typed in full.
 * Opens the session. `text_out` has WHEN_TEXT_SIZE bytes. */
enum exit_status cli_when(struct cli *cli, const char *name, const char *typed, bool time_allowed,
                          char *text_out) MUST_CHECK;

#endif
