/* A stream of events: batches in a ring, answered in any order, delivered in the order added.
 *
 * Order is kept also when something must be sent again: after a broken connection everything
 * unanswered is, first batch first; after `unavailable` the batch that got it and all behind it,
 * because an event behind may have been refused for want of one in it. What had been recorded then
 * comes back as a duplicate, which is a success.
 */
#include <string.h>

#include "base/clock.h"
#include "batch.h"
#include "session.h"

enum {
    WINDOW = 4,         /* batches under way: enough to keep the daemon busy while answers travel */
    AGAIN_PAUSE_MS = 200, /* after `unavailable`: a full disk is not freed in less */
};

struct muster_stream {
    struct muster *session;
    struct link *link; /* its own, so that its answers and those of questions do not mix */
    muster_verdict_fn *verdict;
    void *context;
    size_t batch_events;
    struct arena arena;
    struct batch ring[WINDOW];
    size_t head, under_way; /* the batch behind them is the one being filled */
    struct batch filling;
    int64_t progress_ms; /* when something was answered last, or waiting began */
    int64_t again_ms;    /* when to send again after `unavailable`; 0: not asked */
    bool unavailable;    /* that was the last answer */
    uint64_t next_request_id;
    int failed;          /* the result that ended the stream */
};

int muster_stream_open(struct muster_stream **stream_out, struct muster *session, size_t batch_events,
                       muster_verdict_fn *verdict, void *context)
{
    struct muster_stream *stream;

    *stream_out = NULL;
    trouble_clear(&session->trouble);
    if (!verdict || batch_events > 1000 || !session->context)
        return trouble_say(&session->trouble, MUSTER_BAD_CALL, "bad_call",
                           "a stream needs a callback, and batches of at most 1,000");
    stream = mem_zero(sizeof *stream);
    stream->session = session;
    stream->verdict = verdict;
    stream->context = context;
    stream->batch_events = batch_events ? batch_events : 1000;
    stream->next_request_id = 1;
    if (link_new(&stream->link, session->context, session->endpoint, &session->curve) < 0) {
        int result = session_say_system(session, session->endpoint);

        muster_stream_free(stream);
        return result;
    }
    *stream_out = stream;
    return MUSTER_OK;
}

void muster_stream_free(struct muster_stream *stream)
{
    if (!stream)
        return;
    link_free(stream->link);
    for (size_t i = 0; i < WINDOW; i++)
        batch_deinit(&stream->ring[i]);
    batch_deinit(&stream->filling);
    arena_deinit(&stream->arena);
    free(stream);
}

static struct batch *batch_at(struct muster_stream *stream, size_t place)
{
    return &stream->ring[(stream->head + place) % WINDOW];
}

static int send_batch(struct muster_stream *stream, struct batch *batch)
{
    zmq_msg_t body;

    /* A fresh number each time: an answer to an earlier attempt is not mistaken for this one's. */
    batch->request_id = stream->next_request_id++;
    if (batch_body(batch, &body, stream->session->language, stream->session->ledger) < 0 ||
        link_send(stream->link, batch->request_id, "submit", &body) < 0)
        return session_say_system(stream->session, "cannot send");
    return MUSTER_OK;
}

static int send_unanswered(struct muster_stream *stream)
{
    int result = MUSTER_OK;

    stream->again_ms = 0;
    for (size_t i = 0; i < stream->under_way && result == MUSTER_OK; i++)
        if (!batch_done(batch_at(stream, i)))
            result = send_batch(stream, batch_at(stream, i));
    return result;
}

static void deliver_done(struct muster_stream *stream)
{
    while (stream->under_way > 0 && batch_done(batch_at(stream, 0))) {
        struct batch *batch = batch_at(stream, 0);

        batch_deliver(batch, stream->session->language, stream->verdict, stream->context);
        batch_clear(batch);
        stream->head = (stream->head + 1) % WINDOW;
        stream->under_way--;
    }
}

/* The store could not write: this batch and all behind it go again, after a pause. */
static void go_back(struct muster_stream *stream, size_t place)
{
    for (size_t i = place; i < stream->under_way; i++) {
        struct batch *batch = batch_at(stream, i);

        json_decref(batch->results);
        batch->results = NULL;
        batch->request_id = 0;
    }
    stream->again_ms = clock_monotonic_ms() + AGAIN_PAUSE_MS;
    stream->unavailable = true;
}

