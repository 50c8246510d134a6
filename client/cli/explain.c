/* `muster explain`: why an alert is open, or is not. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cells.h"
#include "explain_text.h"
#include "reading.h"
#include "say.h"

enum { DIGITS_MAX = 18 }; /* of a number in 64 bits */

/* The kind of subject that a rule is about, from the rules in force. */
static enum exit_status kind_of_rule(struct cli *cli, const char *rule, char kind_out[32])
{
    _cleanup_json_ json_t *reply = NULL;
    enum exit_status status = cli_ask(cli, "rules", NULL, &reply);
    const json_t *rules = json_object_get(reply, "rules");
    size_t count = json_array_size(rules), i;
    _cleanup_free_ const char **ids = mem_alloc((count + 1) * sizeof *ids);
    const char *near;
    json_t *item;

    if (status != EXIT_DONE)
        return status;
    json_array_foreach(rules, i, item) {
        ids[i] = cell_string(item, "id");
        if (strcmp(ids[i], rule) == 0) {
            text_copy(kind_out, 32, cell_string(item, "subject"));
            return EXIT_DONE;
        }
    }
    near = text_nearest(rule, ids, count);
    if (near)
        say(_("no rule \"%s\" (did you mean \"%s\"?)"), rule, near);
    else
        say(_("no rule \"%s\"; muster rules lists them"), rule);
    return EXIT_REFUSED;
}

static enum exit_status check_subject_kind(const char *name)
{
    static const char *const kinds[] = {"branch", "member", "unit", "transfer"};
    const char *near = text_nearest(name, kinds, ARRAY_LEN(kinds));

    if (near && strcmp(near, name) == 0)
        return EXIT_DONE;
    if (near)
        say(_("\"%s\" is no kind of subject (did you mean \"%s\"?)"), name, near);
    else
        say(_("\"%s\" is no kind of subject: branch, member, unit or transfer"), name);
    return EXIT_USAGE;
}

/* "B-017" or "branch:B-017": a ref holds no colon. */
static enum exit_status add_subject(struct cli *cli, json_t *body, const char *rule, const char *typed)
{
    const char *colon = strchr(typed, ':');
    char kind[32];
    enum exit_status status;

    if (colon) {
        snprintf(kind, sizeof kind, "%.*s", (int)(colon - typed), typed);
        status = check_subject_kind(kind);
        typed = colon + 1;
    } else {
        status = kind_of_rule(cli, rule, kind);
    }
    if (status != EXIT_DONE)
        return status;
    json_object_set_new(body, "rule", json_string(rule));
    json_object_set_new(body, "subject", json_pack("{s:s}", kind, typed));
    return EXIT_DONE;
}

static enum exit_status add_question(struct cli *cli, const struct arguments *args, json_t *body)
{
    const char *subject = args->word_count > 1 ? args->words[1] : arguments_value(args, "subject");
    const char *first = args->words[0];

    if (subject)
        return add_subject(cli, body, first, subject);
    if (strspn(first, "0123456789") != strlen(first)) {
        say(_("explain needs the number of an alert, or a rule and a subject: muster explain %s SUBJECT"), first);
        return EXIT_USAGE;
    }
    if (strlen(first) > DIGITS_MAX) {
        say(_("there is no alert %s"), first);
        return EXIT_REFUSED;
    }
    json_object_set_new(body, "alert", json_integer(strtoll(first, NULL, 10)));
    return EXIT_DONE;
}

static const struct column csv_columns[] = {
    {"counted", NULL, 0, 0, NULL}, {"at", NULL, 0, 0, NULL},  {"type", NULL, 0, 0, NULL},
    {"event", NULL, 0, 0, NULL},   {"why", NULL, 0, 0, NULL},
};

/* CSV has the events, counted or not. */
static void print_csv(struct cli *cli, const json_t *reply)
{
    static const char *const lists[] = {"counted", "not_counted"};
    _cleanup_rows_ struct rows *rows = rows_new(cli, csv_columns, ARRAY_LEN(csv_columns));

    for (size_t k = 0; k < ARRAY_LEN(lists); k++) {
        size_t i;
        json_t *event;

        json_array_foreach(json_object_get(reply, lists[k]), i, event) {
            json_object_set_new(event, "counted", json_boolean(k == 0));
            rows_add(rows, event);
        }
    }
    rows_end(rows);
}

int explain_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *body = NULL, *reply = NULL;
    enum exit_status status = cli_body(cli, args, &body);

    if (status == EXIT_DONE)
        status = add_question(cli, args, body);
    if (status == EXIT_DONE)
        status = cli_ask(cli, "explain", body, &reply);
    if (status != EXIT_DONE)
        return status;
    json_object_del(reply, "ledger");
    json_object_del(reply, "rehearsal");
    switch (cli->output) {
    case OUTPUT_TABLE:
        explain_print(reply);
        break;
    case OUTPUT_JSON:
        rows_print_json(reply);
        break;
    case OUTPUT_CSV:
        print_csv(cli, reply);
        break;
    }
    return EXIT_DONE;
}
