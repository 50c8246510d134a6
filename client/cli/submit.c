/* `muster submit`: raw events, one a line, as many as there are; one verdict a line, in their order. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/progress.h"
#include "cells.h"
#include "families.h"
#include "lines.h"
#include "record.h"
#include "rows.h"
#include "say.h"
#include "words.h"

enum { LINE_MAX_BYTES = 4 << 20 }; /* more fits no request; what is cut here is refused as too large */

static const struct column columns[] = {
    {"id", N_("ID"), 0, 0, NULL},
    {"status", N_("STATUS"), 0, 0, NULL},
    {"seq", N_("SEQ"), COLUMN_RIGHT, 0, NULL},
    {"code", N_("CODE"), 0, 0, NULL},
    {"field", N_("FIELD"), 0, 0, NULL},
    {"message", N_("MESSAGE"), 0, 0, NULL},
    {"line", N_("LINE"), COLUMN_RIGHT, 0, NULL},
};

struct submission {
    struct cli *cli;
    const char *name; /* of the file, for messages */
    bool quiet;
    struct rows *rows; /* CSV */
    uint64_t recorded, duplicate, refused;
    uint64_t size_bytes; /* of the file; 0 if not known */
    struct progress progress;
};

static uint64_t answered(const struct submission *s)
{
    return s->recorded + s->duplicate + s->refused;
}

static void count(struct submission *s, const struct muster_verdict *verdict)
{
    switch (verdict->status) {
    case MUSTER_RECORDED:
        s->recorded++;
        break;
    case MUSTER_DUPLICATE:
        s->duplicate++;
        break;
    case MUSTER_EVENT_REFUSED:
        s->refused++;
        break;
    }
}

/* Written straight, not by way of a JSON tree: there may be a million of them. */
static void print_json(const struct muster_verdict *verdict)
{
    json_t *row = record_verdict_row(verdict);

    rows_print_json(row);
    json_decref(row);
}

static void print_csv(struct submission *s, const struct muster_verdict *verdict)
{
    json_t *row = record_verdict_row(verdict);

    json_object_set_new(row, "line", json_integer((json_int_t)verdict->tag));
    if (verdict->error)
        json_object_update(row, json_object_get(row, "error"));
    rows_add(s->rows, row);
    json_decref(row);
}

static void print_text(struct submission *s, const struct muster_verdict *verdict)
{
    static const char *const names[] = {"recorded", "duplicate", "refused"};
    char where[32];

    if (!s->quiet) {
        _cleanup_buf_ struct buf line = {0};

        buf_addf(&line, "%s\t", word_shown(names[verdict->status]));
        if (verdict->seq)
            buf_addf(&line, "%" PRId64, verdict->seq);
        buf_addf(&line, "\t%s", verdict->id ? verdict->id : "-");
        if (verdict->error)
            buf_addf(&line, "\t%s", verdict->error->code);
        puts(buf_str(&line));
    }
    if (verdict->error) {
        _cleanup_buf_ struct buf place = {0};

        progress_hide(&s->progress);
        snprintf(where, sizeof where, ":%" PRIu64 ": ", verdict->tag);
        buf_addf(&place, "%s%s", s->name, where);
        say_error(buf_str(&place), verdict->error);
    }
}

static void take_verdict(void *context, const struct muster_verdict *verdict)
{
    struct submission *s = context;

    count(s, verdict);
    if (s->quiet && !verdict->error && s->cli->output != OUTPUT_TABLE)
        return;
    switch (s->cli->output) {
    case OUTPUT_TABLE:
        print_text(s, verdict);
        break;
    case OUTPUT_JSON:
        print_json(verdict);
        break;
    case OUTPUT_CSV:
        print_csv(s, verdict);
        break;
    }
}

static void show_progress(struct submission *s, const struct lines *lines)
{
    int64_t done = (int64_t)answered(s);

    if (done > 0)
        progress_show(&s->progress, done, progress_expect(done, (int64_t)lines->bytes, (int64_t)s->size_bytes), _("events"));
}

/* A line that the stream can judge: an over-long one stays over-long. */
static bool is_blank(const struct lines *lines)
{
    for (size_t i = 0; i < lines->line.len; i++)
        if (!strchr(" \t\r", lines->line.data[i]))
            return false;
    return !lines->too_long;
}

