/* A .docx: a template's parts as they are, but for its document, in which the paragraph that says {{body}} is replaced by the
 * report. Styles are the template's, by name; text is escaped by libxml2. */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>
#include <zip.h>

#include "report/document.h"
#include "report/xml.h"

#define WORD_NAMESPACE "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define DOCUMENT_PART "word/document.xml"
#define MARKER "{{body}}"

enum {
    TEXT_WIDTH = 8958,       /* twentieths of a point: A4 less the margins of the template */
    CELL_LEAST = 6, CELL_MOST = 46, CELL_MARGIN = 5, /* how many letters wide a column counts, at least and at most */
    LETTER_WIDTH = 140, CELL_PADDING = 190,          /* of a bold letter, and beside the text, in what TEXT_WIDTH is in */
    PART_BYTES_MAX = 16 << 20,
};

/* --- the body --- */

static void paragraph_begin(struct xml *x, const char *style, bool right)
{
    xml_open(x, "w:p", NULL);
    xml_open(x, "w:pPr", NULL);
    xml_open(x, "w:pStyle", "w:val", style, NULL);
    xml_close(x);
    if (right) {
        xml_open(x, "w:jc", "w:val", "right", NULL);
        xml_close(x);
    }
    xml_close(x);
}

static void run(struct xml *x, const char *text, bool bold)
{
    xml_open(x, "w:r", NULL);
    if (bold) {
        xml_open(x, "w:rPr", NULL);
        xml_open(x, "w:b", NULL);
        xml_close(x);
        xml_close(x);
    }
    xml_open(x, "w:t", "xml:space", "preserve", NULL);
    xml_text(x, text);
    xml_close(x);
    xml_close(x);
}

static void line(struct xml *x, const char *style, bool right, const char *text)
{
    paragraph_begin(x, style, right);
    if (*text)
        run(x, text, false);
    xml_close(x);
}

static void text_block(struct xml *x, const char *style, const struct block *block)
{
    paragraph_begin(x, style, false);
    for (size_t i = 0; i < block->run_count; i++)
        run(x, block->runs[i].text, block->runs[i].bold);
    xml_close(x);
}

struct grid {
    const struct document *d;
    const struct list *list;
    const struct list_column *const *columns;
    size_t count, shown;
    int widths[TABLE_COLUMNS_MAX];
};

/* What the longest word of a heading needs, not to be broken. */
static int word_width(const char *heading)
{
    int longest = 0;

    while (*heading) {
        size_t len = strcspn(heading, " ");
        _cleanup_free_ char *word = mem_strndup(heading, len);
        int n = text_letters(word);

        longest = n > longest ? n : longest;
        heading += len + strspn(heading + len, " ");
    }
    return longest * LETTER_WIDTH + CELL_PADDING;
}

/* Those too narrow for a word of their headings take what they need from the others, which have as much to spare. */
static void widen(struct grid *g)
{
    int spare = 0, lacking = 0, least[TABLE_COLUMNS_MAX];

    for (size_t i = 0; i < g->count; i++) {
        least[i] = word_width(said(g->columns[i]->en));
        if (least[i] > g->widths[i])
            lacking += least[i] - g->widths[i];
        else
            spare += g->widths[i] - least[i];
    }
    if (lacking == 0 || lacking > spare)
        return;
    for (size_t i = 0; i < g->count; i++)
        g->widths[i] = g->widths[i] < least[i] ? least[i] : g->widths[i] - (g->widths[i] - least[i]) * lacking / spare;
}

static void measure(struct grid *g)
{
    int wide[TABLE_COLUMNS_MAX] = {0}, total = 0;

    for (size_t i = 0; i < g->count; i++) {
        wide[i] = text_letters(said(g->columns[i]->en));
        for (size_t k = 0; k < g->shown; k++) {
            _cleanup_buf_ struct buf cell = {0};
            int n;

            list_cell(&cell, g->d->material, g->columns[i], json_array_get(g->list->rows, k));
            n = text_letters(buf_str(&cell));
            if (n > wide[i])
                wide[i] = n;
        }
        wide[i] += CELL_MARGIN;
        wide[i] = wide[i] < CELL_LEAST ? CELL_LEAST : wide[i] > CELL_MOST ? CELL_MOST : wide[i];
        total += wide[i];
    }
    for (size_t i = 0; i < g->count; i++)
        g->widths[i] = TEXT_WIDTH * wide[i] / total;
    widen(g);
}

static void cell(struct xml *x, int width, bool right, const char *text)
{
    xml_open(x, "w:tc", NULL);
    xml_open(x, "w:tcPr", NULL);
    xml_open(x, "w:tcW", "w:type", "dxa", NULL);
    xml_attribute(x, "w:w", "%d", width);
    xml_close(x);
    xml_close(x);
    line(x, "TableText", right, text);
    xml_close(x);
}

