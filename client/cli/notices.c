/* `muster notices`, `muster routes`: what people are told of alerts, and who would be. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/zone.h"
#include "cells.h"
#include "families.h"
#include "page.h"
#include "reading.h"
#include "say.h"
#include "words.h"

/* An instant of the wire as date and time of day in the ledger's zone. */
static void add_moment(struct buf *out, const char *text)
{
    struct tm tm = {0};
    char day[DAY_TEXT_SIZE];
    struct zoned at;

    if (!strptime(text, "%Y-%m-%dT%H:%M:%S", &tm))
        return;
    at = zone_local((int64_t)timegm(&tm));
    buf_addf(out, "%s %02d:%02d", day_format(day, at.day), (int)(at.second / 3600), (int)(at.second / 60 % 60));
}

static void made_text(struct buf *out, const json_t *row)
{
    add_moment(out, cell_string(row, "made"));
}

/* What it waits for, or how it ended. */
static void outcome_text(struct buf *out, const json_t *row)
{
    const char *state = cell_string(row, "state"), *next = cell_string(row, "next"), *error = cell_string(row, "error");

    cell_shown(out, json_object_get(row, "state"));
    if (strcmp(state, "waiting") == 0) {
        buf_add_str(out, _(" until "));
        add_moment(out, cell_string(row, "due"));
    } else if (*next) {
        buf_add_str(out, _(", next try "));
        add_moment(out, next);
    } else if (*cell_string(row, "ended")) {
        buf_add_char(out, ' ');
        add_moment(out, cell_string(row, "ended"));
    }
    if (*error)
        buf_addf(out, ": %s", error);
}

static const struct column notice_columns[] = {
    {"made", NC_("notices", "SINCE"), COLUMN_TABLE, 0, made_text},
    {"alert", NC_("notices", "ALERT"), COLUMN_RIGHT, 0, NULL},
    {"what", NC_("notices", "WHAT"), 0, 0, NULL},
    {"level", NC_("notices", "LEVEL"), 0, 0, NULL},
    {"to", NC_("notices", "TO"), 0, 0, NULL},
    {"by", NC_("notices", "BY"), 0, 0, NULL},
    {"message", NC_("notices", "MESSAGE"), COLUMN_RIGHT, 0, NULL},
    {"outcome", NC_("notices", "OUTCOME"), COLUMN_TABLE | COLUMN_CUT_FIRST, 0, outcome_text},
    {"notice", NULL, COLUMN_CSV, 0, NULL},
    {"moment", NULL, COLUMN_CSV, 0, NULL},
    {"route", NULL, COLUMN_CSV, 0, NULL},
    {"made", NULL, COLUMN_CSV, 0, NULL},
    {"due", NULL, COLUMN_CSV, 0, NULL},
    {"state", NULL, COLUMN_CSV, 0, NULL},
    {"tries", NULL, COLUMN_CSV, 0, NULL},
    {"next", NULL, COLUMN_CSV, 0, NULL},
    {"ended", NULL, COLUMN_CSV, 0, NULL},
    {"error", NULL, COLUMN_CSV, 0, NULL},
    {"key", NULL, COLUMN_CSV, 0, NULL},
};

static int notices_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *body = NULL;
    _cleanup_pages_ struct pages pages = {.limit = page_limit(cli)};
    _cleanup_rows_ struct rows *rows = rows_new(cli, notice_columns, ARRAY_LEN(notice_columns));
    enum exit_status status = cli_body(cli, args, &body);

    if (status != EXIT_DONE)
        return status;
    if (arguments_has(args, "failed"))
        json_object_set_new(body, "state", json_string("failed"));
    return page_print(cli, "notices", body, &pages, rows,
                      arguments_has(args, "failed") ? _("nothing has failed")
                                                    : _("nobody is told anything"));
}

/* One message, or all that failed. `n_out`: how many; the reply was printed already where it is -1. */
static enum exit_status ask_failed(int64_t *n_out, struct cli *cli, const struct arguments *args, const char *verb, const char *outcome)
{
    _cleanup_json_ json_t *body = json_object(), *reply = NULL;
    enum exit_status status;
    int64_t number = 0;

    if (args->word_count && !number_parse(&number, args->words[0], 1, "MESSAGE"))
        return EXIT_USAGE;
    if (number)
        json_object_set_new(body, "message", json_integer(number));
    status = cli_open(cli);
    if (status == EXIT_DONE)
        status = cli_ask(cli, verb, body, &reply);
    if (status != EXIT_DONE)
        return status;
    *n_out = json_integer_value(json_object_get(reply, outcome));
    if (cli->output != OUTPUT_TABLE) {
        rows_print_json(reply);
        *n_out = -1;
    } else if (*n_out == 0) {
        puts(_("nothing has failed"));
    }
    return EXIT_DONE;
}

