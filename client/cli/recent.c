/* `muster recent`: what happened last. */
#include <stdlib.h>
#include <string.h>

#include "follow.h"
#include "page.h"
#include "reading.h"
#include "say.h"

struct following {
    struct cli *cli;
    struct rows *rows;
    json_t *body;
    json_t *first;   /* the page shown at first, newest first */
    int64_t shown_after; /* rows of the first page behind this seq were shown already */
    int64_t newest;
};

static bool shown_already(const struct following *f, int64_t seq)
{
    size_t i;
    json_t *row;

    if (seq > f->shown_after)
        json_array_foreach(f->first, i, row)
            if (json_integer_value(json_object_get(row, "seq")) == seq)
                return true;
    return false;
}

static void take_new(void *context, const json_t *row)
{
    struct following *f = context;
    int64_t seq = json_integer_value(json_object_get(row, "seq"));

    if (seq > f->newest)
        f->newest = seq;
    if (!shown_already(f, seq))
        rows_add(f->rows, row);
}

static enum exit_status ask_new(void *context, int64_t *after_seq)
{
    struct following *f = context;
    _cleanup_pages_ struct pages pages = {.limit = LIMIT_NONE};
    _cleanup_json_ json_t *body = json_copy(f->body);
    enum exit_status status;

    json_object_set_new(body, "after_seq", json_integer(*after_seq));
    f->newest = *after_seq;
    status = page_rows(f->cli, "recent", body, &pages, take_new, f);
    *after_seq = f->newest;
    return status;
}

static void keep_row(void *context, const json_t *row)
{
    struct following *f = context;

    json_array_append(f->first, (json_t *)row);
}

/* The page of now, oldest first, so that what comes joins on at its end. */
static enum exit_status follow_recent(struct cli *cli, const struct arguments *args, json_t *body, struct rows *rows)
{
    _cleanup_pages_ struct pages pages = {.limit = cli->limit};
    _cleanup_json_ json_t *first = json_array(), *first_body = json_copy(body);
    struct following f = {.cli = cli, .rows = rows, .body = body, .first = first};
    enum exit_status status = follow_newest(cli, &f.shown_after);

    if (status == EXIT_DONE)
        status = page_rows(cli, "recent", first_body, &pages, keep_row, &f);
    if (status != EXIT_DONE)
        return status;
    for (size_t i = json_array_size(first); i-- > 0;)
        rows_add(rows, json_array_get(first, i));
    rows_go_live(rows);
    return follow(cli, args, f.shown_after, ask_new, &f);
}

int recent_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *body = NULL;
    _cleanup_rows_ struct rows *rows = rows_new(cli, event_columns, event_column_count);
    /* The newest few are what is asked for, in every form (docs/decisions/0003). */
    _cleanup_pages_ struct pages pages = {.limit = cli->limit};
    enum exit_status status = cli_body(cli, args, &body);

    if (status != EXIT_DONE)
        return status;
    if (arguments_has(args, "follow"))
        return follow_recent(cli, args, body, rows);
    return page_print(cli, "recent", body, &pages, rows, _("nothing recorded that fits"));
}
