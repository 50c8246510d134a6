/* The inside of the room: what one request's answer is made with. Shared by the verbs' files only.
 *
 * A verb is a row of parameters and a function. The frame (query.c) has read the request, checked
 * every field against the parameters, opened the snapshot and the reply object before it calls the
 * function, and closes both after. The function writes members of the reply into `ask->out`.
 *
 * Functions return 0; 1 when the request is refused (err says why); -1 when the store failed or a
 * bound was passed. Whatever was written is thrown away unless 0 is returned.
 */
#ifndef MUSTER_QUERY_ANSWER_H
#define MUSTER_QUERY_ANSWER_H

#include <jansson.h>

#include "base/json.h"
#include "facts/facts.h"
#include "ledger/history.h"
#include "query/query.h"

struct asking;
struct realm;

enum param_kind {
    PARAM_TEXT,     /* not empty */
    PARAM_REF,      /* the form of a ref is checked, not that it exists */
    PARAM_WORD,     /* one of `words` */
    PARAM_DAY,      /* a civil date */
    PARAM_MOMENT,   /* an RFC 3339 time, or a civil date: its end */
    PARAM_INT,      /* min..max */
    PARAM_BOOL,
    PARAM_DURATION, /* "14d", not negative */
    PARAM_SUBJECT,  /* {"branch"|"member"|"unit"|"transfer": ref} */
    PARAM_OBJECT,
};

struct param {
    const char *name;
    enum param_kind kind;
    bool required;
    const char *const *words; /* WORD: NULL-terminated */
    int64_t min, max;         /* INT */
};

enum verb_flag {
    VERB_PAGED = 1 << 0,         /* takes limit, cursor, count */
    VERB_AS_OF = 1 << 1,         /* takes as_of */
    VERB_KNOWN_ON = 1 << 2,      /* takes known_on */
    VERB_HISTORY = 1 << 3,       /* always walks history */
    VERB_AS_OF_WALKS = 1 << 4,   /* walks history when as_of is given */
    VERB_NEEDS_ALERTS = 1 << 5,  /* without as_of and known_on it reads the recorded alerts */
    VERB_LARGE = 1 << 6,         /* the body may be longer than 64 KiB (a rule pack) */
};

struct verb {
    const char *name;
    unsigned flags;
    const struct param *params; /* its own; those that the flags stand for are added by the frame */
    size_t param_count;
    int (*answer)(struct asking *ask, struct err *err);
};

extern const struct verb verb_recent, verb_list, verb_show, verb_alerts, verb_explain, verb_due, verb_board,
    verb_figures, verb_status, verb_rules, verb_export, verb_head, verb_reads, verb_notices, verb_routes;

/* The ledger's first row: what it says of itself. */
struct opened {
    char uuid[UUID_TEXT_SIZE];
    char *timezone;
    bool rehearsal;
};

/* One page of a list; see page_* below. */
struct page {
    int64_t limit, written;
    bool count;        /* the request asks how many more */
    int64_t more;      /* matches seen after the page was full */
    bool more_at_least;
    bool cut;          /* the walk's bound was reached before its end */
    struct buf last;   /* the cursor of what was written last */
};

struct asking {
    struct store *store;    /* the snapshot; with known_on a replayed ledger */
    struct store *replayed; /* owned; NULL without known_on */
    const struct query_env *env;
    const struct kinds *kinds;
    const struct opened *opened;
    const struct verb *verb;
    json_t *body;
    const char *lang;       /* "en" or "zh" */
    bool as_of, known_on;   /* were given */
    day_t day;              /* the civil day asked for: as_of, else that of known_on, else today */
    int64_t seq;            /* newest row of the snapshot, or the newest one known then */
    struct deadline deadline;
    int64_t budget;         /* steps that a walk may still take: see ask_spend */
    struct page page;
    struct json json;
    struct json *out;       /* &json: the reply object, open */
    struct arena arena;     /* lives as long as the request */
    struct arena scratch;   /* of one row: every loop over rows resets it */
    struct silent_area *silent; /* from where nobody reports; of today (no_reports.c) */
    size_t silent_count;
    bool silent_known;
    struct facts *facts;    /* made by ask_facts */
    struct region_cache *regions;
    struct realm *realm;    /* what lies in the asker's scope; NULL: everything (query/scope.h) */
};

