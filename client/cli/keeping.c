#include "keeping.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/zone.h"
#include "pins.h"
#include "say.h"
#include "wire/event.h"

static char *outbox_path(void)
{
    _cleanup_free_ char *folder = where_state_folder();
    char *path = NULL;

    if (folder && asprintf(&path, "%s/outbox.db", folder) < 0)
        abort();
    return path;
}

void keeping_say_error(const struct muster_outbox *outbox)
{
    static const struct {
        const char *code, *text;
    } texts[] = {
        {"outbox_full", N_("the outbox is full: deliver what waits, or drop it (muster outbox)")},
        {"outbox_busy", N_("another command is delivering the outbox")},
        {"outbox_damaged", N_("the outbox file is damaged: move it away, and see what can be saved")},
        {"too_large", N_("the event is larger than 64 KiB")},
        {"id_conflict", N_("another event with the same id waits in the outbox")},
    };
    const struct muster_error *error = muster_outbox_error(outbox);

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (strcmp(say_language(), "zh") == 0 && strcmp(error->code, texts[i].code) == 0) {
            say("%s", said(texts[i].text));
            return;
        }
    say_error(_("outbox: "), error);
}

enum exit_status keeping_open(struct muster_outbox **out, struct cli *cli, bool make)
{
    _cleanup_free_ char *path = outbox_path(), *folder = where_state_folder();
    struct muster_outbox_bounds bounds = {cli->config.outbox_events, cli->config.outbox_kib * 1024};

    *out = NULL;
    if (!path) {
        if (make)
            say(_("there is no home directory to keep anything in"));
        return make ? EXIT_AWAY : EXIT_DONE;
    }
    if (!make && access(path, F_OK) < 0)
        return EXIT_DONE;
    if (make)
        where_make_folders(folder);
    if (muster_outbox_open(out, path, &bounds) == MUSTER_OK)
        return EXIT_DONE;
    keeping_say_error(*out);
    muster_outbox_close(*out);
    *out = NULL;
    return EXIT_AWAY;
}

/* --- delivery by the way --- */

void keeping_tell(void *context, const struct muster_verdict *verdict)
{
    char where[MUSTER_ID_SIZE + 40];

    (void)context;
    if (!verdict->error)
        return;
    snprintf(where, sizeof where, _("outbox: %s: "), verdict->id);
    say_error(where, verdict->error);
}

void keeping_tell_count(const struct muster_outbox_count *count)
{
    if (count->delivered)
        say(_("from the outbox: %" PRId64 " recorded"), count->delivered);
    if (count->turned_down)
        say(_("from the outbox: %" PRId64 " refused; they stay in it: muster outbox list"), count->turned_down);
}

/* For people: what lies there and does not go by itself. */
static void remind(const struct muster_outbox_count *count)
{
    if (!isatty(STDERR_FILENO))
        return;
    if (count->refused > count->turned_down)
        say(_("in the outbox: %" PRId64 " refused (muster outbox list)"),
            count->refused);
    if (count->elsewhere)
        say(_("in the outbox: %" PRId64 " for another ledger than this (muster outbox list)"), count->elsewhere);
}

void keeping_deliver(struct cli *cli)
{
    _cleanup_outbox_ struct muster_outbox *outbox = NULL;
    struct muster_outbox_count count = {0};
    int result;

    if (cli->keeping.leave || keeping_open(&outbox, cli, false) != EXIT_DONE || !outbox)
        return;
    result = muster_outbox_count(outbox, cli->session, &count);
    if (result == MUSTER_OK && count.waiting) {
        result = muster_outbox_send(outbox, cli->session, cli->keeping.records ? cli->timeout_ms : 0, keeping_tell, NULL, &count);
        /* A read goes on while another command delivers; a new event has its place behind the old ones. */
        cli->keeping.behind = result != MUSTER_OK && (result == MUSTER_BUSY || *muster_error(cli->session)->code);
        keeping_tell_count(&count);
    }
    if (*muster_outbox_error(outbox)->code && result != MUSTER_BUSY)
        keeping_say_error(outbox);
    remind(&count);
}

/* --- keeping --- */

bool keeping_is_wanted(const struct cli *cli)
{
    return cli->keeping.records && !cli->config.no_outbox;
}

bool keeping_helps(const struct cli *cli)
{
    static const char *const passing[] = {"away", "silent", "unavailable"};
    const char *code = cli->session ? muster_error(cli->session)->code : "";

    for (size_t i = 0; i < ARRAY_LEN(passing); i++)
        if (strcmp(code, passing[i]) == 0)
            return keeping_is_wanted(cli);
    return false;
}

/* "2022-11-05...": needs no today to be understood. */
static bool is_full_date(const char *typed)
{
    for (int i = 0; i < 5; i++)
        if (i < 4 ? !isdigit((unsigned char)typed[i]) : typed[i] != '-')
            return false;
    return true;
}

/* Of a rehearsal nobody but its daemon knows what day it is. */
static bool dates_are_full(const struct arguments *args)
{
    for (size_t i = 0; i < args->given_count; i++) {
        const struct given *given = &args->given[i];

        if ((given->spec->kind == OPTION_DATE || given->spec->kind == OPTION_TIME) && !is_full_date(given->value))
            return false;
    }
    return arguments_has(args, "at");
}

enum exit_status keeping_begin(struct cli *cli, const struct arguments *args)
{
    struct err err = {0};
    struct clock clock;
    struct met met;

    cli->keeping.away = true;
    if (pins_last(&met, cli->server) && *met.zone && zone_set(met.zone, &err))
        say("%s", err_text(&err, say_language()));
    if (met.rehearsal && !dates_are_full(args)) {
        say(_("nothing was kept: while a rehearsal is away, its today is not known; give --at and other dates in full"));
        return EXIT_AWAY;
    }
    clock_init(&clock, 0);
    cli->today = clock_today(&clock);
    return EXIT_DONE;
}

/* What one event alone decides is told now, while whoever typed it is there. A kind of meeting that is not known here may be
 * one of the ledger's own. */
static bool is_well_formed(const char *event, size_t len)
{
    _cleanup_arena_ struct arena arena = {0};
    struct event read;
    struct kinds kinds;
    struct err err = {0};
    bool fine;

    kinds_init(&kinds);
    fine = event_read(&read, &arena, event, len, EVENT_SUBMITTED, &kinds, &err) == 0 ||
           (err.code == ERR_INVALID_VALUE && strncmp(err.field, "kinds", 5) == 0);
    kinds_deinit(&kinds);
    if (!fine) {
        struct muster_error error = {err_code_name(err.code), err_text(&err, say_language()), err.field, err.hint, err.clash};

        say_error("", &error);
    }
    return fine;
}

enum exit_status keeping_keep(struct cli *cli, const char *event, size_t len_bytes)
{
    _cleanup_outbox_ struct muster_outbox *outbox = NULL;
    const char *ledger = muster_ledger(cli->session);
    enum exit_status status;
    struct met met;

    if (!is_well_formed(event, len_bytes))
        return EXIT_REFUSED;
    if (!*ledger && pins_last(&met, cli->server))
        ledger = met.ledger;
    status = keeping_open(&outbox, cli, true);
    if (status != EXIT_DONE)
        return status;
    if (muster_outbox_keep(outbox, cli->server, *ledger ? ledger : NULL, event, len_bytes) == MUSTER_OK)
        return EXIT_KEPT;
    keeping_say_error(outbox);
    return strcmp(muster_outbox_error(outbox)->code, "id_conflict") == 0 ? EXIT_REFUSED : EXIT_AWAY;
}
