/* HTML that stands by itself: its style and its charts are in it, it asks nothing of any server, and prints on A4. */
#include <string.h>

#include "report/svg.h"

static const char style[] =
    "body{margin:0;color:#1f2933;background:#fff;font:16px/1.7 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',"
    "'PingFang SC',sans-serif}"
    "main{max-width:52rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}"
    "h1{font-size:1.7rem;line-height:1.3;text-align:center;margin:1rem 0 1.5rem}"
    "h2{font-size:1.25rem;margin:2.2rem 0 .6rem;border-bottom:2px solid #b91c1c;padding-bottom:.2rem}"
    "h3{font-size:1.05rem;margin:1.5rem 0 .4rem}"
    "p{margin:.6rem 0;overflow-wrap:anywhere}"
    "ul{margin:.6rem 0;padding-left:1.4rem}"
    ".wide{overflow-x:auto;margin:.8rem 0}"
    "table{border-collapse:collapse;width:100%;font-size:.88rem;line-height:1.45}"
    "th,td{border:1px solid #cbd2d9;padding:.3rem .5rem;text-align:left;vertical-align:top}"
    "th{background:#f1f4f8;white-space:nowrap}"
    "td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    "td.d{white-space:nowrap}"
    "td.l{min-width:14rem}"
    ".more{font-size:.88rem;color:#52606d}"
    "figure{margin:1.2rem 0;break-inside:avoid}"
    "figcaption{font-weight:bold;font-size:.95rem;margin-bottom:.3rem}"
    "svg{display:block;width:100%;height:auto;max-width:44rem}"
    "svg text{fill:#1f2933;font-family:inherit}"
    "@media (max-width:40rem){main{padding:.8rem .8rem 2rem}h1{font-size:1.35rem}table{font-size:.78rem}th,td.d{white-space:normal}td.d{min-width:4.5em}th,td{padding:.25rem .3rem}td.l{min-width:9rem}}"
    "@page{size:A4;margin:20mm 18mm}"
    "@media print{body{font-size:10.5pt;line-height:1.55}main{max-width:none;padding:0}"
    ".wide{overflow:visible}table{font-size:8.5pt}thead{display:table-header-group}tr{break-inside:avoid}"
    "h2,h3{break-after:avoid}rect,th{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

enum { LONG_CELL = 24 }; /* bytes above which a cell wants room, and may break */

static void runs(struct xml *x, const struct block *block)
{
    for (size_t i = 0; i < block->run_count; i++)
        if (block->runs[i].bold)
            xml_line(x, "strong", block->runs[i].text);
        else
            xml_text(x, block->runs[i].text);
}

static const char *cell_class(const struct list_column *column, const char *text)
{
    switch (column->kind) {
    case CELL_NUMBER:
    case CELL_PERCENT:
        return "n";
    case CELL_DATE:
        return "d";
    case CELL_TEXT:
        break;
    }
    return strlen(text) > LONG_CELL * 3 ? "l" : strlen(text) > LONG_CELL ? "" : "d";
}

static void table(struct xml *x, const struct document *d, const struct block *block)
{
    size_t all = json_array_size(block->list->rows);

    xml_open(x, "div", "class", "wide", NULL);
    xml_open(x, "table", NULL);
    xml_open(x, "thead", NULL);
    xml_open(x, "tr", NULL);
    for (size_t i = 0; i < block->column_count; i++)
        xml_line(x, "th", said(block->columns[i]->en));
    xml_close(x);
    xml_close(x);
    xml_open(x, "tbody", NULL);
    for (size_t row = 0; row < block->shown; row++) {
        xml_open(x, "tr", NULL);
        for (size_t i = 0; i < block->column_count; i++) {
            _cleanup_buf_ struct buf cell = {0};

            list_cell(&cell, d->material, block->columns[i], json_array_get(block->list->rows, row));
            xml_open(x, "td", "class", cell_class(block->columns[i], buf_str(&cell)), NULL);
            xml_text(x, buf_str(&cell));
            xml_close(x);
        }
        xml_close(x);
    }
    xml_close(x);
    xml_close(x);
    xml_close(x);
    if (block->shown < all) {
        _cleanup_buf_ struct buf more = {0};

        buf_addf(&more, _("... and %zu more"), all - block->shown);
        xml_open(x, "p", "class", "more", NULL);
        xml_text(x, buf_str(&more));
        xml_close(x);
    }
}

static void chart(struct xml *x, const struct document *d, const struct block *block)
{
    xml_open(x, "figure", NULL);
    xml_line(x, "figcaption", said(block->chart->en));
    svg_chart(x, d, block);
    xml_close(x);
}

static void item(struct xml *x, const struct document *d, size_t i)
{
    const struct block *blocks = d->blocks;

    if (i == 0 || blocks[i - 1].kind != BLOCK_ITEM)
        xml_open(x, "ul", NULL);
    xml_open(x, "li", NULL);
    runs(x, &blocks[i]);
    xml_close(x);
    if (i + 1 == d->count || blocks[i + 1].kind != BLOCK_ITEM)
        xml_close(x);
}

static void block_of(struct xml *x, const struct document *d, size_t i)
{
    static const char *const headings[] = {"h1", "h1", "h2", "h3"};
    const struct block *block = &d->blocks[i];

    switch (block->kind) {
    case BLOCK_HEADING:
        xml_open(x, headings[block->level], NULL);
        runs(x, block);
        xml_close(x);
        break;
    case BLOCK_PARAGRAPH:
        xml_open(x, "p", NULL);
        runs(x, block);
        xml_close(x);
        break;
    case BLOCK_ITEM:
        item(x, d, i);
        break;
    case BLOCK_TABLE:
        table(x, d, block);
        break;
    case BLOCK_CHART:
        chart(x, d, block);
        break;
    }
}

static void head(struct xml *x, const struct document *d)
{
    _cleanup_buf_ struct buf title = {0};

    document_title(&title, d);
    xml_open(x, "head", NULL);
    xml_open(x, "meta", "charset", "utf-8", NULL);
    xmlTextWriterEndElement(x->writer);
    xml_open(x, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
    xmlTextWriterEndElement(x->writer);
    xml_line(x, "title", buf_str(&title));
    xml_open(x, "style", NULL);
    xmlTextWriterWriteRaw(x->writer, (const xmlChar *)style); /* ours, and nothing in it to escape */
    xml_close(x);
    xml_close(x);
}

void write_html(struct buf *out, const struct document *d)
{
    struct xml x;

    buf_add_str(out, "<!DOCTYPE html>\n");
    xml_begin(&x);
    xml_open(&x, "html", "lang", material_zh(d->material) ? "zh-CN" : "en", NULL);
    head(&x, d);
    xml_open(&x, "body", NULL);
    xml_open(&x, "main", NULL);
    for (size_t i = 0; i < d->count; i++)
        block_of(&x, d, i);
    xml_close(&x);
    xml_close(&x);
    xml_close(&x);
    xml_end(&x, out);
    buf_add_char(out, '\n');
}