static int retry_run(struct cli *cli, const struct arguments *args)
{
    int64_t n = 0;
    enum exit_status status = ask_failed(&n, cli, args, "retry", "retried");

    if (n > 0)
        printf(_("%lld to be sent again\n"), (long long)n);
    return status;
}

static int forget_run(struct cli *cli, const struct arguments *args)
{
    int64_t n = 0;
    enum exit_status status = ask_failed(&n, cli, args, "forget", "forgotten");

    if (n > 0)
        printf(_("%lld forgotten\n"), (long long)n);
    return status;
}

/* ---- routes ------------------------------------------------------------------------------------- */

static void why_text(struct buf *out, const json_t *row)
{
    const char *level = cell_string(row, "from_level");
    int64_t days = json_integer_value(json_object_get(row, "after_days"));

    if (strcmp(cell_string(row, "why"), "route") == 0) {
        buf_addf(out, _("route %s"), cell_string(row, "route"));
        return;
    }
    if (strcmp(cell_string(row, "why"), "told") == 0) {
        buf_add_str(out, _("was told before"));
        return;
    }
    buf_addf(out, _("above %s"), cell_string(row, "above"));
    if (days)
        buf_addf(out, _(", after %lld days unacknowledged"), (long long)days);
    if (*level)
        buf_addf(out, days ? _(" or at level %s") : _(", at level %s"), word_shown(level));
}

static void told_text(struct buf *out, const json_t *row)
{
    const char *told = cell_string(row, "told"), *due = cell_string(row, "due");

    if (*told) {
        add_moment(out, told);
    } else if (*due) {
        buf_add_str(out, _("waits until "));
        add_moment(out, due);
    } else {
        buf_add_str(out, _("not yet"));
    }
}

static void by_text(struct buf *out, const json_t *row)
{
    cell_member(out, row, "by");
}

static const struct column route_columns[] = {
    {"to", NC_("notices", "WHO"), 0, 0, NULL},
    {"by", NC_("notices", "BY"), 0, 0, by_text},
    {"when", NC_("notices", "WHEN"), 0, 0, NULL},
    {"why", NC_("notices", "WHY"), COLUMN_TABLE | COLUMN_CUT, 0, why_text},
    {"told", NC_("notices", "TOLD"), COLUMN_TABLE, 0, told_text},
    {"why", NULL, COLUMN_CSV, 0, NULL},
    {"route", NULL, COLUMN_CSV, 0, NULL},
    {"above", NULL, COLUMN_CSV, 0, NULL},
    {"after_days", NULL, COLUMN_CSV, 0, NULL},
    {"from_level", NULL, COLUMN_CSV, 0, NULL},
    {"told", NULL, COLUMN_CSV, 0, NULL},
    {"due", NULL, COLUMN_CSV, 0, NULL},
};

static int routes_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *body = NULL, *reply = NULL;
    const json_t *list;
    enum exit_status status;
    int64_t number;

    if (!number_parse(&number, args->words[0], 1, "ALERT"))
        return EXIT_USAGE;
    body = json_pack("{s:I}", "alert", (json_int_t)number);
    status = cli_open(cli);
    if (status == EXIT_DONE)
        status = cli_ask(cli, "routes", body, &reply);
    if (status != EXIT_DONE)
        return status;
    list = json_object_get(reply, "rows");
    if (json_array_size(list) == 0 && cli->output == OUTPUT_TABLE)
        puts(_("nobody is told of this alert"));
    else
        rows_print(cli, list, route_columns, ARRAY_LEN(route_columns));
    return EXIT_DONE;
}

static const struct option_spec notices_options[] = {
    {"failed", OPTION_FLAG, NULL, NULL, N_("what could not be delivered")},
    {"state", OPTION_TEXT, "STATE", "state", N_("waiting, sending, sent, failed, dropped, listed or forgotten")},
    {"alert", OPTION_NUMBER, "NUMBER", "alert", N_("of that alert")},
    {"to", OPTION_TEXT, "NAME", "to", N_("to that person")},
};

static const struct verb verbs[] = {
    {.name = "routes", .words = "ALERT", .min_words = 1, .max_words = 1, .run = routes_run,
     .en = N_("who is told of an alert, when and why"), .example = "muster routes 1234"},
    {.name = "notices retry", .words = "[MESSAGE]", .max_words = 1, .run = retry_run,
     .en = N_("send again what could not be delivered"),
     .example = "muster notices retry\nmuster notices retry 17"},
    {.name = "notices forget", .words = "[MESSAGE]", .max_words = 1, .run = forget_run,
     .en = N_("do not count what could not be delivered any more"),
     .example = "muster notices forget 17"},
    {.name = "notices", .words = "", .flags = VERB_LISTS, .options = notices_options,
     .option_count = ARRAY_LEN(notices_options), .run = notices_run, .en = N_("what people were told, and what waits"), .example = "muster notices --to zhang\nmuster notices --failed"},
};

const struct family family_notices = {N_("Telling people"), verbs, ARRAY_LEN(verbs)};
