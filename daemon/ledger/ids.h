/* Which ids are surely new, without asking the store.
 *
 * Ids in time order (UUID v7) are nearly always larger than all but the newest ones. The set holds
 * the newest ids, and the largest of all others: an id that is larger than that and not in the set was
 * never recorded. Any other may have been, and the store is asked. So ids in any order are right, and
 * those in time order are quick. Bounded; begun anew with the largest id of the ledger.
 */
#ifndef MUSTER_LEDGER_IDS_H
#define MUSTER_LEDGER_IDS_H

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/uuid.h"

struct ids;

/* `largest`: of all recorded ids; NULL when there is none. */
struct ids *ids_new(const uint8_t *largest);
void ids_free(struct ids *ids);

bool ids_surely_new(const struct ids *ids, const uint8_t id[UUID_SIZE]);
/* An id that is being recorded. If it is not in the end (a rollback), nothing is lost but time. */
void ids_add(struct ids *ids, const uint8_t id[UUID_SIZE]);

#endif
