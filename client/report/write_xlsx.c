/* A workbook: the report's text, then a sheet for each topic, with charts that Excel draws itself. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/svg.h"
#include "report/xlsx.h"
#include "report/xml.h"

enum { WIDTH_LEAST = 6, WIDTH_MOST = 70, TEXT_COLUMN = 100, PAPER_A4 = 9 };
enum { LINE_HEIGHT = 15, TITLE_HEIGHT = 24, LINE_LETTERS = 110, CELL_LETTERS = 80 }; /* points; letters in a line of the text's column, and of the widest ones */

void sheet_text(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text, lxw_format *format)
{
    _cleanup_buf_ struct buf clean = {0};

    xml_clean(&clean, text);
    worksheet_write_string(sheet, row, column, buf_str(&clean), format);
}

/* On paper: A4, lying, as wide as one page. */
lxw_worksheet *book_sheet(struct book *b, const char *name)
{
    lxw_worksheet *sheet = workbook_add_worksheet(b->workbook, said(name));

    worksheet_set_paper(sheet, PAPER_A4);
    worksheet_set_landscape(sheet);
    worksheet_fit_to_pages(sheet, 1, 0);
    return sheet;
}

static lxw_format *format_of(struct book *b)
{
    lxw_format *format = workbook_add_format(b->workbook);

    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    return format;
}

static void make_formats(struct book *b)
{
    static const lxw_color_t colours[MARKS] = {0xC6E5C3, 0xF9E3A3, 0xF2B8B5, 0xDCE3EA, 0xFFFFFF};

    b->text = format_of(b);
    format_set_text_wrap(b->text);
    b->bold = format_of(b);
    format_set_bold(b->bold);
    b->title = format_of(b);
    format_set_bold(b->title);
    format_set_font_size(b->title, 16);
    b->head = format_of(b);
    format_set_bold(b->head);
    format_set_text_wrap(b->head);
    format_set_bg_color(b->head, 0xF1F4F8);
    format_set_bottom(b->head, LXW_BORDER_THIN);
    b->date = format_of(b);
    format_set_num_format(b->date, "yyyy-mm-dd");
    b->number = format_of(b); /* beside texts of several lines */
    b->percent = format_of(b);
    format_set_num_format(b->percent, "0.0\"%\"");
    format_set_align(b->number, LXW_ALIGN_RIGHT);
    format_set_align(b->percent, LXW_ALIGN_RIGHT);
    format_set_indent(b->number, 1); /* apart from a text that follows */
    format_set_indent(b->percent, 1);
    for (int i = 0; i < MARKS; i++) {
        b->marks[i] = format_of(b);
        format_set_align(b->marks[i], LXW_ALIGN_CENTER);
        format_set_bg_color(b->marks[i], colours[i]);
        format_set_border(b->marks[i], LXW_BORDER_HAIR);
    }
}

/* --- the report's text --- */

static int lines_of(const char *text, int letters)
{
    return (text_letters(text) + letters - 1) / letters;
}

/* Not every program makes rows as high as their wrapped text. */
static void set_height(lxw_worksheet *sheet, lxw_row_t row, int lines)
{
    if (lines > 1)
        worksheet_set_row(sheet, row, lines * LINE_HEIGHT, NULL);
}

static void sheet_report(struct book *b)
{
    lxw_worksheet *sheet = book_sheet(b, N_("Report"));
    lxw_row_t row = 0;

    worksheet_set_column(sheet, 0, 0, TEXT_COLUMN, NULL);
    for (size_t i = 0; i < b->d->count; i++) {
        const struct block *block = &b->d->blocks[i];
        bool heading = block->kind == BLOCK_HEADING, title = heading && block->level == 1;
        _cleanup_buf_ struct buf text = {0};

        if (block->kind == BLOCK_TABLE || block->kind == BLOCK_CHART)
            continue; /* a sheet of its own has it */
        if (block->kind == BLOCK_ITEM)
            buf_add_str(&text, "• ");
        for (size_t k = 0; k < block->run_count; k++)
            buf_add_str(&text, block->runs[k].text);
        if (title)
            worksheet_set_row(sheet, row, TITLE_HEIGHT, NULL);
        else
            set_height(sheet, row, lines_of(buf_str(&text), LINE_LETTERS));
        sheet_text(sheet, row++, 0, buf_str(&text), title ? b->title : heading ? b->bold : b->text);
    }
}

/* --- a list --- */

static void write_date(const struct book *b, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text)
{
    lxw_datetime at = {0};

    if (sscanf(text, "%4d-%2d-%2d", &at.year, &at.month, &at.day) == 3)
        worksheet_write_datetime(sheet, row, column, &at, b->date);
    else
        sheet_text(sheet, row, column, text, b->text);
}

static void write_cell(const struct book *b, lxw_worksheet *sheet, lxw_row_t at, lxw_col_t column,
                       const struct list_column *kind, const json_t *row)
{
    const json_t *value = json_object_get(row, kind->key);

    if (json_is_number(value))
        worksheet_write_number(sheet, at, column, json_number_value(value), kind->kind == CELL_PERCENT ? b->percent : b->number);
    else if (json_is_string(value) && kind->kind == CELL_DATE)
        write_date(b, sheet, at, column, json_string_value(value));
    else if (json_is_string(value))
        sheet_text(sheet, at, column, json_string_value(value), b->text);
}

static int width_of(const struct book *b, const struct list *list, const struct list_column *column)
{
    int wide = text_letters(said(column->en));
    size_t i;
    json_t *row;

    json_array_foreach(list->rows, i, row) {
        _cleanup_buf_ struct buf cell = {0};
        int n;

        list_cell(&cell, b->d->material, column, row);
        n = text_letters(buf_str(&cell));
        wide = n > wide ? n : wide;
    }
    wide += 2;
    return wide < WIDTH_LEAST ? WIDTH_LEAST : wide > WIDTH_MOST ? WIDTH_MOST : wide;
}

