/* The inside of alerts, shared by the files of this room only. */
#ifndef MUSTER_ALERTS_ALERTS_STATE_H
#define MUSTER_ALERTS_ALERTS_STATE_H

#include "alerts/alerts.h"
#include "alerts/heard.h"
#include "alerts/news.h"
#include "alerts/queue.h"
#include "alerts/walk.h"
#include "facts/facts.h"
#include "ledger/history.h"

enum {
    RULES_ID_SIZE = 128,
    /* A new version of the evaluation itself evaluates everything anew: count it up whenever the
     * verdicts of rules/ or the facts of facts/ change. */
    EVALUATION_VERSION = 1,
};

struct alerts {
    struct ledger *ledger;
    struct store *store;
    struct facts *facts;
    const struct pack *pack;
    day_t tracking_since;
    char rules_id[RULES_ID_SIZE]; /* of the rules that the open alerts are to follow */

    /* Rows up to `taken` have put into the queue what they may change; of rows up to `evaluated` all
     * of that was evaluated. `saved_seq` is what the disk knows of it: it may lag behind, for rows
     * taken twice do no harm. */
    int64_t taken, evaluated, saved_seq;
    day_t day_done, saved_day; /* deadlines up to then are done */
    int64_t last_own;          /* newest row written by this slice, 0 if none */
    bool stale;                /* a slice failed: take up again from the disk */

    bool all; /* everything is being evaluated: new rules, or nothing was ever */
    struct walk walk;
    struct queue queue;

    struct heard heard;
    struct keymap open;  /* subject_hash -> number of open alerts */
    uint8_t *quiet;      /* bits by key: see alerts_quiet */
    size_t quiet_bytes;
    struct arena arena;  /* of one row, or of one group of subjects */

    alerts_told *told; /* NULL: nobody listens */
    void *listener;
};

/* Open alerts are counted by a hash of kind and ref, so that a plain meeting can be passed over
 * without asking the store for keys. Two subjects may share one: then both are evaluated. */
int64_t subject_hash(enum subject_kind kind, const char *ref);
static inline bool alerts_has_open(const struct alerts *a, enum subject_kind kind, const char *ref)
{
    return keymap_get(&a->open, subject_hash(kind, ref)) != 0;
}

/* Whether one more roll call cannot open an alert of this member before its next deadline: it was
 * evaluated since the start, has no open alert, and no needs_rolls rule whose time has come but for
 * rolls. */
bool alerts_quiet(const struct alerts *a, int64_t key);
void alerts_set_quiet(struct alerts *a, int64_t key, bool quiet);

/* taking.c: puts into the queue every subject whose verdicts the event may change. */
int take_row(struct alerts *a, const struct stored *row, day_t today, struct err *err) MUST_CHECK;
/* Whether the event, recorded now, can change no verdict but for the better of a subject that has no alert
 * to be changed: then its row need not be taken. */
bool passes_over(const struct alerts *a, const struct event *e, day_t today);

/* evaluating.c: makes the open alerts of a subject those of the day, writes what changes and the
 * day on which it is due again. Inside a batch. */
int evaluate_subject(struct alerts *a, int64_t key, day_t today, struct err *err) MUST_CHECK;

#endif
