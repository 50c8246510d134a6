/* Lists, page by page, up to the limit. */
#ifndef MUSTER_CLI_PAGE_H
#define MUSTER_CLI_PAGE_H

#include "cli.h"
#include "rows.h"

struct pages {
    int64_t limit;       /* LIMIT_NONE: everything */
    bool long_pages;     /* everything in pages as long as a reply may be: for lists that each page makes anew */
    int64_t more;        /* rows left behind the limit */
    bool more_at_least;  /* ... or more than that */
    json_t *last_reply;  /* owned by whoever declared it; NULL before the first */
};

static inline void pages_deinit(struct pages *pages)
{
    json_decref(pages->last_reply);
}
#define _cleanup_pages_ CLEANUP(pages_deinit)

/* The limit of a list: what --limit and --all say, else 50 for a table. For a program that reads
 * (--json, --csv) everything: a silently cut list of alarms misleads (docs/decisions/0003). */
int64_t page_limit(const struct cli *cli);

typedef void page_row_fn(void *context, const json_t *row);

/* Asks `verb` with `body` (changed: limit, cursor, count) and gives every row to `take`. */
enum exit_status page_rows(struct cli *cli, const char *verb, json_t *body, struct pages *pages,
                           page_row_fn *take, void *context) MUST_CHECK;

/* The line about what was left out; nothing if nothing was. On stdout below a table, on stderr
 * where programs read. */
void page_say_more(const struct cli *cli, const struct pages *pages);

/* page_rows into `rows`, to their end, with that line; `none` is told where there is no row (NULL: nothing). */
enum exit_status page_print(struct cli *cli, const char *verb, json_t *body, struct pages *pages,
                            struct rows *rows, const char *none) MUST_CHECK;

#endif
