/* `muster board`: branches by duty and period, one mark for each period; below it the sums. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board_sums.h"
#include "cells.h"
#include "page.h"
#include "reading.h"
#include "say.h"

enum { MONTHS = 12 };

/* Letters, not symbols: their width is the same on every terminal, and a reader can spell them out. */
static char mark(const char *state)
{
    static const struct {
        const char *state;
        char mark;
    } marks[] = {{"met", 'o'}, {"missed", 'X'}, {"late", 'l'}, {"excused", 'e'}, {"open", '.'}};

    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (strcmp(marks[i].state, state) == 0)
            return marks[i].mark;
    return '?';
}

/* "2022-11" is the 11th of 12, "2022 Q4" the 4th of 4, "2022" the only one. */
static size_t place_of(const char *period, size_t *places_out)
{
    size_t place = 1;

    *places_out = 1;
    if (strlen(period) < 7)
        return 0;
    *places_out = period[5] == 'Q' ? 4 : MONTHS;
    place = (size_t)atoi(period + (period[5] == 'Q' ? 6 : 5));
    return place >= 1 && place <= *places_out ? place - 1 : 0;
}

static void duty_marks(struct buf *out, const json_t *row, const char *rule)
{
    char marks[MONTHS];
    size_t places = 0, i;
    json_t *duty;

    memset(marks, '-', sizeof marks);
    json_array_foreach(json_object_get(row, "duties"), i, duty) {
        size_t place;

        if (strcmp(cell_string(duty, "rule"), rule) != 0)
            continue;
        place = place_of(cell_string(duty, "period"), &places);
        marks[place] = mark(cell_string(duty, "state"));
    }
    buf_add(out, marks, places);
}

/* The matrix as rows whose members are named by the rules, so that a table of them can be printed. */
static json_t *matrix_row(const json_t *row, const json_t *rules)
{
    json_t *out = json_object();
    size_t i;
    json_t *rule;

    json_object_set(out, "branch", json_object_get(row, "branch"));
    if (json_is_true(json_object_get(row, "no_reports")))
        json_object_set_new(out, "name", json_sprintf(_("%s (no reports)"), cell_string(row, "name")));
    else
        json_object_set(out, "name", json_object_get(row, "name"));
    json_array_foreach(rules, i, rule) {
        _cleanup_buf_ struct buf marks = {0};

        duty_marks(&marks, row, cell_string(rule, "rule"));
        json_object_set_new(out, cell_string(rule, "rule"), json_stringn(marks.data ? marks.data : "", marks.len));
    }
    return out;
}

static void print_matrix(struct cli *cli, const json_t *all, const json_t *rules)
{
    size_t count = json_array_size(rules) + 2, i;
    _cleanup_free_ struct column *columns = mem_zero(count * sizeof *columns);
    _cleanup_rows_ struct rows *rows = rows_new(cli, columns, count);
    json_t *row, *rule;

    columns[0] = (struct column){"branch", N_("BRANCH"), 0, 0, NULL};
    columns[1] = (struct column){"name", N_("NAME"), COLUMN_CUT, 0, NULL};
    json_array_foreach(rules, i, rule) {
        const char *id = cell_string(rule, "rule");

        columns[i + 2] = (struct column){id, say_either(id, cell_string(rule, "title")), COLUMN_HEAD, 0, NULL};
    }
    json_array_foreach(all, i, row) {
        json_t *marks = matrix_row(row, rules);

        rows_add(rows, marks);
        json_decref(marks);
    }
    rows_end(rows);
    puts(_("o met   X missed   l late: held since   e excused   . open   - no duty   (one mark a period, from January)"));
}

/* CSV has one row for each branch, duty and period. */
static void print_duties(struct rows *rows, const json_t *row)
{
    static const char *const of_branch[] = {"branch", "name", "area"};
    size_t i;
    json_t *duty;

    json_array_foreach(json_object_get(row, "duties"), i, duty) {
        json_t *flat = json_copy(duty);

        for (size_t k = 0; k < ARRAY_LEN(of_branch); k++)
            if (json_object_get(row, of_branch[k]))
                json_object_set(flat, of_branch[k], json_object_get(row, of_branch[k]));
        rows_add(rows, flat);
        json_decref(flat);
    }
}

