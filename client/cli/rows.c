#include "rows.h"

#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cells.h"
#include "fit.h"
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
    struct fit *fits; /* of the columns in tables; their widths are decided with the first piece */
    size_t fit_count;
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
    free(rows->fits);
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

static void add_column(struct rows *rows, const struct column *column, size_t n)
{
    int flags = (column->flags & COLUMN_RIGHT ? SCOLS_FL_RIGHT : 0) |
                (rows->live ? SCOLS_FL_STRICTWIDTH : 0);
    size_t live_width = rows->terminal ? rows->fits[n].width : (size_t)column->width;
    double width = rows->live ? (double)live_width : 0;

    if (!scols_table_new_column(rows->table, said(column->en), width, flags))
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
    for (size_t i = 0, n = 0; i < rows->column_count; i++)
        if (in_table(&rows->columns[i]))
            add_column(rows, &rows->columns[i], n++);
}

static const char *heading(const struct column *column)
{
    const char *text = said(column->en);

    return text ? text : "";
}

static void begin_fits(struct rows *rows)
{
    if (rows->fits)
        return;
    rows->fits = mem_zero((rows->column_count + 1) * sizeof *rows->fits);
    for (size_t i = 0; i < rows->column_count; i++) {
        const struct column *column = &rows->columns[i];

        if (in_table(column))
            rows->fits[rows->fit_count++] = (struct fit){.flags = column->flags, .head = text_width(heading(column))};
    }
}

static void fit_cell(struct libscols_line *line, size_t n, const struct fit *fit)
{
    const char *text = scols_cell_get_data(scols_line_get_cell(line, n));
    _cleanup_buf_ struct buf cut = {0};

    if (!fit->width || !text || text_width(text) <= fit->width)
        return;
    text_cut_to(&cut, text, fit->width);
    scols_line_set_data(line, n, buf_str(&cut));
}

static void fit_heading(struct libscols_column *column, const struct fit *fit)
{
    struct libscols_cell *cell = scols_column_get_header(column);
    _cleanup_buf_ struct buf cut = {0};

    text_cut_to(&cut, scols_cell_get_data(cell), fit->width);
    scols_cell_set_data(cell, buf_str(&cut));
}

static void say_left_out(const struct rows *rows)
{
    _cleanup_buf_ struct buf names = {0};
    size_t n = 0;

    for (size_t i = 0; i < rows->column_count; i++) {
        if (!in_table(&rows->columns[i]))
            continue;
        if (rows->fits[n].width == 0 && rows->fits[n].content > 0)
            buf_addf(&names, "%s%s", names.len ? ", " : "", heading(&rows->columns[i]));
        n++;
    }
    if (names.len)
        say(_("no room in this window for %s"), buf_str(&names));
}

static size_t window_width(void)
{
    enum { WIDTH = 80 }; /* of a terminal that does not say */
    struct winsize size;

    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : WIDTH;
}

/* Decided once: all pieces have the columns of the first. */
static void decide_fit(struct rows *rows)
{
    fit_columns(rows->fits, rows->fit_count, window_width());
    say_left_out(rows);
}

static void fit_table(struct rows *rows)
{
    size_t lines = scols_table_get_nlines(rows->table);

    for (size_t n = 0; n < rows->fit_count; n++) {
        struct libscols_column *column = scols_table_get_column(rows->table, n);

        if (rows->fits[n].width == 0)
            scols_column_set_flags(column, scols_column_get_flags(column) | SCOLS_FL_HIDDEN);
        fit_heading(column, &rows->fits[n]);
        for (size_t i = 0; i < lines; i++)
            fit_cell(scols_table_get_line(rows->table, i), n, &rows->fits[n]);
    }
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
    if (rows->terminal && !rows->headed && !rows->live)
        decide_fit(rows);
    if (rows->terminal)
        fit_table(rows);
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

    begin_fits(rows);
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
        if (rows->terminal && text_width(buf_str(&safe)) > rows->fits[n].content)
            rows->fits[n].content = text_width(buf_str(&safe));
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
    if (!rows->terminal)
        return;
    begin_fits(rows);
    for (size_t i = 0, n = 0; i < rows->column_count; i++) {
        if (!in_table(&rows->columns[i]))
            continue;
        if (rows->fits[n].content < (size_t)rows->columns[i].width)
            rows->fits[n].content = (size_t)rows->columns[i].width;
        n++;
    }
    fit_columns(rows->fits, rows->fit_count, window_width());
}

void rows_print(const struct cli *cli, const json_t *list, const struct column *columns, size_t count)
{
    _cleanup_rows_ struct rows *rows = rows_new(cli, columns, count);
    size_t i;
    json_t *row;

    json_array_foreach(list, i, row)
        rows_add(rows, row);
    rows_end(rows);
}
