/* `muster clock`: what the daemon takes for the time, and an administrator's word on it. */
#include <stdio.h>

#include "cells.h"
#include "reading.h"
#include "rows.h"
#include "say.h"

static void print_table(const json_t *reply)
{
    printf(_("the daemon's time     %s\n"), cell_string(reply, "now"));
    printf(_("the machine's clock   %s\n"), cell_string(reply, "system"));
    if (json_is_true(json_object_get(reply, "recording")))
        return;
    puts(_("The clock leapt: nothing is recorded until it is put right. If it is right now:\n"
            "    muster clock --confirm"));
}

int clock_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *body = json_pack("{s:b}", "confirm", arguments_has(args, "confirm")), *reply = NULL;
    enum exit_status status = cli_open(cli);

    if (status == EXIT_DONE)
        status = cli_ask(cli, "clock", body, &reply);
    if (status != EXIT_DONE)
        return status;
    if (cli->output == OUTPUT_TABLE)
        print_table(reply);
    else
        rows_print_json(reply);
    return json_is_true(json_object_get(reply, "recording")) ? EXIT_DONE : EXIT_REFUSED;
}