static const struct column csv_columns[] = {
    {"branch", NULL, 0, 0, NULL},  {"name", NULL, 0, 0, NULL},    {"area", NULL, 0, 0, NULL},
    {"rule", NULL, 0, 0, NULL},    {"period", NULL, 0, 0, NULL},  {"state", NULL, 0, 0, NULL},
    {"counted", NULL, 0, 0, NULL}, {"at_least", NULL, 0, 0, NULL}, {"closes", NULL, 0, 0, NULL},
};

struct printing {
    struct rows *rows;
    json_t *kept; /* for the matrix, whose columns are known at the end */
    enum output output;
};

static void take_row(void *context, const json_t *row)
{
    struct printing *printing = context;

    switch (printing->output) {
    case OUTPUT_TABLE:
        json_array_append(printing->kept, (json_t *)row);
        break;
    case OUTPUT_JSON:
        rows_add(printing->rows, row);
        break;
    case OUTPUT_CSV:
        print_duties(printing->rows, row);
        break;
    }
}

/* What the table is of: as many branches as the limit says. */
static void print_first(struct cli *cli, struct pages *pages, const json_t *kept)
{
    size_t all = json_array_size(kept), limit = (size_t)page_limit(cli);
    _cleanup_json_ json_t *first = json_array();
    size_t i;
    json_t *row;

    json_array_foreach(kept, i, row)
        if (page_limit(cli) == LIMIT_NONE || i < limit)
            json_array_append(first, row);
    print_matrix(cli, first, json_object_get(pages->last_reply, "rules"));
    pages->more = (int64_t)(all - json_array_size(first));
    page_say_more(cli, pages);
}

/* All of it, for people: the matrix, the sums of all branches, and the ten most in need of help. */
static enum exit_status print_board(struct cli *cli, struct pages *pages, const json_t *body, const json_t *kept)
{
    _cleanup_json_ json_t *alerts = NULL;
    enum exit_status status = board_alerts(cli, body, pages->last_reply, &alerts);

    if (status != EXIT_DONE)
        return status;
    print_first(cli, pages, kept);
    printf("\n%s\n", _("Duty periods by township:"));
    board_print_townships(cli, kept);
    printf("\n%s\n", _("Most in need of help:"));
    board_print_needs(cli, kept, json_object_get(pages->last_reply, "rules"), alerts);
    return EXIT_DONE;
}

static enum exit_status print_part(struct cli *cli, struct pages *pages, const json_t *body, const json_t *kept, bool needs)
{
    _cleanup_json_ json_t *alerts = NULL;
    enum exit_status status = EXIT_DONE;

    if (!needs)
        board_print_townships(cli, kept);
    else
        status = board_alerts(cli, body, pages->last_reply, &alerts);
    if (needs && status == EXIT_DONE)
        board_print_needs(cli, kept, json_object_get(pages->last_reply, "rules"), alerts);
    return status;
}

int board_run(struct cli *cli, const struct arguments *args)
{
    bool sums = arguments_has(args, "sums"), needs = arguments_has(args, "needs");
    _cleanup_json_ json_t *body = NULL, *kept = json_array();
    _cleanup_rows_ struct rows *rows = rows_new(cli, csv_columns, ARRAY_LEN(csv_columns));
    bool whole = cli->output == OUTPUT_TABLE || sums || needs; /* sums are of all branches */
    _cleanup_pages_ struct pages pages = {.limit = whole ? LIMIT_NONE : page_limit(cli)};
    struct printing printing = {rows, kept, whole ? OUTPUT_TABLE : cli->output};
    enum exit_status status = cli_body(cli, args, &body);

    if (status == EXIT_DONE)
        status = page_rows(cli, "board", body, &pages, take_row, &printing);
    if (status != EXIT_DONE)
        return status;
    if (sums || needs)
        return print_part(cli, &pages, body, kept, needs);
    if (cli->output != OUTPUT_TABLE) {
        rows_end(rows);
        page_say_more(cli, &pages);
        return EXIT_DONE;
    }
    if (json_array_size(kept) > 0)
        return print_board(cli, &pages, body, kept);
    puts(_("no branch"));
    return EXIT_DONE;
}
