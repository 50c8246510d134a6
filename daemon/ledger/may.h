/* May this author record it? The right of a role to the type of event, and that everything the event
 * names lies in the author's scope (wire/roles.h, access/realm.h). Used by ledger.c alone.
 *
 * Whatever is not allowed is refused with the same words, whether it exists or not, before anything
 * else is looked up on its behalf.
 */
#ifndef MUSTER_LEDGER_MAY_H
#define MUSTER_LEDGER_MAY_H

#include "ledger/check.h"

struct permit {
    const struct author *author; /* its grant is not NULL */
    struct reading *rd;
    uint64_t realm_version;
    bool by_word; /* a one-time word stands for the right of the role */
};

/* 0: it may; 1: refused, err not_allowed; -1: the store failed. */
int may_record(const struct permit *permit, const struct event *event, struct err *err) MUST_CHECK;

/* Replaces whatever was said by not_allowed. Returns 0. */
int may_refuse(struct err *err);

/* A refusal of an event that may be recorded can still speak of an event out of scope, which it clashes
 * with, or whose id it has: then it is told in words that name nothing. */
int may_conceal(const struct permit *permit, struct err *refusal, struct err *err) MUST_CHECK;

/* Whether all that a recorded event names lies in scope. */
int may_know(bool *out, const struct permit *permit, int64_t seq, struct err *err) MUST_CHECK;

#endif
