/* `muster show WHAT ID`: one thing, and its history. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cells.h"
#include "fit.h"
#include "page.h"
#include "reading.h"
#include "say.h"
#include "words.h"

static const char *const kinds[] = {"branch", "member", "unit", "transfer", "alliance", "body", "exemption", "event"};

static enum exit_status check_what(const char *what)
{
    const char *near = text_nearest(what, kinds, ARRAY_LEN(kinds));

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strcmp(kinds[i], what) == 0)
            return EXIT_DONE;
    if (near)
        say(_("cannot show \"%s\" (did you mean \"%s\"?)"), what, near);
    else
        say(_("cannot show \"%s\": branch, member, unit, transfer, alliance, body, exemption or event"), what);
    return EXIT_USAGE;
}

static int padding(const char *label)
{
    enum { LABEL_WIDTH = 14 };
    size_t width = text_width(label);

    return width < LABEL_WIDTH ? (int)(LABEL_WIDTH - width) : 0;
}

static void print_members(const json_t *row)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)row, key, value) {
        _cleanup_buf_ struct buf text = {0}, safe = {0};

        if (json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0))
            continue;
        cell_shown(&text, value);
        say_safe(&safe, buf_str(&text));
        printf("%s%*s %s\n", label_shown(key), padding(label_shown(key)), "", buf_str(&safe));
    }
}

/* A page of a body's offices has several rows; everything else is one. */
static void print_row(const json_t *row)
{
    size_t i;
    json_t *item;

    if (!json_is_array(row)) {
        print_members(row);
        return;
    }
    json_array_foreach(row, i, item) {
        if (i > 0)
            putchar('\n');
        print_members(item);
    }
}

/* History comes in pages like any list, under another name. */
static enum exit_status ask_pages(struct cli *cli, json_t *body, json_t **row_out, json_t *history, struct pages *pages)
{
    int64_t limit = page_limit(cli);

    for (;;) {
        int64_t left = limit == LIMIT_NONE ? 1000 : limit - (int64_t)json_array_size(history);
        enum exit_status status;
        json_t *cursor;

        json_object_set_new(body, "limit", json_integer(left < 1000 ? left : 1000));
        json_object_set_new(body, "count", json_true());
        json_decref(pages->last_reply);
        status = cli_ask(cli, "show", body, &pages->last_reply);
        if (status != EXIT_DONE)
            return status;
        if (!*row_out)
            *row_out = json_incref(json_object_get(pages->last_reply, "row"));
        json_array_extend(history, json_object_get(pages->last_reply, "history"));
        cursor = json_object_get(pages->last_reply, "cursor");
        if (!cursor)
            return EXIT_DONE;
        if (limit != LIMIT_NONE && (int64_t)json_array_size(history) >= limit) {
            pages->more = json_integer_value(json_object_get(pages->last_reply, "more"));
            pages->more_at_least = json_is_true(json_object_get(pages->last_reply, "more_at_least"));
            return EXIT_DONE;
        }
        json_object_set(body, "cursor", cursor);
    }
}

int show_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *body = NULL, *row = NULL, *history = json_array();
    _cleanup_pages_ struct pages pages = {.limit = page_limit(cli)};
    enum exit_status status = check_what(args->words[0]);

    if (status == EXIT_DONE)
        status = cli_body(cli, args, &body);
    if (status != EXIT_DONE)
        return status;
    json_object_set_new(body, "what", json_string(args->words[0]));
    json_object_set_new(body, "ref", json_string(args->words[1]));
    status = ask_pages(cli, body, &row, history, &pages);
    if (status != EXIT_DONE)
        return status;
    if (cli->output == OUTPUT_JSON) {
        _cleanup_json_ json_t *whole = json_pack("{s:O?, s:O}", "row", row, "history", history);

        rows_print_json(whole);
    } else {
        if (cli->output == OUTPUT_TABLE) {
            print_row(row);
            printf("\n%s\n", _("History"));
            fflush(stdout);
        }
        rows_print(cli, history, event_columns, event_column_count);
    }
    page_say_more(cli, &pages);
    return EXIT_DONE;
}
