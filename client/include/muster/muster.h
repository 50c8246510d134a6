/* libmuster: speaks to musterd, the activity ledger.
 *
 * What it is for: sending events and asking questions, from any C or C++ program. Events, requests
 * and replies are JSON text, as docs/protocol.md and docs/catalogue.md describe them.
 *
 * What it promises
 *   - An event is reported `recorded` or `duplicate` only when the daemon has said so, which it
 *     does when the event is on disk.
 *   - What got no answer because the connection broke is sent again by itself. That is safe: an
 *     event keeps the id that it had before the first attempt, and the ledger takes an id once.
 *   - The first ledger that answers is remembered. Every later request names it, so that another
 *     ledger at the same address does nothing and is reported as MUSTER_OTHER_LEDGER.
 *
 * What it leaves alone: no globals, no signal handlers, no output, no exit, no environment
 * variables, no files but an outbox, where the caller wants one. Out of memory ends the process.
 *
 * Threads: a session, and all that was opened on it, belongs to one thread at a time; a program
 * that hands one over between threads must do so with a full barrier (a mutex, a queue).
 * Different sessions are independent. None may be used in a child after fork(). Callbacks run
 * in the thread that called, before that call returns.
 *
 * Strings are UTF-8 and terminated. Times are in milliseconds, on the monotonic clock.
 */
#ifndef MUSTER_MUSTER_H
#define MUSTER_MUSTER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MUSTER_API __attribute__((visibility("default")))
#define MUSTER_CHECKED __attribute__((visibility("default"), warn_unused_result))
#else
#define MUSTER_API
#define MUSTER_CHECKED
#endif

/* What a call came to. Anything but MUSTER_OK is told in full by muster_error(). */
enum muster_result {
    MUSTER_OK = 0,
    MUSTER_REFUSED = 1,      /* the daemon answered with an error; muster_error()->code says which */
    MUSTER_AWAY = 2,         /* no daemon could be reached in time; "no_permission": this user may not use its
                                socket, and waiting will not help */
    MUSTER_SILENT = 3,       /* it was reached, and did not answer in time */
    MUSTER_OTHER_LEDGER = 4, /* another ledger than the one pinned */
    MUSTER_BAD_ANSWER = 5,   /* an answer that is none in this protocol */
    MUSTER_BAD_CALL = 6,     /* an argument that cannot be; nothing was sent */
    MUSTER_SYSTEM = 7,       /* no socket, no descriptors; of an outbox: no file, no room on the disk */
    MUSTER_FULL = 8,         /* the outbox has reached its bounds; nothing was kept */
    MUSTER_BUSY = 9          /* another process delivers the outbox */
};

/* An error in words. Members that do not apply are "". */
struct muster_error {
    const char *code;    /* stable, lower_snake_case: those of docs/protocol.md; else "away", "no_permission",
                            "silent", "other_ledger", "bad_answer", "bad_call", "system", "outbox_full", "outbox_busy",
                            "outbox_damaged" */
    const char *message; /* a sentence for people, in the session's language if the daemon's */
    const char *field;   /* the field that is meant */
    const char *hint;    /* the nearest known name */
    const char *clash;   /* the id of the event that this one contradicts */
};

/* ---- session ------------------------------------------------------------------------------ */

struct muster;

enum { MUSTER_TIMEOUT_MS = 5000 };

/* Opens a session with the daemon at `server`: a ZeroMQ endpoint ("ipc:///run/muster/musterd.sock",
 * "tcp://host:5500") or the bare path of an ipc socket. Connecting happens in the background, and
 * anew whenever the connection breaks: opening succeeds without a daemon. `timeout_ms` is the longest wait
 * for an answer; 0 means MUSTER_TIMEOUT_MS. On failure *session_out is NULL where there was not even a session, else a session
 * good for nothing but muster_error() and muster_close(). */
MUSTER_CHECKED int muster_open(struct muster **session_out, const char *server, int timeout_ms);

/* The keys of a connection over tcp, each 40 characters of Z85: the server's public one, and one's own pair. */
struct muster_keys {
    const char *server_public;
    const char *own_public;
    const char *own_secret;
};

