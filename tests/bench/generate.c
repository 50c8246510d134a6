/* bench_generate: makes a ledger of any size for the benchmarks.
 *
 *   bench_generate --path FILE --branches N [--members M] [--roll R] [--events E] [--today DAY]
 *                  [--days-back D] [--seed S] [--checked] [--real] [--evaluate CONFIG]
 *   bench_generate --dump FILE     the derived tables of a ledger, in a form that two ledgers with the
 *                                  same content have in common
 *
 * It is a rehearsal, so that a daemon may be given any clock, or, with --real, a ledger of which people are told.
 * --checked records through ledger.h, event by event; without it rows are written in bulk. --evaluate
 * opens the alerts that are due on that day, so that a daemon finds nothing to do.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/zone.h"
#include "bulk.h"
#include "dump.h"
#include "settle.h"
#include "tell.h"

struct options {
    const char *path, *config, *dump;
    bool checked, real;
    struct stream stream;
};

static void read_options(struct options *o, int argc, char **argv)
{
    static const struct option known[] = {
        {"path", required_argument, NULL, 'p'},      {"branches", required_argument, NULL, 'b'},
        {"members", required_argument, NULL, 'm'},   {"roll", required_argument, NULL, 'r'},
        {"events", required_argument, NULL, 'e'},    {"today", required_argument, NULL, 't'},
        {"days-back", required_argument, NULL, 'd'}, {"seed", required_argument, NULL, 's'},
        {"checked", no_argument, NULL, 'c'},         {"real", no_argument, NULL, 'l'},
        {"evaluate", required_argument, NULL, 'v'},
        {"dump", required_argument, NULL, 'u'},
        {NULL, 0, NULL, 0},
    };
    struct world *w = &o->stream.world;
    int option, which;

    while ((option = getopt_long(argc, argv, "", known, &which)) != -1) {
        const char *name = option == '?' ? "" : known[which].name;

        switch (option) {
        case 'p': o->path = optarg; break;
        case 'v': o->config = optarg; break;
        case 'u': o->dump = optarg; break;
        case 'c': o->checked = true; break;
        case 'l': o->real = true; break;
        case 'b': w->branches = number_of(name, optarg); break;
        case 'm': w->members = (int)number_of(name, optarg); break;
        case 'r': w->roll = (int)number_of(name, optarg); break;
        case 'e': o->stream.events = number_of(name, optarg); break;
        case 't': w->today = day_of(name, optarg); break;
        case 'd': w->days_back = number_of(name, optarg); break;
        case 's': w->rng.state = (uint64_t)number_of(name, optarg); break;
        default: exit(2); /* getopt_long has said why */
        }
    }
    if (!o->dump && (!o->path || w->branches < 1 || w->members < 1 || w->roll > ROLL_MAX))
        die("--path and --branches are needed, --members is at least 1, --roll at most %d", ROLL_MAX);
}

static void generate(struct options *o)
{
    struct bulk_options bulk = {o->path, o->checked, o->real};
    int64_t began_us = now_us(), rows, filled_us;
    struct settled settled;
    struct err err = {0};

    if (access(o->path, F_OK) == 0)
        die("%s is there already", o->path);
    if (bulk_fill(&rows, &bulk, &o->stream, &err) < 0)
        die_err(&err);
    filled_us = now_us();
    if (o->config &&
        (settled_open(&settled, o->config, o->real, o->stream.world.today, &err) != 0 ||
         settle(&settled, &err) < 0 || settled_seal(&settled, &err) < 0))
        die_err(&err);
    printf("{\"rows\": %lld, \"events\": %lld, \"fill_s\": %.3f, \"evaluate_s\": %.3f, \"own_rows\": %lld}\n",
           (long long)rows, (long long)o->stream.events, (double)(filled_us - began_us) / 1e6,
           (double)(now_us() - filled_us) / 1e6,
           o->config ? (long long)(ledger_seq(settled.ledger) - rows) : 0);
    if (o->config)
        settled_close(&settled);
}

int main(int argc, char **argv)
{
    struct options options = {
        .stream.world = {.members = 22, .roll = 12, .days_back = 365, .rng.state = 1,
                         .today = day_from_civil(2022, 11, 21)},
    };
    struct err err = {0};

    read_options(&options, argc, argv);
    if (zone_set("Asia/Shanghai", &err) != 0)
        die_err(&err);
    if (options.dump)
        dump_ledger(options.dump);
    else
        generate(&options);
    return 0;
}
