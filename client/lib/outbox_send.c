/* Delivery: some events at a time through a stream, and what became of them noted in one transaction. */
#include <string.h>

#include "base/clock.h"
#include "outbox.h"
#include "session.h"

/* Sent between two notes. A crash between has at most as many answered `duplicate` the next time. */
enum { CHUNK_EVENTS = 200 };

struct parcel {
    int64_t place;
    char *id, *event;
    bool answered;
    enum muster_verdict_status status;
    int64_t seq;
    struct trouble refusal; /* once refused */
};

struct delivery {
    struct muster_outbox *outbox;
    struct muster *session;
    muster_verdict_fn *verdict;
    void *context;
    struct muster_outbox_count *count;
    struct parcel parcels[CHUNK_EVENTS];
    size_t size;     /* of the chunk */
    size_t answered;
    int64_t after;   /* the place of the last one sent */
};

static void clear_chunk(struct delivery *d)
{
    for (size_t i = 0; i < d->size; i++) {
        free(d->parcels[i].id);
        free(d->parcels[i].event);
        if (d->parcels[i].answered)
            trouble_deinit(&d->parcels[i].refusal);
    }
    d->size = d->answered = 0;
}

static int read_chunk(struct delivery *d)
{
    sqlite3_stmt *next = outbox_sql(d->outbox, OUTBOX_NEXT);
    int code, result;

    sqlite3_bind_int64(next, 1, d->after);
    outbox_bind_text(next, 2, d->session->ledger);
    sqlite3_bind_int(next, 3, CHUNK_EVENTS);
    while ((code = sqlite3_step(next)) == SQLITE_ROW)
        d->parcels[d->size++] = (struct parcel){.place = sqlite3_column_int64(next, 0),
                                                .id = mem_strdup(outbox_text(next, 1)),
                                                .event = mem_strdup(outbox_text(next, 2))};
    result = code == SQLITE_DONE ? MUSTER_OK : outbox_say(d->outbox);
    sqlite3_reset(next);
    return result;
}

/* Verdicts come in the order sent. */
static void take_verdict(void *context, const struct muster_verdict *verdict)
{
    struct delivery *d = context;
    struct parcel *parcel = &d->parcels[d->answered++];

    parcel->answered = true;
    parcel->status = verdict->status;
    parcel->seq = verdict->seq;
    trouble_init(&parcel->refusal);
    if (verdict->error)
        trouble_copy(&parcel->refusal, verdict->error);
}

static int send_chunk(struct delivery *d)
{
    struct muster_stream *stream;
    int result = muster_stream_open(&stream, d->session, 0, take_verdict, d);

    for (size_t i = 0; i < d->size && result == MUSTER_OK; i++)
        result = muster_stream_add(stream, d->parcels[i].event, strlen(d->parcels[i].event), (uint64_t)d->parcels[i].place);
    if (result == MUSTER_OK)
        result = muster_stream_finish(stream);
    muster_stream_free(stream);
    return result;
}

/* "Later", said of one event: it waits on. */
static bool is_put_off(const struct parcel *parcel)
{
    return parcel->status == MUSTER_EVENT_REFUSED && strcmp(parcel->refusal.view.code, "unavailable") == 0;
}

static int note_one(struct muster_outbox *outbox, const struct parcel *parcel, int64_t now_us)
{
    const struct muster_error *why = &parcel->refusal.view;
    sqlite3_stmt *stmt;

    if (is_put_off(parcel))
        return MUSTER_OK;
    if (parcel->status != MUSTER_EVENT_REFUSED) {
        stmt = outbox_sql(outbox, OUTBOX_DELETE);
        sqlite3_bind_int64(stmt, 1, parcel->place);
        return outbox_run(outbox, stmt);
    }
    stmt = outbox_sql(outbox, OUTBOX_REFUSE);
    sqlite3_bind_int64(stmt, 1, parcel->place);
    sqlite3_bind_int64(stmt, 2, now_us);
    outbox_bind_text(stmt, 3, why->code);
    outbox_bind_text(stmt, 4, why->message);
    outbox_bind_text(stmt, 5, why->field);
    outbox_bind_text(stmt, 6, why->hint);
    outbox_bind_text(stmt, 7, why->clash);
    return outbox_run(outbox, stmt);
}

