#include "report_frozen.h"

#include <stdio.h>
#include <string.h>

#include "asker.h"
#include "base/text.h"
#include "cells.h"
#include "page.h"
#include "record.h"
#include "reading.h"
#include "report/frozen.h"
#include "say.h"
#include "words.h"

enum { ENTRIES_SHOWN = 5, NAMES_MAX = 256 };

static bool in_effect(const json_t *row)
{
    return !json_object_get(row, "voided_by") && !json_object_get(row, "replaced_by");
}

static void keep_row(void *context, const json_t *row)
{
    if (in_effect(row))
        json_array_append(context, (json_t *)row);
}

static enum exit_status read_frozen(struct cli *cli, json_t **rows_out)
{
    _cleanup_json_ json_t *body = json_pack("{s:s}", "type", "report.frozen");
    _cleanup_pages_ struct pages pages = {.limit = LIMIT_NONE};

    *rows_out = json_array();
    return page_rows(cli, "recent", body, &pages, keep_row, *rows_out);
}

/* Two may have come at the same time from two places: the newest counts. */
static const json_t *find_frozen(const json_t *rows, const char *name)
{
    size_t i;
    json_t *row;

    json_array_foreach(rows, i, row)
        if (strcmp(cell_string(row, "name"), name) == 0)
            return row;
    return NULL;
}

static enum exit_status no_such_report(const json_t *rows, const char *name)
{
    const char *names[NAMES_MAX];
    size_t n = 0, i;
    json_t *row;
    const char *near;

    json_array_foreach(rows, i, row)
        if (n < NAMES_MAX)
            names[n++] = cell_string(row, "name");
    near = text_nearest(name, names, n);
    if (near)
        say(_("nothing was published as \"%s\" (did you mean \"%s\"?)"), name, near);
    else
        say(_("nothing was published as \"%s\""), name);
    return EXIT_REFUSED;
}

/* --- freeze --- */

enum exit_status report_freeze(struct cli *cli, const json_t *question, const char *name)
{
    _cleanup_material_ struct material *material = NULL;
    _cleanup_json_ json_t *event = NULL, *rows = NULL;
    struct asker asker = {.cli = cli};
    char id[MUSTER_ID_SIZE], today[DAY_TEXT_SIZE];
    enum exit_status status = read_frozen(cli, &rows);

    if (status == EXIT_DONE && find_frozen(rows, name)) {
        say(_("\"%s\" was published already, as row %lld: another name, or void that row"),
            name, (long long)json_integer_value(json_object_get(find_frozen(rows, name), "seq")));
        return EXIT_REFUSED;
    }
    if (status == EXIT_DONE)
        status = asker_material(&material, &asker, question);
    if (status != EXIT_DONE)
        return status;
    event = frozen_event(material, name);
    json_object_set_new(event, "id", json_string(muster_event_id(id)));
    json_object_set_new(event, "at", json_string(day_format(today, cli->today)));
    return record_made(cli, EV_REPORT_FROZEN, event, name);
}

/* --- diff --- */

/* "2455 meeting B-005 theme_day (2022-06-15)" */
static void entry_text(struct buf *out, const json_t *entry)
{
    _cleanup_buf_ struct buf summary = {0};

    buf_addf(out, "%lld %s", (long long)json_integer_value(json_object_get(entry, "seq")), word_shown(cell_string(entry, "type")));
    if (*cell_string(entry, "branch"))
        buf_addf(out, " %s", cell_string(entry, "branch"));
    event_summary(&summary, entry);
    if (summary.len)
        buf_addf(out, " %s", buf_str(&summary));
    buf_addf(out, _(" (%.10s)"), cell_string(entry, "at"));
}

static void because_text(struct buf *out, const json_t *row)
{
    const json_t *entries = json_object_get(row, "entries");
    size_t n = json_array_size(entries), i;
    json_t *entry;

    json_array_foreach(entries, i, entry) {
        if (i == ENTRIES_SHOWN)
            break;
        if (i)
            buf_add_str(out, "; ");
        entry_text(out, entry);
    }
    if (n > ENTRIES_SHOWN)
        buf_addf(out, C_("report_frozen", "; and %zu more"), n - ENTRIES_SHOWN);
    if (json_is_true(json_object_get(row, "rules_changed")))
        buf_addf(out, "%s%s", n ? "; " : "", _("the rules are others than then"));
}

