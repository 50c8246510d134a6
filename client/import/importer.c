#include "import/importer.h"

#include <sodium.h>
#include <string.h>

#include "import/making.h"
#include "import/plain.h"
#include "import/suspect.h"
#include "import/table.h"
#include "wire/private.h"

struct importer {
    struct import_asking asking;
    struct decoder decoder;
    bool decodes, reads; /* what is open */
    struct head head;
    struct table table;
    struct directory *directory;
    struct seen *seen;
    struct suspect *suspect;
    struct arena arena; /* of one row */
};

static void (*const makers[SHEET_COUNT])(struct making *) = {
    [SHEET_UNITS] = make_unit,       [SHEET_BRANCHES] = make_branch,   [SHEET_MEMBERS] = make_member,
    [SHEET_MEETINGS] = make_meeting, [SHEET_TRAININGS] = make_training, [SHEET_TRANSFERS] = make_transfer,
};

void importer_free(struct importer *im)
{
    if (!im)
        return;
    if (im->reads)
        table_close(&im->table);
    if (im->decodes)
        decoder_close(&im->decoder);
    head_deinit(&im->head);
    directory_free(im->directory);
    seen_free(im->seen);
    suspect_free(im->suspect);
    arena_deinit(&im->arena);
    free(im);
}

static struct making making_of(struct importer *im, struct row *row, const struct table_row *cells)
{
    return (struct making){.head = &im->head, .asking = &im->asking, .directory = im->directory, .seen = im->seen, .suspect = im->suspect,
                           .arena = &im->arena, .row = row, .cells = cells->cells, .cell_count = cells->count};
}

/* The row behind the header is the first. */
static int next_cells(struct table_row *out, struct importer *im, struct err *err)
{
    int r;

    do
        r = table_next(out, &im->table, err);
    while (r == 1 && out->number <= im->head.row);
    return r;
}

static int begin(struct importer *im, struct err *err)
{
    if (im->reads)
        table_close(&im->table);
    im->reads = false;
    if (decoder_rewind(&im->decoder, err) < 0)
        return -1;
    table_open(&im->table, &im->decoder, im->head.delimiter);
    im->reads = true;
    seen_free(im->seen);
    im->seen = seen_new();
    return 0;
}

/* The look over all rows before they are read: nothing is recorded of a file that cannot be read to its end. */
static int look_over(struct importer *im, struct err *err)
{
    struct table_row cells;
    int r;

    if (im->head.kind == SHEET_MEETINGS)
        im->suspect = suspect_new();
    while ((r = next_cells(&cells, im, err)) == 1) {
        struct making m = making_of(im, NULL, &cells);

        arena_reset(&im->arena);
        if (im->suspect)
            suspect_look(im->suspect, &m);
    }
    return r < 0 ? -1 : begin(im, err);
}

static int open_file(struct importer *im, int fd, const struct head_options *options, struct err *err)
{
    int failed = decoder_open(&im->decoder, fd, err);

    im->decodes = !failed;
    return failed ? failed : head_find(&im->head, &im->decoder, options, err);
}

static bool names_units(const struct head *head)
{
    return head->kind != SHEET_UNITS && (head_has(head, COL_UNIT) || head_has(head, COL_UNITS));
}

static int ask_registers(struct importer *im)
{
    const bool wanted[DIRECTORY_KINDS] = {[DIRECTORY_BRANCH] = im->head.kind != SHEET_UNITS, [DIRECTORY_UNIT] = names_units(&im->head),
                                          [DIRECTORY_MEMBER] = head_has_people(&im->head)};

    for (int k = 0; k < DIRECTORY_KINDS; k++)
        if (wanted[k] && im->asking.registers(im->asking.context, im->directory, (enum directory_kind)k) < 0)
            return -1;
    directory_ready(im->directory);
    return 0;
}

int importer_open(struct importer **out, int fd, const struct head_options *options, const struct import_asking *asking, struct err *err)
{
    _cleanup_importer_ struct importer *im = mem_zero(sizeof *im);
    int failed;

    if (sodium_init() < 0)
        return err_fault(err, "libsodium cannot be used here");
    im->asking = *asking;
    im->directory = directory_new();
    failed = open_file(im, fd, options, err);
    if (failed)
        return failed;
    if (ask_registers(im) < 0)
        return -1;
    if (begin(im, err) < 0 || look_over(im, err) < 0)
        return -1;
    *out = TAKE(im);
    return 0;
}

int importer_rewind(struct importer *im, struct err *err)
{
    return begin(im, err);
}

const struct head *importer_head(const struct importer *im)
{
    return &im->head;
}

const char *importer_encoding(const struct importer *im)
{
    return encoding_name(im->decoder.encoding);
}

int64_t importer_done(const struct importer *im)
{
    return im->decoder.read_bytes;
}

