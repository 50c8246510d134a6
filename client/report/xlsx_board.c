/* The board as a sheet: a row a branch, a column a rule and period. */
#include <string.h>

#include "report/xlsx.h"

enum { FIXED = 3, MARK_WIDTH = 5, HEAD_HEIGHT = 64 };

static const struct {
    const char *state, *en;
} marks[MARKS] = {
    [MARK_MET] = {"met", N_("o")}, [MARK_LATE] = {"late", N_("l")}, [MARK_MISSED] = {"missed", N_("X")},
    [MARK_EXCUSED] = {"excused", N_("e")}, [MARK_OPEN] = {"open", N_(".")},
};

static const char *const meanings[MARKS] = {
    [MARK_MET] = N_("met"), [MARK_LATE] = N_("late: held since"), [MARK_MISSED] = N_("missed"),
    [MARK_EXCUSED] = N_("excused"), [MARK_OPEN] = N_("open"),
};

static const char *text_of(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));

    return text ? text : "";
}

/* The periods of a rule that any branch has, in their order. */
static json_t *periods_of(const json_t *rows, const char *rule)
{
    json_t *found = json_array(), *branch, *duty;
    size_t i, k, at;

    json_array_foreach(rows, i, branch)
        json_array_foreach(json_object_get(branch, "duties"), k, duty) {
            const char *period = text_of(duty, "period");

            if (strcmp(text_of(duty, "rule"), rule) != 0)
                continue;
            for (at = 0; at < json_array_size(found) && strcmp(json_string_value(json_array_get(found, at)), period) < 0; at++)
                ;
            if (at == json_array_size(found) || strcmp(json_string_value(json_array_get(found, at)), period) != 0)
                json_array_insert_new(found, at, json_string(period));
        }
    return found;
}

static void put_mark(const struct book *b, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *state)
{
    for (int i = 0; i < MARKS; i++)
        if (strcmp(marks[i].state, state) == 0)
            sheet_text(sheet, row, column, said(marks[i].en), b->marks[i]);
}

/* "03", "Q1": the board is of one year. */
static const char *short_period(const char *period)
{
    return strlen(period) > 5 ? period + 5 : period;
}

/* One rule's columns. Returns the first column after them. */
static lxw_col_t put_rule(const struct book *b, lxw_worksheet *sheet, lxw_col_t first, const json_t *rows, const json_t *rule)
{
    json_t *periods = periods_of(rows, text_of(rule, "rule")), *branch, *duty;
    size_t n = json_array_size(periods), i, k, at;
    lxw_col_t last = (lxw_col_t)(first + n - 1);

    if (n > 1)
        worksheet_merge_range(sheet, 0, first, 0, last, text_of(rule, "title"), b->head);
    else if (n == 1)
        sheet_text(sheet, 0, first, text_of(rule, "title"), b->head);
    for (i = 0; i < n; i++)
        sheet_text(sheet, 1, (lxw_col_t)(first + i), short_period(json_string_value(json_array_get(periods, i))), b->head);
    json_array_foreach(rows, i, branch)
        json_array_foreach(json_object_get(branch, "duties"), k, duty) {
            if (strcmp(text_of(duty, "rule"), text_of(rule, "rule")) != 0)
                continue;
            for (at = 0; strcmp(json_string_value(json_array_get(periods, at)), text_of(duty, "period")) != 0; at++)
                ;
            put_mark(b, sheet, (lxw_row_t)(i + 2), (lxw_col_t)(first + at), text_of(duty, "state"));
        }
    json_decref(periods);
    return (lxw_col_t)(first + n);
}

static void put_branches(const struct book *b, lxw_worksheet *sheet, const json_t *rows)
{
    static const char *const keys[FIXED] = {"branch", "name", "area"};
    static const char *const heads[FIXED] = {N_("Branch"), NC_("xlsx_board", "Name"), N_("Area")};
    static const double widths[FIXED] = {10, 28, 12};
    size_t i;
    json_t *branch;

    for (int k = 0; k < FIXED; k++) {
        worksheet_set_column(sheet, (lxw_col_t)k, (lxw_col_t)k, widths[k], NULL);
        sheet_text(sheet, 1, (lxw_col_t)k, said(heads[k]), b->head);
        json_array_foreach(rows, i, branch)
            sheet_text(sheet, (lxw_row_t)(i + 2), (lxw_col_t)k, text_of(branch, keys[k]), NULL);
    }
}

static void put_key(const struct book *b, lxw_worksheet *sheet, lxw_row_t row)
{
    for (int i = 0; i < MARKS; i++) {
        put_mark(b, sheet, row + (lxw_row_t)i, 0, marks[i].state);
        sheet_text(sheet, row + (lxw_row_t)i, 1, said(meanings[i]), NULL);
    }
}

int sheet_board(struct book *b)
{
    const json_t *rows, *rules;
    lxw_worksheet *sheet;
    lxw_col_t column = FIXED;
    size_t i;
    json_t *rule;

    if (material_board(&rows, &rules, b->d->material) < 0)
        return -1;
    sheet = book_sheet(b, N_("Board"));
    put_branches(b, sheet, rows);
    json_array_foreach(rules, i, rule)
        column = put_rule(b, sheet, column, rows, rule);
    worksheet_set_row(sheet, 0, HEAD_HEIGHT, NULL);
    if (column > FIXED)
        worksheet_set_column(sheet, FIXED, (lxw_col_t)(column - 1), MARK_WIDTH, NULL);
    worksheet_freeze_panes(sheet, 2, 2);
    worksheet_repeat_rows(sheet, 0, 1);
    put_key(b, sheet, (lxw_row_t)json_array_size(rows) + 3);
    return 0;
}
