/* `muster outbox`: what waits on this machine because musterd was away, and what was refused when it came. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cells.h"
#include "families.h"
#include "keeping.h"
#include "rows.h"
#include "say.h"
#include "words.h"

static void kept_cell(struct buf *out, const json_t *row)
{
    buf_addf(out, "%.16s", cell_string(row, "kept_at"));
}

static void state_cell(struct buf *out, const json_t *row)
{
    bool refused = strcmp(cell_string(row, "status"), "refused") == 0;

    buf_add_str(out, refused ? _("refused") : _("waits"));
}

static const struct column columns[] = {
    {"kept_at", N_("KEPT (UTC)"), COLUMN_SPARE, 0, kept_cell},
    {"type", N_("TYPE"), 0, 0, NULL},
    {"at", NC_("outbox", "AT"), 0, 0, NULL},
    {"about", NC_("outbox", "ABOUT"), COLUMN_CUT, 0, NULL},
    {"status", N_("STATE"), 0, 0, state_cell},
    {"message", N_("REASON"), COLUMN_CUT_FIRST, 0, NULL},
    {"id", N_("ID"), 0, 0, NULL},
    {"ledger", N_("LEDGER"), COLUMN_CSV, 0, NULL},
    {"server", N_("SERVER"), COLUMN_CSV, 0, NULL},
};

/* {id, status, kept_at, tried_at?, server, ledger, event, error?}: the event whole, so that it can be saved and submitted elsewhere. */
static json_t *row_of(const struct muster_kept *kept)
{
    char at[CLOCK_TEXT_SIZE];
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:s*}", "id", kept->id, "status", kept->refusal ? "refused" : "waiting", "kept_at",
                            clock_format_us(at, kept->kept_us), "server", kept->server, "ledger", *kept->ledger ? kept->ledger : NULL);

    if (kept->tried_us)
        json_object_set_new(row, "tried_at", json_string(clock_format_us(at, kept->tried_us)));
    json_object_set_new(row, "event", json_loads(kept->event, JSON_ALLOW_NUL, NULL));
    if (kept->refusal)
        json_object_set_new(row, "error", json_pack("{s:s, s:s}", "code", kept->refusal->code, "message", kept->refusal->message));
    return row;
}

/* For tables and CSV: members of the event and of the refusal as cells. What it is about is the field that people know it by. */
static void flatten(json_t *row)
{
    static const char *const fields[] = {"branch", "member", "transfer", "unit", "alliance", "body", "exemption", "title", "event", "alert"};
    const json_t *event = json_object_get(row, "event");

    json_object_set(row, "type", json_object_get(event, "type"));
    json_object_set(row, "at", json_object_get(event, "at"));
    json_object_set(row, "message", json_object_get(json_object_get(row, "error"), "message"));
    for (size_t i = 0; i < ARRAY_LEN(fields) && !json_object_get(row, "about"); i++)
        json_object_set(row, "about", json_object_get(event, fields[i]));
}

/* The outbox, or NULL where there is none. The configuration tells its bounds. */
static enum exit_status open_outbox(struct muster_outbox **out, struct cli *cli)
{
    enum exit_status status = cli_read_config(cli);

    return status == EXIT_DONE ? keeping_open(out, cli, false) : status;
}

static enum exit_status failed(const struct muster_outbox *outbox)
{
    keeping_say_error(outbox);
    return EXIT_AWAY;
}

/* --- list --- */

struct listing {
    const struct cli *cli;
    struct rows *rows;
};

static void list_row(const struct listing *listing, json_t *row)
{
    if (listing->cli->output != OUTPUT_JSON)
        flatten(row);
    rows_add(listing->rows, row);
}

static void add_row(void *context, const struct muster_kept *kept)
{
    json_t *row = row_of(kept);

    list_row(context, row);
    json_decref(row);
}

static int list_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_outbox_ struct muster_outbox *outbox = NULL;
    _cleanup_rows_ struct rows *rows = rows_new(cli, columns, ARRAY_LEN(columns));
    struct listing listing = {cli, rows};
    enum exit_status status = open_outbox(&outbox, cli);

    (void)args;
    if (status != EXIT_DONE)
        return status;
    if (outbox && muster_outbox_each(outbox, add_row, &listing) != MUSTER_OK)
        return failed(outbox);
    rows_end(rows);
    if (rows_count(rows) == 0 && cli->output == OUTPUT_TABLE)
        puts(_("the outbox is empty"));
    return EXIT_DONE;
}

/* --- send --- */

static enum exit_status tell_sent(const struct muster_outbox_count *count)
{
    keeping_tell_count(count);
    if (count->waiting)
        say(_("%" PRId64 " events still wait in the outbox"), count->waiting);
    if (count->elsewhere)
        say(_("%" PRId64 " events in the outbox are for another ledger than the one here; they stay (muster outbox list)"), count->elsewhere);
    if (count->turned_down)
        return EXIT_REFUSED;
    return count->waiting || count->elsewhere ? EXIT_KEPT : EXIT_DONE;
}

static enum exit_status send_now(struct cli *cli, struct muster_outbox *outbox, struct muster_outbox_count *count)
{
    enum exit_status status;
    int result;

