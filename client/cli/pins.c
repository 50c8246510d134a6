#include "pins.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "say.h"

enum { LINES_MAX = 1000, LINE_MAX_BYTES = 1024 }; /* of a file that nobody else writes */

/* $XDG_STATE_HOME/muster or ~/.local/state/muster; NULL without a home. */
static char *state_folder(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    struct buf path = {0};

    if (state && *state == '/')
        buf_addf(&path, "%s/muster", state);
    else if (home && *home == '/')
        buf_addf(&path, "%s/.local/state/muster", home);
    else
        return NULL;
    buf_add_char(&path, '\0');
    return path.data;
}

static void make_folders(const char *path)
{
    _cleanup_free_ char *part = mem_strdup(path);

    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(part, 0700);
        *slash = '/';
    }
    mkdir(part, 0700);
}

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

void pins_check(const char *server, const char *ledger)
{
    _cleanup_free_ char *folder = state_folder(), *path = NULL;
    _cleanup_buf_ struct buf others = {0}, known = {0};

    if (!folder || !*ledger || strchr(server, '\n') || strlen(server) > LINE_MAX_BYTES / 2)
        return;
    if (asprintf(&path, "%s/ledgers", folder) < 0)
        abort();
    read_pins(path, server, &others, &known);
    if (known.len && strcmp(buf_str(&known), ledger) == 0)
        return;
    if (known.len)
        say(tr("WARNING: the server at %s has ANOTHER LEDGER than before: %s, where it was %s. "
               "If nobody set it up anew, stop and ask",
               "警告：%s 处的台账与以前【不同】：现为 %s，原为 %s。如非重新建账，请停止操作并查问"),
            server, ledger, buf_str(&known));
    make_folders(folder);
    buf_addf(&others, "%s %s\n", server, ledger);
    write_pins(path, buf_str(&others));
}
