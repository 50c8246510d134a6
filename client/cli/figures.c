/* `muster figures`: the annual summary's figures, what is behind one of them, whether the roll holds. */
#include <stdio.h>
#include <string.h>

#include "cells.h"
#include "families.h"
#include "page.h"
#include "say.h"
#include "words.h"

/* --- the list --- */

/* Per cent has one decimal, also where it is 0; what has no value is a dash (figures.md). */
static void value_text(struct buf *out, const json_t *row)
{
    const json_t *value = json_object_get(row, "value");

    if (!json_is_number(value))
        buf_add_str(out, "-");
    else if (strcmp(cell_string(row, "unit"), "%") == 0)
        buf_addf(out, "%.1f", json_number_value(value));
    else
        cell_plain(out, value);
}

static void duty_text(struct buf *out, const json_t *row)
{
    if (!json_object_get(row, "due"))
        return;
    cell_member(out, row, "met");
    buf_add_char(out, '/');
    cell_member(out, row, "due");
}

static void name_text(struct buf *out, const json_t *row)
{
    buf_add_str(out, cell_string(row, "figure"));
    if (json_object_get(row, "alliance"))
        buf_addf(out, "/%s", cell_string(row, "alliance"));
}

static const struct column figure_columns[] = {
    {"title", N_("FIGURE"), COLUMN_CUT, 0, NULL},
    {"value", N_("VALUE"), COLUMN_RIGHT, 0, value_text},
    {"unit", N_("UNIT"), 0, 0, NULL},
    {"met/due", N_("MET/DUE"), COLUMN_RIGHT | COLUMN_TABLE, 0, duty_text},
    {"name", N_("NAME"), COLUMN_TABLE | COLUMN_SPARE, 0, name_text},
    {"figure", NULL, COLUMN_CSV, 0, NULL},
    {"alliance", NULL, COLUMN_CSV, 0, NULL},
    {"due", NULL, COLUMN_CSV, 0, NULL},
    {"met", NULL, COLUMN_CSV, 0, NULL},
};

/* --- what is behind one --- */

static void on_text(struct buf *out, const json_t *row)
{
    cell_member(out, row, json_object_get(row, "period") ? "period" : json_object_get(row, "at") ? "at" : "on");
}

static const char *const subjects[] = {"member", "unit", "branch", "transfer", "body"};

static void what_text(struct buf *out, const json_t *row)
{
    if (json_object_get(row, "type")) {
        cell_member(out, row, "type");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(subjects); i++)
        if (json_object_get(row, subjects[i])) {
            buf_add_str(out, word_shown(subjects[i]));
            return;
        }
}

static void who_text(struct buf *out, const json_t *row)
{
    bool first = true;

    for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
        if (!json_object_get(row, subjects[i]))
            continue;
        buf_addf(out, "%s%s", first ? "" : " ", cell_string(row, subjects[i]));
        first = false;
    }
}

static void called_text(struct buf *out, const json_t *row)
{
    static const char *const fields[] = {"name", "title", "person", "reason"};

    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        if (*cell_string(row, fields[i])) {
            buf_add_str(out, cell_string(row, fields[i]));
            return;
        }
}

/* Of a percentage every item counts in the whole, and some in the part of it. */
static void counts_text(struct buf *out, const json_t *row)
{
    if (json_object_get(row, "weight")) {
        cell_member(out, row, "weight");
        return;
    }
    cell_member(out, row, "part");
    buf_add_char(out, '/');
    cell_member(out, row, "whole");
}