/* The same over an encrypted connection (CURVE), which musterd asks of everybody who comes over tcp. Whoever has
 * a key that is not allowed gets no answer: MUSTER_AWAY. MUSTER_BAD_CALL for what is no key. */
MUSTER_CHECKED int muster_open_with_keys(struct muster **session_out, const char *server,
                                         const struct muster_keys *keys, int timeout_ms);

enum { MUSTER_KEY_SIZE = 41 };

/* A fresh key pair, terminated. The public part goes to an admin (key.allowed), the secret one to nobody.
 * MUSTER_SYSTEM where libzmq has no CURVE. */
MUSTER_CHECKED int muster_key_make(char public_out[MUSTER_KEY_SIZE], char secret_out[MUSTER_KEY_SIZE]);

/* Takes NULL. What was opened on the session must be freed before. Never waits. */
MUSTER_API void muster_close(struct muster *session);

/* How long to go on without a connection (MUSTER_AWAY after that), and how long an answer may take over a
 * connection that stands (MUSTER_SILENT). Both are as given to muster_open at first, and must be above 0. */
MUSTER_CHECKED int muster_set_timeouts(struct muster *session, int reach_ms, int answer_ms);

/* The language of sentences in replies: "en" (as at first) or "zh". */
MUSTER_CHECKED int muster_set_language(struct muster *session, const char *language);

/* Pins the ledger with that UUID (lower case), in place of the first that answers. */
MUSTER_CHECKED int muster_expect_ledger(struct muster *session, const char *ledger_uuid);

/* The UUID of the pinned ledger, or "" before the first answer. Valid until the session is closed. */
MUSTER_API const char *muster_ledger(const struct muster *session);

/* 1 if the last answer came from a rehearsal ledger, else 0. */
MUSTER_API int muster_rehearsal(const struct muster *session);

/* The last error of the session. Never NULL; valid until the next call on the session. */
MUSTER_API const struct muster_error *muster_error(const struct muster *session);

/* ---- questions ---------------------------------------------------------------------------- */

/* Sends one request and waits for its reply. `body` is a JSON object, or NULL for {}; the members
 * `lang` and `ledger` are added. On MUSTER_OK *reply_out is the reply's JSON object, to be freed with
 * muster_free(); otherwise NULL. Any verb may be asked, also one newer than this library. */
MUSTER_CHECKED int muster_request(struct muster *session, const char *verb, const char *body,
                                  char **reply_out);

/* Frees text that the library gave. Takes NULL. */
MUSTER_API void muster_free(char *text);

/* ---- submitting --------------------------------------------------------------------------- */

enum { MUSTER_ID_SIZE = 37 };

/* A fresh event id: a UUID of version 7, in time order, terminated. Choose it before the first
 * attempt, and keep it with the event: sending it again under this id is always safe. */
MUSTER_API const char *muster_event_id(char id_out[MUSTER_ID_SIZE]);

enum muster_verdict_status {
    MUSTER_RECORDED = 0,       /* on disk now */
    MUSTER_DUPLICATE = 1,      /* was on disk before; a success */
    MUSTER_EVENT_REFUSED = 2   /* not recorded; `error` says why */
};

struct muster_verdict {
    uint64_t tag;                  /* as given with the event */
    enum muster_verdict_status status;
    const char *id;                /* NULL where the event had none that could be read */
    int64_t seq;                   /* 0 where refused */
    int out_of_effect;             /* 1: a duplicate of what was voided or replaced since; else 0 */
    const struct muster_error *error; /* NULL unless refused */
};

/* Called for every event, in the order in which they were added. What the verdict points to is
 * gone when it returns. It must not call into the stream or its session. */
typedef void muster_verdict_fn(void *context, const struct muster_verdict *verdict);

struct muster_stream;

/* Opens a stream of events on a connection of its own. Events are sent in batches, several of them
 * under way at once, and always in the order added, also when some must be sent again. At most
 * `batch_events` (0: 1,000, which is the most) are in a batch. Memory is bounded: about 5 MiB for
 * each of 4 batches under way. */
