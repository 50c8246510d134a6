/* The history of one subject: the register events that concern it, in the one order of ledger.md
 * section 1, with their rows parsed. Meetings, trainings and contacts are not in it: they change
 * nothing, and store/touches.h finds them by day.
 */
#ifndef MUSTER_LEDGER_HISTORY_H
#define MUSTER_LEDGER_HISTORY_H

#include "ledger/ledger.h"
#include "store/touches.h"

struct entry {
    int64_t seq; /* INT64_MAX: the event being considered */
    enum event_type type;
    day_t day;
    int64_t tod;
    uint8_t root[UUID_SIZE];
    int rank;
    uint32_t role;
    int64_t out_by; /* 0 while it counts */
    const struct event *event;
};

struct history {
    struct entry *entries;
    size_t n;
};

/* A stored event: its row parsed. */
struct stored {
    struct row row;
    struct event event;
    uint8_t root[UUID_SIZE];
    int64_t out_by;
};

/* One subject that an event concerns. */
struct touched {
    enum subject_kind kind;
    const char *ref;
    int64_t key;        /* 0: not known yet */
    uint32_t role;
    enum field_id field; /* which named it */
    bool creates;       /* the event brings the subject into being */
};

struct touches {
    struct touched *items;
    size_t n, cap;
};

/* What histories are read from. */
struct reading {
    struct store *store;
    struct arena *arena;
    const struct kinds *kinds;
    bool with_out; /* also events out of effect (for lists and explanations) */
};

/* Parses the row that stands in `s->row`. */
int stored_from_row(struct stored *s, struct reading *rd, struct err *err) MUST_CHECK;
int stored_get(struct stored **out, struct reading *rd, int64_t seq, struct err *err) MUST_CHECK;

/* Those in effect; with rd->with_out the others too. */
int history_load_register(struct history *out, struct reading *rd, int64_t subject,
                          struct err *err) MUST_CHECK;
void history_sort(struct history *h);
int entry_compare(const struct entry *a, const struct entry *b);
void entry_from_event(struct entry *out, const struct event *event, const uint8_t root[UUID_SIZE],
                      int64_t seq, uint32_t role);

/* The event in effect that created a transfer or exemption: 1 found, 0 none, -1 failed. */
int history_creator(struct stored **out, struct reading *rd, enum subject_kind kind,
                    const char *ref, struct err *err) MUST_CHECK;

/* The first event in effect that created a subject, by key: 1 found, 0 none, -1 failed. */
int history_creator_of(struct stored **out, struct reading *rd, enum subject_kind kind,
                       int64_t key, struct err *err) MUST_CHECK;

/* The subjects that an event concerns, each once with its roles joined. For an event that names only
 * its transfer or exemption, those of the creating event too (`creator`, may be NULL). Keys are
 * looked up, 0 where the ref is new. */
int touches_of_event(struct touches *out, struct reading *rd, const struct event *event,
                     const struct event *creator, struct err *err) MUST_CHECK;

/* Whether an event names its creator's subjects only through it. Returns the kind, and the ref. */
bool event_needs_creator(const struct event *event, enum subject_kind *kind_out,
                         const char **ref_out);

#endif
