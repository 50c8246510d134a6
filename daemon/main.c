/* musterd: reads the command line, and runs the service. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "service/service.h"

enum { EXIT_USAGE = 2 };

static const char help[] =
    "musterd [--config FILE] [--check-config] [--rehearse DATE|TIME] [--rebuild] [--import FILE] [--quiet]\n"
    "\n"
    "Keeps the activity ledger: records what it is sent, answers what it is asked, and watches what\n"
    "is due. Runs in the foreground and logs to stderr. SIGHUP reads configuration and rules anew,\n"
    "SIGTERM stops.\n"
    "\n"
    "  -c, --config FILE     the configuration (without it: the standard place, or safe defaults)\n"
    "      --check-config    check configuration and rules, and end\n"
    "      --rehearse WHEN   start the clock at that date (2022-12-31, 00:00) or time\n"
    "                        (2022-12-31T08:00:00+08:00), on a ledger marked as a rehearsal\n"
    "      --rebuild         replay the whole ledger into fresh tables, then run\n"
    "      --import FILE     fill an empty database from an export (muster export), and end\n"
    "      --quiet           no progress while rows are replayed or imported, and no word after a check that found all in order\n"
    "      --version         print the version, and end\n"
    "  -h, --help            print this, and end\n"
    "\n"
    "Example: musterd --config ./muster.conf --rehearse 2022-12-31\n"
    "Exit status: 0 stopped as asked, or the check passed; 1 refused or failed; 2 usage.\n";

/* The locale for what is told on the terminal. NULL: none is set. */
static const char *language(void)
{
    const char *locale = getenv("LC_ALL");

    if (!locale || !*locale)
        locale = getenv("LC_MESSAGES");
    return locale && *locale ? locale : getenv("LANG");
}

static void say(const struct err *err)
{
    fprintf(stderr, "musterd: %s\n", err_text(err, language()));
}

static _Noreturn void usage(const char *what)
{
    fprintf(stderr, "musterd: %s; see musterd --help\n", what);
    exit(EXIT_USAGE);
}

static void print_and_end(const char *text)
{
    exit(fputs(text, stdout) >= 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* What getopt could not take: an option without its value, or one that it does not know. `letter`: of an unknown short one. */
static _Noreturn void refuse_option(const char *word, int letter, const struct option *known, bool no_value)
{
    enum { NAMES_MAX = 16 };
    const char *names[NAMES_MAX], *near;
    char name[32], what[128];
    size_t n = 0;

    if (letter) {
        snprintf(what, sizeof what, "no option -%c", letter);
        usage(what);
    }
    snprintf(name, sizeof name, "%s", word + strspn(word, "-"));
    name[strcspn(name, "=")] = '\0';
    for (; known[n].name && n < NAMES_MAX; n++)
        names[n] = known[n].name;
    near = text_nearest(name, names, n);
    if (no_value)
        snprintf(what, sizeof what, "%.32s needs a value", word);
    else if (near && strcmp(near, name) != 0)
        snprintf(what, sizeof what, "no option %.32s (did you mean \"--%s\"?)", word, near);
    else
        snprintf(what, sizeof what, "no option %.32s, or not with a value", word);
    usage(what);
}

static void read_arguments(struct service_options *options, bool *check_out, const char **import_out, int argc, char **argv)
{
    enum { CHECK = 256, REHEARSE, REBUILD, IMPORT, QUIET, VERSION };
    static const struct option known[] = {
        {"config", required_argument, NULL, 'c'},  {"check-config", no_argument, NULL, CHECK},
        {"rehearse", required_argument, NULL, REHEARSE}, {"rebuild", no_argument, NULL, REBUILD},
        {"version", no_argument, NULL, VERSION},   {"help", no_argument, NULL, 'h'},
        {"import", required_argument, NULL, IMPORT},   {"quiet", no_argument, NULL, QUIET},
        {NULL, 0, NULL, 0},
    };
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":c:h", known, NULL)) != -1) {
        if (option == 'c')
            options->config = optarg;
        else if (option == CHECK)
            *check_out = true;
        else if (option == REHEARSE)
            options->rehearse = optarg;
        else if (option == REBUILD)
            options->rebuild = true;
        else if (option == IMPORT)
            *import_out = optarg;
        else if (option == QUIET)
            options->quiet = true;
        else if (option == VERSION)
            print_and_end("musterd " MUSTER_VERSION "\n");
        else if (option == 'h')
            print_and_end(help);
        else
            /* 'h' comes here as --help=3 alone, and numbers from CHECK on as long ones too */
            refuse_option(argv[optind - 1], option == '?' && optopt < CHECK && optopt != 'h' ? optopt : 0, known, option == ':');
    }
    if (optind < argc)
        usage("there are no arguments but options");
}

static int check(const struct service_options *options, struct err *err)
{
    int failed = service_check(options, err);

    if (!failed && !options->quiet)
        puts("configuration and rules are in order");
    return failed;
}

static int serve(const struct service_options *options, struct err *err)
{
    _cleanup_service_ struct service *service = NULL;
    int failed = service_new(&service, options, err);

    return failed ? failed : service_run(service, err);
}

int main(int argc, char **argv)
{
    struct service_options options = {.language = language()};
    struct err err = {0};
    const char *import = NULL;
    bool only_check = false;
    int failed;

    read_arguments(&options, &only_check, &import, argc, argv);
    failed = only_check ? check(&options, &err)
             : import   ? service_import(&options, import, &err)
                        : serve(&options, &err);
    if (failed)
        say(&err);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
