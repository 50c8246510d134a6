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

    if (json_is_true(json_object_get(row, "no_reports")))
        buf_addf(out, "%s%s", _("no reports"), json_array_size(periods) > 0 || json_is_string(due) ? "; " : "");
    if (json_array_size(periods) > 0)
        buf_addf(out, "%s %s%s", _("missed"), json_string_value(json_array_get(periods, 0)),
                 json_array_size(periods) > 1 ? " ..." : "");
    else if (json_is_string(due))
        buf_addf(out, "%s %s", _("due"), json_string_value(due));
}

const struct column alert_columns[] = {
    {"alert", N_("NO"), COLUMN_RIGHT, 7, NULL},
    {"level", N_("LEVEL"), 0, 7, NULL},
    {"rule", N_("RULE"), COLUMN_CSV, 0, NULL},
    {"title", N_("RULE"), COLUMN_TABLE | COLUMN_CUT, 28, NULL},
    {"subject", N_("SUBJECT"), 0, 14, subject_text},
    {"name", N_("NAME"), COLUMN_CUT, 24, NULL},
    {"branch", N_("BRANCH"), COLUMN_SPARE_FIRST, 10, NULL},
    {"since", N_("SINCE"), 0, 10, NULL},
    {"about", N_("ABOUT"), COLUMN_TABLE | COLUMN_CUT | COLUMN_SPARE, 20, about_text},
    {"state", N_("STATE"), 0, 12, NULL},
    {"no_reports", NULL, COLUMN_CSV, 0, NULL},
    {"due", NULL, COLUMN_CSV, 0, NULL},
    {"missed", NULL, COLUMN_CSV, 0, NULL},
    {"periods", NULL, COLUMN_CSV, 0, NULL},
    {"last", NULL, COLUMN_CSV, 0, NULL},
    {"title", NULL, COLUMN_CSV, 0, NULL},
    {"basis", NULL, COLUMN_CSV, 0, NULL},
    {"remedy", NULL, COLUMN_CSV, 0, NULL},
};
const size_t alert_column_count = ARRAY_LEN(alert_columns);
