#include "complete.h"

#include <stdio.h>
#include <string.h>

#include "cells.h"
#include "complete_values.h"
#include "families.h"
#include "say.h"

/* The words so far, taken apart. */
struct typed {
    const struct verb *verb; /* NULL: not yet */
    struct option_set known;
    const char *group;       /* the first of two words, where the second is not there yet */
    bool lost;               /* there is no such verb */
    const struct option_spec *awaited; /* the option whose value is being typed */
    const char *words[VERB_WORDS];
    size_t word_count;
    const char *current;
};

static const struct option_spec *find_option(const struct option_set *set, const char *word)
{
    size_t len = strcspn(word + 2, "=");

    for (size_t i = 0; i < set->count; i++)
        if (strlen(set->specs[i].name) == len && strncmp(set->specs[i].name, word + 2, len) == 0)
            return &set->specs[i];
    return NULL;
}

static bool takes_value(const struct option_spec *spec)
{
    return spec && spec->kind != OPTION_FLAG && spec->kind != OPTION_YES_NO;
}

/* Options that say where the daemon is hold for completing, too. */
static void heed(struct cli *cli, const char *name, const char *value)
{
    struct option_spec spec = {.name = name, .kind = OPTION_TEXT};
    struct given given = {&spec, value};
    const struct arguments args = {.given = &given, .given_count = 1};

    if (strcmp(name, "server") == 0 || strcmp(name, "ledger") == 0)
        (void)(cli_take_options(cli, &args) == EXIT_DONE);
}

/* A verb's name, of one word or two. Returns how many words it took. */
static int take_verb(struct typed *typed, int count, char **words)
{
    size_t taken = 0;

    typed->verb = family_find(words[0], count > 1 ? words[1] : NULL, &taken);
    /* "alert" of "alert ack" while "ack" is being typed; and "key" may be both. */
    if (family_is_group(words[0]) && count < 2 && (!typed->verb || taken == 1))
        typed->group = words[0];
    if (typed->verb)
        options_for_verb(&typed->known, typed->verb);
    typed->lost = !typed->verb && !typed->group;
    return typed->verb ? (int)taken : 1;
}

/* bash makes three words of "--branch=B-017". */
static bool is_equals(const char *word)
{
    return strcmp(word, "=") == 0;
}

static void take_words(struct typed *typed, struct cli *cli, int count, char **words)
{
    int i = 0;

    options_common(&typed->known);
    while (i < count - 1 && !typed->lost) {
        const char *word = words[i];

        if (word[0] == '-' && word[1] == '-') {
            const struct option_spec *spec = find_option(&typed->known, word);
            const char *value = strchr(word, '=');

            i++;
            if (value || !takes_value(spec))
                continue;
            i += i < count && is_equals(words[i]);
            typed->awaited = i >= count - 1 ? spec : NULL;
            if (i < count - 1)
                heed(cli, spec->name, words[i++]);
        } else if (!typed->verb && !typed->group) {
            i += take_verb(typed, count - 1 - i, words + i);
        } else {
            if (typed->word_count < VERB_WORDS)
                typed->words[typed->word_count++] = word;
            i++;
        }
    }
    typed->current = count > 0 && !is_equals(words[count - 1]) ? words[count - 1] : "";
}

static void offer_verbs(const struct typed *typed)
{
    _cleanup_buf_ struct buf seen = {0};
    size_t group_len = typed->group ? strlen(typed->group) : 0;

    for (const struct family *const *family = families; *family; family++)
        for (size_t i = 0; i < (*family)->count; i++) {
            const struct verb *verb = &(*family)->verbs[i];
            bool two = strchr(verb->name, ' ') != NULL;
            char first[32];

            if (verb->flags & VERB_HIDDEN)
                continue;
            if (typed->group) {
                if (two && strncmp(verb->name, typed->group, group_len) == 0 && verb->name[group_len] == ' ')
                    complete_offer(typed->current, verb->name + group_len + 1, said(verb->en));
                continue;
            }
            snprintf(first, sizeof first, "%.*s\n", (int)strcspn(verb->name, " "), verb->name);
            if (seen.len && strstr(buf_str(&seen), first))
                continue;
            buf_add_str(&seen, first);
            first[strlen(first) - 1] = '\0';
            complete_offer(typed->current, first, two ? "" : said(verb->en));
        }
}

static void offer_options(const struct typed *typed)
{
    for (size_t i = 0; i < typed->known.count; i++) {
        const struct option_spec *spec = &typed->known.specs[i];
        char name[64];

        if (!spec->en)
            continue; /* a second name */
        snprintf(name, sizeof name, "--%s", spec->name);
        complete_offer(typed->current, name, said(spec->en));
    }
}

/* How the help calls the word: "BRANCH" of "MEMBER [BRANCH]". */
static void word_name(char out[32], const struct verb *verb, size_t place)
{
    const char *p = verb->words;
    size_t len;

    for (; place > 0 && *p; place--) {
        p += strcspn(p, " ");
        p += strspn(p, " |");
    }
    p += strspn(p, "[");
    len = strcspn(p, " ].");
    snprintf(out, 32, "%.*s", (int)len, p);
}

/* What is created does not have an id that could be offered. */
static bool is_new(const struct typed *typed)
{
    switch (typed->verb->type) {
    case EV_BRANCH_FOUNDED: case EV_MEMBER_ADMITTED: case EV_UNIT_REGISTERED: case EV_ALLIANCE_FORMED: case EV_TRANSFER_ISSUED:
    case EV_EXEMPTION_GRANTED:
        return typed->word_count == 0;
    default:
        return false;
    }
}

static void offer_word(const struct typed *typed, struct cli *cli)
{
    struct completing c = {.cli = cli, .prefix = typed->current, .verb = typed->verb};
    char name[32];

    if (typed->word_count >= typed->verb->max_words || is_new(typed))
        return;
    word_name(name, typed->verb, typed->word_count);
    if (strcmp(name, "ID") == 0 && typed->word_count > 0)
        complete_ids(&c, typed->words[0]);
    else
        complete_named(&c, name);
}

static void offer_value(const struct typed *typed, struct cli *cli)
{
    struct completing c = {.cli = cli, .prefix = typed->current, .verb = typed->verb, .option = typed->awaited};

    /* Members of the branch that was named first. */
    if (typed->verb && typed->verb->word_fields[0] == F_BRANCH && typed->word_count > 0)
        c.branch = typed->words[0];
    if (typed->awaited->kind == OPTION_DATE || typed->awaited->kind == OPTION_TIME)
        complete_days(&c);
    else if (typed->awaited->value)
        complete_named(&c, typed->awaited->value);
}

enum exit_status complete_run(struct cli *cli, int count, char **words)
{
    struct typed typed = {0};

    cli->keeping.leave = true;
    cli->timeout_ms = COMPLETE_MS;
    take_words(&typed, cli, count, words);
    if (typed.awaited) {
        offer_value(&typed, cli);
    } else if (typed.current[0] == '-') {
        offer_options(&typed);
    } else if (!typed.lost) {
        if (!typed.verb || typed.group)
            offer_verbs(&typed);
        if (typed.verb)
            offer_word(&typed, cli);
    }
    free(typed.known.specs);
    return EXIT_DONE;
}
