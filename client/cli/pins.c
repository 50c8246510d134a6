#include "pins.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/text.h"
#include "say.h"
#include "where.h"

enum { LINES_MAX = 1000, LINE_MAX_BYTES = 1024 }; /* of a file that nobody else writes */

/* Copies the lines about other servers to `others`; the ledger remembered for this one into `known`. */
static void read_pins(const char *path, const char *server, struct buf *others, struct buf *known)
{
    _cleanup_file_ FILE *file = fopen(path, "re");
    char line[LINE_MAX_BYTES];

    for (int n = 0; file && n < LINES_MAX && fgets(line, sizeof line, file); n++) {
        char *blank = strrchr(line, ' ');

        if (!blank || line[strlen(line) - 1] != '\n')
            continue;
        if ((size_t)(blank - line) == strlen(server) && memcmp(line, server, strlen(server)) == 0)
            buf_add(known, blank + 1, strcspn(blank + 1, "\n"));
        else
            buf_add_str(others, line);
    }
}

/* Whole or not at all: two commands may end at once. */
static void write_pins(const char *path, const char *content)
{
    _cleanup_free_ char *temporary = NULL;
    FILE *file;
    bool written;
    int fd;

    if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
        abort();
    fd = mkostemp(temporary, O_CLOEXEC);
    file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file) {
        if (fd >= 0)
            close(fd);
        return;
    }
    written = fputs(content, file) != EOF;
    written = fclose(file) == 0 && written;
    if (!written || rename(temporary, path) != 0)
        unlink(temporary);
}

static char *file_of(const char *folder, const char *name)
{
    char *path = NULL;

    if (asprintf(&path, "%s/%s", folder, name) < 0)
        abort();
    return path;
}

static bool can_be_noted(const char *server)
{
    return !strchr(server, '\n') && strlen(server) <= LINE_MAX_BYTES / 2;
}

/* What `path` says of the server, into `known`. If that is not `value`: true, and in `content` what it is to say, the newest first. */
static bool compare(const char *path, const char *server, const char *value, struct buf *content, struct buf *known)
{
    _cleanup_buf_ struct buf others = {0};

    read_pins(path, server, &others, known);
    if (known->len && strcmp(buf_str(known), value) == 0)
        return false;
    buf_addf(content, "%s %s\n", server, value);
    buf_add(content, others.data, others.len);
    return true;
}

void pins_check(const char *server, const char *ledger)
{
    _cleanup_free_ char *folder = where_state_folder(), *path = NULL;
    _cleanup_buf_ struct buf content = {0}, known = {0};

    if (!folder || !*ledger || !can_be_noted(server))
        return;
    path = file_of(folder, "ledgers");
    if (!compare(path, server, ledger, &content, &known))
        return;
    if (known.len)
        say(_("WARNING: the server at %s has ANOTHER LEDGER than before: %s, where it was %s. "
               "If nobody set it up anew, stop and ask"),
            server, ledger, buf_str(&known));
    where_make_folders(folder);
    write_pins(path, buf_str(&content));
}

void pins_met(const char *server, const struct met *met)
{
    _cleanup_free_ char *folder = where_state_folder(), *path = NULL;
    _cleanup_buf_ struct buf content = {0}, known = {0}, value = {0};

    if (!folder || !*met->ledger || !can_be_noted(server) || strpbrk(met->zone, " ,\n"))
        return;
    path = file_of(folder, "met");
    buf_addf(&value, "%s,%s,%s", met->ledger, met->rehearsal ? "rehearsal" : "real", met->zone);
    if (!compare(path, server, buf_str(&value), &content, &known))
        return;
    where_make_folders(folder);
    write_pins(path, buf_str(&content));
}

bool pins_last(struct met *out, const char *server)
{
    _cleanup_free_ char *folder = where_state_folder(), *path = folder ? file_of(folder, "met") : NULL;
    _cleanup_buf_ struct buf others = {0}, known = {0};
    uint8_t uuid[UUID_SIZE];
    char *kind, *zone;

    *out = (struct met){0};
    if (path)
        read_pins(path, server, &others, &known);
    kind = known.len ? strchr(buf_str(&known), ',') : NULL;
    zone = kind ? strchr(kind + 1, ',') : NULL;
    if (!zone || !uuid_parse(uuid, known.data, (size_t)(kind - known.data)))
        return false;
    *kind = *zone = '\0';
    text_copy(out->ledger, sizeof out->ledger, known.data);
    text_copy(out->zone, sizeof out->zone, zone + 1);
    out->rehearsal = strcmp(kind + 1, "rehearsal") == 0;
    return true;
}
