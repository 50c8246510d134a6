/* Alerts: the open ones, why, and staff at work on them. */
#include <string.h>

#include "cells.h"
#include "families.h"
#include "follow.h"
#include "page.h"
#include "reading.h"
#include "record.h"
#include "say.h"

static void say_settling(const json_t *reply)
{
    if (json_is_true(json_object_get(reply, "settling")))
        say(_("musterd is still settling after its start: alerts may change in a moment"));
}

struct following {
    struct cli *cli;
    struct rows *rows;
    json_t *body;
    json_t *last; /* the rows of the last round: one that comes twice is shown once */
    json_t *now;
};

static void take_new(void *context, const json_t *row)
{
    struct following *f = context;
    size_t i;
    json_t *known;

    json_array_append(f->now, (json_t *)row);
    json_array_foreach(f->last, i, known)
        if (json_equal(known, row))
            return;
    rows_add(f->rows, row);
}

/* The newest row is asked for before the alerts, so that no change falls between two rounds; one may
 * then come in both. */
static enum exit_status ask_new(void *context, int64_t *after_seq)
{
    struct following *f = context;
    _cleanup_pages_ struct pages pages = {.limit = LIMIT_NONE};
    _cleanup_json_ json_t *body = json_copy(f->body);
    int64_t newest = 0;
    enum exit_status status = follow_newest(f->cli, &newest);

    if (status != EXIT_DONE || newest == *after_seq)
        return status;
    json_object_set_new(body, "after_seq", json_integer(*after_seq));
    f->now = json_array();
    status = page_rows(f->cli, "alerts", body, &pages, take_new, f);
    json_decref(f->last);
    f->last = f->now;
    *after_seq = newest;
    return status;
}

static enum exit_status follow_alerts(struct cli *cli, const struct arguments *args, json_t *body, struct rows *rows)
{
    _cleanup_pages_ struct pages pages = {.limit = page_limit(cli)};
    _cleanup_json_ json_t *first_body = json_copy(body);
    struct following f = {.cli = cli, .rows = rows, .body = body, .last = json_array()};
    int64_t newest;
    enum exit_status status = follow_newest(cli, &newest);

    if (status == EXIT_DONE)
        status = page_print(cli, "alerts", first_body, &pages, rows, NULL);
    if (status == EXIT_DONE) {
        rows_go_live(rows);
        status = follow(cli, args, newest, ask_new, &f);
    }
    json_decref(f.last);
    return status;
}

int alerts_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *body = NULL;
    _cleanup_rows_ struct rows *rows = rows_new(cli, alert_columns, alert_column_count);
    _cleanup_pages_ struct pages pages = {.limit = page_limit(cli)};
    enum exit_status status = cli_body(cli, args, &body);

    if (status != EXIT_DONE)
        return status;
    if (arguments_has(args, "follow"))
        return follow_alerts(cli, args, body, rows);
    status = page_print(cli, "alerts", body, &pages, rows,
                        arguments_has(args, "closed") ? _("no closed alert")
                                                      : _("no open alert"));
    if (status == EXIT_DONE)
        say_settling(pages.last_reply);
    return status;
}

/* Also copied by hand: capitals, spaces, and letters that look like digits (Crockford's base 32) are understood. */
static char *tidy_word(const char *typed)
{
    char *word = mem_strdup(typed), *to = word;

    for (const char *c = word; *c; c++) {
        char letter = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;

        if (letter != ' ')
            *to++ = letter == 'o' ? '0' : letter == 'i' || letter == 'l' ? '1' : letter;
    }
    *to = '\0';
    return word;
}

/* A word begins with the number of its alert. */
static int acknowledge_run(struct cli *cli, const struct arguments *given)
{
    struct arguments args = *given;
    const char *typed = arguments_value(&args, "word");
    _cleanup_free_ char *word = typed ? tidy_word(typed) : NULL;
    _cleanup_free_ char *number = word ? mem_strndup(word, strspn(word, "0123456789")) : NULL;
    const char *words[1] = {number};

    if (typed && (!*number || word[strlen(number)] != '-')) {
        say(_("\"%s\" is no word of a message: it begins with the alert's number, as in 1234-5k0q8m3z..."), typed);
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < args.given_count; i++)
        if (args.given[i].value == typed && typed)
            args.given[i].value = word;
    if (typed && args.word_count == 0) {
        args.words = words;
        args.word_count = 1;
    }
    return record_run(cli, &args);
}

