#include "record.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/text.h"
#include "base/uuid.h"
#include "cells.h"
#include "fields.h"
#include "keeping.h"
#include "rows.h"
#include "say.h"
#include "unusual.h"
#include "when.h"
#include "wire/private.h"
#include "words.h"

static const struct column verdict_columns[] = {
    {"id", N_("ID"), 0, 0, NULL},
    {"status", N_("STATUS"), 0, 0, NULL},
    {"seq", N_("SEQ"), COLUMN_RIGHT, 0, NULL},
    {"error", N_("ERROR"), 0, 0, NULL},
};

static json_t *error_row(const struct muster_error *error)
{
    json_t *row = json_pack("{s:s, s:s}", "code", error->code, "message", error->message);

    if (*error->field)
        json_object_set_new(row, "field", json_string(error->field));
    if (*error->hint)
        json_object_set_new(row, "hint", json_string(error->hint));
    if (*error->clash)
        json_object_set_new(row, "clash", json_string(error->clash));
    return row;
}

json_t *record_verdict_row(const struct muster_verdict *verdict)
{
    static const char *const names[] = {"recorded", "duplicate", "refused"};
    json_t *row = json_pack("{s:s?, s:s}", "id", verdict->id, "status", names[verdict->status]);

    if (verdict->seq)
        json_object_set_new(row, "seq", json_integer(verdict->seq));
    if (verdict->error)
        json_object_set_new(row, "error", error_row(verdict->error));
    return row;
}

/* What a recording needs to tell its verdict. */
struct record {
    struct cli *cli;
    const struct verb *verb;
    const char *id;
    const char *first;   /* its first word: whom or what it is about; may be "" */
    const char *at;
    enum exit_status status;
    bool later; /* the verdict is not final: to be kept */
};

/* "WHAT: contact M0001, 2022-11-05 (Sat), id ..." */
static void tell_event(const struct record *record, const char *what)
{
    _cleanup_buf_ struct buf line = {0}, safe = {0};
    struct when when = {.day = DAY_NONE};
    char shown[WHEN_TEXT_SIZE];

    text_copy(when.text, sizeof when.text, record->at);
    if (!day_parse(&when.day, record->at, strlen(record->at)))
        when.day = DAY_NONE;
    when_show(shown, &when, strcmp(say_language(), "zh") == 0);
    buf_addf(&line, "%s: %s%s%s, %s, id %s", what, word_shown(catalogue_type(record->verb->type)->name),
             *record->first ? " " : "", record->first, shown, record->id);
    say_safe(&safe, buf_str(&line));
    puts(buf_str(&safe));
}

static void tell_recorded(const struct record *record, const struct muster_verdict *verdict)
{
    char what[80];

    snprintf(what, sizeof what, "%s %lld",
             verdict->status == MUSTER_DUPLICATE ? _("was recorded before as") : _("recorded as"),
             (long long)verdict->seq);
    tell_event(record, what);
}

/* One command, one event: an event that its key's scope does not cover is "not allowed". */
static enum exit_status verdict_status(const struct muster_verdict *verdict)
{
    return verdict->error ? cli_code_status(verdict->error->code) : EXIT_DONE;
}

static void print_row(struct cli *cli, json_t *row)
{
    _cleanup_rows_ struct rows *rows = rows_new(cli, verdict_columns, ARRAY_LEN(verdict_columns));

    rows_add(rows, row);
    rows_end(rows);
    json_decref(row);
}

static void take_verdict(void *context, const struct muster_verdict *verdict)
{
    struct record *record = context;

    record->status = verdict_status(verdict);
    record->later = record->status == EXIT_AWAY && keeping_is_wanted(record->cli);
    if (record->later)
        say_error("", verdict->error);
    else if (record->cli->output != OUTPUT_TABLE)
        print_row(record->cli, record_verdict_row(verdict));
    else if (verdict->error)
        say_error("", verdict->error);
    else
        tell_recorded(record, verdict);
}

static void say_not_kept(const struct record *record)
{
    say(_("the event was not confirmed and is kept nowhere; try again with --id %s, which is safe"), record->id);
}

