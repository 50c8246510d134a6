/* Reading the log of reads, newest first. */
#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "proof/read_log.h"
#include "proof/read_log_files.h"

char *read_log_file_name(const char *database, int64_t number)
{
    char *name = NULL;

    if (asprintf(&name, "%s.reads.%lld", database, (long long)number) < 0)
        abort();
    return name;
}

static int64_t number_of(const char *name, const char *prefix)
{
    size_t len = strlen(prefix);
    char *end;
    long long n;

    if (strncmp(name, prefix, len) != 0 || name[len] < '1' || name[len] > '9')
        return 0;
    n = strtoll(name + len, &end, 10);
    return *end == '\0' ? n : 0;
}

int64_t read_log_newest(const char *database)
{
    _cleanup_free_ char *folder = mem_strdup(database), *base = mem_strdup(database);
    _cleanup_buf_ struct buf prefix = {0};
    int64_t newest = 0;
    struct dirent *entry;
    DIR *dir = opendir(dirname(folder));

    if (!dir)
        return 0;
    buf_addf(&prefix, "%s.reads.", basename(base));
    while ((entry = readdir(dir))) {
        int64_t n = number_of(entry->d_name, buf_str(&prefix));

        if (n > newest)
            newest = n;
    }
    closedir(dir);
    return newest;
}

/* 1: there; 0: there is none of that number (any more). */
static int load(struct read_log_walk *walk, int64_t number, struct err *err)
{
    _cleanup_free_ char *name = read_log_file_name(walk->database, number);
    _cleanup_file_ FILE *file = fopen(name, "re");
    size_t n;

    buf_clear(&walk->text);
    walk->file = number;
    if (!file)
        return errno == ENOENT ? 0 : err_fault(err, "the log of reads cannot be read: %s", strerror(errno));
    do {
        buf_reserve(&walk->text, 64 * 1024);
        n = fread(walk->text.data + walk->text.len, 1, walk->text.cap - walk->text.len, file);
        walk->text.len += n;
    } while (n > 0 && walk->text.len < 2 * (size_t)READ_LOG_FILE_BYTES);
    return 1;
}

/* Behind the last whole line: the one being written is not there yet. */
static size_t last_end(const struct buf *text)
{
    const char *newline = text->len ? memrchr(text->data, '\n', text->len) : NULL;

    return newline ? (size_t)(newline - text->data) + 1 : 0;
}

int read_log_walk_begin(struct read_log_walk *walk, const char *database, int64_t file, size_t end, struct err *err)
{
    memset(walk, 0, sizeof *walk);
    walk->database = database;
    if (load(walk, file ? file : read_log_newest(database), err) < 0)
        return -1;
    walk->end = last_end(&walk->text);
    if (file && end < walk->end)
        walk->end = end;
    return 0;
}

int read_log_walk_next(const char **line_out, size_t *len_out, struct read_log_walk *walk, struct err *err)
{
    const char *before;
    size_t start, end;

    while (walk->end == 0) {
        int r = walk->file > 1 ? load(walk, walk->file - 1, err) : 0;

        if (r != 1)
            return r;
        walk->end = last_end(&walk->text);
    }
    end = walk->end - 1; /* the newline */
    before = end ? memrchr(walk->text.data, '\n', end) : NULL;
    start = before ? (size_t)(before - walk->text.data) + 1 : 0;
    *line_out = walk->text.data + start;
    *len_out = end - start;
    walk->end = start;
    return 1;
}

void read_log_walk_end(struct read_log_walk *walk)
{
    buf_deinit(&walk->text);
}