static const struct column item_columns[] = {
    {"when", N_("WHEN"), COLUMN_TABLE, 0, on_text},
    {"what", NC_("figures", "WHAT"), COLUMN_TABLE, 0, what_text},
    {"who", N_("WHO"), COLUMN_TABLE, 0, who_text},
    {"called", N_("NAME"), COLUMN_TABLE | COLUMN_CUT, 0, called_text},
    {"seq", N_("SEQ"), COLUMN_RIGHT, 0, NULL},
    {"counts", N_("COUNTS"), COLUMN_RIGHT | COLUMN_TABLE, 0, counts_text},
    {"weight", NULL, COLUMN_CSV, 0, NULL},
    {"part", NULL, COLUMN_CSV, 0, NULL},
    {"whole", NULL, COLUMN_CSV, 0, NULL},
    {"event", NULL, COLUMN_CSV, 0, NULL},
    {"type", NULL, COLUMN_CSV, 0, NULL},
    {"at", NULL, COLUMN_CSV, 0, NULL},
    {"on", NULL, COLUMN_CSV, 0, NULL},
    {"period", NULL, COLUMN_CSV, 0, NULL},
    {"branch", NULL, COLUMN_CSV, 0, NULL},
    {"member", NULL, COLUMN_CSV, 0, NULL},
    {"unit", NULL, COLUMN_CSV, 0, NULL},
    {"transfer", NULL, COLUMN_CSV, 0, NULL},
    {"name", NULL, COLUMN_CSV, 0, NULL},
    {"title", NULL, COLUMN_CSV, 0, NULL},
    {"body", NULL, COLUMN_CSV, 0, NULL},
    {"office", NULL, COLUMN_CSV, 0, NULL},
    {"person", NULL, COLUMN_CSV, 0, NULL},
    {"reason", NULL, COLUMN_CSV, 0, NULL},
};

/* --- the roll-forward --- */

static void of_text(struct buf *out, const json_t *row)
{
    if (json_object_get(row, "of") && !*cell_string(row, "of"))
        buf_add_str(out, _("(none)"));
    else
        cell_member(out, row, "of");
}

static void balance_text(struct buf *out, const json_t *row)
{
    buf_add_str(out, json_is_true(json_object_get(row, "balances")) ? _("yes") : C_("figures", "NO"));
}

static void by_text(struct buf *out, const json_t *row)
{
    static const struct {
        const char *by;
    } words[] = {{N_("total")}, {N_("sector")}, {N_("area")}, {N_("branch")}, {N_("asked")}};

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(words[i].by, cell_string(row, "by")) == 0)
            buf_add_str(out, said(words[i].by));
}

static const struct column roll_columns[] = {
    {"by", NC_("figures", "BY"), 0, 0, by_text},
    {"of", N_("OF"), COLUMN_CUT, 0, of_text},
    {"opening", N_("OPENING"), COLUMN_RIGHT, 0, NULL},
    {"admitted", N_("+ADMITTED"), COLUMN_RIGHT, 0, NULL},
    {"entered", N_("+ENTERED"), COLUMN_RIGHT, 0, NULL},
    {"received", N_("+RECEIVED"), COLUMN_RIGHT, 0, NULL},
    {"moved_in", N_("+IN"), COLUMN_RIGHT, 0, NULL},
    {"gone", N_("-GONE"), COLUMN_RIGHT, 0, NULL},
    {"sent", N_("-SENT"), COLUMN_RIGHT, 0, NULL},
    {"moved_out", N_("-OUT"), COLUMN_RIGHT, 0, NULL},
    {"closing", N_("=CLOSING"), COLUMN_RIGHT, 0, NULL},
    {"balances", N_("BALANCES"), 0, 0, balance_text},
};

/* --- running --- */

struct printing {
    struct rows *rows;
    bool table, explains, checks;
    const json_t *body;
    const struct pages *pages;
    bool headed;
};

static void print_heading(const json_t *reply, const json_t *body)
{
    static const struct {
        const char *field;
    } scopes[] = {{N_("area")}, {N_("sector")}, {N_("branch")}, {N_("denominator")}};

    printf(_("Year %lld, as of %s"), (long long)json_integer_value(json_object_get(reply, "year")),
           cell_string(reply, "day"));
    for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
        _cleanup_buf_ struct buf safe = {0};

        if (!json_object_get(body, scopes[i].field))
            continue;
        say_safe(&safe, cell_string(body, scopes[i].field));
        printf(_(", %s %s"), said(scopes[i].field), buf_str(&safe));
    }
    putchar('\n');
}

static void print_explained(const json_t *reply)
{
    _cleanup_buf_ struct buf line = {0}, safe = {0};

    buf_addf(&line, "%s = ", cell_string(reply, "title"));
    value_text(&line, reply);
    buf_addf(&line, " %s", cell_string(reply, "unit"));
    if (json_object_get(reply, "due")) {
        buf_add_str(&line, " (");
        duty_text(&line, reply);
        buf_add_char(&line, ')');
    }
    say_safe(&safe, buf_str(&line));
    puts(buf_str(&safe));
    buf_clear(&safe);
    say_safe(&safe, cell_string(reply, "formula"));
    printf(_("%s; %lld items\n"), buf_str(&safe),
           (long long)json_integer_value(json_object_get(reply, "items")));
}

