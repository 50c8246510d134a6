/* Report templates: plain text with the names of figures and lists in it (docs/reports.md).
 *
 *     # heading, ## heading, ### heading        - item        a paragraph; **bold**
 *     {{name}}            a figure, or year, day ...        {{.column}}  within each: of the row at hand
 *     {{count LIST}}      how many rows                     {{names LIST [first N]}}   by name and number
 *     {{table LIST [first N] [: column ...]}}   {{chart NAME}}           on a line of their own
 *     {{each LIST [first N]}} ... {{else}} ... {{end}}      {{if NAME}} ... {{else}} ... {{end}}
 *     {{! a remark}}
 *
 * A name is checked before anything is filled in, also where it would not be reached. LIST? with a question mark may be
 * missing (of a rule that the rule pack at hand does not have): then it is empty.
 */
#ifndef MUSTER_CLIENT_REPORT_TEMPLATE_H
#define MUSTER_CLIENT_REPORT_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum part_kind { PART_TEXT, PART_BOLD, PART_VALUE, PART_COLUMN, PART_COUNT, PART_NAMES };

/* A piece of a line. */
struct part {
    enum part_kind kind;
    const char *text;   /* TEXT; VALUE: its name; COLUMN: its key; COUNT, NAMES: the list's name. BOLD turns bold on or off */
    bool optional;      /* LIST? */
    size_t first;       /* NAMES: at most so many; 0: all */
    int line;
    struct part *next;
};

enum node_kind { NODE_HEADING, NODE_PARAGRAPH, NODE_ITEM, NODE_TABLE, NODE_CHART, NODE_EACH, NODE_IF };

struct node {
    enum node_kind kind;
    int line;
    int level;               /* HEADING: 1 to 3 */
    struct part *parts;      /* HEADING, PARAGRAPH, ITEM */
    const char *name;        /* TABLE, EACH: list; CHART: chart; IF: value or list; "." in front: a column of the row */
    bool optional;
    size_t first;            /* TABLE, EACH: at most so many rows; 0: all */
    const char **columns;    /* TABLE: chosen columns; none: all */
    size_t column_count;
    struct node *body, *otherwise; /* EACH, IF */
    struct node *next;
};

struct template {
    const char *file;
    struct node *nodes;
    struct arena arena;
};

enum { TEMPLATE_BYTES_MAX = 1 << 20 };

/* Reads the text of a template; `file` is for errors and must outlive it. 0, or 1 with "file:line: what". */
int template_parse(struct template *out, const char *file, const char *text, struct err *err) MUST_CHECK;
/* The same from a file. */
int template_read(struct template *out, const char *file, struct err *err) MUST_CHECK;
void template_deinit(struct template *t);
#define _cleanup_template_ CLEANUP(template_deinit)

#endif
