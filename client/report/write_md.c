/* Markdown: what the ledger says is text, so whatever means something in Markdown is escaped. */
#include <string.h>

#include "report/document.h"

static void escaped(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\n')
            buf_add_char(out, ' ');
        else if (strchr("\\`*_[]<>|#&", *text))
            buf_addf(out, "\\%c", *text);
        else
            buf_add_char(out, *text);
    }
}

static void runs(struct buf *out, const struct block *block)
{
    for (size_t i = 0; i < block->run_count; i++) {
        const struct run *run = &block->runs[i];

        if (run->bold && (i == 0 || !block->runs[i - 1].bold))
            buf_add_str(out, "**");
        escaped(out, run->text);
        if (run->bold && (i + 1 == block->run_count || !block->runs[i + 1].bold))
            buf_add_str(out, "**");
    }
    buf_add_char(out, '\n');
}

static void row_of(struct buf *out, const struct document *d, const struct list_column *const *columns, size_t n,
                   const json_t *row)
{
    for (size_t i = 0; i < n; i++) {
        _cleanup_buf_ struct buf cell = {0};

        list_cell(&cell, d->material, columns[i], row);
        buf_add_str(out, i ? " | " : "| ");
        escaped(out, buf_str(&cell));
    }
    buf_add_str(out, " |\n");
}

static void heads(struct buf *out, const struct list_column *const *columns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_addf(out, "%s%s", i ? " | " : "| ", said(columns[i]->en));
    buf_add_str(out, " |\n");
    for (size_t i = 0; i < n; i++)
        buf_add_str(out, columns[i]->kind == CELL_NUMBER || columns[i]->kind == CELL_PERCENT ? "|---:" : "|---");
    buf_add_str(out, "|\n");
}

static void table(struct buf *out, const struct document *d, const struct block *block)
{
    size_t all = json_array_size(block->list->rows);

    heads(out, block->columns, block->column_count);
    for (size_t i = 0; i < block->shown; i++)
        row_of(out, d, block->columns, block->column_count, json_array_get(block->list->rows, i));
    if (block->shown < all)
        buf_addf(out, _("\n... and %zu more\n"), all - block->shown);
}

/* No charts in Markdown: the numbers that they would show. */
static void chart(struct buf *out, const struct document *d, const struct block *block)
{
    const struct list_column *columns[SERIES_MAX + 1];
    const struct list *list = block->list;
    size_t n = 0, i;
    json_t *row;

    columns[n++] = list_column_find(list->columns, list->column_count, block->chart->category);
    for (i = 0; i < SERIES_MAX && block->chart->series[i]; i++)
        columns[n++] = list_column_find(list->columns, list->column_count, block->chart->series[i]);
    buf_addf(out, "**%s** (%s)\n\n", said(block->chart->en),
             said(block->chart->unit));
    heads(out, columns, n);
    json_array_foreach(list->rows, i, row)
        row_of(out, d, columns, n, row);
}

void write_md(struct buf *out, const struct document *d)
{
    for (size_t i = 0; i < d->count; i++) {
        const struct block *block = &d->blocks[i];
        bool list = block->kind == BLOCK_ITEM && i && d->blocks[i - 1].kind == BLOCK_ITEM;

        if (i && !list)
            buf_add_char(out, '\n');
        switch (block->kind) {
        case BLOCK_HEADING:
            buf_addf(out, "%.*s ", block->level, "###");
            runs(out, block);
            break;
        case BLOCK_PARAGRAPH:
            runs(out, block);
            break;
        case BLOCK_ITEM:
            buf_add_str(out, "- ");
            runs(out, block);
            break;
        case BLOCK_TABLE:
            table(out, d, block);
            break;
        case BLOCK_CHART:
            chart(out, d, block);
            break;
        }
    }
}