static void skip_byte_order_mark(struct lines *lines)
{
    if (lines->number == 1 && lines->line.len >= 3 && memcmp(lines->line.data, "\xEF\xBB\xBF", 3) == 0) {
        memmove(lines->line.data, lines->line.data + 3, lines->line.len - 3);
        lines->line.len -= 3;
    }
}

/* Sends every line. When nothing more waits to be read, what there is goes out at once: somebody may
 * be typing, or a program may wait for the verdict. */
static int send_lines(struct submission *s, struct muster_stream *stream, struct lines *lines)
{
    int result = MUSTER_OK;

    while (result == MUSTER_OK) {
        if (lines_would_wait(lines)) {
            result = muster_stream_finish(stream);
            fflush(stdout);
            if (result != MUSTER_OK)
                break;
        }
        if (!lines_next(lines, LINE_MAX_BYTES))
            break;
        skip_byte_order_mark(lines);
        if (!is_blank(lines))
            result = muster_stream_add(stream, lines->line.data, lines->line.len, lines->number);
        show_progress(s, lines);
    }
    return result == MUSTER_OK ? muster_stream_finish(stream) : result;
}

static enum exit_status tell_end(struct submission *s, const struct lines *lines, int result)
{
    enum exit_status status = EXIT_DONE;

    if (result != MUSTER_OK) {
        status = cli_say_failure(s->cli);
        say(_("%s: stopped after %" PRIu64 " verdicts; sending the file again is safe"), s->name, answered(s));
    }
    if (lines->error) {
        say("%s: %s", s->name, strerror(lines->error));
        status = status == EXIT_DONE ? EXIT_USAGE : status;
    }
    if (s->cli->output == OUTPUT_TABLE || s->refused)
        say(_("%" PRIu64 " recorded, %" PRIu64 " already there, %" PRIu64 " refused"),
            s->recorded, s->duplicate, s->refused);
    return status == EXIT_DONE && s->refused ? EXIT_REFUSED : status;
}

static enum exit_status submit_lines(struct submission *s, int fd)
{
    struct muster_stream *stream;
    struct lines lines;
    struct stat about;
    int result = muster_stream_open(&stream, s->cli->session, 0, take_verdict, s);
    enum exit_status status;

    if (result != MUSTER_OK)
        return cli_say_failure(s->cli);
    lines_init(&lines, fd);
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
        s->size_bytes = (uint64_t)about.st_size;
    result = send_lines(s, stream, &lines);
    progress_end(&s->progress);
    if (s->rows)
        rows_end(s->rows);
    status = tell_end(s, &lines, result);
    lines_deinit(&lines);
    muster_stream_free(stream);
    return status;
}

static int submit_run(struct cli *cli, const struct arguments *args)
{
    const char *name = args->words[0];
    bool from_stdin = strcmp(name, "-") == 0;
    _cleanup_fd_ int file = -1;
    _cleanup_rows_ struct rows *rows = NULL;
    struct submission s = {.cli = cli, .name = from_stdin ? "-" : name, .quiet = arguments_has(args, "quiet")};
    enum exit_status status = from_stdin ? EXIT_DONE : cli_open_file(&file, name);

    if (status == EXIT_DONE)
        status = cli_open(cli);
    if (status != EXIT_DONE)
        return status;
    if (cli->output == OUTPUT_CSV)
        s.rows = rows = rows_new(cli, columns, ARRAY_LEN(columns));
    /* Verdicts on the same terminal are progress enough. */
    s.progress = progress_begin(s.quiet || isatty(STDOUT_FILENO), say_language());
    return submit_lines(&s, from_stdin ? STDIN_FILENO : file);
}

static const struct option_spec options[] = {
    {"quiet", OPTION_FLAG, NULL, NULL, N_("verdicts of refused events only, and no progress")},
};

static const struct verb verbs[] = {
    {.name = "submit", .words = "FILE|-", .min_words = 1, .max_words = 1, .options = options,
     .option_count = ARRAY_LEN(options), .run = submit_run,
     .en = N_("raw events, JSON Lines; one verdict a line"),
     .example = "muster submit events.jsonl\n"
                "echo '{\"id\": \"...\", \"type\": \"contact\", \"at\": \"2022-11-05\", ...}' | muster submit - --json"},
};

const struct family family_submit = {N_("Raw events"), verbs, ARRAY_LEN(verbs)};
