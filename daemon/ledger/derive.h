/* The derived tables: what one more row of the ledger changes in them. The same code serves
 * recording, --rebuild, and the replay behind `known_on`. */
#ifndef MUSTER_LEDGER_DERIVE_H
#define MUSTER_LEDGER_DERIVE_H

#include "ledger/check.h"

/* Takes row `seq` into the derived tables; inside the row's own transaction. `c` was filled before
 * anything of it was written. */
int derive_event(struct reading *rd, const struct considered *c, int64_t seq,
                 struct err *err) MUST_CHECK;

/* The same for a row that lies in the ledger already, and was judged when it was recorded. */
int derive_stored(struct store *store, const struct kinds *kinds, int64_t seq, struct err *err) MUST_CHECK;

/* Drops what is derived, and replays rows 1 to `until`. The onlooker may be NULL. */
int derive_all(struct reading *rd, int64_t until, const struct onlooker *onlooker, struct err *err) MUST_CHECK;

/* A store of its own, in memory, with the first rows of another and what follows from them: what was
 * known then. Ends with -1 when the deadline (NULL: none) has passed. */
int ledger_replay(struct store **out, struct store *from, const struct kinds *kinds,
                  int64_t until_seq, const struct deadline *deadline, struct err *err) MUST_CHECK;

#endif
