#include "complete_values.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cells.h"
#include "say.h"
#include "wire/kinds.h"
#include "words.h"

enum {
    PAGE_ROWS = 1000,
    ROWS_MOST = 20000, /* asked for; a longer list is no help to anybody */
    OFFERED_MOST = 500,
};

static void print(const char *candidate, const char *remark)
{
    _cleanup_buf_ struct buf safe = {0};

    say_safe(&safe, remark);
    printf("%s%s%s\n", candidate, safe.len ? "\t" : "", buf_str(&safe));
}

void complete_offer(const char *prefix, const char *candidate, const char *remark)
{
    if (strncmp(candidate, prefix, strlen(prefix)) == 0)
        print(candidate, remark);
}

/* What a word of the wire is to people, where that is another. */
static const char *word_remark(const char *word)
{
    return strcmp(word_shown(word), word) == 0 ? "" : word_shown(word);
}

/* --- lists --- */

/* The part of "M1,M2,M" that is being typed. */
static const char *last_item(const struct completing *c, bool list)
{
    const char *comma = list ? strrchr(c->prefix, ',') : NULL;

    return comma ? comma + 1 : c->prefix;
}

static bool is_named_before(const struct completing *c, const char *item, const char *candidate)
{
    const char *p = c->prefix;
    size_t len = strlen(candidate);

    for (; p < item; p += strcspn(p, ",") + 1)
        if (strncmp(p, candidate, len) == 0 && p[len] == ',')
            return true;
    return false;
}

static bool offer_item(const struct completing *c, bool list, const char *candidate, const char *remark)
{
    const char *item = last_item(c, list);
    _cleanup_buf_ struct buf whole = {0};

    if (strncmp(candidate, item, strlen(item)) != 0 || is_named_before(c, item, candidate))
        return false;
    buf_add(&whole, c->prefix, (size_t)(item - c->prefix));
    buf_add_str(&whole, candidate);
    print(buf_str(&whole), remark);
    return true;
}

/* --- the daemon's ids --- */

static void offer_rows(struct completing *c, bool list, const char *verb, json_t *body, const char *key, const char *remark)
{
    int64_t end_ms = clock_monotonic_ms() + COMPLETE_MS;
    size_t offered = 0, seen = 0;
    bool more = cli_open(c->cli) == EXIT_DONE;

    json_object_set_new(body, "limit", json_integer(PAGE_ROWS));
    while (more && seen < ROWS_MOST && offered < OFFERED_MOST && clock_monotonic_ms() < end_ms) {
        _cleanup_json_ json_t *reply = NULL;
        json_t *row, *cursor;
        size_t i;

        if (cli_ask(c->cli, verb, body, &reply) != EXIT_DONE)
            return;
        json_array_foreach(json_object_get(reply, "rows"), i, row)
            if (offered < OFFERED_MOST)
                offered += offer_item(c, list, cell_string(row, key), remark ? cell_string(row, remark) : "");
        seen += i;
        cursor = json_object_get(reply, "cursor");
        more = cursor != NULL;
        if (more)
            json_object_set(body, "cursor", cursor);
    }
}

static void offer_list(struct completing *c, bool list, const char *what, const char *key, const char *remark)
{
    _cleanup_json_ json_t *body = json_pack("{s:s}", "what", what);

    if (c->branch && strcmp(what, "members") == 0)
        json_object_set_new(body, "branch", json_string(c->branch));
    offer_rows(c, list, "list", body, key, remark);
}

static void offer_rules(struct completing *c, bool list)
{
    _cleanup_json_ json_t *reply = NULL;
    json_t *rule;
    size_t i;

    if (cli_open(c->cli) != EXIT_DONE || cli_ask(c->cli, "rules", NULL, &reply) != EXIT_DONE)
        return;
    json_array_foreach(json_object_get(reply, "rules"), i, rule)
        offer_item(c, list, cell_string(rule, "id"), cell_string(rule, "title"));
}

/* The standard kinds, and those that the deployment adds. */
static void offer_kinds(struct completing *c, bool list)
{
    bool asked = cli_open(c->cli) == EXIT_DONE;
    struct kinds kinds;
    json_t *kind;
    size_t i;

    if (asked && json_is_array(json_object_get(c->cli->status, "kinds"))) {
        json_array_foreach(json_object_get(c->cli->status, "kinds"), i, kind)
            offer_item(c, list, json_string_value(kind), word_remark(json_string_value(kind)));
        return;
    }
    kinds_init(&kinds);
    for (i = 0; i < KIND_STANDARD; i++)
        offer_item(c, list, kinds.names[i], word_remark(kinds.names[i]));
    kinds_deinit(&kinds);
}

