/* `muster head`: the newest chain value, signed. And what such heads, kept elsewhere, say later. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cells.h"
#include "lines.h"
#include "rows.h"
#include "say.h"
#include "trust.h"

void heads_deinit(struct heads *heads)
{
    free(heads->items);
}

static bool is_blank(const struct buf *line)
{
    return line->len == 0 || strspn(line->data, " \t\r") == line->len;
}

static enum exit_status read_line(struct heads *heads, struct lines *lines, const char *name)
{
    struct err err = {0};

    if (!lines->too_long && is_blank(&lines->line))
        return EXIT_DONE;
    ARRAY_GROW(heads->items, heads->count, heads->cap);
    if (head_read(&heads->items[heads->count], lines->line.data, lines->line.len, &err) == 0) {
        heads->count++;
        return EXIT_DONE;
    }
    say("%s:%llu: %s", name, (unsigned long long)lines->number, err_text(&err, say_language()));
    return EXIT_REFUSED;
}

enum exit_status heads_read(struct heads *heads, const char *name)
{
    _cleanup_fd_ int file = open(name, O_RDONLY | O_CLOEXEC);
    enum exit_status status = EXIT_DONE;
    struct lines lines;

    if (file < 0) {
        say("%s: %s", name, strerror(errno));
        return EXIT_USAGE;
    }
    lines_init(&lines, file);
    while (status == EXIT_DONE && lines_next(&lines, HEAD_LINE_MAX_BYTES)) {
        buf_str(&lines.line);
        status = read_line(heads, &lines, name);
    }
    lines_deinit(&lines);
    if (status == EXIT_DONE && heads->count == 0) {
        say(_("%s: there is no head in it"), name);
        status = EXIT_REFUSED;
    }
    return status;
}

static enum exit_status compare(struct cli *cli, const struct head *head)
{
    _cleanup_json_ json_t *body = json_pack("{s:I}", "seq", (json_int_t)head->seq), *reply = NULL;
    char chain[CHAIN_HEX_SIZE], signer[2 * HEAD_KEY_SIZE + 1];
    enum exit_status status = cli_ask(cli, "head", body, &reply);
    const json_t *now = json_object_get(reply, "head");

    if (status != EXIT_DONE)
        return status;
    if (strcmp(cell_string(now, "ledger"), head->ledger) != 0) {
        say(_("the head of %s is of ledger %s, this is %s"), head->at, head->ledger,
            cell_string(now, "ledger"));
        return EXIT_REFUSED;
    }
    if (strcmp(cell_string(now, "chain"), hex_write(chain, head->chain, CHAIN_SIZE)) != 0) {
        say(_("the ledger does NOT hold: row %lld is another one than the head of %s says: it, or one before it, was written anew"),
            (long long)head->seq, head->at);
        return EXIT_REFUSED;
    }
    if (strcmp(cell_string(now, "key"), hex_write(signer, head->key, HEAD_KEY_SIZE)) != 0)
        say(_("the head of %s was signed with another key (%.16s...) than the daemon's of today: was it replaced?"), head->at, signer);
    return EXIT_DONE;
}

enum exit_status heads_compare(struct cli *cli, const struct heads *heads)
{
    enum exit_status status = EXIT_DONE;

    for (size_t i = 0; i < heads->count && status == EXIT_DONE; i++)
        status = compare(cli, &heads->items[i]);
    if (status == EXIT_DONE && heads->count && cli->output == OUTPUT_TABLE && !cli->quiet)
        printf(_("since the head of %s (row %lld) it was only appended to\n"),
               heads->items[0].at, (long long)heads->items[0].seq);
    return status;
}

int head_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *reply = NULL;
    enum exit_status status = cli_open(cli);

    (void)args;
    if (status == EXIT_DONE)
        status = cli_ask(cli, "head", NULL, &reply);
    if (status == EXIT_DONE)
        rows_print_json(json_object_get(reply, "head")); /* in every form of output: it is there to be kept */
    return status;
}