int64_t importer_size(const struct importer *im)
{
    return im->decoder.size_bytes;
}

static void keep_cells(struct row *row, const struct table_row *cells)
{
    row->cells = mem_alloc((cells->count + 1) * sizeof *row->cells);
    for (size_t i = 0; i < cells->count; i++)
        row->cells[i] = mem_strdup(cells->cells[i]);
    row->cell_count = cells->count;
}

static const char *first_cell(struct importer *im, const struct table_row *cells, size_t *filled_out)
{
    const char *first = "";

    *filled_out = 0;
    for (size_t i = 0; i < cells->count; i++) {
        if (plain_is_blank(cells->cells[i]))
            continue;
        if ((*filled_out)++ == 0)
            first = plain_name(&im->arena, cells->cells[i]);
    }
    return first;
}

static bool begins_with(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strncasecmp(text, *words, strlen(*words)) == 0)
            return true;
    return false;
}

static bool is_header_again(const struct importer *im, const struct table_row *cells)
{
    size_t same = 0, filled = 0;

    for (size_t i = 0; i < cells->count && i < im->head.count; i++) {
        filled += !plain_is_blank(im->head.headings[i]);
        same += !plain_is_blank(im->head.headings[i]) && strcmp(cells->cells[i], im->head.headings[i]) == 0;
    }
    return same > 1 && same == filled;
}

/* Totals, notes and signatures below the table, and a header that stands there once more. */
static bool is_no_row(struct importer *im, struct row *row, const struct table_row *cells)
{
    static const char *const totals[] = {"合计", "总计", "小计", "共计", "累计", "本页合计", "total", "subtotal", "sum", NULL};
    static const char *const notes[] = {"填表人", "填报人", "制表人", "审核人", "负责人", "填表日期", "制表日期", "填报单位", "注:", "备注:", "说明:", "note:", NULL};
    size_t filled;
    const char *first = first_cell(im, cells, &filled);

    if (filled == 0)
        err_say(&row->err, ERR_NONE, NULL, "blank", "空行");
    else if (begins_with(first, totals))
        err_say(&row->err, ERR_NONE, NULL, "a row of totals", "合计行");
    else if (begins_with(first, notes) && filled <= (im->head.count + 1) / 2)
        err_say(&row->err, ERR_NONE, NULL, "a note", "附注行");
    else if (is_header_again(im, cells))
        err_say(&row->err, ERR_NONE, NULL, "the header once more", "重复的表头");
    else
        return false;
    row->outcome = ROW_SKIPPED;
    return true;
}

static bool is_unreadable(struct importer *im, struct row *row, const struct table_row *cells)
{
    if (cells->broken) {
        err_say(&row->err, ERR_INVALID_VALUE, NULL, "there are bytes in it that are no text in %s", "含有不是 %s 文本的字节", importer_encoding(im));
        row->outcome = ROW_REFUSED;
    }
    for (size_t i = im->head.count; i < cells->count && row->outcome == ROW_MADE; i++) {
        if (plain_is_blank(cells->cells[i]))
            continue;
        err_say(&row->err, ERR_INVALID_VALUE, NULL, "it has more cells than the header: is there a comma in a text without quotation marks?",
                "单元格多于表头：是否有文字内的分隔符未加引号？");
        row->outcome = ROW_REFUSED;
    }
    return row->outcome == ROW_REFUSED;
}

/* Recorded all the same: a look is no proof. */
static void flag_private(struct making *m)
{
    for (size_t i = 0; i < m->row->event_count; i++) {
        _cleanup_buf_ struct buf json = {0};
        char id[UUID_TEXT_SIZE];
        const char *field = "";
        enum private_kind kind;

        row_event_json(id, &json, &m->row->events[i], NULL);
        kind = private_in_event(&field, json.data, json.len);
        if (kind != PRIVATE_NONE)
            MAKING_FLAG(m, "private", _("%s looks as if %s were in it: that has no place in the ledger"), field,
                        private_kind_text(kind, m->asking->zh ? "zh" : "en"));
    }
}

int importer_next(struct row **out, struct importer *im, struct err *err)
{
    _cleanup_row_ struct row *row = mem_zero(sizeof *row);
    struct table_row cells;
    struct making m;
    int r = next_cells(&cells, im, err);

    if (r != 1)
        return r;
    arena_reset(&im->arena);
    row->number = cells.number;
    keep_cells(row, &cells);
    m = making_of(im, row, &cells);
    if (!is_unreadable(im, row, &cells) && !is_no_row(im, row, &cells)) {
        makers[im->head.kind](&m);
        if (m.fault)
            return -1;
        if (row->outcome == ROW_MADE)
            flag_private(&m);
    }
    if (row->outcome != ROW_MADE)
        row->event_count = 0;
    *out = TAKE(row);
    return 1;
}
