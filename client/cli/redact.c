/* `muster redact`: erases the personal text of events, or of all that is about a member. Shows what it would erase, and
 * does it with --yes: nothing brings it back. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cells.h"
#include "page.h"
#include "reading.h"
#include "rows.h"
#include "say.h"
#include "trust.h"
#include "wire/catalogue.h"

/* What is personal in it and not erased yet. */
static bool has_text(const json_t *row)
{
    const char *name = cell_string(row, "type");
    enum event_type type = catalogue_find_type(name, strlen(name));

    if (type == EV_NONE || json_is_true(json_object_get(row, "erased")))
        return false;
    for (size_t i = 0; i < catalogue_type(type)->field_count; i++) {
        const struct field_spec *field = &catalogue_type(type)->fields[i];

        if ((field->flags & FIELD_PERSONAL) && json_object_get(row, field_name(field->id)))
            return true;
    }
    return json_object_get(row, "extra") != NULL;
}

/* --- which events --- */

static enum exit_status find_event(struct cli *cli, const char *typed, json_t *found)
{
    _cleanup_json_ json_t *body = json_pack("{s:s, s:s, s:i}", "what", "event", "ref", typed, "limit", 1), *reply = NULL;
    enum exit_status status = cli_ask(cli, "show", body, &reply);

    if (status == EXIT_DONE)
        json_array_append(found, json_object_get(reply, "row"));
    return status;
}

static void take_row(void *found, const json_t *row)
{
    const char *type = cell_string(row, "type");

    /* A meeting is about many: what is said of this one there is found by --type meeting, and erased by its number. */
    if (has_text(row) && strcmp(type, "meeting") != 0 && strcmp(type, "training") != 0)
        json_array_append(found, (json_t *)row);
}

/* All that is about the member itself: its entries, letters, absences, contacts. */
static enum exit_status find_member(struct cli *cli, const char *member, json_t *found)
{
    _cleanup_json_ json_t *show = json_pack("{s:s, s:s, s:i}", "what", "member", "ref", member, "limit", 1), *reply = NULL;
    _cleanup_json_ json_t *body = json_pack("{s:s, s:s}", "member", member, "type", "any");
    _cleanup_pages_ struct pages pages = {.limit = LIMIT_NONE};
    enum exit_status status = cli_ask(cli, "show", show, &reply); /* there is one of that name */

    return status == EXIT_DONE ? page_rows(cli, "recent", body, &pages, take_row, found) : status;
}

/* --- erasing --- */

struct verdict {
    enum exit_status status;
    int64_t seq;
    const char *where;
};

static void take_verdict(void *context, const struct muster_verdict *verdict)
{
    struct verdict *v = context;

    v->seq = verdict->seq;
    if (!verdict->error)
        return;
    say_error(v->where, verdict->error);
    v->status = strcmp(verdict->error->code, "not_allowed") == 0 ? EXIT_NOT_ALLOWED : EXIT_REFUSED;
}

static enum exit_status erase(struct cli *cli, const json_t *row, const char *reason)
{
    _cleanup_buf_ struct buf event = {0}, where = {0};
    struct json j = json_to(&event);
    char id[MUSTER_ID_SIZE], today[DAY_TEXT_SIZE];
    struct verdict verdict = {.status = EXIT_DONE};

    json_open(&j, '{');
    json_kv_str(&j, "id", muster_event_id(id));
    json_kv_str(&j, "type", "event.redacted");
    json_kv_str(&j, "at", day_format(today, cli->today));
    json_kv_str(&j, "event", cell_string(row, "id"));
    if (reason)
        json_kv_str(&j, "reason", reason);
    json_close(&j, '}');
    buf_addf(&where, "%lld: ", (long long)json_integer_value(json_object_get(row, "seq")));
    verdict.where = buf_str(&where);
    if (muster_submit(cli->session, event.data, event.len, take_verdict, &verdict) != MUSTER_OK)
        return cli_say_failure(cli);
    if (verdict.status == EXIT_DONE && cli->output == OUTPUT_TABLE)
        printf(_("erased the personal text of row %lld, recorded as %lld\n"),
               (long long)json_integer_value(json_object_get(row, "seq")), (long long)verdict.seq);
    else if (verdict.status == EXIT_DONE)
        printf("{\"event\":\"%s\",\"seq\":%lld}\n", cell_string(row, "id"), (long long)verdict.seq);
    return verdict.status;
}

static enum exit_status erase_all(struct cli *cli, const json_t *found, const struct arguments *args)
{
    enum exit_status status = EXIT_DONE;
    size_t i;
    json_t *row;

    json_array_foreach(found, i, row)
        if (status == EXIT_DONE && (has_text(row) || args->word_count)) /* of one that was named the daemon says why not */
            status = erase(cli, row, arguments_value(args, "reason"));
    if (status == EXIT_DONE && cli->output == OUTPUT_TABLE)
        puts(_("older backups and exports still have it: make new ones, and destroy those"));
    return status;
}

int redact_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *found = json_array();
    const char *member = arguments_value(args, "member");
    enum exit_status status = cli_open(cli);

    if (!member == !args->word_count) {
        say(_("which? events by their numbers or ids, or --member M"));
        return EXIT_USAGE;
    }
    if (status == EXIT_DONE && member)
        status = find_member(cli, member, found);
    for (size_t i = 0; i < args->word_count && status == EXIT_DONE; i++)
        status = find_event(cli, args->words[i], found);
    if (status != EXIT_DONE)
        return status;
    if (json_array_size(found) == 0) {
        say(_("there is nothing to erase"));
        return EXIT_DONE;
    }
    if (arguments_has(args, "yes"))
        return erase_all(cli, found, args);
    rows_print(cli, found, event_columns, event_column_count);
    say(_("nothing was erased: with --yes the names, notes and other texts of these events go for ever"));
    return EXIT_USAGE;
}
