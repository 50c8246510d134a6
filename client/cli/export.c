/* `muster export`: the whole ledger as JSON Lines, with chain values, page by page. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/progress.h"
#include "cells.h"
#include "say.h"
#include "trust.h"

struct exporting {
    struct cli *cli;
    const char *name;
    FILE *out;
    int64_t seq;   /* the newest row so far */
    int64_t begun; /* the newest row when it began */
    bool stale;    /* a text that is written already was erased meanwhile */
};

static int64_t line_seq(const json_t *line)
{
    long long seq = 0;

    return sscanf(json_string_value(line), "{\"seq\":%lld", &seq) == 1 ? seq : 0;
}

static bool write_page(struct exporting *e, const json_t *reply)
{
    json_t *line;
    size_t i;

    json_array_foreach(json_object_get(reply, "lines"), i, line) {
        if (strstr(json_string_value(line), "\"type\":\"event.redacted\""))
            e->stale |= e->begun > 0 && line_seq(line) > e->begun;
        if (fwrite(json_string_value(line), 1, json_string_length(line), e->out) != json_string_length(line) ||
            putc('\n', e->out) == EOF)
            return false;
    }
    return true;
}

static enum exit_status cannot_write(const struct exporting *e)
{
    say("%s: %s", e->name, strerror(errno));
    return EXIT_REFUSED;
}

static enum exit_status write_all(struct exporting *e)
{
    struct progress progress = progress_begin(e->cli->quiet, say_language());
    enum exit_status status = EXIT_DONE;
    bool more = true;

    while (status == EXIT_DONE && more) {
        _cleanup_json_ json_t *body = json_pack("{s:I}", "after_seq", (json_int_t)e->seq), *reply = NULL;
        const json_t *after;

        status = cli_ask(e->cli, "export", body, &reply);
        if (status == EXIT_DONE && !write_page(e, reply))
            status = cannot_write(e);
        if (e->begun == 0)
            e->begun = json_integer_value(json_object_get(reply, "seq"));
        after = json_object_get(reply, "after_seq");
        more = json_is_integer(after);
        e->seq = json_integer_value(more ? after : json_object_get(reply, "seq"));
        progress_show(&progress, e->seq, json_integer_value(json_object_get(reply, "seq")), _("rows"));
    }
    progress_end(&progress);
    if (status == EXIT_DONE && e->stale) {
        say(_("%s: a text was erased while it was written, and may be in it: export again"), e->name);
        return EXIT_REFUSED;
    }
    return status;
}

/* On disk before it is said to be there. */
static enum exit_status finish(const struct exporting *e)
{
    if (fflush(e->out) != 0 || (e->out != stdout && fsync(fileno(e->out)) != 0))
        return cannot_write(e);
    if (e->out != stdout && !e->cli->quiet)
        say(_("%s: %lld rows"), e->name, (long long)e->seq);
    return EXIT_DONE;
}

int export_run(struct cli *cli, const struct arguments *args)
{
    const char *name = args->word_count ? args->words[0] : "-";
    bool to_stdout = strcmp(name, "-") == 0;
    struct exporting e = {.cli = cli, .name = name, .out = stdout};
    _cleanup_file_ FILE *file = NULL;
    enum exit_status status = cli_open(cli);
    int fd;

    if (status != EXIT_DONE)
        return status;
    if (!to_stdout) {
        /* It holds names and notes: its owner's alone, and never in place of a file that is there. */
        fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        e.out = file = fd < 0 ? NULL : fdopen(fd, "w");
        if (!file)
            return cannot_write(&e);
    }
    status = write_all(&e);
    if (status == EXIT_DONE)
        status = finish(&e);
    if (status != EXIT_DONE && file)
        unlink(name);
    return status;
}