MUSTER_CHECKED int muster_stream_open(struct muster_stream **stream_out, struct muster *session,
                                      size_t batch_events, muster_verdict_fn *verdict, void *context);

/* Adds one event: the text of a JSON object, without a terminator. What is not JSON, or over 4 MiB,
 * gets its verdict (invalid_value, too_large) in its turn without being sent, and is not an error here. May
 * wait for answers to earlier batches, and call `verdict` for them. After an error the stream is at its
 * end: events without a verdict are either recorded or not, and may be sent again. */
MUSTER_CHECKED int muster_stream_add(struct muster_stream *stream, const char *event_json,
                                     size_t len_bytes, uint64_t tag);

/* Sends what is left and waits until every event has its verdict. The stream may then go on. */
MUSTER_CHECKED int muster_stream_finish(struct muster_stream *stream);

/* Takes NULL. Does not wait, and gives no more verdicts. */
MUSTER_API void muster_stream_free(struct muster_stream *stream);

/* One event, sent and answered: a stream of one. Its tag is 0. */
MUSTER_CHECKED int muster_submit(struct muster *session, const char *event_json, size_t len_bytes,
                                 muster_verdict_fn *verdict, void *context);

/* ---- outbox ------------------------------------------------------------------------------- */

/* Events that could not be submitted, kept in a file until the daemon can be reached.
 *
 * What it promises
 *   - An event that muster_outbox_keep() took is on disk when that returns, and stays until the daemon has answered
 *     `recorded` or `duplicate` for it, or muster_outbox_drop() took it out. What was kept survives a crash of any
 *     process at any moment, and a failing power supply.
 *   - Delivered in the order kept, under the ids kept: an answer that was lost, or a crash just after it, leads to a
 *     `duplicate`, and the ledger has the event once.
 *   - An event is for one ledger. It goes to the ledger with that UUID and to no other, a rehearsal or not. One that
 *     was kept before any ledger was known goes to the first ledger at the server that it was meant for which is not a
 *     rehearsal, and belongs to that ledger from then on.
 *   - Any number of processes may use one file at once. One at a time delivers.
 *   - What is delivered is erased from the file, not only forgotten.
 *
 * The file and one beside it (".lock" after its name) are readable by their owner alone. A handle belongs to one thread at a time;
 * as many as one likes may be open on one file. Callbacks run in the thread that called, before that call
 * returns, and must not call into the outbox or the session. */
struct muster_outbox;

/* Bounds of an outbox. They hold for what is kept from now on; 0 stands for the default. */
struct muster_outbox_bounds {
    int64_t events;
    int64_t bytes; /* of the events' text */
};

/* More than people type while a daemon is away: whoever reaches them should look why nothing is delivered. The last is the
 * ledger's own bound of one event. */
enum { MUSTER_OUTBOX_EVENTS = 10000, MUSTER_OUTBOX_BYTES = 16 * 1024 * 1024, MUSTER_OUTBOX_EVENT_BYTES = 64 * 1024 };

/* Opens the outbox in the file `path`, and makes it if it is not there; its folder must be. `bounds` may be NULL. MUSTER_SYSTEM
 * if that cannot be, or if the file is another user's, is no outbox, is damaged, or was made by a newer library. On failure
 * *outbox_out is good for nothing but muster_outbox_error() and muster_outbox_close(). */
MUSTER_CHECKED int muster_outbox_open(struct muster_outbox **outbox_out, const char *path,
                                      const struct muster_outbox_bounds *bounds);

/* Takes NULL. */
MUSTER_API void muster_outbox_close(struct muster_outbox *outbox);

/* The last error of the outbox, as muster_error(). */
MUSTER_API const struct muster_error *muster_outbox_error(const struct muster_outbox *outbox);

/* Keeps an event: the text of a JSON object with an `id`. `server` is the one it was meant for, as for muster_open(); `ledger` the UUID
 * of the ledger it is for, or NULL if none is known. Durable when MUSTER_OK is returned. The same event again is kept once, and waits
 * again if it had been refused; another event under the same id is MUSTER_REFUSED ("id_conflict"). MUSTER_BAD_CALL for what is no
 * event, or over 64 KiB. */
