#include "args.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "fields.h"
#include "say.h"

/* Options are told apart from what getopt returns itself: characters, and 1 for a word. */
enum { FIRST = 256 };

static const struct option_spec common[] = {
    {"server", OPTION_TEXT, "ENDPOINT", NULL, N_("where musterd is: ipc://PATH, tcp://HOST:PORT or a path")},
    {"timeout", OPTION_TEXT, "SECONDS", NULL, N_("how long to wait for musterd (5)")},
    {"ledger", OPTION_TEXT, "UUID", NULL, N_("the ledger that is meant; another one is refused")},
    {"lang", OPTION_TEXT, "en|zh", NULL, N_("language (else LANG decides)")},
    {"json", OPTION_FLAG, NULL, NULL, N_("JSON Lines, one object a row")},
    {"csv", OPTION_FLAG, NULL, NULL, N_("CSV with a header")},
    {"bom", OPTION_FLAG, NULL, NULL, N_("with --csv: begin with a byte order mark, for Excel")},
    {"help", OPTION_FLAG, NULL, NULL, N_("this help")},
};

static const struct option_spec lists[] = {
    {"limit", OPTION_NUMBER, "N", NULL, N_("at most N rows (50)")},
    {"all", OPTION_FLAG, NULL, NULL, N_("every row")},
};
static const struct option_spec as_of[] = {
    {"as-of", OPTION_DATE, "D", "as_of", N_("as it stood on that day")},
};
static const struct option_spec known_on[] = {
    {"known-on", OPTION_TIME, "T", "known_on", N_("from what was recorded by then")},
};
static const struct option_spec follows[] = {
    {"follow", OPTION_FLAG, NULL, NULL, N_("go on with what is new, until interrupted")},
    {"feed", OPTION_TEXT, "ENDPOINT", NULL, N_("where musterd's feed is")},
};

static const struct option_spec quiet[] = {
    {"quiet", OPTION_FLAG, NULL, NULL, N_("no progress bar, and no word where all went well")},
};

static void add(struct option_set *set, const struct option_spec *specs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ARRAY_GROW(set->specs, set->count, set->cap);
        set->specs[set->count++] = specs[i];
    }
}

void options_common(struct option_set *set)
{
    add(set, common, ARRAY_LEN(common));
}

void options_for_verb(struct option_set *set, const struct verb *verb)
{
    if (verb->type != EV_NONE)
        fields_options(set, verb);
    add(set, verb->options, verb->option_count);
    if (verb->flags & VERB_AS_OF)
        add(set, as_of, ARRAY_LEN(as_of));
    if (verb->flags & VERB_KNOWN_ON)
        add(set, known_on, ARRAY_LEN(known_on));
    if (verb->flags & VERB_LISTS)
        add(set, lists, ARRAY_LEN(lists));
    if (verb->flags & VERB_QUIET)
        add(set, quiet, ARRAY_LEN(quiet));
    if (verb->flags & VERB_FOLLOWS)
        add(set, follows, ARRAY_LEN(follows));
    options_common(set);
}

void arguments_deinit(struct arguments *args)
{
    free(args->known.specs);
    free(args->given);
    free(args->words);
    memset(args, 0, sizeof *args);
}

/* getopt's table of the options known; each returns its index from FIRST on. */
static struct option *getopt_table(const struct option_set *set)
{
    struct option *table = mem_zero((set->count + 1) * sizeof *table);

    for (size_t i = 0; i < set->count; i++) {
        table[i].name = set->specs[i].name;
        table[i].val = FIRST + (int)i;
        table[i].has_arg = required_argument;
        if (set->specs[i].kind == OPTION_FLAG)
            table[i].has_arg = no_argument;
        if (set->specs[i].kind == OPTION_YES_NO)
            table[i].has_arg = optional_argument;
    }
    return table;
}

