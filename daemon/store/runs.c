#include "store/runs.h"

#include <string.h>

#include "base/buf.h"
#include "store/postings.h"

int runs_load(struct runs *runs, struct store *store, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_RUN_ALL);
    int r;

    memset(runs, 0, sizeof *runs);
    while ((r = store_step(store, s, err)) == 1) {
        struct run *run = &runs->items[runs->n];

        *run = (struct run){sqlite3_column_int64(s, 0), sqlite3_column_int(s, 1),
                            (enum run_state)sqlite3_column_int(s, 2), sqlite3_column_int64(s, 3),
                            (day_t)sqlite3_column_int(s, 4), (day_t)sqlite3_column_int(s, 5)};
        runs->live += run->state == RUN_LIVE;
        runs->dead += run->state == RUN_DEAD;
        if (run->state == RUN_LIVE && run->upto > runs->upto)
            runs->upto = run->upto;
        if (++runs->n == RUNS_MAX) {
            sqlite3_reset(s);
            return err_fault(err, "the index of activities has too many parts: run musterd --rebuild");
        }
    }
    return r;
}

static void bind(sqlite3_stmt *s, int64_t run, int64_t subject, const struct place *p)
{
    sqlite3_bind_int64(s, 1, run);
    sqlite3_bind_int64(s, 2, subject);
    sqlite3_bind_int(s, 3, p->day);
    sqlite3_bind_int64(s, 4, p->tod);
    sqlite3_bind_int64(s, 5, p->seq);
}

struct chunk {
    struct place key;
    struct touch touches[CHUNK_TOUCHES];
    int n;
};

static int decode(struct chunk *chunk, sqlite3_stmt *s, struct err *err)
{
    struct postings postings;
    struct touch touch;
    int r;

    chunk->key = (struct place){(day_t)sqlite3_column_int(s, 0), sqlite3_column_int64(s, 1),
                                sqlite3_column_int64(s, 2)};
    chunk->n = 0;
    postings = postings_over(sqlite3_column_blob(s, 3), (size_t)sqlite3_column_bytes(s, 3));
    while ((r = postings_next(&touch, &postings)) == 1 && chunk->n < CHUNK_TOUCHES)
        chunk->touches[chunk->n++] = touch;
    return r == 0 ? 0
                  : err_fault(err, "the index of activities is damaged: run musterd --rebuild");
}

/* The chunk that SQL_CHUNK_AT or SQL_CHUNK_AFTER finds from a place: 1 found, 0 none, -1. */
static int load(struct chunk *chunk, struct store *store, enum sql_id which, int64_t run,
                int64_t subject, const struct place *place, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, which);
    int r;

    bind(s, run, subject, place);
    r = store_step(store, s, err);
    if (r == 1 && decode(chunk, s, err) < 0)
        r = -1;
    sqlite3_reset(s);
    return r;
}

/* The chunks of a subject from a place on, newest first: begun, and gone on with. 1 found, 0 none, -1. */
static sqlite3_stmt *chunks_back(struct store *store, int64_t run, int64_t subject,
                                 const struct place *place)
{
    sqlite3_stmt *s = store_stmt(store, SQL_CHUNKS_BACK);

    bind(s, run, subject, place);
    return s;
}

static int next_back(struct chunk *chunk, struct store *store, sqlite3_stmt *s, struct err *err)
{
    int r = store_step(store, s, err);

    return r == 1 && decode(chunk, s, err) < 0 ? -1 : r;
}

int run_collect(struct touch **items, size_t *n, size_t *cap, struct store *store, int64_t run,
                int64_t subject, day_t first, day_t last, struct err *err)
{
    struct place from = {last, INT64_MAX, INT64_MAX};
    sqlite3_stmt *s = chunks_back(store, run, subject, &from);
    struct chunk chunk;
    int r;

    while ((r = next_back(&chunk, store, s, err)) == 1) {
        for (int i = 0; i < chunk.n; i++) {
            if (chunk.touches[i].place.day < first || chunk.touches[i].place.day > last)
                continue;
            ARRAY_GROW(*items, *n, *cap);
            (*items)[(*n)++] = chunk.touches[i];
        }
        if (chunk.key.day < first)
            break;
    }
    sqlite3_reset(s);
    return r < 0 ? -1 : 0;
}

int run_before(struct touch *out, int most, struct store *store, int64_t run, int64_t subject,
               const struct place *from, struct err *err)
{
    struct place at = *from;
    struct chunk chunk;
    sqlite3_stmt *s;
    int n = 0, r = 1;

    at.seq--;
    s = chunks_back(store, run, subject, &at);
    while (n < most && (r = next_back(&chunk, store, s, err)) == 1)
        for (int i = chunk.n - 1; i >= 0 && n < most; i--)
            if (place_compare(&chunk.touches[i].place, from) < 0)
                out[n++] = chunk.touches[i];
    sqlite3_reset(s);
    return r < 0 ? -1 : n;
}

static void take_after(struct touch **items, size_t *n, size_t *cap, const struct chunk *chunk,
                       const struct place *from)
{
    for (int i = 0; i < chunk->n; i++) {
        if (place_compare(&chunk->touches[i].place, from) <= 0)
            continue;
        ARRAY_GROW(*items, *n, *cap);
        (*items)[(*n)++] = chunk->touches[i];
    }
}

int run_after(struct touch **items, size_t *n, size_t *cap, struct store *store, int64_t run,
              int64_t subject, const struct place *from, size_t least, struct err *err)
{
    size_t wanted = *n + least;
    struct chunk chunk;
    struct place at = *from;
    int r = load(&chunk, store, SQL_CHUNK_AT, run, subject, from, err);

    if (r == 1)
        take_after(items, n, cap, &chunk, from);
    while (r >= 0 && *n < wanted) {
        r = load(&chunk, store, SQL_CHUNK_AFTER, run, subject, &at, err);
        if (r != 1)
            break;
        take_after(items, n, cap, &chunk, from);
        at = chunk.key;
    }
    return r < 0 ? -1 : 0;
}

static int write_chunk(struct store *store, enum sql_id which, int64_t run, int64_t subject,
                       const struct place *key, const struct touch *touches, size_t n,
                       struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, which);
    _cleanup_buf_ struct buf bytes = {0};
    struct place previous = {0, 0, 0};

    for (size_t i = 0; i < n; i++)
        postings_add(&bytes, &touches[i], &previous);
    bind(s, run, subject, key);
    sqlite3_bind_blob(s, 6, bytes.data, (int)bytes.len, SQLITE_STATIC);
    return store_run(store, s, err);
}

int run_out(struct store *store, int64_t run, int64_t subject, const struct touch *touch,
            int64_t by, struct err *err)
{
    struct chunk chunk;
    int r = load(&chunk, store, SQL_CHUNK_AT, run, subject, &touch->place, err);

    if (r != 1)
        return r;
    for (int i = 0; i < chunk.n; i++) {
        if (place_compare(&chunk.touches[i].place, &touch->place) != 0)
            continue;
        chunk.touches[i].out_by = by;
        return write_chunk(store, SQL_CHUNK_SET, run, subject, &chunk.key, chunk.touches,
                           (size_t)chunk.n, err);
    }
    return 0;
}

int run_write(struct store *store, int64_t run, int64_t subject, const struct touch *touches,
              size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i += CHUNK_TOUCHES) {
        size_t some = n - i < CHUNK_TOUCHES ? n - i : CHUNK_TOUCHES;

        if (write_chunk(store, SQL_CHUNK_ADD, run, subject, &touches[i].place, touches + i, some,
                        err) < 0)
            return -1;
    }
    return 0;
}