/* On this machine's disk, until musterd is there. */
static enum exit_status keep(struct record *record, const struct buf *event)
{
    enum exit_status status = keeping_keep(record->cli, event->data, event->len);

    if (status == EXIT_KEPT && record->cli->output != OUTPUT_TABLE)
        print_row(record->cli, json_pack("{s:s, s:s}", "id", record->id, "status", "kept"));
    else if (status == EXIT_KEPT)
        tell_event(record, _("kept in the outbox"));
    if (status == EXIT_KEPT)
        say(_("it is recorded as soon as musterd is there: by the next command, or by muster outbox send; do not enter it again"));
    else if (status == EXIT_AWAY)
        say_not_kept(record);
    return status;
}

/* The daemon could not take it. */
static enum exit_status not_taken(struct record *record, const struct buf *event)
{
    enum exit_status status = cli_say_failure(record->cli);

    if (status == EXIT_AWAY && keeping_helps(record->cli))
        return keep(record, event);
    if (status == EXIT_AWAY)
        say_not_kept(record);
    return status;
}

static enum exit_status send_event(struct record *record, struct buf *event)
{
    const struct keeping *keeping = &record->cli->keeping;

    if (keeping->away || (keeping->behind && keeping->records))
        return keep(record, event);
    if (muster_submit(record->cli->session, event->data, event->len, take_verdict, record) != MUSTER_OK)
        return not_taken(record, event);
    return record->later ? keep(record, event) : record->status;
}

/* An event is named by its id; people see its number. */
static enum exit_status resolve_event(struct cli *cli, const char *option, const char *typed, char **id_out)
{
    _cleanup_json_ json_t *body = NULL, *reply = NULL;
    enum exit_status status;
    const char *id;

    *id_out = mem_strdup(typed);
    if (!*typed || strspn(typed, "0123456789") != strlen(typed))
        return EXIT_DONE;
    if (cli->keeping.away) {
        say(_("%s: row %s can only be looked up with musterd there; nothing was kept (the event's id would do)"), option, typed);
        return EXIT_AWAY;
    }
    body = json_pack("{s:s, s:s, s:i}", "what", "event", "ref", typed, "limit", 1);
    status = cli_ask(cli, "show", body, &reply);
    if (status != EXIT_DONE)
        return status;
    id = json_string_value(json_object_get(json_object_get(reply, "row"), "id"));
    if (!id) {
        say(_("%s: row %s is no event"), option, typed);
        return EXIT_REFUSED;
    }
    free(*id_out);
    *id_out = mem_strdup(id);
    return EXIT_DONE;
}

/* "T-20221105-3f9a1c": dated, and unlike any other. */
static char *make_ref(const struct verb *verb, day_t today)
{
    struct civil day = day_to_civil(today);
    struct buf ref = {0};
    unsigned char random[3];

    if (getrandom(random, sizeof random, 0) != sizeof random)
        abort();
    buf_addf(&ref, "%c-%04d%02d%02d-%02x%02x%02x", verb->type == EV_TRANSFER_ISSUED ? 'T' : 'E', day.year,
             day.month, day.day, random[0], random[1], random[2]);
    buf_add_char(&ref, '\0');
    return ref.data;
}

static enum exit_status read_at(struct cli *cli, const struct arguments *args, char at[WHEN_TEXT_SIZE])
{
    const char *typed = arguments_value(args, "at");

    if (!typed && (args->verb->flags & VERB_NEEDS_AT)) {
        say(_("--at is missing: when was it?"));
        return EXIT_USAGE;
    }
    if (typed)
        return cli_when(cli, "--at", typed, true, at);
    /* Nothing was typed that could have been misread; the verdict tells the day. */
    day_format(at, cli->today);
    return EXIT_DONE;
}

static enum exit_status read_id(const struct arguments *args, char id[MUSTER_ID_SIZE])
{
    const char *typed = arguments_value(args, "id");
    uint8_t uuid[UUID_SIZE];

