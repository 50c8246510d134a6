/* bench_figures: a year's figures as the daemon's reader computes them, and the same sums in plain SQL.
 *
 *   bench_figures --path LEDGER --rules FILE [--rounds N]
 *
 * Plain: tables of their own in a second file, as a program would have them that keeps this year and nothing else: numbers for
 * keys, a month beside each day, no corrections, no history, nobody who moved. Its sums are those of the figures that
 * such tables can tell; a difference ends the program. Both run in turns in one process, and what is compared is CPU time,
 * so that a busy machine does not matter. Nothing goes over a socket.
 *
 * One JSON object: figures_ms and plain_ms (medians), figures and sums (how many), events, fill_s (of the plain tables).
 */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/zone.h"
#include "figures_plain.h"
#include "query/query.h"
#include "tell.h"

struct run {
    const char *path, *rules;
    int64_t rounds;
    struct query *query;
    struct query_env env;
    struct plain *plain;
    struct times figures, sums;
    struct buf reply;
};

static int64_t cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void ask(struct run *r)
{
    static const char body[] = "{\"year\":2022}";
    struct err err = {0};
    int64_t began = cpu_us();

    if (query_answer(r->query, &r->env, "figures", body, sizeof body - 1, &r->reply, &err) != 0)
        die_err(&err);
    times_add(&r->figures, cpu_us() - began);
}

static void sum(struct run *r)
{
    int64_t began = cpu_us();

    plain_sum(r->plain);
    times_add(&r->sums, cpu_us() - began);
}

static double told(const json_t *rows, const char *name, const char *key)
{
    size_t i;
    json_t *row;

    json_array_foreach(rows, i, row)
        if (strcmp(json_string_value(json_object_get(row, "figure")), name) == 0)
            return json_number_value(json_object_get(row, key));
    die("no figure %s", name);
}

/* The plain sums are sums of the same. Returns how many figures there are. */
static size_t compare(struct run *r)
{
    json_t *reply = json_loadb(r->reply.data, r->reply.len, 0, NULL), *rows = json_object_get(reply, "rows");
    size_t n = json_array_size(rows);

    for (size_t i = 0; i < plain_count(r->plain); i++) {
        const struct plain_sum *s = plain_get(r->plain, i);
        double value = told(rows, s->figure, s->key);

        if (value != s->value)
            die("%s %s is %g, in plain SQL %g", s->figure, s->key, value, s->value);
    }
    json_decref(reply);
    return n;
}

static void measure(struct run *r)
{
    struct err err = {0};
    int64_t began = now_us(), fill_us;
    struct pack *pack;

    if (pack_read_file(&pack, r->rules, NULL, &err) != 0 || query_new(&r->query, r->path, &err) != 0)
        die_err(&err);
    r->env.pack = pack;
    r->plain = plain_open(r->path, r->env.today);
    fill_us = now_us() - began;
    for (int64_t i = 0; i < r->rounds; i++) {
        sum(r);
        ask(r);
    }
    printf("{\"figures_ms\": %.1f, \"plain_ms\": %.1f, \"figures\": %zu, \"sums\": %zu, \"events\": %lld, \"fill_s\": %.2f}\n",
           times_at(&r->figures, 500) / 1e3, times_at(&r->sums, 500) / 1e3, compare(r), plain_count(r->plain),
           (long long)plain_events(r->plain), (double)fill_us / 1e6);
    plain_close(r->plain);
    query_free(r->query);
    pack_free(pack);
}

int main(int argc, char **argv)
{
    static const struct option known[] = {
        {"path", required_argument, NULL, 'p'},
        {"rules", required_argument, NULL, 'u'},
        {"rounds", required_argument, NULL, 'r'},
        {NULL, 0, NULL, 0},
    };
    struct run r = {
        .rounds = 5,
        .env = {.today = day_from_civil(2022, 11, 21), .tracking_since = day_from_civil(2022, 1, 1), .history_ms = 600000,
                .history_rows = 1000000, .status = ""},
    };
    struct err err = {0};
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'p')
            r.path = optarg;
        else if (option == 'u')
            r.rules = optarg;
        else if (option == 'r')
            r.rounds = number_of("rounds", optarg);
        else
            exit(2); /* getopt_long has said why */
    }
    if (!r.path || !r.rules || r.rounds < 1)
        die("--path and --rules are needed");
    if (zone_set("Asia/Shanghai", &err) != 0)
        die_err(&err);
    r.env.now_us = zone_midnight(r.env.today) * 1000000;
    measure(&r);
    times_deinit(&r.figures);
    times_deinit(&r.sums);
    buf_deinit(&r.reply);
    return 0;
}