static const struct option_spec alerts_options[] = {
    {"level", OPTION_TEXT, "LEVEL", "level", N_("notice, yellow or red")},
    {"rule", OPTION_TEXT, "RULE", "rule", N_("of that rule")},
    {"area", OPTION_TEXT, "AREA", "area", N_("of that area (a prefix)")},
    {"branch", OPTION_TEXT, "BRANCH", "branch", N_("of that branch, its members and their transfers")},
    {"closed", OPTION_FLAG, NULL, "closed", N_("the closed ones, newest first")},
};
static const struct option_spec explain_options[] = {
    {"subject", OPTION_TEXT, "KIND:REF", NULL, N_("the subject, with its kind")},
};

static const struct verb verbs[] = {
    {.name = "alerts", .words = "", .flags = VERB_LISTS | VERB_AS_OF | VERB_KNOWN_ON | VERB_FOLLOWS,
     .options = alerts_options, .option_count = ARRAY_LEN(alerts_options), .run = alerts_run,
     .en = N_("open alerts, worst and oldest first"),
     .example = "muster alerts --level red\nmuster alerts --branch B-017 --as-of 2022-06-30"},
    {.name = "explain", .words = "NUMBER | RULE SUBJECT", .min_words = 1, .max_words = 2,
     .flags = VERB_AS_OF | VERB_KNOWN_ON, .options = explain_options, .option_count = ARRAY_LEN(explain_options),
     .run = explain_run, .en = N_("why an alert is open, or is not"),
     .example = "muster explain 1234\nmuster explain theme-day B-017 --as-of 2022-06-30\nmuster explain probation-ends member:M0001"},
    {.name = "alert ack", .words = "NUMBER | --word WORD", .max_words = 1, .run = acknowledge_run, .type = EV_ALERT_ACKNOWLEDGED,
     .word_fields = {F_ALERT}, .en = N_("staff have seen it"),
     .example = "muster alert ack 1234 --until +14d --note \"visited; meeting planned\"\nmuster alert ack --word 1234-5k0q8m3zv7w1x9rj2t4c6yb8pd"},
    {.name = "alert note", .words = "NUMBER [TEXT]", .max_words = 2, .run = record_run, .type = EV_ALERT_NOTED,
     .word_fields = {F_ALERT, F_NOTE}, .en = N_("a note on it"),
     .example = "muster alert note 1234 \"secretary is ill\""},
    {.name = "exempt grant", .words = "[EXEMPTION]", .max_words = 1, .flags = VERB_MAKES_REF, .run = record_run,
     .type = EV_EXEMPTION_GRANTED, .word_fields = {F_EXEMPTION},
     .en = N_("rules do not apply for a while"),
     .example = "muster exempt grant --branch B-017 --rules theme-day,lecture --until 2022-12-31 --reason \"works closed\""},
    {.name = "exempt end", .words = "EXEMPTION", .max_words = 1, .run = record_run, .type = EV_EXEMPTION_ENDED,
     .word_fields = {F_EXEMPTION}, .en = N_("an exemption ends early"),
     .example = "muster exempt end E-20221105-3f9a1c"},
    {.name = "exempt", .words = "[EXEMPTION]", .max_words = 1, .flags = VERB_MAKES_REF | VERB_HIDDEN,
     .run = record_run, .type = EV_EXEMPTION_GRANTED, .word_fields = {F_EXEMPTION},
     .en = N_("rules do not apply for a while"),
     .example = "muster exempt --member M0001 --rules not-taking-part --until +90d --reason \"long illness\""},
};

const struct family family_alerts = {N_("Alerts"), verbs, ARRAY_LEN(verbs)};