static void say_unknown(const struct arguments *args, const char *word)
{
    const char **names = mem_alloc(args->known.count * sizeof *names);
    char *name = mem_strdup(word[0] == '-' && word[1] == '-' ? word + 2 : word);
    const char *near, *verb = args->verb ? args->verb->name : "";

    name[strcspn(name, "=")] = '\0';
    for (size_t i = 0; i < args->known.count; i++)
        names[i] = args->known.specs[i].name;
    near = text_nearest(name, names, args->known.count);
    if (near)
        say(_("no option %s (did you mean \"--%s\"?)"), word, near);
    else
        say(_("no option %s; see: muster %s --help"), word, verb);
    free(name);
    free(names);
}

/* What getopt could not take: the message. */
static void say_bad(const struct arguments *args, int got, char **argv)
{
    const char *word = argv[optind - 1];

    if (got == ':') {
        say(_("%s needs a value"), word);
        return;
    }
    if (optopt >= FIRST) {
        say(_("--%s takes no value"), args->known.specs[optopt - FIRST].name);
        return;
    }
    say_unknown(args, word);
}

static void take_option(struct arguments *args, size_t index, const char *value)
{
    ARRAY_GROW(args->given, args->given_count, args->given_cap);
    args->given[args->given_count++] = (struct given){&args->known.specs[index], value};
}

static void take_word(struct arguments *args, const char *word)
{
    ARRAY_GROW(args->words, args->word_count, args->word_cap);
    args->words[args->word_count++] = word;
}

static size_t help_index(const struct arguments *args)
{
    size_t i = 0;

    while (strcmp(args->known.specs[i].name, "help") != 0)
        i++;
    return i;
}

int arguments_read(struct arguments *args, int argc, char **argv, bool leading)
{
    _cleanup_free_ struct option *table = getopt_table(&args->known);
    int got;

    /* "-": words in their place; "+": stop at the first; ":": tell a missing value apart. getopt skips
     * argv[0], so that the caller passes the word before. */
    optind = 0;
    opterr = 0;
    while ((got = getopt_long(argc, argv, leading ? "+:h" : "-:h", table, NULL)) != -1) {
        if (got == 1)
            take_word(args, optarg);
        else if (got == 'h')
            take_option(args, help_index(args), NULL);
        else if (got == '?' || got == ':')
            return say_bad(args, got, argv), -1;
        else
            take_option(args, (size_t)(got - FIRST), optarg);
    }
    for (int i = optind; !leading && i < argc; i++)
        take_word(args, argv[i]);
    return optind;
}

const char *arguments_value(const struct arguments *args, const char *name)
{
    for (size_t i = args->given_count; i-- > 0;)
        if (strcmp(args->given[i].spec->name, name) == 0)
            return args->given[i].value;
    return NULL;
}

bool arguments_has(const struct arguments *args, const char *name)
{
    for (size_t i = 0; i < args->given_count; i++)
        if (strcmp(args->given[i].spec->name, name) == 0)
            return true;
    return false;
}

bool number_parse(int64_t *out, const char *text, int64_t min, const char *name)
{
    char *end;

    errno = 0;
    *out = strtoll(text, &end, 10);
    if (errno || end == text || *end || *out < min || text[0] == '+' || text[0] == ' ') {
        say(_("--%s needs a whole number of at least %lld, not \"%s\""),
            name, (long long)min, text);
        return false;
    }
    return true;
}

bool yes_is_answered(void)
{
    char answer[16];

    return fgets(answer, sizeof answer, stdin) &&
           (*answer == 'y' || *answer == 'Y' || strncmp(answer, "是", strlen("是")) == 0);
}

bool yes_no_parse(bool *out, const char *text, const char *name)
{
    static const char *const yes[] = {"yes", "true", "1", "是"};
    static const char *const no[] = {"no", "false", "0", "否"};

    *out = !text;
    for (size_t i = 0; text && i < ARRAY_LEN(yes); i++)
        if (strcmp(text, yes[i]) == 0)
            return *out = true;
    for (size_t i = 0; text && i < ARRAY_LEN(no); i++)
        if (strcmp(text, no[i]) == 0)
            return true;
    if (text)
        say(_("--%s is yes or no, not \"%s\""), name, text);
    return !text;
}