    if (!typed) {
        muster_event_id(id);
        return EXIT_DONE;
    }
    if (!uuid_parse(uuid, typed, strlen(typed))) {
        say(_("--id needs a UUID in lower case, not \"%s\""), typed);
        return EXIT_USAGE;
    }
    text_copy(id, MUSTER_ID_SIZE, typed);
    return EXIT_DONE;
}

/* The event named by the first word (void) or by --replaces gets its id. */
static enum exit_status resolve_names(struct cli *cli, struct arguments *args, char **event, char **replaces)
{
    const char *typed = arguments_value(args, "replaces");
    enum exit_status status = EXIT_DONE;

    if (typed)
        status = resolve_event(cli, "--replaces", typed, replaces);
    if (status == EXIT_DONE && args->verb->word_fields[0] == F_EVENT && args->word_count > 0) {
        status = resolve_event(cli, "EVENT", args->words[0], event);
        args->words[0] = *event;
    }
    return status;
}

/* Recorded all the same: a look is no proof. But whoever typed it is told. */
static void warn_private(const struct buf *event)
{
    const char *field = "";
    enum private_kind kind = private_in_event(&field, event->data, event->len);

    if (kind != PRIVATE_NONE)
        say(_("%s looks as if %s were in it: that has no place in the ledger (muster redact takes it out again)"), field, private_kind_text(kind, say_language()));
}

static enum exit_status record_with(struct cli *cli, struct arguments *args, const char *id, const char *at,
                                    const char *replaces)
{
    const struct verb *verb = args->verb;
    _cleanup_free_ char *made = verb->flags & VERB_MAKES_REF ? make_ref(verb, cli->today) : NULL;
    struct draft draft = {args, id, at, replaces, made, cli->today};
    struct record record = {.cli = cli, .verb = verb, .id = id, .at = at};
    _cleanup_buf_ struct buf event = {0};
    struct err err = {0};

    if (fields_write(&event, &draft, &err)) {
        say("%s", err_text(&err, say_language()));
        return EXIT_USAGE;
    }
    warn_private(&event);
    record.first = args->word_count > 0 ? args->words[0] : "";
    if (args->word_count == 0 && made && !arguments_has(args, field_option(verb->word_fields[0])))
        record.first = made;
    return send_event(&record, &event);
}

/* What gives or takes rights works at once, or not at all. */
static bool may_wait(const struct arguments *args)
{
    enum event_type type = args->verb->type;

    return type != EV_KEY_ALLOWED && type != EV_KEY_REVOKED && !arguments_has(args, "no-outbox");
}

static enum exit_status open_or_keep(struct cli *cli, const struct arguments *args)
{
    enum exit_status status;

    cli->keeping.records = may_wait(args);
    status = cli_open(cli);
    if (status == EXIT_AWAY && keeping_helps(cli))
        return keeping_begin(cli, args);
    if (status == EXIT_AWAY)
        say(_("nothing was recorded, and nothing was kept"));
    return status;
}

int record_run(struct cli *cli, const struct arguments *given)
{
    struct arguments args = *given; /* its words may change; what it owns stays the caller's */
    _cleanup_free_ char *event = NULL, *replaces = NULL;
    char id[MUSTER_ID_SIZE], at[WHEN_TEXT_SIZE];
    enum exit_status status = read_id(&args, id);

    if (status == EXIT_DONE)
        status = open_or_keep(cli, &args);
    if (status == EXIT_DONE)
        status = read_at(cli, &args, at);
    if (status == EXIT_DONE && !unusual_is_meant(cli, &args, at))
        status = EXIT_USAGE;
    if (status == EXIT_DONE)
        status = resolve_names(cli, &args, &event, &replaces);
    return status == EXIT_DONE ? record_with(cli, &args, id, at, replaces) : status;
}

enum exit_status record_made(struct cli *cli, enum event_type type, const json_t *event, const char *first)
{
    const struct verb verb = {.type = type};
    struct record record = {.cli = cli, .verb = &verb, .first = first};
    _cleanup_buf_ struct buf text = {0};

    record.id = json_string_value(json_object_get(event, "id"));
    record.at = json_string_value(json_object_get(event, "at"));
    cell_json(&text, event);
    return send_event(&record, &text);
}
