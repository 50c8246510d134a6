#include "import/table.h"

#include <string.h>

#include "base/text.h"

enum {
    PARSE_BYTES = 16 * 1024, /* at once: what rows may wait of */
    CELL_GROWTH = 16 * 1024, /* its own 128 bytes make a long cell slow */
    STATE_IN_FIELD = 2,      /* libcsv's FIELD_BEGUN: its own check at the end refuses much that is fine, too */
};

/* Blanks belong to a cell; libcsv would take them off. */
static int no_blank(unsigned char c)
{
    (void)c;
    return 0;
}

void table_open(struct table *t, struct decoder *decoder, char delimiter)
{
    *t = (struct table){.decoder = decoder};
    if (csv_init(&t->parser, CSV_REPALL_NL) != 0)
        abort();
    csv_set_blk_size(&t->parser, CELL_GROWTH);
    csv_set_delim(&t->parser, (unsigned char)delimiter);
    csv_set_space_func(&t->parser, no_blank);
}

void table_close(struct table *t)
{
    csv_free(&t->parser);
    buf_deinit(&t->text);
    arena_deinit(&t->arena);
    free(t->rows);
    free(t->cells);
}

static bool is_broken(const char *cell, size_t len)
{
    return memchr(cell, '\0', len) || !text_utf8_valid(cell, len);
}

static void join_line_breaks(char *cell)
{
    char *to = cell;

    for (const char *from = cell; *from; from++)
        if (*from != '\r')
            *to++ = *from;
        else if (from[1] != '\n')
            *to++ = '\n';
    *to = '\0';
}

static void take_cell(void *cell, size_t len, void *data)
{
    struct table *t = data;
    char *copy;

    if (t->cell_count == TABLE_CELLS) {
        t->too_many = true;
        return;
    }
    copy = arena_strndup(&t->arena, cell ? cell : "", len);
    t->cell_broken |= is_broken(copy, len);
    if (memchr(copy, '\r', len))
        join_line_breaks(copy);
    ARRAY_GROW(t->cells, t->cell_count, t->cell_cap);
    t->cells[t->cell_count++] = copy;
    t->cell_bytes += len;
}

static void take_row(int end, void *data)
{
    struct table *t = data;
    struct table_row *row;
    bool second = end == '\n' && t->last_end == '\r' && t->cell_count == 0;

    t->last_end = end;
    if (second)
        return;
    t->number++;
    if (t->cell_count == 0)
        return;
    ARRAY_GROW(t->rows, t->row_count, t->row_cap);
    row = &t->rows[t->row_count++];
    *row = (struct table_row){.number = t->number, .count = t->cell_count, .broken = t->cell_broken};
    row->cells = arena_alloc(&t->arena, t->cell_count * sizeof *row->cells);
    memcpy(row->cells, t->cells, t->cell_count * sizeof *row->cells);
    t->cell_count = t->cell_bytes = 0;
    t->cell_broken = false;
}

static int check_bounds(const struct table *t, struct err *err)
{
    if (t->too_many)
        return err_say(err, ERR_TOO_LARGE, NULL, "row %lld has more than %d cells", "第 %lld 行超过 %d 个单元格", (long long)t->number + 1,
                       TABLE_CELLS) ? -1 : 0;
    if (t->cell_bytes + t->parser.entry_pos <= TABLE_ROW_BYTES)
        return 0;
    err_say(err, ERR_TOO_LARGE, NULL, "row %lld does not end: a quotation mark (\") in it has no fellow",
            "第 %lld 行没有结尾：其中有一个引号（\"）未成对", (long long)t->number + 1);
    return -1;
}

static int finish(struct table *t, struct err *err)
{
    bool open = t->parser.quoted && t->parser.pstate == STATE_IN_FIELD;

    t->end = true;
    if (!open && csv_fini(&t->parser, take_cell, take_row, t) == 0)
        return 0;
    err_say(err, ERR_INVALID_VALUE, NULL, "the last row (%lld) does not end: a quotation mark (\") in it has no fellow",
            "最后一行（第 %lld 行）没有结尾：其中有一个引号（\"）未成对", (long long)t->number + 1);
    return -1;
}

/* Parses a piece more. The rows of the piece before are gone with it. */
static int parse_more(struct table *t, struct err *err)
{
    size_t piece;

    if (t->text_at == t->text.len) {
        int r;

        buf_clear(&t->text);
        t->text_at = 0;
        r = decoder_next(&t->text, t->decoder, err);
        if (r < 0)
            return -1;
        if (r == 0)
            return finish(t, err);
    }
    piece = t->text.len - t->text_at < PARSE_BYTES ? t->text.len - t->text_at : PARSE_BYTES;
    if (csv_parse(&t->parser, t->text.data + t->text_at, piece, take_cell, take_row, t) != piece)
        return err_fault(err, "it cannot be read: %s", csv_strerror(csv_error(&t->parser)));
    t->text_at += piece;
    return check_bounds(t, err);
}

/* Cells of a row that is not whole yet live on in a fresh arena. */
static void drop_given(struct table *t)
{
    struct arena old = t->arena;

    t->arena = (struct arena){0};
    for (size_t i = 0; i < t->cell_count; i++)
        t->cells[i] = arena_strndup(&t->arena, t->cells[i], strlen(t->cells[i]));
    arena_deinit(&old);
    t->row_count = t->row_at = 0;
}

int table_next(struct table_row *out, struct table *t, struct err *err)
{
    while (t->row_at == t->row_count) {
        if (t->end)
            return 0;
        drop_given(t);
        if (parse_more(t, err) < 0)
            return -1;
    }
    *out = t->rows[t->row_at++];
    return 1;
}