static int take_answer(struct muster_stream *stream, struct answer *answer)
{
    _cleanup_json_ json_t *body = NULL;
    size_t place = 0;
    int result;

    while (place < stream->under_way && batch_at(stream, place)->request_id != answer->request_id)
        place++;
    if (place == stream->under_way)
        return MUSTER_OK; /* to an attempt that was given up */
    result = session_read_answer(stream->session, answer, &body);
    if (result == MUSTER_REFUSED && strcmp(stream->session->trouble.view.code, "unavailable") == 0) {
        go_back(stream, place);
        return MUSTER_OK;
    }
    if (result != MUSTER_OK)
        return result;
    if (!batch_answer(batch_at(stream, place), body))
        return trouble_say(&stream->session->trouble, MUSTER_BAD_ANSWER, "bad_answer",
                           "%s answered with verdicts that do not fit what was sent",
                           stream->session->endpoint);
    stream->progress_ms = clock_monotonic_ms();
    stream->unavailable = false;
    deliver_done(stream);
    return MUSTER_OK;
}

static int late(struct muster_stream *stream)
{
    /* `unavailable` to the last: that is the reason, and it is told already. */
    if (stream->unavailable)
        return MUSTER_REFUSED;
    return session_say_late(stream->session, stream->link);
}

/* Waits for one thing to happen. */
static int step(struct muster_stream *stream)
{
    _cleanup_answer_ struct answer answer;
    /* A store that cannot write is not waited for longer than a daemon that is away. */
    struct patience patience = {stream->progress_ms, session_reach_ms(stream->session),
                                stream->unavailable ? stream->session->reach_ms : stream->session->answer_ms,
                                stream->again_ms};

    answer_init(&answer);
    switch (link_wait(stream->link, &answer, &patience)) {
    case LINK_ANSWER:
        return take_answer(stream, &answer);
    case LINK_LOST:
        return send_unanswered(stream);
    case LINK_TIME:
        if (stream->again_ms && clock_monotonic_ms() < patience.since_ms + patience.answer_ms)
            return send_unanswered(stream);
        return late(stream);
    case LINK_FAULT:
        break;
    }
    return session_say_system(stream->session, stream->session->endpoint);
}

/* Waits until at most `most` batches are under way. */
static int settle(struct muster_stream *stream, size_t most)
{
    stream->progress_ms = clock_monotonic_ms();
    while (stream->under_way > most) {
        stream->failed = step(stream);
        if (stream->failed)
            return stream->failed;
    }
    return MUSTER_OK;
}

static int ship(struct muster_stream *stream)
{
    struct batch *place;
    struct batch swap;
    int result = settle(stream, WINDOW - 1);

    if (result != MUSTER_OK)
        return result;
    place = batch_at(stream, stream->under_way);
    swap = *place;
    *place = stream->filling;
    stream->filling = swap;
    stream->under_way++;
    /* While the store cannot write, this one waits its turn behind those that go again. */
    if (!batch_done(place) && !stream->again_ms)
        stream->failed = send_batch(stream, place);
    deliver_done(stream);
    return stream->failed;
}

int muster_stream_add(struct muster_stream *stream, const char *event_json, size_t len_bytes, uint64_t tag)
{
    if (stream->failed)
        return stream->failed;
    trouble_clear(&stream->session->trouble);
    if (batch_full(&stream->filling, len_bytes, stream->batch_events) && ship(stream) != MUSTER_OK)
        return stream->failed;
    batch_add(&stream->filling, &stream->arena, event_json, len_bytes, tag);
    return MUSTER_OK;
}

int muster_stream_finish(struct muster_stream *stream)
{
    if (stream->failed)
        return stream->failed;
    trouble_clear(&stream->session->trouble);
    if (stream->filling.count > 0 && ship(stream) != MUSTER_OK)
        return stream->failed;
    return settle(stream, 0);
}

int muster_submit(struct muster *session, const char *event_json, size_t len_bytes,
                  muster_verdict_fn *verdict, void *context)
{
    struct muster_stream *stream;
    int result = muster_stream_open(&stream, session, 1, verdict, context);

    if (result == MUSTER_OK)
        result = muster_stream_add(stream, event_json, len_bytes, 0);
    if (result == MUSTER_OK)
        result = muster_stream_finish(stream);
    muster_stream_free(stream);
    return result;
}
