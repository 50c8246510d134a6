#include "board_sums.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "page.h"
#include "report/needs.h"
#include "say.h"

static void rate_text(struct buf *out, const json_t *row)
{
    const json_t *rate = json_object_get(row, "rate");

    if (rate)
        buf_addf(out, "%.1f %%", json_number_value(rate));
    else
        buf_add_char(out, '-');
}

static void area_text(struct buf *out, const json_t *row)
{
    buf_add_str(out, *cell_string(row, "area") ? cell_string(row, "area") : _("(none)"));
}

static const struct column township_columns[] = {
    {"area", N_("TOWNSHIP"), 0, 0, area_text},
    {"branches", N_("BRANCHES"), COLUMN_RIGHT, 0, NULL},
    {"met", N_("MET"), COLUMN_RIGHT, 0, NULL},
    {"late", N_("LATE"), COLUMN_RIGHT, 0, NULL},
    {"missed", N_("MISSED"), COLUMN_RIGHT, 0, NULL},
    {"excused", N_("EXCUSED"), COLUMN_RIGHT, 0, NULL},
    {"open", N_("OPEN"), COLUMN_RIGHT, 0, NULL},
    {"rate", N_("RATE"), COLUMN_RIGHT, 0, rate_text},
};

static const struct column need_columns[] = {
    {"rank", NC_("board_sums", "NO"), COLUMN_RIGHT, 0, NULL},
    {"branch", N_("BRANCH"), 0, 0, NULL},
    {"name", N_("NAME"), COLUMN_CUT, 0, NULL},
    {"area", N_("AREA"), COLUMN_CSV, 0, NULL},
    {"red", N_("RED"), COLUMN_RIGHT, 0, NULL},
    {"yellow", N_("YELLOW"), COLUMN_RIGHT, 0, NULL},
    {"missed", N_("MISSED"), COLUMN_RIGHT, 0, NULL},
    {"late", N_("LATE"), COLUMN_RIGHT, 0, NULL},
    {"why", N_("WHY"), COLUMN_CUT, 0, NULL},
};

void board_print_townships(const struct cli *cli, const json_t *board)
{
    _cleanup_json_ json_t *list = townships_of(board);

    rows_print(cli, list, township_columns, ARRAY_LEN(township_columns));
}

void board_print_needs(const struct cli *cli, const json_t *board, const json_t *rules, const json_t *alerts)
{
    _cleanup_json_ json_t *list = needs_of(board, rules, alerts);

    if (json_array_size(list) == 0 && cli->output == OUTPUT_TABLE)
        puts(_("no branch needs help"));
    else
        rows_print(cli, list, need_columns, ARRAY_LEN(need_columns));
}

static void keep_row(void *context, const json_t *row)
{
    json_array_append(context, (json_t *)row);
}

/* Without as_of the recorded alerts, so as not to evaluate a whole district anew. */
enum exit_status board_alerts(struct cli *cli, const json_t *body, const json_t *reply, json_t **alerts_out)
{
    static const char *const keys[] = {"area", "branch", "as_of", "known_on"};
    _cleanup_json_ json_t *ask = json_object();
    _cleanup_pages_ struct pages pages = {.limit = LIMIT_NONE};
    const char *day = cell_string(reply, "day");
    int64_t year = json_integer_value(json_object_get(reply, "year"));

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (json_object_get(body, keys[i]))
            json_object_set(ask, keys[i], json_object_get(body, keys[i]));
    /* Of a year gone by: as it was on its last day. */
    if (!json_object_get(ask, "as_of") && atoll(day) > year)
        json_object_set_new(ask, "as_of", json_sprintf("%lld-12-31", (long long)year));
    *alerts_out = json_array();
    return page_rows(cli, "alerts", ask, &pages, keep_row, *alerts_out);
}
