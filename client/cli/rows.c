#include "rows.h"

#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cells.h"
#include "say.h"

enum {
    PIECE_ROWS = 1000, /* rows of one table: bounds memory however long the list */
    PIPE_WIDTH = 1 << 20, /* wider than any row: nothing is cut */
};

struct rows {
    const struct cli *cli;
    const struct column *columns;
    size_t column_count;
    struct libscols_table *table;
    size_t in_table, count;
    bool headed, live, terminal;
};

struct rows *rows_new(const struct cli *cli, const struct column *columns, size_t count)
{
    struct rows *rows = mem_zero(sizeof *rows);

    rows->cli = cli;
    rows->columns = columns;
    rows->column_count = count;
    rows->terminal = isatty(STDOUT_FILENO);
    return rows;
}

void rows_free(struct rows *rows)
{
    if (!rows)
        return;
    scols_unref_table(rows->table);
    free(rows);
}

size_t rows_count(const struct rows *rows)
{
    return rows->count;
}

static bool in_table(const struct column *column)
{
    return !(column->flags & COLUMN_CSV);
}

static void add_column(struct rows *rows, const struct column *column)
{
    int flags = (column->flags & COLUMN_RIGHT ? SCOLS_FL_RIGHT : 0) |
                (column->flags & COLUMN_CUT && rows->terminal ? SCOLS_FL_TRUNC : 0) |
                (rows->live ? SCOLS_FL_STRICTWIDTH : 0);
    double width = rows->live ? column->width : 0;

    if (!scols_table_new_column(rows->table, tr(column->en, column->zh), width, flags))
        abort();
}

static void begin_table(struct rows *rows)
{
    static bool initialised;

    if (!initialised)
        scols_init_debug(0);
    initialised = true;
    rows->table = scols_new_table();
    if (!rows->table)
        abort();
    /* Texts come made safe already; smartcols would spell out what it cannot print in this locale. */
    scols_table_enable_noencoding(rows->table, 1);
    scols_table_enable_noheadings(rows->table, rows->headed);
    scols_table_enable_colors(rows->table, rows->terminal && !getenv("NO_COLOR"));
    if (!rows->terminal) {
        scols_table_set_termforce(rows->table, SCOLS_TERMFORCE_NEVER);
        scols_table_set_termwidth(rows->table, PIPE_WIDTH);
    }
    for (size_t i = 0; i < rows->column_count; i++)
        if (in_table(&rows->columns[i]))
            add_column(rows, &rows->columns[i]);
}

static const char *level_color(const json_t *row)
{
    const char *level = cell_string(row, "level");

    if (strcmp(level, "red") == 0)
        return "red";
    if (strcmp(level, "yellow") == 0)
        return "yellow";
    if (*cell_string(row, "voided_by") || *cell_string(row, "replaced_by"))
        return "darkgray";
    return NULL;
}

static void print_piece(struct rows *rows)
{
    if (!rows->table)
        return;
    scols_print_table(rows->table);
    scols_unref_table(rows->table);
    rows->table = NULL;
    rows->in_table = 0;
    rows->headed = true;
}

static void add_to_table(struct rows *rows, const json_t *row)
{
    struct libscols_line *line;
    size_t n = 0;

    if (!rows->table)
        begin_table(rows);
    line = scols_table_new_line(rows->table, NULL);
    if (!line)
        abort();
    for (size_t i = 0; i < rows->column_count; i++) {
        _cleanup_buf_ struct buf text = {0}, safe = {0};

        if (!in_table(&rows->columns[i]))
            continue;
        if (rows->columns[i].text)
            rows->columns[i].text(&text, row);
        else
            cell_member(&text, row, rows->columns[i].key);
        say_safe(&safe, buf_str(&text));
        scols_line_set_data(line, n++, buf_str(&safe));
    }
    if (level_color(row))
        scols_line_set_color(line, level_color(row));
    if (++rows->in_table == PIECE_ROWS || rows->live)
        print_piece(rows);
}

static void print_csv_cell(const char *text, bool first, bool number)
{
    _cleanup_buf_ struct buf cell = {0};

    cell_csv(&cell, text, number);
    if (!first)
        putchar(',');
    fputs(buf_str(&cell), stdout);
}

static void print_csv_header(struct rows *rows)
{
    bool first = true;

    if (rows->headed)
        return;
    rows->headed = true;
    if (rows->cli->bom)
        fputs("\xEF\xBB\xBF", stdout);
    for (size_t i = 0; i < rows->column_count; i++) {
        if (rows->columns[i].flags & COLUMN_TABLE)
            continue;
        print_csv_cell(rows->columns[i].key, first, false);
        first = false;
    }
    putchar('\n');
}

static void print_csv(struct rows *rows, const json_t *row)
{
    bool first = true;

    print_csv_header(rows);
    for (size_t i = 0; i < rows->column_count; i++) {
        _cleanup_buf_ struct buf text = {0};
        const json_t *value = json_object_get(row, rows->columns[i].key);

        if (rows->columns[i].flags & COLUMN_TABLE)
            continue;
        cell_plain(&text, value);
        print_csv_cell(buf_str(&text), first, json_is_number(value));
        first = false;
    }
    putchar('\n');
}

void rows_print_json(const json_t *row)
{
    _cleanup_buf_ struct buf line = {0};

    cell_json(&line, row);
    puts(buf_str(&line));
}

void rows_add(struct rows *rows, const json_t *row)
{
    rows->count++;
    switch (rows->cli->output) {
    case OUTPUT_TABLE:
        add_to_table(rows, row);
        break;
    case OUTPUT_JSON:
        rows_print_json(row);
        break;
    case OUTPUT_CSV:
        print_csv(rows, row);
        break;
    }
    if (rows->live)
        fflush(stdout);
}

void rows_end(struct rows *rows)
{
    switch (rows->cli->output) {
    case OUTPUT_TABLE:
        print_piece(rows);
        break;
    case OUTPUT_CSV:
        print_csv_header(rows);
        break;
    case OUTPUT_JSON:
        break;
    }
    fflush(stdout);
}

void rows_go_live(struct rows *rows)
{
    rows_end(rows);
    rows->live = true;
}