static void grid_head(struct xml *x, const struct grid *g)
{
    xml_open(x, "w:tr", NULL);
    xml_open(x, "w:trPr", NULL);
    xml_open(x, "w:cantSplit", NULL);
    xml_close(x);
    xml_open(x, "w:tblHeader", NULL);
    xml_close(x);
    xml_close(x);
    for (size_t i = 0; i < g->count; i++)
        cell(x, g->widths[i], false, said(g->columns[i]->en));
    xml_close(x);
}

static void grid_row(struct xml *x, const struct grid *g, const json_t *row)
{
    xml_open(x, "w:tr", NULL);
    xml_open(x, "w:trPr", NULL);
    xml_open(x, "w:cantSplit", NULL);
    xml_close(x);
    xml_close(x);
    for (size_t i = 0; i < g->count; i++) {
        _cleanup_buf_ struct buf text = {0};

        list_cell(&text, g->d->material, g->columns[i], row);
        cell(x, g->widths[i], g->columns[i]->kind == CELL_NUMBER || g->columns[i]->kind == CELL_PERCENT, buf_str(&text));
    }
    xml_close(x);
}

static void write_grid(struct xml *x, struct grid *g)
{
    measure(g);
    xml_open(x, "w:tbl", NULL);
    xml_open(x, "w:tblPr", NULL);
    xml_open(x, "w:tblStyle", "w:val", "ReportTable", NULL);
    xml_close(x);
    xml_open(x, "w:tblW", "w:type", "dxa", NULL);
    xml_attribute(x, "w:w", "%d", TEXT_WIDTH);
    xml_close(x);
    xml_open(x, "w:tblLayout", "w:type", "fixed", NULL);
    xml_close(x);
    xml_open(x, "w:tblLook", "w:val", "0020", "w:firstRow", "1", "w:noVBand", "1", "w:noHBand", "1", NULL);
    xml_close(x);
    xml_close(x);
    xml_open(x, "w:tblGrid", NULL);
    for (size_t i = 0; i < g->count; i++) {
        xml_open(x, "w:gridCol", NULL);
        xml_attribute(x, "w:w", "%d", g->widths[i]);
        xml_close(x);
    }
    xml_close(x);
    grid_head(x, g);
    for (size_t i = 0; i < g->shown; i++)
        grid_row(x, g, json_array_get(g->list->rows, i));
    xml_close(x);
}

static void table(struct xml *x, const struct document *d, const struct block *block)
{
    struct grid g = {d, block->list, block->columns, block->column_count, block->shown, {0}};
    size_t all = json_array_size(block->list->rows);
    _cleanup_buf_ struct buf more = {0};

    write_grid(x, &g);
    if (block->shown < all)
        buf_addf(&more, _("... and %zu more"), all - block->shown);
    line(x, "AfterTable", false, buf_str(&more)); /* also keeps two tables apart */
}

/* The numbers of a chart. */
static void chart(struct xml *x, const struct document *d, const struct block *block)
{
    const struct list_column *columns[SERIES_MAX + 1];
    const struct list *list = block->list;
    struct grid g = {d, list, columns, 0, json_array_size(list->rows), {0}};

    columns[g.count++] = list_column_find(list->columns, list->column_count, block->chart->category);
    for (size_t i = 0; i < SERIES_MAX && block->chart->series[i]; i++)
        columns[g.count++] = list_column_find(list->columns, list->column_count, block->chart->series[i]);
    line(x, "Caption", false, said(block->chart->en));
    write_grid(x, &g);
    line(x, "AfterTable", false, "");
}

static void body(struct buf *out, const struct document *d)
{
    static const char *const headings[] = {"Title", "Title", "Heading1", "Heading2"};
    struct xml x;

    xml_begin(&x);
    xml_open(&x, "w:body", "xmlns:w", WORD_NAMESPACE, NULL);
    for (size_t i = 0; i < d->count; i++) {
        const struct block *block = &d->blocks[i];

        switch (block->kind) {
        case BLOCK_HEADING:
            text_block(&x, headings[block->level], block);
            break;
        case BLOCK_PARAGRAPH:
            text_block(&x, "BodyText", block);
            break;
        case BLOCK_ITEM:
            text_block(&x, "ListBullet", block);
            break;
        case BLOCK_TABLE:
            table(&x, d, block);
            break;
        case BLOCK_CHART:
            chart(&x, d, block);
            break;
        }
    }
    xml_close(&x);
    xml_end(&x, out);
}

/* --- into the template --- */