static void offer_alerts(struct completing *c)
{
    _cleanup_json_ json_t *reply = NULL, *body = json_pack("{s:i}", "limit", OFFERED_MOST);
    json_t *row;
    size_t i;

    if (cli_open(c->cli) != EXIT_DONE || cli_ask(c->cli, "alerts", body, &reply) != EXIT_DONE)
        return;
    json_array_foreach(json_object_get(reply, "rows"), i, row) {
        _cleanup_buf_ struct buf remark = {0};
        char number[32];

        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(json_object_get(row, "alert")));
        buf_addf(&remark, "%s ", cell_string(row, "title"));
        cell_member(&remark, row, "subject");
        complete_offer(c->prefix, number, buf_str(&remark));
    }
}

/* --- words --- */

static void offer_words(struct completing *c, const char *const *words)
{
    for (; words && *words; words++)
        complete_offer(c->prefix, *words, word_remark(*words));
}

/* Of the field that the option is, of a type that has it. */
static void offer_field_words(struct completing *c)
{
    const char *name = c->option && c->option->field ? c->option->field : c->option ? c->option->name : "";
    const struct field_spec *field = NULL;

    if (c->verb && c->verb->type != EV_NONE)
        field = catalogue_find_field(c->verb->type, name, strlen(name));
    for (int type = EV_NONE + 1; !field && type < EV_COUNT; type++) {
        field = catalogue_find_field((enum event_type)type, name, strlen(name));
        field = field && field->kind == VALUE_ENUM ? field : NULL;
    }
    if (field && field->kind == VALUE_ENUM)
        offer_words(c, field->words);
}

static void offer_types(struct completing *c)
{
    complete_offer(c->prefix, "any", "");
    for (int type = EV_NONE + 1; type < EV_COUNT; type++)
        complete_offer(c->prefix, catalogue_type((enum event_type)type)->name, word_remark(catalogue_type((enum event_type)type)->name));
}

void complete_days(struct completing *c)
{
    static const char *const days[] = {"today", "yesterday", "-1d", "-1w", "-1m", NULL};

    for (const char *const *day = days; *day; day++)
        complete_offer(c->prefix, *day, "");
}

static void offer_what(struct completing *c)
{
    static const char *const lists[] = {"branches", "members", "units", "transfers", "alliances", "offices", "exemptions", NULL};
    static const char *const things[] = {"branch", "member", "unit", "transfer", "alliance", "body", "exemption", "event", NULL};

    offer_words(c, c->verb && strcmp(c->verb->name, "show") == 0 ? things : lists);
}

void complete_ids(struct completing *c, const char *what)
{
    static const struct {
        const char *what, *list, *key, *remark;
    } ids[] = {
        {"branch", "branches", "branch", "name"},       {"member", "members", "member", "name"},
        {"unit", "units", "unit", "name"},              {"transfer", "transfers", "transfer", "member"},
        {"alliance", "alliances", "alliance", "name"},  {"exemption", "exemptions", "exemption", "reason"},
        {"body", "offices", "body", NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        if (strcmp(ids[i].what, what) == 0)
            offer_list(c, false, ids[i].list, ids[i].key, ids[i].remark);
}

void complete_named(struct completing *c, const char *name)
{
    static const struct {
        const char *name, *what, *key, *remark;
        bool list;
    } refs[] = {
        {"BRANCH", "branches", "branch", "name", false},     {"B[,B]", "branches", "branch", "name", true},
        {"MEMBER", "members", "member", "name", false},      {"M[,M]", "members", "member", "name", true},
        {"MEMBER=REASON", "members", "member", "name", false}, {"UNIT", "units", "unit", "name", false},
        {"U[,U]", "units", "unit", "name", true},            {"TRANSFER", "transfers", "transfer", "member", false},
        {"ALLIANCE", "alliances", "alliance", "name", false}, {"EXEMPTION", "exemptions", "exemption", "reason", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(refs); i++)
        if (strcmp(refs[i].name, name) == 0) {
            offer_list(c, refs[i].list, refs[i].what, refs[i].key, refs[i].remark);
            return;
        }
    if (strncmp(name, "FILE", 4) == 0 || strcmp(name, "EXPORT") == 0)
        puts(":files");
    else if (strcmp(name, "RULE") == 0 || strcmp(name, "R[,R]") == 0)
        offer_rules(c, name[1] == '[');
    else if (strcmp(name, "KIND") == 0 || strcmp(name, "K[,K]") == 0)
        offer_kinds(c, name[1] == '[');
    else if (strcmp(name, "NUMBER") == 0 && c->verb && !c->option)
        offer_alerts(c);
    else if (strcmp(name, "WHAT") == 0)
        offer_what(c);
    else if (strcmp(name, "TYPE") == 0)
        offer_types(c);
    else if (strcmp(name, "en|zh") == 0)
        offer_words(c, (const char *const[]){"en", "zh", NULL});
    else
        offer_field_words(c);
}
