/* Judging histories: of every subject that an event touches, would it still be a possible one? Used
 * by check.c alone. */
#ifndef MUSTER_LEDGER_JUDGE_H
#define MUSTER_LEDGER_JUDGE_H

#include "ledger/check.h"

/* The worst verdict so far: of several, the code that comes first on the wire. */
struct verdicts {
    struct considered *c;
    struct reading *rd;
    struct err best;
};

void verdict_keep(struct verdicts *v, const struct err *err);

/* Judges the subjects of the list; what is wrong is kept. -1: the store failed. */
int judge_subjects(struct verdicts *v, const struct touches *list, struct err *err) MUST_CHECK;

#endif