/* --- the request: fields are of their kind, absent and null are the same --- */

const json_t *ask_field(const struct asking *ask, const char *name); /* NULL if absent */
const char *ask_text(const struct asking *ask, const char *name);    /* TEXT REF WORD DURATION */
day_t ask_day(const struct asking *ask, const char *name, day_t absent);
int64_t ask_int(const struct asking *ask, const char *name, int64_t absent);
bool ask_bool(const struct asking *ask, const char *name);
bool ask_duration(struct duration *out, const struct asking *ask, const char *name);
bool ask_subject(enum subject_kind *kind_out, const char **ref_out, const struct asking *ask,
                 const char *name);

/* What a sentence repeats of a request: its beginning, never half a character. */
struct excerpt {
    char text[68];
};
struct excerpt excerpt_of(const char *text);

/* Refuses the request: malformed, with the field. */
int ask_malformed(struct err *err, const char *field, const char *en, const char *zh, ...)
    PRINTF_LIKE(3, 5) PRINTF_LIKE(4, 5);

/* Reads and checks the body against the verb's parameters. 0, or 1 with err. */
int request_read(struct asking *ask, const char *body, size_t len_bytes, struct err *err) MUST_CHECK;
/* The instant of a known_on, in microseconds. */
bool moment_parse(int64_t *us_out, const char *s);

/* --- the snapshot --- */

/* The key of a ref named in a field. 0; 1 unknown_ref, with the nearest ref as hint; -1. */
int ask_key(int64_t *key_out, struct asking *ask, enum subject_kind kind, const char *ref,
            const char *field, struct err *err) MUST_CHECK;
/* The key of an optional field: 0 where it is absent. */
int ask_key_of(int64_t *key_out, struct asking *ask, enum subject_kind kind, const char *field,
               struct err *err) MUST_CHECK;
/* Says unknown_ref, with a hint. Returns 1, or -1. */
int ask_unknown(struct asking *ask, enum subject_kind kind, const char *ref, const char *field,
                struct err *err);

/* Goes back to what was known at the time in a field: the newest row of then, and a store of the caller's own with the rows up
 * to it, replayed; none where nothing was recorded since. 1: more rows than one read may go through. */
int ask_replay(struct store **out, int64_t *seq_out, struct asking *ask, const char *field,
               struct err *err) MUST_CHECK;

/* Facts of this snapshot, loaded as asked for; lives as long as the request. */
struct facts *ask_facts(struct asking *ask);
/* What histories are read from, into `arena`. */
struct reading ask_reading(struct asking *ask, struct arena *arena);
/* What events say of the subject itself (not: those that mention it), in effect, dated up to `until`,
 * in the one order. */
int ask_history(struct history *out, struct asking *ask, struct arena *arena, int64_t key,
                day_t until, struct err *err) MUST_CHECK;

/* Takes `steps` (about a microsecond or two each) from what one request may do. 0: go on; 1: no more may
 * be done, the page has to end before this step; -1: past the deadline. The first is always allowed. */
int ask_spend(struct asking *ask, int64_t steps, struct err *err) MUST_CHECK;
/* For reads that cannot be cut into pages: 0, or -1 past the deadline. */
int ask_patience(struct asking *ask, struct err *err) MUST_CHECK;

/* --- paging ---
 *
 *     page_begin(ask);
 *     while ((r = next(&item)) == 1 && (r = ask_spend(ask, 1, err)) == 0)
 *         if (matches(item)) {
 *             step = page_step(ask);
 *             if (step == PAGE_FULL) break;
 *             if (step == PAGE_WRITE) { write(item); page_mark(ask, "x", "%lld", item.place); }
 *         }
 *     page_end(ask);
 *
 * A page may hold fewer rows than `limit` and still have a cursor: the walk or the rows were long. */
