/* PostgreSQL: a prepared INSERT of one or many rows, each a transaction (protocol 3, extended query). */
#include "peer.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "tell.h"

/* A unique id, and the index that a branch's newest events are read by: what musterd serves as well. */
static const char schema[] =
    "CREATE TABLE event (seq bigserial PRIMARY KEY, id uuid NOT NULL UNIQUE, branch text NOT NULL,"
    " at timestamptz NOT NULL, body text NOT NULL); CREATE INDEX ON event (branch, at)";

static void put_u32(struct buf *out, uint32_t number)
{
    number = htonl(number);
    buf_add(out, &number, sizeof number);
}

static void put_u16(struct buf *out, uint16_t number)
{
    number = htons(number);
    buf_add(out, &number, sizeof number);
}

static size_t begin(struct buf *out, char type)
{
    buf_add_char(out, type);
    put_u32(out, 0);
    return out->len - 4;
}

static void end(struct buf *out, size_t at)
{
    uint32_t len = htonl((uint32_t)(out->len - at));

    memcpy(out->data + at, &len, sizeof len);
}

static void put_name(struct buf *out, const char *name)
{
    buf_add(out, name, strlen(name) + 1);
}

/* Sends, and reads until the server is ready for more. */
static void talk(int fd, struct buf *out)
{
    char data[65536];
    size_t n = 0;

    peer_send(fd, out->data, out->len);
    buf_clear(out);
    for (bool done = false, wrong; !done;) {
        ssize_t got = recv(fd, data + n, sizeof data - n, 0);
        size_t at = 0, whole;

        if (got <= 0)
            die("the server went away");
        n += (size_t)got;
        while (!done && (whole = peer_postgres.take(data + at, n - at, &done, &wrong)) > 0) {
            if (wrong)
                die("the server refused: %.*s", (int)(whole - 5), data + at + 5);
            at += whole;
        }
        memmove(data, data + at, n - at);
        n -= at;
    }
}

static void put_sync(struct buf *out)
{
    buf_add(out, "S\0\0\0\4", 5);
}

static void prepare(struct buf *out, int rows)
{
    size_t at = begin(out, 'P');

    put_name(out, "add");
    buf_add_str(out, "INSERT INTO event (id, branch, at, body) VALUES ");
    for (int i = 0; i < rows; i++)
        buf_addf(out, "%s($%d, $%d, $%d, $%d)", i ? ", " : "", 4 * i + 1, 4 * i + 2, 4 * i + 3, 4 * i + 4);
    buf_add_char(out, '\0');
    put_u16(out, 0);
    end(out, at);
    put_sync(out);
}

static void greet(int fd, const char *user, int rows, bool first)
{
    _cleanup_buf_ struct buf out = {0};
    size_t at;

    put_u32(&out, 0);
    put_u32(&out, 196608); /* version 3.0 */
    put_name(&out, "user");
    put_name(&out, user);
    put_name(&out, "database");
    put_name(&out, "postgres");
    buf_add_char(&out, '\0');
    end(&out, 0);
    talk(fd, &out);
    if (first) {
        at = begin(&out, 'Q');
        put_name(&out, "DROP TABLE IF EXISTS event");
        end(&out, at);
        talk(fd, &out);
        at = begin(&out, 'Q');
        put_name(&out, schema);
        end(&out, at);
        talk(fd, &out);
    }
    prepare(&out, rows);
    talk(fd, &out);
}

static void put_value(struct buf *out, const char *data, size_t len)
{
    put_u32(out, (uint32_t)len);
    buf_add(out, data, len);
}

static void add(struct buf *out, const char *const *ids, const char *const *branches, const char *const *ats,
                const struct buf *bodies, int rows)
{
    size_t at = begin(out, 'B');

    put_name(out, "");
    put_name(out, "add");
    put_u16(out, 0);
    put_u16(out, (uint16_t)(4 * rows));
    for (int i = 0; i < rows; i++) {
        put_value(out, ids[i], strlen(ids[i]));
        put_value(out, branches[i], strlen(branches[i]));
        put_value(out, ats[i], strlen(ats[i]));
        put_value(out, bodies[i].data, bodies[i].len);
    }
    put_u16(out, 0);
    end(out, at);
    at = begin(out, 'E');
    put_name(out, "");
    put_u32(out, 0);
    end(out, at);
    put_sync(out);
}

static size_t take(const char *data, size_t len, bool *done_out, bool *wrong_out)
{
    uint32_t size;

    *wrong_out = false;
    if (len < 5)
        return 0;
    memcpy(&size, data + 1, sizeof size);
    size = ntohl(size);
    if (len < 1 + (size_t)size)
        return 0;
    *done_out = data[0] == 'Z';
    *wrong_out = data[0] == 'E';
    return 1 + (size_t)size;
}

const struct peer peer_postgres = {greet, add, take};