static void entries_cell(json_t *row)
{
    json_t *seqs = json_array(), *entry;
    size_t i;

    json_array_foreach(json_object_get(row, "entries"), i, entry)
        json_array_append(seqs, json_object_get(entry, "seq"));
    json_object_set_new(row, "seqs", seqs);
}

static const struct column diff_columns[] = {
    {"figure", N_("FIGURE"), 0, 0, NULL},
    {"title", N_("TITLE"), COLUMN_CUT, 0, NULL},
    {"then", N_("THEN"), COLUMN_RIGHT, 0, NULL},
    {"now", NC_("report_frozen", "NOW"), COLUMN_RIGHT, 0, NULL},
    {"because", N_("BECAUSE OF"), COLUMN_TABLE | COLUMN_CUT, 0, because_text},
    {"seqs", NULL, COLUMN_CSV, 0, NULL},
    {"rules_changed", NULL, COLUMN_CSV, 0, NULL},
};

static void print_head(const json_t *frozen)
{
    _cleanup_buf_ struct buf name = {0};

    say_safe(&name, cell_string(frozen, "name"));
    printf(_("\"%s\": %lld, as of %s, published %.10s by %s from rows 1 to %lld (chain %.16s...)\n"),
           buf_str(&name), (long long)json_integer_value(json_object_get(frozen, "year")), cell_string(frozen, "as_of"),
           cell_string(frozen, "at"), cell_string(frozen, "recorded_by"),
           (long long)json_integer_value(json_object_get(frozen, "counted")), cell_string(frozen, "head"));
}

static enum exit_status print_diff(struct cli *cli, const json_t *frozen, const json_t *list)
{
    _cleanup_rows_ struct rows *rows = rows_new(cli, diff_columns, ARRAY_LEN(diff_columns));
    size_t i;
    json_t *row;

    if (cli->output == OUTPUT_TABLE)
        print_head(frozen);
    if (json_array_size(list) == 0 && cli->output == OUTPUT_TABLE) {
        puts(_("no figure has changed since"));
        return EXIT_DONE;
    }
    json_array_foreach(list, i, row) {
        if (cli->output == OUTPUT_CSV)
            entries_cell(row);
        rows_add(rows, row);
    }
    rows_end(rows);
    return EXIT_DONE;
}

enum exit_status report_diff(struct cli *cli, const char *name)
{
    _cleanup_material_ struct material *now = NULL;
    _cleanup_json_ json_t *rows = NULL, *question = NULL, *list = NULL;
    struct asker asker = {.cli = cli};
    const json_t *frozen;
    enum exit_status status = read_frozen(cli, &rows);

    if (status != EXIT_DONE)
        return status;
    frozen = find_frozen(rows, name);
    if (!frozen)
        return no_such_report(rows, name);
    question = frozen_question(frozen);
    status = asker_material(&now, &asker, question);
    if (status != EXIT_DONE)
        return status;
    if (frozen_diff(&list, now, frozen) < 0)
        return asker.status;
    return print_diff(cli, frozen, list);
}

/* --- what was published --- */

static const struct column frozen_columns[] = {
    {"name", N_("NAME"), 0, 0, NULL},
    {"year", N_("YEAR"), COLUMN_RIGHT, 0, NULL},
    {"as_of", N_("AS OF"), 0, 0, NULL},
    {"at", N_("PUBLISHED"), 0, 0, NULL},
    {"recorded_by", N_("BY"), 0, 0, NULL},
    {"area", N_("AREA"), 0, 0, NULL},
    {"branch", N_("BRANCH"), 0, 0, NULL},
    {"counted", N_("ROWS"), COLUMN_RIGHT, 0, NULL},
    {"seq", N_("SEQ"), COLUMN_RIGHT, 0, NULL},
};

enum exit_status report_list(struct cli *cli)
{
    _cleanup_json_ json_t *list = NULL;
    _cleanup_rows_ struct rows *rows = rows_new(cli, frozen_columns, ARRAY_LEN(frozen_columns));
    enum exit_status status = read_frozen(cli, &list);
    size_t i;
    json_t *row;

    if (status != EXIT_DONE)
        return status;
    json_array_foreach(list, i, row)
        rows_add(rows, row);
    if (json_array_size(list) == 0 && cli->output == OUTPUT_TABLE)
        puts(_("nothing was published"));
    else
        rows_end(rows);
    return EXIT_DONE;
}
