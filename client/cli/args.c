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
    {"server", OPTION_TEXT, "ENDPOINT", NULL, "where musterd is: ipc://PATH, tcp://HOST:PORT or a path",
     "musterd 的地址：ipc://路径、tcp://主机:端口，或套接字路径"},
    {"timeout", OPTION_TEXT, "SECONDS", NULL, "how long to wait for musterd (5)", "等待 musterd 的秒数（5）"},
    {"ledger", OPTION_TEXT, "UUID", NULL, "the ledger that is meant; another one is refused",
     "指定台账的 UUID，不符则拒绝"},
    {"lang", OPTION_TEXT, "en|zh", NULL, "language (else LANG decides)", "语言（默认由 LANG 决定）"},
    {"json", OPTION_FLAG, NULL, NULL, "JSON Lines, one object a row", "输出 JSON Lines，每行一个对象"},
    {"csv", OPTION_FLAG, NULL, NULL, "CSV with a header", "输出带表头的 CSV"},
    {"bom", OPTION_FLAG, NULL, NULL, "with --csv: begin with a byte order mark, for Excel",
     "与 --csv 同用：加 BOM，便于 Excel 打开"},
    {"help", OPTION_FLAG, NULL, NULL, "this help", "显示帮助"},
};

static const struct option_spec lists[] = {
    {"limit", OPTION_NUMBER, "N", NULL, "at most N rows (50)", "最多 N 行（50）"},
    {"all", OPTION_FLAG, NULL, NULL, "every row", "全部"},
};
static const struct option_spec as_of[] = {
    {"as-of", OPTION_DATE, "D", "as_of", "as it stood on that day", "以该日为准"},
};
static const struct option_spec known_on[] = {
    {"known-on", OPTION_TIME, "T", "known_on", "from what was recorded by then", "以当时已登记的内容为准"},
};
static const struct option_spec follows[] = {
    {"follow", OPTION_FLAG, NULL, NULL, "go on with what is new, until interrupted", "持续显示新内容，直到中断"},
    {"feed", OPTION_TEXT, "ENDPOINT", NULL, "where musterd's feed is", "musterd 的推送地址"},
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
        say(tr("no option %s (did you mean \"--%s\"?)", "没有选项 %s（是否指“--%s”？）"), word, near);
    else
        say(tr("no option %s; see: muster %s --help", "没有选项 %s；请看：muster %s --help"), word, verb);
    free(name);
    free(names);
}

/* What getopt could not take: the message. */
static void say_bad(const struct arguments *args, int got, char **argv)
{
    const char *word = argv[optind - 1];

    if (got == ':') {
        say(tr("%s needs a value", "%s 需要一个值"), word);
        return;
    }
    if (optopt >= FIRST) {
        say(tr("--%s takes no value", "--%s 不带值"), args->known.specs[optopt - FIRST].name);
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
        say(tr("--%s needs a whole number of at least %lld, not \"%s\"", "--%s 需要不小于 %lld 的整数，而不是“%s”"),
            name, (long long)min, text);
        return false;
    }
    return true;
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
        say(tr("--%s is yes or no, not \"%s\"", "--%s 只能是 yes 或 no，而不是“%s”"), name, text);
    return !text;
}