/* As many lines as the longest text of a row takes in its column; only the widest columns wrap. */
static int lines_of_row(const struct book *b, const struct list *list, const json_t *row)
{
    int most = 1;

    for (size_t i = 0; i < list->column_count; i++) {
        _cleanup_buf_ struct buf cell = {0};
        int lines;

        list_cell(&cell, b->d->material, &list->columns[i], row);
        lines = lines_of(buf_str(&cell), CELL_LETTERS);
        most = lines > most ? lines : most;
    }
    return most;
}

static lxw_worksheet *write_list(struct book *b, const struct list *list)
{
    lxw_worksheet *sheet = book_sheet(b, list->en);
    lxw_row_t at = 0;
    size_t i;
    json_t *row;

    for (i = 0; i < list->column_count; i++) {
        worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i, width_of(b, list, &list->columns[i]), NULL);
        sheet_text(sheet, 0, (lxw_col_t)i, said(list->columns[i].en), b->head);
    }
    json_array_foreach(list->rows, i, row) {
        set_height(sheet, ++at, lines_of_row(b, list, row));
        for (size_t k = 0; k < list->column_count; k++)
            write_cell(b, sheet, at, (lxw_col_t)k, &list->columns[k], row);
    }
    worksheet_freeze_panes(sheet, 1, 0);
    worksheet_repeat_rows(sheet, 0, 0);
    if (at > 0)
        worksheet_autofilter(sheet, 0, 0, at, (lxw_col_t)(list->column_count - 1));
    return sheet;
}

/* --- charts --- */

static lxw_col_t column_of(const struct list *list, const char *key)
{
    return (lxw_col_t)(list_column_find(list->columns, list->column_count, key) - list->columns);
}

/* Right of the list, the n-th. */
static void add_chart(struct book *b, lxw_worksheet *sheet, const struct list *list, const struct chart *chart, int n)
{
    const char *name = said(list->en);
    lxw_row_t last = (lxw_row_t)json_array_size(list->rows);
    lxw_chart *drawn = workbook_add_chart(b->workbook, chart->series[1] ? LXW_CHART_COLUMN_STACKED : LXW_CHART_COLUMN);
    lxw_chart_options options = {.x_scale = 1.2};

    chart_title_set_name(drawn, said(chart->en));
    chart_axis_set_name(drawn->y_axis, said(chart->unit));
    for (size_t i = 0; i < SERIES_MAX && chart->series[i]; i++) {
        lxw_chart_series *series = chart_add_series(drawn, NULL, NULL);
        lxw_col_t column = column_of(list, chart->series[i]);
        lxw_chart_fill fill = {.color = (lxw_color_t)strtoul(series_colours[i] + 1, NULL, 16)};

        chart_series_set_categories(series, name, 1, column_of(list, chart->category), last, column_of(list, chart->category));
        chart_series_set_values(series, name, 1, column, last, column);
        chart_series_set_name_range(series, name, 0, column);
        chart_series_set_fill(series, &fill);
    }
    if (!chart->series[1])
        chart_legend_set_position(drawn, LXW_CHART_LEGEND_NONE);
    worksheet_insert_chart_opt(sheet, (lxw_row_t)(1 + 16 * n), (lxw_col_t)(list->column_count + 1), drawn, &options);
}

static int sheet_list(struct book *b, const char *name)
{
    const struct chart *charts;
    size_t n = charts_all(&charts);
    const struct list *list;
    lxw_worksheet *sheet;
    int drawn = 0;

    if (material_list(&list, b->d->material, name) != 0)
        return -1;
    sheet = write_list(b, list);
    for (size_t i = 0; i < n; i++)
        if (strcmp(charts[i].list, name) == 0 && json_array_size(list->rows))
            add_chart(b, sheet, list, &charts[i], drawn++);
    return 0;
}

/* --- the whole --- */

static int write_sheets(struct book *b)
{
    static const char *const before[] = {"figures", "months", "duties", "townships"};
    static const char *const after[] = {"help", "problems", "alerts", "due", "alliances"};

    make_formats(b);
    sheet_report(b);
    for (size_t i = 0; i < ARRAY_LEN(before); i++)
        if (sheet_list(b, before[i]) < 0)
            return -1;
    if (sheet_board(b) < 0)
        return -1;
    for (size_t i = 0; i < ARRAY_LEN(after); i++)
        if (sheet_list(b, after[i]) < 0)
            return -1;
    return 0;
}

static int cannot(struct err *err, const char *file, const char *why)
{
    return err_say(err, ERR_INVALID_VALUE, NULL, "%s: %s", "%s：%s", file, why);
}

int write_xlsx(const char *file, const struct document *d, struct err *err)
{
    _cleanup_buf_ struct buf beside = {0}, title = {0};
    struct book b = {.d = d};
    lxw_doc_properties properties = {0};
    lxw_error failed;
    int r;

    buf_addf(&beside, "%s.new", file);
    b.workbook = workbook_new(buf_str(&beside));
    if (!b.workbook)
        return cannot(err, file, "cannot be written");
    document_title(&title, d);
    properties.title = (char *)buf_str(&title);
    workbook_set_properties(b.workbook, &properties);
    r = write_sheets(&b);
    failed = workbook_close(b.workbook);
    if (r == 0 && failed)
        r = cannot(err, file, lxw_strerror(failed));
    if (r == 0 && rename(buf_str(&beside), file) != 0)
        r = cannot(err, file, strerror(errno));
    if (r != 0)
        remove(buf_str(&beside));
    return r;
}