enum page_step { PAGE_WRITE, PAGE_COUNT, PAGE_FULL };

void page_begin(struct asking *ask);              /* "rows": [ */
enum page_step page_step(struct asking *ask);     /* for each item that matches */
/* The cursor that goes on after the row just written. `sort` (one letter) tells cursors of different
 * lists apart. */
void page_mark(struct asking *ask, char sort, const char *fmt, ...) PRINTF_LIKE(3, 4);
void page_mark_text(struct asking *ask, char sort, const char *text, size_t len);
/* The walk stopped at its bound, after what page_mark was given last. */
void page_cut(struct asking *ask);
bool page_too_long(const struct asking *ask);     /* the reply is as long as it may be */
void page_end(struct asking *ask);                /* ], "cursor"?, "more"?, "more_at_least"? */
/* The text after the cursor's letter, NULL where the request has none. 1 with err: of another list. */
int page_cursor(const char **rest_out, struct asking *ask, char sort, struct err *err) MUST_CHECK;
/* The refusal of a cursor whose text cannot be read. */
int page_bad_cursor(struct err *err);

/* --- regions: to whom an event belongs --- */

/* What a branch or unit is on a day, as far as filters and rows of other verbs look at it. NULL texts
 * where it was not there yet. */
struct region {
    day_t from;
    const char *name, *area, *sector, *form; /* area NULL: none */
};
/* Cached for the request. Before the first day: zeroes. A dissolved one keeps its last. */
int ask_region(struct region *out, struct asking *ask, enum subject_kind kind, int64_t key, day_t day,
               struct err *err) MUST_CHECK;
bool area_within(const char *area, const char *prefix);

/* The branches of a member on a day: the one left and the one joined where it changed. */
enum { BRANCHES_OF_MAX = 8 };
int ask_branches_of_member(int64_t out[BRANCHES_OF_MAX], size_t *n_out, struct asking *ask,
                           int64_t member, day_t day, struct err *err) MUST_CHECK;
/* Whether a subject lies in an area (and sector, may be NULL) on a day: a branch's or unit's own, a
 * member's branch's, a transfer's member's branch's. */
int ask_subject_within(bool *out, struct asking *ask, int64_t key, const char *area,
                       const char *sector, day_t day, struct err *err) MUST_CHECK;
/* Whether an event belongs to an area (docs/protocol.md, recent). */
int ask_event_within(bool *out, struct asking *ask, const struct stored *stored, const char *area,
                     struct err *err) MUST_CHECK;

/* The subject's name on the day asked for, in the request's arena; "" where it has none. A transfer's
 * is its member's. */
int ask_name(const char **name_out, struct asking *ask, int64_t key, struct err *err) MUST_CHECK;

/* --- reporters (no_reports.c) --- */

struct rule;
/* Writes "no_reports": true where nobody has reported from the area of that branch for silence_of_reporters days; of
 * today alone. `rule`: of the alert, which has to be one that silence may explain. */
int write_no_reports(struct asking *ask, int64_t branch, const struct rule *rule, struct err *err) MUST_CHECK;

/* --- rows --- */

/* An event as submitted, with what the ledger adds. */
int write_event(struct asking *ask, const struct row *row, struct err *err) MUST_CHECK;
int write_event_of(struct asking *ask, int64_t seq, struct err *err) MUST_CHECK;
int write_event_at(struct asking *ask, const struct touch *touch, struct err *err) MUST_CHECK;
/* {"branch": ref} */
void write_subject(struct json *out, enum subject_kind kind, const char *ref);
/* "2022-11-05T07:00:00.000000Z" */
void write_instant(struct json *out, const char *key, int64_t us);
void write_kinds(struct json *out, const char *key, const struct kinds *kinds, uint64_t which);
/* The text in the language of the request. */
const char *ask_choose(const struct asking *ask, const struct bilingual *text);

#endif
