#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/keyfile.h"
#include "base/text.h"
#include "base/zone.h"
#include "keeping.h"
#include "pins.h"
#include "say.h"
#include "when.h"
#include "words.h"

enum {
    /* How long a daemon that has answered `status` may take for more: a read over much history, or a
     * commit on a slow disk. Above the bound that the daemon sets itself (history_ms). An explicit
     * --timeout holds for everything. */
    PATIENCE_MS = 90 * 1000,
    TIMEOUT_MAX_S = 24 * 3600,
};

void cli_deinit(struct cli *cli)
{
    json_decref(cli->status);
    muster_close(cli->session);
    free(cli->server);
    user_config_deinit(&cli->config);
    memset(cli, 0, sizeof *cli);
}

static enum exit_status take_timeout(struct cli *cli, const struct arguments *args)
{
    const char *text = arguments_value(args, "timeout");
    double seconds;
    char *end;

    if (!text)
        return EXIT_DONE;
    seconds = strtod(text, &end);
    if (end == text || *end || !(seconds > 0 && seconds <= TIMEOUT_MAX_S)) {
        say(_("--timeout needs seconds above 0, not \"%s\""), text);
        return EXIT_USAGE;
    }
    cli->timeout_ms = (int)(seconds * 1000 + 0.5);
    if (cli->timeout_ms < 1)
        cli->timeout_ms = 1;
    cli->timeout_given = true;
    return EXIT_DONE;
}

static enum exit_status take_limit(struct cli *cli, const struct arguments *args)
{
    const char *limit = arguments_value(args, "limit");

    if (arguments_has(args, "all")) {
        cli->limit = LIMIT_NONE;
        cli->limit_given = true;
    }
    if (!limit)
        return EXIT_DONE;
    cli->limit_given = true;
    return number_parse(&cli->limit, limit, 1, "limit") ? EXIT_DONE : EXIT_USAGE;
}

static enum exit_status take_output(struct cli *cli, const struct arguments *args)
{
    bool json = arguments_has(args, "json"), csv = arguments_has(args, "csv");

    if (json && csv) {
        say(_("--json and --csv are two forms of one output: give one"));
        return EXIT_USAGE;
    }
    if (json)
        cli->output = OUTPUT_JSON;
    if (csv)
        cli->output = OUTPUT_CSV;
    if (arguments_has(args, "bom"))
        cli->bom = true;
    return EXIT_DONE;
}

enum exit_status cli_take_options(struct cli *cli, const struct arguments *args)
{
    const char *server = arguments_value(args, "server");
    const char *ledger = arguments_value(args, "ledger");
    enum exit_status status = take_output(cli, args);

    cli->quiet = arguments_has(args, "quiet");
    if (status == EXIT_DONE)
        status = take_timeout(cli, args);
    if (status == EXIT_DONE)
        status = take_limit(cli, args);
    if (server) {
        free(cli->server);
        cli->server = where_server(server, &cli->config);
    }
    if (ledger) {
        free(cli->config.ledger);
        cli->config.ledger = strdup(ledger);
    }
    return status;
}

/* The option comes before the environment, and that before the configuration. */
static void take_ledger(struct cli *cli, char **configured)
{
    const char *environment = getenv("MUSTER_LEDGER");

    if (!cli->config.ledger)
        cli->config.ledger = environment && *environment ? mem_strdup(environment) : TAKE(*configured);
    free(TAKE(*configured));
}

enum exit_status cli_read_config(struct cli *cli)
{
    struct user_config config = {0};
    struct err err = {0};

    if (user_config_read(&config, &err)) {
        struct muster_error error = {"invalid_value", err_text(&err, say_language()), "", err.hint, ""};

        say_error("", &error);
        user_config_deinit(&config);
        return EXIT_USAGE;
    }
    if (!cli->server)
        cli->server = where_server(NULL, &config);
    free(cli->config.server);
    free(cli->config.feed);
    cli->config.server = config.server;
    cli->config.feed = config.feed;
    free(cli->config.server_key);
    free(cli->config.key_file);
    cli->config.server_key = config.server_key;
    cli->config.key_file = config.key_file;
    cli->config.no_outbox = config.no_outbox;
    cli->config.outbox_events = config.outbox_events;
    cli->config.outbox_kib = config.outbox_kib;
    where_keys(&cli->config);
    take_ledger(cli, &config.ledger);
    return EXIT_DONE;
}

static void say_away(struct cli *cli, bool silent)
{
    if (silent)
        say(_("musterd at %s does not answer; its log may say why"), cli->server);
    else
        say(_("no musterd at %s (waited %g s); is it running? --server or $MUSTER_SERVER say where it is"),
            cli->server, cli->timeout_ms / 1000.0);
    if (!silent && strncmp(cli->server, "tcp://", 6) == 0)
        say(cli->config.key_file && cli->config.server_key
                ? _("over tcp musterd answers only keys that it knows: is yours allowed, and server_key right? (muster key --help)")
                : _("over tcp musterd answers only keys that it knows: set server_key and key_file (muster key --help)"));
}

