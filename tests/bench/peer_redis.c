/* Redis: XADD to one stream (RESP). */
#include "peer.h"

#include <stdlib.h>

static void greet(int fd, const char *user, int rows, bool first)
{
    (void)fd;
    (void)user;
    (void)rows;
    (void)first;
}

static void put_bulk(struct buf *out, const char *data, size_t len)
{
    buf_addf(out, "$%zu\r\n", len);
    buf_add(out, data, len);
    buf_add_str(out, "\r\n");
}

static void add(struct buf *out, const char *const *ids, const char *const *branches, const char *const *ats,
                const struct buf *bodies, int rows)
{
    (void)branches;
    (void)ats;
    for (int i = 0; i < rows; i++) {
        buf_add_str(out, "*7\r\n$4\r\nXADD\r\n$6\r\nevents\r\n$1\r\n*\r\n$2\r\nid\r\n");
        put_bulk(out, ids[i], strlen(ids[i]));
        buf_add_str(out, "$4\r\nbody\r\n");
        put_bulk(out, bodies[i].data, bodies[i].len);
    }
}

/* "$<length>\r\n<id>\r\n", or "-<why>\r\n". */
static size_t take(const char *data, size_t len, bool *done_out, bool *wrong_out)
{
    const char *line = memchr(data, '\n', len);
    size_t head, whole;

    if (!line)
        return 0;
    head = (size_t)(line - data) + 1;
    *done_out = true;
    *wrong_out = data[0] != '$';
    if (*wrong_out)
        return head;
    whole = head + (size_t)atoi(data + 1) + 2;
    return whole <= len ? whole : 0;
}

const struct peer peer_redis = {greet, add, take};
