/* Alert rows as people read them. */
#include "cells.h"
#include "reading.h"
#include "say.h"

void subject_text(struct buf *out, const json_t *row)
{
    cell_shown(out, json_object_get(row, "subject"));
}

/* What it is about, for a table: missed periods, or the day it fell due. */
static void about_text(struct buf *out, const json_t *row)
{
    const json_t *periods = json_object_get(row, "periods");
    const json_t *due = json_object_get(row, "due");

    if (json_array_size(periods) > 0)
        buf_addf(out, "%s %s%s", tr("missed", "未完成"), json_string_value(json_array_get(periods, 0)),
                 json_array_size(periods) > 1 ? " ..." : "");
    else if (json_is_string(due))
        buf_addf(out, "%s %s", tr("due", "到期"), json_string_value(due));
}

const struct column alert_columns[] = {
    {"alert", "NO", "编号", COLUMN_RIGHT, 7, NULL},
    {"level", "LEVEL", "级别", 0, 7, NULL},
    {"rule", "RULE", "规则", COLUMN_CSV, 0, NULL},
    {"title", "RULE", "规则", COLUMN_TABLE | COLUMN_CUT, 28, NULL},
    {"subject", "SUBJECT", "对象", 0, 14, subject_text},
    {"name", "NAME", "名称", COLUMN_CUT, 24, NULL},
    {"branch", "BRANCH", "支部", COLUMN_SPARE_FIRST, 10, NULL},
    {"since", "SINCE", "起始", 0, 10, NULL},
    {"about", "ABOUT", "情况", COLUMN_TABLE | COLUMN_CUT | COLUMN_SPARE, 20, about_text},
    {"state", "STATE", "状态", 0, 12, NULL},
    {"due", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"missed", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"periods", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"last", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"title", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"basis", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"remedy", NULL, NULL, COLUMN_CSV, 0, NULL},
};
const size_t alert_column_count = ARRAY_LEN(alert_columns);
