#include "greet.h"

#include <stdio.h>

#include "cells.h"
#include "families.h"
#include "reading.h"
#include "say.h"

enum {
    WORST_ROWS = 5, /* below them stands where the others are */
    GREET_MS = 1000,
};

static long long count_of(const struct cli *cli, const char *level)
{
    return (long long)json_integer_value(json_object_get(json_object_get(cli->status, "alerts"), level));
}

static enum exit_status show_worst(struct cli *cli)
{
    _cleanup_json_ json_t *body = json_pack("{s:i}", "limit", WORST_ROWS), *reply = NULL;
    enum exit_status status = cli_ask(cli, "alerts", body, &reply);

    if (status == EXIT_DONE)
        rows_print(cli, json_object_get(reply, "rows"), alert_columns, alert_column_count);
    return status;
}

enum exit_status greet_run(struct cli *cli)
{
    enum exit_status status = EXIT_DONE;

    if (!cli->timeout_given)
        cli->timeout_ms = GREET_MS;
    if (cli_open(cli) != EXIT_DONE || !cli->status)
        return help_all(), EXIT_DONE;
    printf(_("muster %s - the activity ledger, today %s\n"), muster_version(), cell_string(cli->status, "today"));
    printf(_("open alerts: %lld red, %lld yellow, %lld to be noted\n"), count_of(cli, "red"), count_of(cli, "yellow"),
           count_of(cli, "notice"));
    if (count_of(cli, "red") + count_of(cli, "yellow") + count_of(cli, "notice"))
        status = show_worst(cli);
    puts(_("all of them: muster alerts; why: muster explain NUMBER; what is next: muster due; every verb: muster --help"));
    return status;
}
