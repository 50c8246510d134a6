/* `muster due`: what has to happen next. */
#include "page.h"
#include "reading.h"
#include "say.h"

static const struct column columns[] = {
    {"on", "ON", "日期", 0, 0, NULL},
    {"level", "LEVEL", "级别", 0, 0, NULL},
    {"before", "NOW", "目前", COLUMN_SPARE, 0, NULL},
    {"rule", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"title", "RULE", "规则", COLUMN_CUT, 0, NULL},
    {"subject", "SUBJECT", "对象", 0, 0, subject_text},
    {"name", "NAME", "名称", COLUMN_CUT, 0, NULL},
    {"branch", "BRANCH", "支部", COLUMN_SPARE_FIRST, 0, NULL},
    {"due", "DUE", "到期", COLUMN_SPARE_FIRST, 0, NULL},
    {"remedy", "TO DO", "应做", COLUMN_CUT_FIRST, 0, NULL},
};

int due_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *body = NULL;
    _cleanup_rows_ struct rows *rows = rows_new(cli, columns, ARRAY_LEN(columns));
    _cleanup_pages_ struct pages pages = {.limit = page_limit(cli)};
    enum exit_status status = cli_body(cli, args, &body);

    if (status != EXIT_DONE)
        return status;
    return page_print(cli, "due", body, &pages, rows, tr("nothing falls due", "没有即将到期的事项"));
}
