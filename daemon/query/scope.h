/* What a reader may see (docs/decisions/0009-keys-and-scopes.md). Everything here is about a request whose
 * grant is less than the whole district; `ask->realm` is NULL for all others, and they pay one look at it.
 *
 * A branch or unit is seen if it lies in scope; a member by its branches on the day asked about; a letter by
 * either end; an exemption by its subject. An event is seen if it stands in the list of a branch in scope, if
 * it is about a unit in scope, or about an alert or event that is seen.
 */
#ifndef MUSTER_QUERY_SCOPE_H
#define MUSTER_QUERY_SCOPE_H

#include "access/realm.h"
#include "query/answer.h"

/* The one refusal: of what is out of scope, whether it is there or not. Returns 1. */
int ask_not_allowed(struct err *err);
/* Before a verb is asked: whether it may be at all, and what lies in scope. */
int scope_open(struct asking *ask, struct err *err) MUST_CHECK;

bool ask_may(const struct asking *ask, enum deed deed);
/* Rows of types that are not for the asker, whatever they are about. */
bool scope_hides_type(const struct asking *ask, enum event_type type);

/* *out is true where there is no scope to look at. The key is of that kind, or 0: then the same is done in vain. */
int scope_has_subject(bool *out, struct asking *ask, enum subject_kind kind, int64_t key, struct err *err) MUST_CHECK;
int scope_has_key(bool *out, struct asking *ask, int64_t key, struct err *err) MUST_CHECK;
int scope_has_event(bool *out, struct asking *ask, const struct event *event, struct err *err) MUST_CHECK;

/* The events of the scope: its branches' lists, and with `units` what is about its units. */
struct stream;
int scope_add_lanes(struct stream *s, bool members, bool units, struct err *err) MUST_CHECK;

#endif