    cli->keeping.leave = true;
    status = cli_open(cli);
    if (status != EXIT_DONE)
        return status == EXIT_AWAY ? EXIT_KEPT : status;
    result = muster_outbox_send(outbox, cli->session, cli->timeout_ms, keeping_tell, NULL, count);
    if (result == MUSTER_OK)
        return tell_sent(count);
    keeping_tell_count(count);
    if (*muster_outbox_error(outbox)->code) {
        keeping_say_error(outbox);
        return result == MUSTER_BUSY ? EXIT_KEPT : EXIT_AWAY;
    }
    status = cli_say_failure(cli);
    return status == EXIT_AWAY ? EXIT_KEPT : status;
}

static int send_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_outbox_ struct muster_outbox *outbox = NULL;
    struct muster_outbox_count count = {0};
    enum exit_status status = open_outbox(&outbox, cli);

    if (status != EXIT_DONE)
        return status;
    if (outbox && arguments_has(args, "again") && muster_outbox_retry(outbox, NULL) != MUSTER_OK)
        return failed(outbox);
    if (outbox && muster_outbox_count(outbox, NULL, &count) != MUSTER_OK)
        return failed(outbox);
    if (count.elsewhere == 0) {
        if (cli->output == OUTPUT_TABLE && !arguments_has(args, "quiet"))
            puts(count.refused ? _("nothing waits; refused events are sent with --again")
                               : _("nothing waits"));
        return EXIT_DONE;
    }
    return send_now(cli, outbox, &count);
}

/* --- drop --- */

struct dropping {
    const struct arguments *args;
    struct muster_outbox *outbox;
    json_t *rows; /* those meant */
};

static void choose(void *context, const struct muster_kept *kept)
{
    struct dropping *d = context;
    bool meant = arguments_has(d->args, "all") || (kept->refusal && arguments_has(d->args, "refused"));

    for (size_t i = 0; i < d->args->word_count; i++)
        meant = meant || strcmp(d->args->words[i], kept->id) == 0;
    if (meant)
        json_array_append_new(d->rows, row_of(kept));
}

/* What was dropped is shown whole: it is nowhere else any more. */
static enum exit_status drop_all(struct cli *cli, struct dropping *d)
{
    _cleanup_rows_ struct rows *rows = rows_new(cli, columns, ARRAY_LEN(columns));
    struct listing listing = {cli, rows};
    size_t i;
    json_t *row;

    json_array_foreach(d->rows, i, row) {
        int found;

        if (muster_outbox_drop(d->outbox, cell_string(row, "id"), cli->timeout_ms, &found) != MUSTER_OK) {
            rows_end(rows);
            return failed(d->outbox);
        }
        if (found)
            list_row(&listing, row);
    }
    rows_end(rows);
    if (cli->output == OUTPUT_TABLE)
        say(_("dropped: %zu"), rows_count(rows));
    return EXIT_DONE;
}

static enum exit_status say_unknown(const struct dropping *d)
{
    for (size_t w = 0; w < d->args->word_count; w++) {
        bool found = false;
        size_t i;
        json_t *row;

        json_array_foreach(d->rows, i, row)
            found = found || strcmp(cell_string(row, "id"), d->args->words[w]) == 0;
        if (!found) {
            say(_("no event %s in the outbox"), d->args->words[w]);
            return EXIT_REFUSED;
        }
    }
    return EXIT_DONE;
}

static int drop_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_outbox_ struct muster_outbox *outbox = NULL;
    _cleanup_json_ json_t *rows = json_array();
    struct dropping d = {.args = args, .rows = rows};
    enum exit_status status = open_outbox(&outbox, cli);

    if (status != EXIT_DONE)
        return status;
    if (!args->word_count && !arguments_has(args, "all") && !arguments_has(args, "refused")) {
        say(_("which? events by their ids, --refused, or --all"));
        return EXIT_USAGE;
    }
    d.outbox = outbox;
    if (outbox && muster_outbox_each(outbox, choose, &d) != MUSTER_OK)
        return failed(outbox);
    status = say_unknown(&d);
    return status == EXIT_DONE ? drop_all(cli, &d) : status;
}

static const struct option_spec send_options[] = {
    {"again", OPTION_FLAG, NULL, NULL, N_("refused events too, as what they wanted may be there now")},
    {"quiet", OPTION_FLAG, NULL, NULL, N_("no word if nothing waits")},
};
static const struct option_spec drop_options[] = {
    {"refused", OPTION_FLAG, NULL, NULL, N_("all that were refused")},
    {"all", OPTION_FLAG, NULL, NULL, N_("everything, also what waits")},
};

enum { DROP_WORDS = 1000 };

static const struct verb verbs[] = {
    {.name = "outbox send", .words = "", .options = send_options, .option_count = ARRAY_LEN(send_options), .run = send_run,
     .en = N_("delivers what waits"), .example = "muster outbox send\nmuster outbox send --again"},
    {.name = "outbox list", .words = "", .run = list_run, .en = N_("what waits on this machine, and what was refused"), .example = "muster outbox list\nmuster outbox list --json"},
    {.name = "outbox drop", .words = "[ID...]", .max_words = DROP_WORDS, .options = drop_options,
     .option_count = ARRAY_LEN(drop_options), .run = drop_run, .en = N_("takes events out, and erases them"),
     .example = "muster outbox drop 0184463f-0d42-7c6e-8d9b-0242ac120002\nmuster outbox drop --refused"},
    {.name = "outbox", .words = "", .flags = VERB_HIDDEN, .run = list_run, .en = N_("what waits on this machine, and what was refused"), .example = "muster outbox"},
};

const struct family family_outbox = {N_("Outbox (what was recorded while musterd was away)"), verbs,
                                     ARRAY_LEN(verbs)};
