/* `muster rules`: those in force, or what another pack would say. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cells.h"
#include "pack/pack.h"
#include "page.h"
#include "reading.h"
#include "say.h"

/* As they are written in a rule pack: a rule's id may be a word that means something else. */
static void id_text(struct buf *out, const json_t *row)
{
    buf_add_str(out, cell_string(row, "id"));
}

static void setting_text(struct buf *out, const json_t *row)
{
    cell_plain(out, json_object_get(row, "setting"));
}

static const struct column columns[] = {
    {"id", N_("RULE"), 0, 0, id_text},
    {"subject", N_("SUBJECT"), 0, 0, NULL},
    {"kind", NC_("rules", "KIND"), COLUMN_SPARE, 0, NULL},
    {"levels", N_("LEVELS"), COLUMN_CUT, 0, NULL},
    {"title", N_("TITLE"), COLUMN_CUT, 0, NULL},
    {"setting", N_("SETTING"), COLUMN_CUT_FIRST | COLUMN_SPARE, 0, setting_text},
    {"basis", NULL, COLUMN_CSV, 0, NULL},
    {"remedy", NULL, COLUMN_CSV, 0, NULL},
};

static enum exit_status print_rules(struct cli *cli)
{
    _cleanup_json_ json_t *reply = NULL;
    _cleanup_rows_ struct rows *rows = rows_new(cli, columns, ARRAY_LEN(columns));
    enum exit_status status = cli_ask(cli, "rules", NULL, &reply);
    size_t i;
    json_t *rule;

    if (status != EXIT_DONE)
        return status;
    json_array_foreach(json_object_get(reply, "rules"), i, rule)
        rows_add(rows, rule);
    rows_end(rows);
    if (cli->output == OUTPUT_TABLE)
        printf(_("rules apply from %s; pack %.12s\n"),
               cell_string(reply, "tracking_since"), cell_string(reply, "pack"));
    return EXIT_DONE;
}

/* The file is checked here, so that a mistake is told with its line; the daemon never reads it. */
static enum exit_status read_pack(const char *path, json_t **root_out)
{
    struct err err = {0};
    _cleanup_pack_ struct pack *pack = NULL;
    _cleanup_fd_ int file = -1;

    char first;

    if (cli_open_file(&file, path) != EXIT_DONE)
        return EXIT_USAGE;
    if (read(file, &first, 1) < 0) {
        say("%s: %s", path, strerror(errno));
        return EXIT_USAGE;
    }
    if (pack_read_file(&pack, path, NULL, &err) || pack_file_to_json(root_out, path, &err)) {
        struct muster_error error = {"invalid_value", err_text(&err, say_language()), "", err.hint, ""};

        say_error("", &error);
        return EXIT_REFUSED;
    }
    return EXIT_DONE;
}

static enum exit_status try_rules(struct cli *cli, const struct arguments *args, const char *path)
{
    _cleanup_json_ json_t *body = NULL, *root = NULL;
    _cleanup_rows_ struct rows *rows = rows_new(cli, alert_columns, alert_column_count);
    _cleanup_pages_ struct pages pages = {.limit = page_limit(cli)};
    enum exit_status status = read_pack(path, &root);

    if (status == EXIT_DONE)
        status = cli_body(cli, args, &body);
    if (status != EXIT_DONE)
        return status;
    json_object_set(body, "try", root);
    status = page_print(cli, "rules", body, &pages, rows, _("no alert under these rules"));
    if (status == EXIT_DONE && cli->output == OUTPUT_TABLE)
        printf(_("open under the rules in force only: %lld; under these only: %lld\n"),
               (long long)json_integer_value(json_object_get(pages.last_reply, "only_now")),
               (long long)json_integer_value(json_object_get(pages.last_reply, "only_then")));
    return status;
}

int rules_run(struct cli *cli, const struct arguments *args)
{
    const char *path = arguments_value(args, "try");
    enum exit_status status;

    if (path)
        return try_rules(cli, args, path);
    if (arguments_has(args, "as-of")) {
        say(_("--as-of goes with --try FILE"));
        return EXIT_USAGE;
    }
    status = cli_open(cli);
    return status == EXIT_DONE ? print_rules(cli) : status;
}