static int note_chunk(struct delivery *d)
{
    struct clock clock;
    int result;

    if (d->answered == 0)
        return MUSTER_OK;
    clock_init(&clock, 0);
    result = outbox_begin(d->outbox);
    if (result != MUSTER_OK)
        return result;
    for (size_t i = 0; i < d->answered && result == MUSTER_OK; i++)
        result = note_one(d->outbox, &d->parcels[i], clock_now_us(&clock));
    return outbox_end(d->outbox, result);
}

static void tell_chunk(struct delivery *d)
{
    for (size_t i = 0; i < d->answered; i++) {
        const struct parcel *parcel = &d->parcels[i];
        bool refused = parcel->status == MUSTER_EVENT_REFUSED;
        struct muster_verdict verdict = {.tag = (uint64_t)parcel->place, .status = parcel->status, .id = parcel->id,
                                         .seq = parcel->seq, .error = refused ? &parcel->refusal.view : NULL};

        if (is_put_off(parcel))
            continue;
        if (refused)
            d->count->turned_down++;
        else
            d->count->delivered++;
        if (d->verdict)
            d->verdict(d->context, &verdict);
    }
}

/* What had its verdict before the connection failed is noted all the same. */
static int deliver(struct delivery *d)
{
    int sent, noted = MUSTER_OK;

    do {
        clear_chunk(d);
        sent = read_chunk(d);
        if (sent == MUSTER_OK && d->size > 0) {
            d->after = d->parcels[d->size - 1].place;
            sent = send_chunk(d);
            noted = note_chunk(d);
        }
        if (noted == MUSTER_OK)
            tell_chunk(d);
    } while (sent == MUSTER_OK && noted == MUSTER_OK && d->size > 0);
    clear_chunk(d);
    return noted != MUSTER_OK ? noted : sent;
}

/* The session must know with whom it speaks. A key that may not ask for the status does where the ledger is pinned. */
static int meet(struct muster *session)
{
    char *reply = NULL;
    int result = session->met ? MUSTER_OK : muster_request(session, "status", NULL, &reply);

    muster_free(reply);
    if (result == MUSTER_REFUSED && *session->ledger && strcmp(session->trouble.view.code, "not_allowed") == 0)
        result = MUSTER_OK;
    return result;
}

static int adopt(struct muster_outbox *outbox, const struct muster *session)
{
    sqlite3_stmt *stmt = outbox_sql(outbox, OUTBOX_ADOPT);

    if (!session->met || session->rehearsal)
        return MUSTER_OK;
    outbox_bind_text(stmt, 1, session->ledger);
    outbox_bind_text(stmt, 2, session->endpoint);
    return outbox_run(outbox, stmt);
}

int muster_outbox_send(struct muster_outbox *outbox, struct muster *session, int wait_ms, muster_verdict_fn *verdict,
                       void *context, struct muster_outbox_count *count_out)
{
    _cleanup_free_ struct delivery *d = mem_zero(sizeof *d);
    struct muster_outbox_count left, done = {0};
    _cleanup_fd_ int lock = -1;
    int result;

    *count_out = done;
    trouble_clear(&outbox->trouble);
    trouble_clear(&session->trouble);
    if (!outbox->db || wait_ms < 0)
        return trouble_say(&outbox->trouble, MUSTER_BAD_CALL, "bad_call", "delivering needs an open outbox");
    *d = (struct delivery){.outbox = outbox, .session = session, .verdict = verdict, .context = context, .count = &done};
    result = meet(session);
    if (result == MUSTER_OK)
        result = outbox_lock(&lock, outbox, wait_ms);
    if (result == MUSTER_OK)
        result = adopt(outbox, session);
    if (result == MUSTER_OK)
        result = deliver(d);
    if (result == MUSTER_OK || !*outbox->trouble.view.code) {
        int counted = muster_outbox_count(outbox, session, &left);

        result = result == MUSTER_OK ? counted : result;
        done.waiting = left.waiting;
        done.elsewhere = left.elsewhere;
        done.refused = left.refused;
    }
    *count_out = done;
    return result;
}
