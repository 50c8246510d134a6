/* `muster reads`: who read whose history. */
#include "cells.h"
#include "page.h"
#include "say.h"
#include "trust.h"

static const struct column columns[] = {
    {"at", N_("AT (UTC)"), 0, 0, NULL},
    {"by", NC_("reads", "BY"), 0, 0, NULL},
    {"member", N_("MEMBER"), 0, 0, NULL},
    {"verb", N_("BY WAY OF"), 0, 0, NULL},
};

int reads_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_rows_ struct rows *rows = rows_new(cli, columns, ARRAY_LEN(columns));
    _cleanup_pages_ struct pages pages = {.limit = page_limit(cli)};
    _cleanup_json_ json_t *body = NULL;
    enum exit_status status = cli_body(cli, args, &body);

    if (status == EXIT_DONE)
        status = page_print(cli, "reads", body, &pages, rows, _("no reads are noted"));
    return status;
}
