#include "prepare.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

enum { CHUNK_ROWS = 256, CHUNKS = 4 };

struct chunk {
    struct prepared items[CHUNK_ROWS];
    size_t n;
    struct err err;
    bool failed;
};

struct preparer {
    struct stream *stream;
    const struct kinds *kinds;
    int64_t seq;
    uint8_t chain[CHAIN_SIZE];
    struct salts salts;
    struct arena arena;
    struct streamed next;
    pthread_t thread;
    sem_t empty, filled;
    atomic_bool stopping;
    struct chunk chunks[CHUNKS]; /* a ring; one belongs to who is writing or reading it */
    size_t reading, at;
    bool holds;                  /* a chunk is being read */
};

static struct touch touch_of(const struct event *e, int64_t seq)
{
    return (struct touch){
        .place = {e->day, e->tod_ns, seq},
        .type = e->type,
        .kinds = e->type == EV_MEETING    ? e->values[F_KINDS]->kinds
                 : e->type == EV_TRAINING ? KIND_BIT(KIND_TRAINING)
                 : e->type == EV_CONTACT  ? KIND_BIT(KIND_CONTACT)
                                          : 0,
        .hours = e->type == EV_TRAINING ? (int32_t)event_int(e, F_HOURS, 0) : 0,
    };
}

static int prepare(struct prepared *out, struct preparer *p, struct err *err)
{
    struct row *row = &out->row;
    struct event event;
    struct seal seal;

    arena_reset(&p->arena);
    if (event_read(&event, &p->arena, p->next.json.data, p->next.json.len, EVENT_SUBMITTED, p->kinds, err) != 0)
        return -1;
    buf_clear(&out->body);
    buf_clear(&out->personal);
    event_write(&out->body, &out->personal, &event);
    *row = (struct row){
        .seq = ++p->seq,
        .recorded_at = p->next.recorded_us,
        .recorded_by = "bench",
        .type = event.type,
        .body = {buf_str(&out->body), out->body.len},
        .personal = {buf_str(&out->personal), out->personal.len},
    };
    memcpy(row->id, event.id, UUID_SIZE);
    chain_seal(&seal, row->personal, &p->salts);
    memcpy(row->salt, seal.salt, SALT_SIZE);
    memcpy(row->seal, seal.seal, SEAL_SIZE);
    chain_link(row, p->chain);
    memcpy(p->chain, row->chain, CHAIN_SIZE);
    out->touch = touch_of(&event, row->seq);
    out->about = p->next.about;
    out->full = event.type == EV_MEMBER_ADMITTED && strcmp(event_text(&event, F_STAGE), "full") == 0;
    return 0;
}

/* The last chunk is not full. */
static void *work(void *data)
{
    struct preparer *p = data;
    size_t writing = 0;
    bool more = true;

    while (more) {
        struct chunk *chunk = &p->chunks[writing++ % CHUNKS];

        sem_wait(&p->empty);
        for (chunk->n = 0; chunk->n < CHUNK_ROWS && !chunk->failed && more;) {
            more = !p->stopping && stream_next(&p->next, p->stream);
            if (more && prepare(&chunk->items[chunk->n], p, &chunk->err) < 0)
                chunk->failed = true;
            else if (more)
                chunk->n++;
        }
        more = more && !chunk->failed;
        sem_post(&p->filled);
    }
    return NULL;
}

struct preparer *preparer_new(struct stream *stream, const struct kinds *kinds, int64_t seq,
                              const uint8_t chain[CHAIN_SIZE])
{
    struct preparer *p = mem_zero(sizeof *p);

    p->stream = stream;
    p->kinds = kinds;
    p->seq = seq;
    memcpy(p->chain, chain, CHAIN_SIZE);
    sem_init(&p->empty, 0, CHUNKS);
    sem_init(&p->filled, 0, 0);
    if (pthread_create(&p->thread, NULL, work, p) != 0)
        abort();
    return p;
}

struct prepared *preparer_next(struct preparer *p, struct err *err)
{
    struct chunk *chunk = &p->chunks[p->reading % CHUNKS];

    if (p->holds && p->at == CHUNK_ROWS) {
        sem_post(&p->empty);
        chunk = &p->chunks[++p->reading % CHUNKS];
        p->holds = false;
    }
    if (!p->holds) {
        sem_wait(&p->filled);
        p->holds = true;
        p->at = 0;
    }
    if (p->at < chunk->n)
        return &chunk->items[p->at++];
    if (chunk->failed)
        *err = chunk->err;
    return NULL;
}

void preparer_free(struct preparer *p)
{
    if (!p)
        return;
    p->stopping = true;
    sem_post(&p->empty);
    pthread_join(p->thread, NULL);
    for (size_t i = 0; i < CHUNKS; i++)
        for (size_t k = 0; k < CHUNK_ROWS; k++) {
            buf_deinit(&p->chunks[i].items[k].body);
            buf_deinit(&p->chunks[i].items[k].personal);
        }
    sem_destroy(&p->empty);
    sem_destroy(&p->filled);
    buf_deinit(&p->next.json);
    arena_deinit(&p->arena);
    free(p);
}
