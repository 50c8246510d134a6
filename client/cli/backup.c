/* `muster backup`: the daemon writes a checked copy of its database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cells.h"
#include "rows.h"
#include "say.h"
#include "trust.h"

/* The daemon has another working directory. */
static char *whole_path(const char *name)
{
    _cleanup_free_ char *here = name[0] == '/' ? NULL : getcwd(NULL, 0);
    char *path = NULL;

    if (asprintf(&path, "%s%s%s", here ? here : "", here ? "/" : "", name) < 0)
        abort();
    return path;
}

static void print_written(const char *file, const json_t *reply)
{
    printf(_("%s: %lld rows, %lld bytes, head %s; checked\n"), file,
           (long long)json_integer_value(json_object_get(reply, "rows")),
           (long long)json_integer_value(json_object_get(reply, "bytes")), cell_string(reply, "head"));
}

int backup_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_free_ char *file = whole_path(args->words[0]);
    _cleanup_json_ json_t *body = json_pack("{s:s}", "file", file), *reply = NULL;
    enum exit_status status = cli_open(cli);

    if (!body) {
        say(_("%s: not UTF-8"), args->words[0]);
        return EXIT_USAGE;
    }
    if (status == EXIT_DONE)
        status = chore_wait(cli, "backup", body, _("pages and rows"), &reply);
    if (status != EXIT_DONE)
        return status;
    if (!json_is_true(json_object_get(reply, "holds"))) {
        say(_("%s was written, but what it is a copy of does not hold"), file);
        return verify_tell(cli, reply);
    }
    if (cli->output != OUTPUT_TABLE)
        rows_print_json(reply);
    else if (!cli->quiet)
        print_written(file, reply);
    return EXIT_DONE;
}
