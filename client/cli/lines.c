#include "lines.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 256 * 1024 };

void lines_init(struct lines *lines, int fd)
{
    memset(lines, 0, sizeof *lines);
    lines->fd = fd;
    lines->block = mem_alloc(BLOCK_BYTES);
}

void lines_deinit(struct lines *lines)
{
    free(lines->block);
    buf_deinit(&lines->line);
}

static bool fill(struct lines *lines)
{
    ssize_t n;

    do
        n = read(lines->fd, lines->block, BLOCK_BYTES);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        lines->error = errno;
    if (n <= 0) {
        lines->end = true;
        return false;
    }
    lines->block_at = 0;
    lines->block_len = (size_t)n;
    lines->bytes += (uint64_t)n;
    return true;
}

static void keep(struct lines *lines, const char *data, size_t len, size_t most)
{
    size_t room = most - lines->line.len;

    if (len > room) {
        lines->too_long = true;
        len = room;
    }
    buf_add(&lines->line, data, len);
}

bool lines_next(struct lines *lines, size_t line_max_bytes)
{
    bool any = false;

    buf_clear(&lines->line);
    lines->too_long = false;
    for (;;) {
        char *from, *newline;
        size_t left;

        if (lines->block_at == lines->block_len && (lines->end || !fill(lines)))
            break;
        any = true;
        from = lines->block + lines->block_at;
        left = lines->block_len - lines->block_at;
        newline = memchr(from, '\n', left);
        keep(lines, from, newline ? (size_t)(newline - from) : left, line_max_bytes);
        lines->block_at += newline ? (size_t)(newline - from) + 1 : left;
        if (newline)
            break;
    }
    if (any)
        lines->number++;
    return any && !lines->error;
}

bool lines_would_wait(const struct lines *lines)
{
    struct pollfd in = {.fd = lines->fd, .events = POLLIN};

    return lines->block_at == lines->block_len && !lines->end && poll(&in, 1, 0) == 0;
}
