/* An event: read from JSON, checked against the catalogue, written in its stored form.
 *
 * event_read does all that one event alone decides: form, fields, types, ranges, and fields that
 * contradict each other (ledger.md sections 2 and 3, codes up to invalid_value). What needs the
 * clock or the ledger is daemon/ledger's.
 *
 * Texts of an event point into its arena (unescaped) and live as long as that.
 */
#ifndef MUSTER_WIRE_EVENT_H
#define MUSTER_WIRE_EVENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "base/uuid.h"
#include "wire/catalogue.h"
#include "wire/kinds.h"
#include "wire/subject.h"

enum { EVENT_MAX_BYTES = 64 * 1024, EVENT_DEPTH_MAX = 32, SUBMIT_MAX_EVENTS = 1000, SUBMIT_MAX_BYTES = 4 * 1024 * 1024 };

struct span {
    const char *s; /* terminated as well; may hold no NUL */
    size_t len;
};

struct value {
    enum value_kind kind;
    struct span text;      /* REF NAME TEXT ENUM DATE UUID; SUBJECT: the ref; NUMBER: as written */
    int64_t number;        /* INT; BOOL 0/1; HOURS in hundredths; ENUM: index of the word */
    day_t day;             /* DATE */
    uint8_t uuid[UUID_SIZE];
    uint64_t kinds;        /* KINDS */
    enum subject_kind subject; /* SUBJECT */
    struct span *items;    /* REFS TEXTS RULES KINDS; ABSENT: the members */
    struct span *reasons;  /* ABSENT */
    size_t count;
};

struct event {
    enum event_type type;
    uint8_t id[UUID_SIZE];
    bool has_id;           /* the id could be read (also of a refused event) */
    bool has_replaces;
    uint8_t replaces[UUID_SIZE];
    struct span at;        /* as given */
    day_t day;             /* civil date in the ledger's zone */
    int64_t tod_ns;        /* civil time of day in nanoseconds; -1 for a bare date */
    struct span extra;     /* the object as given; len 0 if none */
    const struct value *values[F_COUNT]; /* NULL: absent (or null) */
    struct span raw;       /* as sent */
};

enum event_mode {
    EVENT_SUBMITTED, /* from a client: the daemon's own types are unknown_type; kinds must be allowed */
    EVENT_STORED,    /* from the ledger: every type, every kind that has a bit */
};

/* Reads one event. Returns 0, or 1 with err set (the first code that applies in the wire's order)
 * and, where it could be read, has_id and id. */
int event_read(struct event *out, struct arena *arena, const char *json, size_t len_bytes,
               enum event_mode mode, const struct kinds *kinds, struct err *err) MUST_CHECK;

/* Splits a submit body {"events": [...], "lang"?, "ledger"?} into the byte ranges of its events.
 * Returns 0; 1 with err malformed or too_large. Ranges point into `body`. */
struct submit_body {
    struct span *events;
    size_t count;
    struct span lang;
    struct span ledger;
};
int submit_body_read(struct submit_body *out, struct arena *arena, const char *body,
                     size_t len_bytes, struct err *err) MUST_CHECK;
/* The same of a request that may have more events, or fewer. */
int submit_body_read_most(struct submit_body *out, struct arena *arena, const char *body, size_t len_bytes,
                          size_t events_max, struct err *err) MUST_CHECK;

/* Writes the stored form: one JSON object of id, type, at, replaces and the fields in the order of
 * the catalogue into `body`; the personal ones and `extra` into `personal` (left empty if none). */
void event_write(struct buf *body, struct buf *personal, const struct event *event);

/* Joins the two stored parts into the members of one object, without the braces. */
void event_join(struct buf *out, const char *body, size_t body_len, const char *personal,
                size_t personal_len);

/* Same content as parsed: key order, blanks and the spelling of numbers do not matter (section 2). */
bool event_same(const struct event *a, const struct event *b);

/* Rank in the one order: 0 creates, 2 ends, 1 all others (section 1). */
int event_rank(const struct event *event);

static inline bool event_has(const struct event *e, enum field_id f)
{
    return e->values[f] != NULL;
}
static inline const char *event_text(const struct event *e, enum field_id f)
{
    return e->values[f] ? e->values[f]->text.s : NULL;
}
static inline int64_t event_int(const struct event *e, enum field_id f, int64_t absent)
{
    return e->values[f] ? e->values[f]->number : absent;
}

#endif
