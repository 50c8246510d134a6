#include "page.h"

#include <stdio.h>
#include <string.h>

#include "say.h"

enum { PAGE_MOST = 1000 }; /* rows of one reply, at most (docs/protocol.md) */

int64_t page_limit(const struct cli *cli)
{
    if (cli->limit_given)
        return cli->limit;
    return cli->output == OUTPUT_TABLE ? LIMIT_DEFAULT : LIMIT_NONE;
}

static void take_more(struct pages *pages)
{
    pages->more = json_integer_value(json_object_get(pages->last_reply, "more"));
    pages->more_at_least = json_is_true(json_object_get(pages->last_reply, "more_at_least"));
}

enum exit_status page_rows(struct cli *cli, const char *verb, json_t *body, struct pages *pages,
                           page_row_fn *take, void *context)
{
    int64_t left = pages->limit;

    for (;;) {
        int64_t page = pages->limit == LIMIT_NONE || left > PAGE_MOST ? PAGE_MOST : left;
        bool last = pages->limit != LIMIT_NONE && left <= PAGE_MOST;
        enum exit_status status;
        const json_t *cursor;
        json_t *row, *rows;
        size_t i;

        if (!pages->long_pages || pages->limit != LIMIT_NONE)
            json_object_set_new(body, "limit", json_integer(page));
        if (last)
            json_object_set_new(body, "count", json_true());
        json_decref(pages->last_reply);
        status = cli_ask(cli, verb, body, &pages->last_reply);
        if (status != EXIT_DONE)
            return status;
        rows = json_object_get(pages->last_reply, "rows");
        json_array_foreach(rows, i, row)
            take(context, row);
        left -= (int64_t)json_array_size(rows);
        cursor = json_object_get(pages->last_reply, "cursor");
        if (!json_is_string(cursor))
            return EXIT_DONE;
        if (pages->limit != LIMIT_NONE && left <= 0)
            return take_more(pages), EXIT_DONE;
        json_object_set(body, "cursor", (json_t *)cursor);
    }
}

void page_say_more(const struct cli *cli, const struct pages *pages)
{
    const char *least = pages->more_at_least ? _("at least ") : "";

    if (pages->more <= 0)
        return;
    if (cli->output == OUTPUT_TABLE)
        printf(_("... and %s%lld more (--all shows them)\n"), least,
               (long long)pages->more);
    else
        say(_("stopped at the limit: %s%lld more rows (--all)"), least,
            (long long)pages->more);
}

static void add_row(void *context, const json_t *row)
{
    rows_add(context, row);
}

enum exit_status page_print(struct cli *cli, const char *verb, json_t *body, struct pages *pages,
                            struct rows *rows, const char *none)
{
    enum exit_status status = page_rows(cli, verb, body, pages, add_row, rows);

    if (status != EXIT_DONE) {
        if (rows_count(rows) > 0)
            rows_end(rows);
        return status;
    }
    if (none && rows_count(rows) == 0 && cli->output == OUTPUT_TABLE)
        puts(none);
    else
        rows_end(rows);
    page_say_more(cli, pages);
    return EXIT_DONE;
}