/* Above the table, of which pieces may be printed while further pages come. */
static void head(struct printing *p)
{
    if (p->headed || !p->table)
        return;
    p->headed = true;
    print_heading(p->pages->last_reply, p->body);
    if (p->explains)
        print_explained(p->pages->last_reply);
}

static void take_row(void *context, const json_t *row)
{
    struct printing *p = context;

    head(p);
    rows_add(p->rows, row);
}

static void say_broken(const struct cli *cli, const json_t *reply)
{
    size_t i;
    json_t *row;

    json_array_foreach(json_object_get(reply, "broken"), i, row) {
        if (cli->output == OUTPUT_JSON)
            rows_print_json(row);
        say(_("%s (%s), %s: %s"), cell_string(row, "member"), cell_string(row, "name"),
            cell_string(row, "on"), cell_string(row, "why"));
    }
}

/* Exit status 1 where it does not hold (command.md). */
static enum exit_status tell_check(const struct cli *cli, const json_t *reply)
{
    if (json_is_true(json_object_get(reply, "holds"))) {
        if (cli->output == OUTPUT_TABLE)
            puts(_("the roll-forward holds: by total, sector, area and branch, on every day of the year so far"));
        return EXIT_DONE;
    }
    say_broken(cli, reply);
    say(_("the roll-forward does NOT hold: opening and movements do not give closing"));
    return EXIT_REFUSED;
}

static int64_t limit_of(const struct cli *cli, const struct printing *printing)
{
    if (printing->explains)
        return page_limit(cli);
    return cli->limit_given ? cli->limit : LIMIT_NONE;
}

static struct rows *rows_for(const struct cli *cli, const struct printing *printing)
{
    if (printing->explains)
        return rows_new(cli, item_columns, ARRAY_LEN(item_columns));
    if (printing->checks)
        return rows_new(cli, roll_columns, ARRAY_LEN(roll_columns));
    return rows_new(cli, figure_columns, ARRAY_LEN(figure_columns));
}

static int figures_run(struct cli *cli, const struct arguments *args)
{
    struct printing printing = {.table = cli->output == OUTPUT_TABLE,
                                .explains = arguments_has(args, "explain"),
                                .checks = arguments_has(args, "check")};
    _cleanup_rows_ struct rows *rows = rows_for(cli, &printing);
    _cleanup_pages_ struct pages pages = {.limit = limit_of(cli, &printing), .long_pages = true};
    _cleanup_json_ json_t *body = NULL;
    enum exit_status status = cli_body(cli, args, &body);

    printing.rows = rows;
    printing.pages = &pages;
    printing.body = body;
    if (status == EXIT_DONE)
        status = page_rows(cli, "figures", body, &pages, take_row, &printing);
    if (status != EXIT_DONE)
        return status;
    head(&printing);
    rows_end(rows);
    page_say_more(cli, &pages);
    return printing.checks ? tell_check(cli, pages.last_reply) : EXIT_DONE;
}

static const struct option_spec figures_options[] = {
    {"year", OPTION_NUMBER, "Y", "year", N_("the year (this one, or that of --as-of)")},
    {"area", OPTION_TEXT, "AREA", "area", N_("of that area (a prefix)")},
    {"sector", OPTION_TEXT, "SECTOR", "sector", N_("enterprise or association")},
    {"branch", OPTION_TEXT, "BRANCH", "branch", N_("of that branch")},
    {"denominator", OPTION_TEXT, "WHICH", "denominator", N_("of coverage: operating (all), eligible or above_scale")},
    {"explain", OPTION_TEXT, "NAME", "explain", N_("every event and register entry behind that figure")},
    {"check", OPTION_FLAG, NULL, "check", N_("whether opening, movements and closing agree")},
};

static const struct verb verbs[] = {
    {.name = "figures", .words = "", .flags = VERB_LISTS | VERB_AS_OF | VERB_KNOWN_ON, .options = figures_options,
     .option_count = ARRAY_LEN(figures_options), .run = figures_run, .en = N_("the annual summary's figures"),
     .example = "muster figures --year 2022\nmuster figures --year 2022 --area 450312 --csv --bom > figures.csv\n"
                "muster figures --year 2022 --explain coverage.enterprise\nmuster figures --year 2022 --check"},
};

const struct family family_figures = {N_("Annual summary"), verbs, ARRAY_LEN(verbs)};
