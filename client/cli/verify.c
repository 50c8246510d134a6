/* `muster verify`: the chain, recomputed by the daemon, or here from an export. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/progress.h"
#include "cells.h"
#include "chain/line.h"
#include "chain/walk.h"
#include "lines.h"
#include "rows.h"
#include "say.h"
#include "trust.h"

enum { LOOK_AGAIN_MS = 100, STEP_ROWS = 1000 };

/* --- what came of it --- */

static void print_found(const json_t *found)
{
    int64_t erased = json_integer_value(json_object_get(found, "erased"));

    printf(_("the ledger holds: %lld rows, head %s\n"),
           (long long)json_integer_value(json_object_get(found, "rows")), cell_string(found, "head"));
    if (erased)
        printf(_("the personal text of %lld rows was erased, each by a recorded event\n"), (long long)erased);
}

enum exit_status verify_tell(struct cli *cli, const json_t *found)
{
    const json_t *misfit = json_object_get(found, "misfit");
    bool holds = json_is_true(json_object_get(found, "holds"));

    if (cli->output != OUTPUT_TABLE)
        rows_print_json(found);
    else if (holds && !cli->quiet)
        print_found(found);
    if (!holds)
        say(_("the ledger does NOT hold: %s"), cell_string(misfit, "message"));
    return holds ? EXIT_DONE : EXIT_REFUSED;
}

/* --- by the daemon --- */

static void pause_ms(long ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&time, NULL);
}

static bool is_over(const json_t *reply)
{
    const char *state = cell_string(reply, "state");

    return strcmp(state, "done") == 0 || strcmp(state, "failed") == 0;
}

static enum exit_status chore_failed(const json_t *reply)
{
    const json_t *error = json_object_get(reply, "error");
    struct muster_error told = {cell_string(error, "code"), cell_string(error, "message"), cell_string(error, "field"), "", ""};

    say_error("", &told);
    return strcmp(told.code, "unavailable") == 0 ? EXIT_AWAY : EXIT_REFUSED;
}

enum exit_status chore_wait(struct cli *cli, const char *verb, json_t *body, const char *unit, json_t **reply_out)
{
    struct progress progress = progress_begin(cli->quiet, say_language());
    enum exit_status status = cli_ask(cli, verb, body, reply_out);

    while (status == EXIT_DONE && !is_over(*reply_out)) {
        _cleanup_json_ json_t *look = json_pack("{s:O}", "run", json_object_get(*reply_out, "run"));

        progress_show(&progress, json_integer_value(json_object_get(*reply_out, "done")),
                      json_integer_value(json_object_get(*reply_out, "all")), unit);
        pause_ms(LOOK_AGAIN_MS);
        json_decref(*reply_out);
        status = cli_ask(cli, verb, look, reply_out);
    }
    progress_end(&progress);
    if (status == EXIT_DONE && strcmp(cell_string(*reply_out, "state"), "failed") == 0)
        status = chore_failed(*reply_out);
    return status;
}

/* What follows from the rows is no part of the proof, but what answers are made of. */
static enum exit_status tell_deep(const struct cli *cli, const json_t *reply)
{
    const char *differs = cell_string(reply, "differs");

    if (!json_object_get(reply, "differs"))
        return EXIT_DONE;
    if (*differs) {
        say(_("the table %s does NOT follow from the rows: musterd --rebuild makes it anew"),
            differs);
        return EXIT_REFUSED;
    }
    if (cli->output == OUTPUT_TABLE && !cli->quiet)
        puts(_("all tables follow from the rows (not looked at: deadlines, which musterd --rebuild works out anew)"));
    return EXIT_DONE;
}

static enum exit_status by_daemon(struct cli *cli, const struct heads *heads, bool deep)
{
    _cleanup_json_ json_t *body = deep ? json_pack("{s:b}", "deep", 1) : json_object(), *reply = NULL;
    enum exit_status status = cli_open(cli);

    if (status == EXIT_DONE)
        status = chore_wait(cli, "verify", body, _("rows"), &reply);
    if (status == EXIT_DONE)
        status = verify_tell(cli, reply);
    if (status == EXIT_DONE)
        status = tell_deep(cli, reply);
    return status == EXIT_DONE ? heads_compare(cli, heads) : status;
}

/* --- of an export --- */

struct file_rows {
    struct lines lines;
    struct err err;
};