enum exit_status cli_code_status(const char *code)
{
    static const struct {
        const char *code;
        enum exit_status status;
    } others[] = {
        {"not_allowed", EXIT_NOT_ALLOWED},
        {"malformed", EXIT_USAGE},
        {"bad_call", EXIT_USAGE},
        {"unavailable", EXIT_AWAY},
        {"bad_answer", EXIT_AWAY},
        {"system", EXIT_AWAY},
    };

    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (strcmp(others[i].code, code) == 0)
            return others[i].status;
    return EXIT_REFUSED;
}

enum exit_status cli_open_file(int *fd_out, const char *name)
{
    _cleanup_fd_ int fd = open(name, O_RDONLY | O_CLOEXEC);
    struct stat about;

    if (fd < 0 || fstat(fd, &about) < 0 || S_ISDIR(about.st_mode)) {
        say("%s: %s", name, strerror(fd >= 0 && S_ISDIR(about.st_mode) ? EISDIR : errno));
        return EXIT_USAGE;
    }
    *fd_out = fd;
    fd = -1;
    return EXIT_DONE;
}

/* The socket's own group, as far as this user may see it. */
static const char *group_of(const char *endpoint)
{
    const char *path = strstr(endpoint, "://");
    const struct group *group = NULL;
    struct stat about;

    if (path && stat(path + 3, &about) == 0 && about.st_gid != 0)
        group = getgrgid(about.st_gid);
    return group ? group->gr_name : "muster";
}

static void say_denied(struct cli *cli)
{
    say(_("permission denied on %1$s: only users of group %2$s may use it; ask your administrator for "
           "\"usermod -aG %2$s YOU\", then log in again"),
        cli->server, group_of(cli->server));
}

