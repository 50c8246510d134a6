/* Facts: loads from the store what rules look at (rules.md section 1) - a subject's frames, its
 * activities, its exemptions, its branch's rolls - as plain data for rules/evaluate.h.
 *
 * Everything loaded belongs to the session and describes one snapshot: reset it when the store has
 * moved on. Within a snapshot, branches and rolls are loaded once for all their members, so go
 * through a district branch by branch and reset now and then to bound the memory.
 * Called by alerts (on the writer's store) and query (on a reader's, or on a replayed one).
 */
#ifndef MUSTER_FACTS_FACTS_H
#define MUSTER_FACTS_FACTS_H

#include "rules/evaluate.h"
#include "store/store.h"
#include "wire/event.h"
#include "wire/kinds.h"

struct facts;

/* `store` and `kinds` are borrowed. Never fails. */
struct facts *facts_new(struct store *store, const struct kinds *kinds);
void facts_free(struct facts *facts);
DEFINE_CLEANUP(facts);
#define _cleanup_facts_ CLEANUP(facts_cleanup)
void facts_reset(struct facts *facts);
/* Bytes that the session holds, for deciding when to reset. */
size_t facts_size(const struct facts *facts);

/* The subject of that key (a branch, member, unit or transfer). Activities of all days, with those
 * out of effect (ACTIVITY_OUT) only if `with_out`. 1: loaded; 0: no event in effect makes it a
 * subject; -1: the store failed. */
int facts_subject(const struct subject_data **out, struct facts *facts, int64_t key, bool with_out,
                  struct err *err) MUST_CHECK;

/* Rolls are loaded when a rule asks for them, where no error can be passed on: ask here after an
 * evaluation. -1, with err, if some could not be loaded since the last reset. */
int facts_check(const struct facts *facts, struct err *err) MUST_CHECK;

/* The member that a transfer moves: its key, 0 if none. */
int facts_transfer_member(int64_t *member_out, struct facts *facts, int64_t transfer,
                          struct err *err) MUST_CHECK;
/* The branch (key, 0 for none) that an alert of this subject belongs to on a day: a branch itself, a
 * member's, a transfer's member's (or the one it leads to, once received); of a unit none. */
int facts_branch_of(int64_t *branch_out, struct facts *facts, int64_t key, day_t day,
                    struct err *err) MUST_CHECK;

/* The units (refs) that a branch lists on a day: *units_out is NULL where it lists none or is not in
 * force. Lives until facts_reset. */
int facts_branch_units(const struct value **units_out, struct facts *facts, int64_t branch, day_t day,
                       struct err *err) MUST_CHECK;

#endif