static xmlNodePtr find_marker(xmlNodePtr node)
{
    for (; node; node = node->next) {
        xmlNodePtr found;

        if (node->type == XML_ELEMENT_NODE && xmlStrcmp(node->name, (const xmlChar *)"p") == 0) {
            xmlChar *text = xmlNodeGetContent(node);
            bool is = text && strstr((const char *)text, MARKER);

            xmlFree(text);
            if (is)
                return node;
        }
        found = find_marker(node->children);
        if (found)
            return found;
    }
    return NULL;
}

/* 0, or 1 where the template has no marker or is no XML. */
static int put_body(struct buf *out, const char *part, size_t len, const struct document *d)
{
    _cleanup_buf_ struct buf text = {0};
    xmlDocPtr into = xmlReadMemory(part, (int)len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlNodePtr marker = into ? find_marker(xmlDocGetRootElement(into)) : NULL;
    xmlDocPtr from;
    xmlChar *written;
    int written_len;

    if (!marker) {
        xmlFreeDoc(into);
        return 1;
    }
    body(&text, d);
    from = xmlReadMemory(text.data, (int)text.len, NULL, NULL, XML_PARSE_NONET);
    for (xmlNodePtr node = xmlDocGetRootElement(from)->children; node; node = node->next)
        xmlAddPrevSibling(marker, xmlDocCopyNode(node, into, 1));
    xmlReconciliateNs(into, xmlDocGetRootElement(into));
    xmlUnlinkNode(marker);
    xmlFreeNode(marker);
    xmlDocDumpMemoryEnc(into, &written, &written_len, "UTF-8");
    buf_add(out, written, (size_t)written_len);
    xmlFree(written);
    xmlFreeDoc(from);
    xmlFreeDoc(into);
    return 0;
}

/* --- the archive --- */

static inline void cleanup_zip(zip_t **z)
{
    if (*z)
        zip_discard(*z);
}

static int bad(struct err *err, const char *file, const char *why)
{
    return err_say(err, ERR_INVALID_VALUE, NULL, "%s: %s", "%s：%s", file, why);
}

static int read_part(struct buf *out, zip_t *z, zip_uint64_t i)
{
    zip_file_t *part = zip_fopen_index(z, i, 0);
    char piece[16384];
    zip_int64_t n = 0;

    while (part && out->len <= PART_BYTES_MAX && (n = zip_fread(part, piece, sizeof piece)) > 0)
        buf_add(out, piece, (size_t)n);
    if (part)
        zip_fclose(part);
    return !part || n < 0 || out->len > PART_BYTES_MAX ? 1 : 0;
}

/* The document with the report in it; the bytes become the archive's. */
static zip_source_t *filled_document(zip_t *out, zip_t *template, zip_uint64_t i, const struct document *d, const char *name,
                                     struct err *err)
{
    _cleanup_buf_ struct buf part = {0}, filled = {0};
    zip_source_t *source;

    if (read_part(&part, template, i) || put_body(&filled, part.data, part.len, d)) {
        bad(err, name, "has no paragraph " MARKER);
        return NULL;
    }
    source = zip_source_buffer(out, filled.data, filled.len, 1);
    if (source)
        (void)TAKE(filled.data);
    return source;
}

static int copy_parts(zip_t *out, const char *file, zip_t *template, const struct document *d, const char *name, struct err *err)
{
    zip_int64_t n = zip_get_num_entries(template, 0);
    bool filled = false;

    for (zip_int64_t i = 0; i < n; i++) {
        const char *part = zip_get_name(template, (zip_uint64_t)i, 0);
        bool is_document = part && strcmp(part, DOCUMENT_PART) == 0;
        zip_source_t *source = is_document ? filled_document(out, template, (zip_uint64_t)i, d, name, err)
                                           : zip_source_zip(out, template, (zip_uint64_t)i, 0, 0, -1);

        if (err->code)
            return 1;
        if (!source || zip_file_add(out, part, source, ZIP_FL_ENC_UTF_8) < 0) {
            zip_source_free(source);
            return bad(err, file, zip_strerror(out));
        }
        filled = filled || is_document;
    }
    return filled ? 0 : bad(err, name, "is no .docx: it has no " DOCUMENT_PART);
}

int write_docx(const char *file, const struct document *d, const char *template, struct err *err)
{
    int code = 0;
    CLEANUP(cleanup_zip) zip_t *from = zip_open(template, ZIP_RDONLY, &code);
    CLEANUP(cleanup_zip) zip_t *out = NULL;

    if (!from)
        return bad(err, template, code == ZIP_ER_NOENT ? "no such file" : "is no .docx");
    out = zip_open(file, ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (!out)
        return bad(err, file, "cannot be written");
    if (copy_parts(out, file, from, d, template, err))
        return 1;
    if (zip_close(out) < 0)
        return bad(err, file, zip_strerror(out));
    (void)TAKE(out);
    return 0;
}
