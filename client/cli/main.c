/* The command `muster`: finds the verb, reads its options, runs it. */
#include <locale.h>
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli.h"
#include "complete.h"
#include "families.h"
#include "greet.h"
#include "say.h"

/* Widths of characters come from the locale. A machine without one (cron, containers) still writes
 * UTF-8: the C library's own C.UTF-8 knows the widths. */
static void set_locale(void)
{
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

static enum exit_status take_language(const struct arguments *args)
{
    const char *lang = arguments_value(args, "lang");

    if (!lang)
        return EXIT_DONE;
    if (strncmp(lang, "en", 2) != 0 && strncmp(lang, "zh", 2) != 0) {
        say(_("--lang is en or zh, not \"%s\""), lang);
        return EXIT_USAGE;
    }
    say_set_language(lang);
    return EXIT_DONE;
}

static enum exit_status no_such_verb(const char *first, const char *second)
{
    const char *near = family_nearest(first, second);
    bool group = family_is_group(first);

    if (group && !second)
        say(_("muster %s needs a verb; see: muster %s --help"), first, first);
    else if (near)
        say(_("no verb \"%s%s%s\" (did you mean \"%s\"?)"), first, group ? " " : "",
            group ? second : "", near);
    else
        say(_("no verb \"%s\"; muster --help lists them"), first);
    return EXIT_USAGE;
}

static enum exit_status check_words(const struct arguments *args)
{
    const struct verb *verb = args->verb;

    if (args->word_count < verb->min_words) {
        say(_("usage: muster %s %s"), verb->name, verb->words);
        return EXIT_USAGE;
    }
    if (args->word_count > verb->max_words) {
        if (family_is_group(verb->name) && verb->max_words == 0 && family_nearest(verb->name, args->words[0]))
            return no_such_verb(verb->name, args->words[0]);
        say(_("\"%s\" is one word too many; usage: muster %s %s"),
            args->words[verb->max_words], verb->name, verb->words);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

/* argv[0] is the last word of the verb's name. */
static enum exit_status run_verb(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
    _cleanup_arguments_ struct arguments args = {.verb = verb};
    enum exit_status status;

    options_for_verb(&args.known, verb);
    if (arguments_read(&args, argc, argv, false) < 0)
        return EXIT_USAGE;
    status = take_language(&args);
    if (status != EXIT_DONE)
        return status;
    if (arguments_has(&args, "help"))
        return help_verb(verb), EXIT_DONE;
    status = cli_take_options(cli, &args);
    if (status == EXIT_DONE)
        status = check_words(&args);
    return status == EXIT_DONE ? (enum exit_status)verb->run(cli, &args) : status;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

static enum exit_status dispatch(struct cli *cli, int argc, char **argv)
{
    const char *first = argv[0], *second = argc > 1 ? argv[1] : NULL;
    char help[] = "--help";
    const struct verb *verb;
    size_t words;

    if (strcmp(first, "help") == 0 && argc == 2)
        return dispatch(cli, 2, (char *[]){argv[1], help, NULL});
    if (strcmp(first, "help") == 0 && argc == 3)
        return dispatch(cli, 3, (char *[]){argv[1], argv[2], help, NULL});
    verb = family_find(first, second, &words);
    if (verb)
        return run_verb(cli, verb, argc - (int)words + 1, argv + words - 1);
    if (is_help(first) || (family_is_group(first) && second && is_help(second))) {
        if (is_help(first))
            help_all();
        else
            help_group(first);
        return EXIT_DONE;
    }
    return no_such_verb(first, second);
}

static enum exit_status run(struct cli *cli, int argc, char **argv)
{
    _cleanup_arguments_ struct arguments args = {0};
    enum exit_status status;
    int next;

    options_common(&args.known);
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return printf("muster %s\n", muster_version()), EXIT_DONE;
    if (argc > 1 && strcmp(argv[1], "__complete") == 0)
        return complete_run(cli, argc - 2, argv + 2);
    next = arguments_read(&args, argc, argv, true);
    if (next < 0)
        return EXIT_USAGE;
    status = take_language(&args);
    if (status == EXIT_DONE)
        status = cli_take_options(cli, &args);
    if (status != EXIT_DONE)
        return status;
    if (next >= argc && !arguments_has(&args, "help") && isatty(STDOUT_FILENO))
        return greet_run(cli);
    if (next >= argc || arguments_has(&args, "help"))
        return help_all(), EXIT_DONE;
    return dispatch(cli, argc - next, argv + next);
}

int main(int argc, char **argv)
{
    _cleanup_cli_ struct cli cli = {.limit = LIMIT_DEFAULT, .timeout_ms = MUSTER_TIMEOUT_MS};
    enum exit_status status;

    set_locale();
    say_set_language(say_language_of_environment());
    status = run(&cli, argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say(_("the output could not be written"));
        return status == EXIT_DONE ? EXIT_REFUSED : status;
    }
    return (int)status;
}