static int next_line(void *data, struct chain_row *out, struct arena *arena, struct err *err)
{
    struct file_rows *f = data;

    if (!lines_next(&f->lines, LINE_ROW_MAX_BYTES))
        return f->lines.error ? err_fault(err, "%s", strerror(f->lines.error)) : 0;
    if (f->lines.too_long) {
        err_say(err, ERR_TOO_LARGE, NULL, "this line is longer than any row of an export", "此行比导出文件的任何一行都长");
        return -1;
    }
    return line_read(out, arena, f->lines.line.data ? f->lines.line.data : "", f->lines.line.len, err) ? -1 : 1;
}

static json_t *found_of(const struct chain_walk *walk, bool holds)
{
    const struct misfit *misfit = chain_walk_misfit(walk);
    char hex[CHAIN_HEX_SIZE];
    json_t *found = json_pack("{s:s, s:b, s:I, s:I}", "ledger", chain_walk_ledger(walk), "holds", holds, "rows",
                              (json_int_t)chain_walk_seq(walk), "erased", (json_int_t)chain_walk_erased(walk));

    if (chain_walk_seq(walk))
        json_object_set_new(found, "head", json_string(hex_write(hex, chain_walk_value(walk), CHAIN_SIZE)));
    if (!holds)
        json_object_set_new(found, "misfit",
                            json_pack("{s:I, s:s, s:s}", "row", (json_int_t)misfit->row, "found", misfit_name(misfit->kind),
                                      "message", err_text(&misfit->why, say_language())));
    return found;
}

static enum exit_status walk_file(struct cli *cli, struct file_rows *f, const char *name, int64_t size_bytes,
                                  const struct heads *heads)
{
    _cleanup_chain_walk_ struct chain_walk *walk = chain_walk_new((struct row_source){next_line, f});
    struct progress progress = progress_begin(cli->quiet, say_language());
    enum walk_result how = WALK_GOES_ON;
    _cleanup_json_ json_t *found = NULL;
    struct err err = {0};
    int64_t rows;
    int failed = 0;

    for (size_t i = 0; i < heads->count; i++)
        chain_walk_expect_value(walk, heads->items[i].seq, heads->items[i].chain);
    while (!failed && how == WALK_GOES_ON) {
        failed = chain_walk_step(&how, walk, STEP_ROWS, &err);
        rows = (int64_t)chain_walk_seq(walk);
        progress_show(&progress, rows, progress_expect(rows, (int64_t)f->lines.bytes, size_bytes), _("rows"));
    }
    progress_end(&progress);
    if (failed) {
        say("%s:%llu: %s", name, (unsigned long long)f->lines.number, err_text(&err, say_language()));
        return EXIT_REFUSED;
    }
    for (size_t i = 0; i < heads->count; i++)
        if (strcmp(heads->items[i].ledger, chain_walk_ledger(walk)) != 0) {
            say(_("a head is of ledger %s, this is %s"), heads->items[i].ledger,
                chain_walk_ledger(walk));
            return EXIT_REFUSED;
        }
    found = found_of(walk, how == WALK_FITS);
    return verify_tell(cli, found);
}

enum exit_status verify_file(struct cli *cli, const char *name, const struct heads *heads)
{
    bool from_stdin = strcmp(name, "-") == 0;
    CLEANUP(cleanup_fd) int file = from_stdin ? -1 : open(name, O_RDONLY | O_CLOEXEC);
    struct file_rows f = {0};
    enum exit_status status;
    struct stat about;

    if (!from_stdin && file < 0) {
        say("%s: %s", name, strerror(errno));
        return EXIT_USAGE;
    }
    lines_init(&f.lines, from_stdin ? STDIN_FILENO : file);
    status = walk_file(cli, &f, name,
                       !from_stdin && fstat(file, &about) == 0 && S_ISREG(about.st_mode) ? (int64_t)about.st_size : 0, heads);
    lines_deinit(&f.lines);
    return status;
}

int verify_run(struct cli *cli, const struct arguments *args)
{
    const char *file = arguments_value(args, "file"), *head = arguments_value(args, "head");
    CLEANUP(heads_deinit) struct heads heads = {0};
    enum exit_status status = head ? heads_read(&heads, head) : EXIT_DONE;

    if (status != EXIT_DONE)
        return status;
    return file ? verify_file(cli, file, &heads) : by_daemon(cli, &heads, arguments_has(args, "deep"));
}
