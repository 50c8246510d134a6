/* A report that is filled in: what every form (write_*.c) is written from. It lives no longer than the
 * material it was filled with. */
#ifndef MUSTER_CLIENT_REPORT_DOCUMENT_H
#define MUSTER_CLIENT_REPORT_DOCUMENT_H

#include "report/charts.h"
#include "report/template.h"

struct run {
    char *text;
    bool bold;
};

enum block_kind { BLOCK_HEADING, BLOCK_PARAGRAPH, BLOCK_ITEM, BLOCK_TABLE, BLOCK_CHART };

enum { TABLE_COLUMNS_MAX = 16 };

struct block {
    enum block_kind kind;
    int level; /* HEADING */
    struct run *runs;
    size_t run_count, run_cap;
    const struct list *list; /* TABLE, CHART */
    const struct list_column *columns[TABLE_COLUMNS_MAX];
    size_t column_count;
    size_t shown; /* TABLE: rows shown, of all */
    const struct chart *chart;
};

struct document {
    struct material *material;
    struct block *blocks;
    size_t count, cap;
};

/* Checks every name of the template, then fills it in. 0; 1 with "file:line: ..."; -1 when asking failed. */
int document_fill(struct document *out, struct material *material, const struct template *template,
                  struct err *err) MUST_CHECK;
void document_deinit(struct document *document);
#define _cleanup_document_ CLEANUP(document_deinit)

/* The text of the first heading of level 1, if there is one. */
void document_title(struct buf *out, const struct document *document);

/* --- the forms --- */

void write_md(struct buf *out, const struct document *document);
void write_html(struct buf *out, const struct document *document);
/* Into a file, written beside it first and then put in its place. `template`: a .docx whose paragraph {{body}} the
 * report takes the place of. 0, or 1 with err. */
int write_docx(const char *file, const struct document *document, const char *template, struct err *err) MUST_CHECK;
/* A sheet a topic, whatever the template shows of it. 0; 1 with err; -1 when asking failed. */
int write_xlsx(const char *file, const struct document *document, struct err *err) MUST_CHECK;

#endif
