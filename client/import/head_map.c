/* Mappings kept in a file, and read again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "import/head.h"
#include "import/plain.h"

static const char as_key[] = "sheet=";

void head_write_map(struct buf *out, const struct head *head)
{
    buf_addf(out, "# muster import --map FILE\n%s%s\n", as_key, sheet_spec(head->kind)->name);
    for (size_t i = 0; i < head->count; i++) {
        if (plain_is_blank(head->headings[i]) || strchr(head->headings[i], '\n'))
            continue;
        buf_addf(out, "%s=%s\n", head->headings[i], head->columns[i] ? head->columns[i]->name : "-");
    }
}

static void take_line(struct head_map_file *out, size_t *cap, struct arena *arena, char *line)
{
    size_t len = strcspn(line, "\r\n");

    line[len] = '\0';
    if (plain_is_blank(line) || *line == '#')
        return;
    if (strncmp(line, as_key, sizeof as_key - 1) == 0) {
        out->as = arena_strndup(arena, line + sizeof as_key - 1, len - (sizeof as_key - 1));
        return;
    }
    ARRAY_GROW(out->maps, out->count, *cap);
    out->maps[out->count++] = arena_strndup(arena, line, len);
}

int head_read_map(struct head_map_file *out, struct arena *arena, FILE *file, struct err *err)
{
    _cleanup_free_ char *line = NULL;
    size_t size = 0, cap = 0;

    *out = (struct head_map_file){0};
    while (getline(&line, &size, file) >= 0)
        take_line(out, &cap, arena, line);
    if (ferror(file))
        return err_fault(err, "%s", strerror(errno));
    return 0;
}
