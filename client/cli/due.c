/* `muster due`: what has to happen next. */
#include "page.h"
#include "reading.h"
#include "say.h"

static const struct column columns[] = {
    {"on", N_("ON"), 0, 0, NULL},
    {"level", N_("LEVEL"), 0, 0, NULL},
    {"before", N_("NOW"), COLUMN_SPARE, 0, NULL},
    {"rule", NULL, COLUMN_CSV, 0, NULL},
    {"title", N_("RULE"), COLUMN_CUT, 0, NULL},
    {"subject", N_("SUBJECT"), 0, 0, subject_text},
    {"name", N_("NAME"), COLUMN_CUT, 0, NULL},
    {"branch", N_("BRANCH"), COLUMN_SPARE_FIRST, 0, NULL},
    {"due", N_("DUE"), COLUMN_SPARE_FIRST, 0, NULL},
    {"remedy", N_("TO DO"), COLUMN_CUT_FIRST, 0, NULL},
};

int due_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *body = NULL;
    _cleanup_rows_ struct rows *rows = rows_new(cli, columns, ARRAY_LEN(columns));
    _cleanup_pages_ struct pages pages = {.limit = page_limit(cli)};
    enum exit_status status = cli_body(cli, args, &body);

    if (status != EXIT_DONE)
        return status;
    return page_print(cli, "due", body, &pages, rows, _("nothing falls due"));
}
