/* `muster status`: the daemon. */
#include <stdio.h>
#include <string.h>

#include "cells.h"
#include "reading.h"
#include "say.h"

/* What `status --check` speaks: the plugins of Nagios and its heirs. */
enum check { CHECK_OK = 0, CHECK_WARNING = 1, CHECK_CRITICAL = 2, CHECK_UNKNOWN = 3 };

/* Rows not yet evaluated: more than this, and alerts are late by more than moments. */
enum { LAG_WARNING = 1000 };

static void print_pair(const char *key, const json_t *value)
{
    _cleanup_buf_ struct buf text = {0}, safe = {0};

    cell_plain(&text, value);
    say_safe(&safe, buf_str(&text));
    printf("%-20s %s\n", key, buf_str(&safe));
}

static void print_table(const json_t *status)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)status, key, value)
        print_pair(key, value);
}

static const struct column csv_columns[] = {
    {"key", NULL, 0, 0, NULL}, {"value", NULL, 0, 0, NULL},
};

static void print_csv(struct cli *cli)
{
    _cleanup_rows_ struct rows *rows = rows_new(cli, csv_columns, ARRAY_LEN(csv_columns));
    const char *key;
    json_t *value;

    json_object_foreach(cli->status, key, value) {
        json_t *row = json_pack("{s:s, s:O}", "key", key, "value", value);

        rows_add(rows, row);
        json_decref(row);
    }
    rows_end(rows);
}

static int check(struct cli *cli)
{
    static const char *const names[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    enum exit_status opened = cli_open(cli);
    enum check result = CHECK_OK;
    int64_t lag = json_integer_value(json_object_get(cli->status, "lag"));
    int64_t failed = json_integer_value(json_object_get(json_object_get(cli->status, "notices"), "failed"));

    if (opened == EXIT_AWAY)
        result = CHECK_CRITICAL;
    else if (opened != EXIT_DONE || !cli->status)
        result = CHECK_UNKNOWN;
    else if (json_is_false(json_object_get(json_object_get(cli->status, "verified"), "holds")))
        result = CHECK_CRITICAL; /* a row was changed, taken out or put in: muster verify */
    else if (json_is_false(json_object_get(cli->status, "recording")))
        result = CHECK_CRITICAL; /* the clock leapt: muster clock */
    else if (json_is_true(json_object_get(cli->status, "settling")) || lag > LAG_WARNING || failed > 0)
        result = CHECK_WARNING;
    printf("MUSTER %s", names[result]);
    if (cli->status)
        printf(" - %s%lld events, lag %lld, %lld notices failed | events=%lldc seq=%lldc lag=%lld;%d failed=%lld;0",
               json_is_true(json_object_get(cli->status, "settling")) ? "settling, " : "",
               (long long)json_integer_value(json_object_get(cli->status, "events")), (long long)lag, (long long)failed,
               (long long)json_integer_value(json_object_get(cli->status, "events")),
               (long long)json_integer_value(json_object_get(cli->status, "seq")), (long long)lag, LAG_WARNING, (long long)failed);
    putchar('\n');
    return (int)result;
}

int status_run(struct cli *cli, const struct arguments *args)
{
    enum exit_status opened;

    cli->keeping.leave = arguments_has(args, "check");
    if (cli->keeping.leave)
        return check(cli);
    opened = cli_open(cli);
    if (opened != EXIT_DONE)
        return opened;
    if (!cli->status)
        return cli_say_failure(cli);
    switch (cli->output) {
    case OUTPUT_TABLE:
        print_table(cli->status);
        break;
    case OUTPUT_JSON:
        rows_print_json(cli->status);
        break;
    case OUTPUT_CSV:
        print_csv(cli);
        break;
    }
    return EXIT_DONE;
}