MUSTER_CHECKED int muster_outbox_keep(struct muster_outbox *outbox, const char *server, const char *ledger,
                                      const char *event_json, size_t len_bytes);

struct muster_outbox_count {
    int64_t waiting;   /* for the session's ledger; of muster_outbox_send: that were not delivered */
    int64_t elsewhere; /* for other ledgers, or for a server that has not answered yet */
    int64_t refused;   /* kept with their reason */
    int64_t delivered; /* of muster_outbox_send: recorded, or there already */
    int64_t turned_down; /* of muster_outbox_send: refused just now */
};

/* What is in the outbox, seen from `session` (NULL: every event that is not refused is `elsewhere`). */
MUSTER_CHECKED int muster_outbox_count(struct muster_outbox *outbox, const struct muster *session,
                                       struct muster_outbox_count *count_out);

/* Delivers what waits for the session's ledger, oldest first, until nothing does. Asks for the `status` first where the session has
 * not met its ledger yet. A refused event stays, marked with the reason, and those behind it go on. `verdict`
 * (may be NULL) is called for each event, after the outbox has taken note; its tag is the event's place. Waits at most `wait_ms` for
 * another process that delivers (MUSTER_BUSY). Other failures are those of the session, told by muster_error(), or the outbox's own, told by
 * muster_outbox_error(); where one of them has no error its code is "". Events without a verdict wait for the next time. */
MUSTER_CHECKED int muster_outbox_send(struct muster_outbox *outbox, struct muster *session, int wait_ms,
                                      muster_verdict_fn *verdict, void *context,
                                      struct muster_outbox_count *count_out);

/* An event in the outbox. */
struct muster_kept {
    int64_t place;      /* in the order kept */
    const char *id;
    const char *server; /* as a ZeroMQ endpoint */
    const char *ledger; /* "" while not known */
    const char *event;  /* the JSON text, as kept */
    int64_t kept_us;    /* when: microseconds since 1970 UTC */
    int64_t tried_us;   /* when it was sent last; 0: never */
    const struct muster_error *refusal; /* NULL while it waits */
};

typedef void muster_kept_fn(void *context, const struct muster_kept *kept);

/* Shows every event, in the order kept. */
MUSTER_CHECKED int muster_outbox_each(struct muster_outbox *outbox, muster_kept_fn *show, void *context);

/* Has refused events wait again: the one with that id, or all (NULL). */
MUSTER_CHECKED int muster_outbox_retry(struct muster_outbox *outbox, const char *id);

/* Takes the event out and erases it, also one that was never delivered. *found_out (may be NULL) is 0 if it is not
 * there (any more). Waits at most `wait_ms` for a process that delivers (MUSTER_BUSY), so that an event which was
 * dropped was not delivered. */
MUSTER_CHECKED int muster_outbox_drop(struct muster_outbox *outbox, const char *id, int wait_ms, int *found_out);

/* ---- live feed ---------------------------------------------------------------------------- */

struct muster_feed;

/* Subscribes to the daemon's feed at `endpoint` (as for muster_open). The feed is a hint, and may
 * drop: ask `recent` or `alerts` with `after_seq` whenever it speaks, and now and then when it does not. */
MUSTER_CHECKED int muster_feed_open(struct muster_feed **feed_out, struct muster *session,
                                    const char *endpoint);

/* Waits at most `timeout_ms` for the newest row's number. *seq_out is 0 if nothing came. Returns early,
 * with 0 in *seq_out, when a signal was caught. */
MUSTER_CHECKED int muster_feed_wait(struct muster_feed *feed, int timeout_ms, int64_t *seq_out);

/* Takes NULL. */
MUSTER_API void muster_feed_free(struct muster_feed *feed);

/* The library's version, "0.1.0". */
MUSTER_API const char *muster_version(void);

#ifdef __cplusplus
}
#endif

#endif
