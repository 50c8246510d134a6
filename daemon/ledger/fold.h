/* Folding a history: what it makes of its subject, and the first place where it contradicts itself.
 *
 * Pure over a loaded history. The same folds serve validation (a contradiction refuses the event
 * being considered) and reading (facts day by day).
 */
#ifndef MUSTER_LEDGER_FOLD_H
#define MUSTER_LEDGER_FOLD_H

#include "ledger/history.h"

/* The first contradiction found; entry NULL: none. */
struct contradiction {
    const struct entry *entry;
    enum err_code code; /* EXISTS, NOT_IN_FORCE or IMPOSSIBLE as told of the entry itself */
    const char *en;     /* what is wrong, as a clause; "%s" is the subject's ref */
    const char *zh;
};

/* Notes a contradiction. The first counts, but what is wrong with the event being considered (seq
 * INT64_MAX) counts before what it does to others: the sender is told of their own event first. */
void contradiction_note(struct contradiction *bad, const struct entry *entry, enum err_code code,
                        const char *en, const char *zh);

/* Units, branches, alliances, exemptions: one creation, at most one end, everything between. */
struct lifetime {
    const struct entry *created, *ended;
    day_t first, last; /* last day included; DAY_NEVER */
};
void fold_lifetime(struct lifetime *out, struct contradiction *bad, const struct history *h,
                   enum subject_kind kind);

void fold_alliance(struct contradiction *bad, const struct history *h);
void fold_body(struct contradiction *bad, const struct history *h);

enum presence { PRESENCE_HOME, PRESENCE_AWAY };
enum letter_state { LETTER_ISSUED, LETTER_RECEIVED, LETTER_RECEIPTED, LETTER_CANCELLED };

struct letter {
    const char *ref;
    const struct entry *created;  /* transfer.issued, or transfer.received from outside */
    const char *from, *to;        /* branch refs; NULL outside */
    bool from_outside, to_outside;
    enum letter_state state;
    day_t issued, valid_until, received, receipted, ended; /* DAY_NONE where not; ended: day from which it is
                                                              no longer in force */
};

/* A member at the end of a day. */
struct member_state {
    day_t from;
    bool in;
    const char *branch, *unit, *name; /* NULL where none */
    const char *stage, *role;
    day_t since;          /* first day of this membership */
    day_t left;           /* day of leaving, DAY_NONE while in */
    day_t probation_ends; /* DAY_NONE if unknown */
    bool away, fixed;
    day_t away_since;
    const char *destination;
    int64_t seq;          /* of the event that made this state */
};

struct member_fold {
    struct member_state *states; /* one for each day on which something changed, by day */
    size_t n, cap;
    struct letter *letters;
    size_t letter_count, letter_cap;
    struct day_span { day_t from, to; } *passing; /* came and went within the day */
    size_t passing_count;
};
void fold_member(struct member_fold *out, struct contradiction *bad, const struct history *h,
                 struct arena *arena);

#endif