/* The library speaks English alone. */
static void say_library_error(struct cli *cli, const struct muster_error *error)
{
    static const struct {
        const char *code, *text;
    } texts[] = {
        {"bad_answer", N_("the answer does not fit this protocol")},
        {"bad_call", N_("a wrong argument (a ledger is named by its UUID, in lower case)")},
        {"system", N_("no connection can be made (a wrong address, or no sockets or descriptors left)")},
        {"other_ledger", N_("the ledger is not the one that was named")},
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (strcmp(say_language(), "zh") == 0 && strcmp(error->code, texts[i].code) == 0) {
            say(_("%s: %s"), cli->server, said(texts[i].text));
            return;
        }
    say_error("", error);
}

static void say_other_ledger(struct cli *cli, const struct muster_error *error)
{
    say_library_error(cli, error);
    say(_("ANOTHER LEDGER answers at %s; nothing was done. If that is meant: --ledger UUID"), cli->server);
}

enum exit_status cli_say_failure(struct cli *cli)
{
    const struct muster_error *error = muster_error(cli->session);

    if (strcmp(error->code, "away") == 0 || strcmp(error->code, "silent") == 0) {
        say_away(cli, strcmp(error->code, "silent") == 0);
        return EXIT_AWAY;
    }
    if (strcmp(error->code, "no_permission") == 0) {
        say_denied(cli);
        return EXIT_NOT_ALLOWED;
    }
    if (strcmp(error->code, "other_ledger") == 0) {
        say_other_ledger(cli, error);
        return EXIT_REFUSED;
    }
    say_library_error(cli, error);
    return cli_code_status(error->code);
}

enum exit_status cli_ask(struct cli *cli, const char *verb, const json_t *body, json_t **reply_out)
{
    _cleanup_free_ char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    char *reply;

    *reply_out = NULL;
    if (muster_request(cli->session, verb, text, &reply) != MUSTER_OK)
        return cli_say_failure(cli);
    *reply_out = json_loads(reply, JSON_ALLOW_NUL, NULL);
    muster_free(reply);
    return EXIT_DONE;
}

/* A deployment in another zone, or one whose key may not ask for the status, still gets dates: by
 * this machine's calendar. */
static void take_status(struct cli *cli)
{
    const char *today = json_string_value(json_object_get(cli->status, "today"));
    const char *zone = json_string_value(json_object_get(cli->status, "timezone"));
    struct err err = {0};
    struct clock clock;

    if (zone && zone_set(zone, &err))
        say("%s", err_text(&err, say_language()));
    if (!today || !day_parse(&cli->today, today, strlen(today))) {
        clock_init(&clock, 0);
        cli->today = clock_today(&clock);
    }
    if (json_is_true(json_object_get(cli->status, "rehearsal")))
        say(_("this is a REHEARSAL ledger (its today is %s)"), today ? today : "?");
}

/* For the next time: to warn if another ledger is there, and to know whom an event is for while nobody is. */
static void remember(struct cli *cli)
{
    const char *zone = json_string_value(json_object_get(cli->status, "timezone"));
    struct met met = {.rehearsal = muster_rehearsal(cli->session) != 0};

    text_copy(met.ledger, sizeof met.ledger, muster_ledger(cli->session));
    text_copy(met.zone, sizeof met.zone, zone ? zone : "");
    if (!met.rehearsal)
        pins_check(cli->server, met.ledger);
    if (cli->status)
        pins_met(cli->server, &met);
}

static enum exit_status open_session(struct cli *cli)
{
    struct keypair own;
    struct muster_keys keys = {cli->config.server_key, own.public, own.secret};
    bool keyed = strncmp(cli->server, "tcp://", 6) == 0 && cli->config.key_file && cli->config.server_key;
    struct err err = {0};
    int result;

    if (keyed && keyfile_read(&own, cli->config.key_file, &err) != 0) {
        say("%s", err_text(&err, say_language()));
        return EXIT_USAGE;
    }
    result = muster_open_with_keys(&cli->session, cli->server, keyed ? &keys : NULL, cli->timeout_ms);
    if (keyed)
        memset(&own, 0, sizeof own);
    if (result == MUSTER_OK)
        result = muster_set_language(cli->session, say_language());
    if (result == MUSTER_OK && cli->config.ledger)
        result = muster_expect_ledger(cli->session, cli->config.ledger);
    return result == MUSTER_OK ? EXIT_DONE : cli_say_failure(cli);
}

enum exit_status cli_open(struct cli *cli)
{
    enum exit_status status;
    char *reply = NULL;

    if (cli->session)
        return EXIT_DONE;
    status = cli_read_config(cli);
    if (status == EXIT_DONE)
        status = open_session(cli);
    if (status != EXIT_DONE)
        return status;
    if (muster_request(cli->session, "status", NULL, &reply) != MUSTER_OK &&
        strcmp(muster_error(cli->session)->code, "not_allowed") != 0)
        return cli_say_failure(cli);
    cli->status = reply ? json_loads(reply, JSON_ALLOW_NUL, NULL) : NULL;
    muster_free(reply);
    take_status(cli);
    remember(cli);
    if (!cli->timeout_given && muster_set_timeouts(cli->session, cli->timeout_ms, PATIENCE_MS) != MUSTER_OK)
        return cli_say_failure(cli);
    keeping_deliver(cli);
    return EXIT_DONE;
}

enum exit_status cli_when(struct cli *cli, const char *name, const char *typed, bool time_allowed, char *text_out)
{
    enum exit_status status = cli_open(cli);
    struct err err = {0};
    struct when when;
    char shown[WHEN_TEXT_SIZE];

    if (status != EXIT_DONE)
        return status;
    if (when_parse(&when, typed, time_allowed, cli->today, &err)) {
        say("%s: %s", name, err_text(&err, say_language()));
        return EXIT_USAGE;
    }
    when_show(shown, &when, strcmp(say_language(), "zh") == 0);
    if (strcmp(when.text, typed) != 0)
        say(_("%s is %s"), name, shown);
    memcpy(text_out, when.text, WHEN_TEXT_SIZE);
    return EXIT_DONE;
}

/* In Chinese, too, a kind or a level may be typed as it is shown. */
static const char *word_of(const struct option_spec *spec, const char *typed)
{
    static const char *const fields[] = {"kind", "type", "level", "sector"};

    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        if (strcmp(spec->field, fields[i]) == 0)
            return word_typed(typed);
    return typed;
}

static enum exit_status add_member(struct cli *cli, json_t *body, const struct given *given)
{
    const struct option_spec *spec = given->spec;
    char name[64], when[WHEN_TEXT_SIZE];
    enum exit_status status = EXIT_DONE;
    json_t *value = NULL;
    int64_t number;
    bool yes;

    switch (spec->kind) {
    case OPTION_FLAG:
        value = json_true();
        break;
    case OPTION_TEXT:
        value = json_string(word_of(spec, given->value));
        break;
    case OPTION_NUMBER:
        if (number_parse(&number, given->value, 0, spec->name))
            value = json_integer(number);
        break;
    case OPTION_YES_NO:
        if (yes_no_parse(&yes, given->value, spec->name))
            value = json_boolean(yes);
        break;
    case OPTION_DATE:
    case OPTION_TIME:
        snprintf(name, sizeof name, "--%s", spec->name);
        status = cli_when(cli, name, given->value, spec->kind == OPTION_TIME, when);
        if (status == EXIT_DONE)
            value = json_string(when);
        break;
    }
    if (value)
        json_object_set_new(body, spec->field, value);
    else if (spec->kind == OPTION_TEXT)
        say(_("--%s: not UTF-8"), spec->name);
    return value ? EXIT_DONE : status == EXIT_DONE ? EXIT_USAGE : status;
}

enum exit_status cli_body(struct cli *cli, const struct arguments *args, json_t **body_out)
{
    _cleanup_json_ json_t *body = json_object();
    enum exit_status status = cli_open(cli);

    *body_out = NULL;
    for (size_t i = 0; i < args->given_count && status == EXIT_DONE; i++)
        if (args->given[i].spec->field)
            status = add_member(cli, body, &args->given[i]);
    if (status == EXIT_DONE)
        *body_out = json_incref(body);
    return status;
}
