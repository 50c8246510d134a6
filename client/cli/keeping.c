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
        const char *code, *zh;
    } texts[] = {
        {"outbox_full", "待发箱已满，请先送出或清理（muster outbox）"},
        {"outbox_busy", "另一个命令正在送出待发箱"},
        {"outbox_damaged", "待发箱文件已损坏，请将其移走，并查看可挽回的内容"},
        {"too_large", "该事件超过 64 KiB"},
        {"id_conflict", "待发箱中已有编号相同而内容不同的事件"},
    };
    const struct muster_error *error = muster_outbox_error(outbox);

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (strcmp(say_language(), "zh") == 0 && strcmp(error->code, texts[i].code) == 0) {
            say("%s", texts[i].zh);
            return;
        }
    say_error(tr("outbox: ", "待发箱："), error);
}

enum exit_status keeping_open(struct muster_outbox **out, struct cli *cli, bool make)
{
    _cleanup_free_ char *path = outbox_path(), *folder = where_state_folder();
    struct muster_outbox_bounds bounds = {cli->config.outbox_events, cli->config.outbox_kib * 1024};

    *out = NULL;
    if (!path) {
        if (make)
            say(tr("there is no home directory to keep anything in", "没有主目录，无处保存"));
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
    snprintf(where, sizeof where, tr("outbox: %s: ", "待发箱：%s："), verdict->id);
    say_error(where, verdict->error);
}

void keeping_tell_count(const struct muster_outbox_count *count)
{
    if (count->delivered)
        say(tr("from the outbox: %" PRId64 " recorded", "待发箱：%" PRId64 " 个事件已登记"), count->delivered);
    if (count->turned_down)
        say(tr("from the outbox: %" PRId64 " refused; they stay in it: muster outbox list",
               "待发箱：%" PRId64 " 个事件被拒绝，仍保留在其中：muster outbox list"), count->turned_down);
}

/* For people: what lies there and does not go by itself. */
static void remind(const struct muster_outbox_count *count)
{
    if (!isatty(STDERR_FILENO))
        return;
    if (count->refused > count->turned_down)
        say(tr("in the outbox: %" PRId64 " refused (muster outbox list)", "待发箱中有 %" PRId64 " 个被拒绝的事件（muster outbox list）"),
            count->refused);
    if (count->elsewhere)
        say(tr("in the outbox: %" PRId64 " for another ledger than this (muster outbox list)",
               "待发箱中有 %" PRId64 " 个属于另一本台账的事件（muster outbox list）"), count->elsewhere);
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
        say(tr("nothing was kept: while a rehearsal is away, its today is not known; give --at and other dates in full",
               "未保存：演练的 musterd 不在时无从得知其当日；请把 --at 等日期写全"));
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
