/* Asks for client/report, which knows no session. */
#ifndef MUSTER_CLI_ASKER_H
#define MUSTER_CLI_ASKER_H

#include "cli.h"
#include "report/material.h"

struct asker {
    struct cli *cli;
    enum exit_status status; /* of the question that failed */
};

int asker_ask(void *context, const char *verb, const json_t *body, json_t **reply_out);

/* The figures that `question` is about, and what else a report may need. The asker must outlive it. */
enum exit_status asker_material(struct material **out, struct asker *asker, const json_t *question) MUST_CHECK;

/* Tells a mistake in a file of the user's, "file:line: ...". Returns EXIT_USAGE. */
enum exit_status say_mistake(const struct err *err);

#endif
