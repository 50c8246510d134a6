/* Keys, and where branches and units lie: tables that follow from the ledger (schema_002.sql). What they
 * mean is access/'s affair. */
#ifndef MUSTER_STORE_ACCESS_ROWS_H
#define MUSTER_STORE_ACCESS_ROWS_H

#include "store/store.h"

int store_key_add(struct store *store, const char *name, const char *public, int64_t seq, struct err *err) MUST_CHECK;
int store_key_revoke(struct store *store, const char *name, int64_t seq, struct err *err) MUST_CHECK;
/* By one of SQL_KEY_BY_NAME, SQL_KEY_BY_PUBLIC: 1 known, revoked or not; 0; -1. */
int store_key_find(bool *revoked_out, struct store *store, enum sql_id which, const char *text,
                   struct err *err) MUST_CHECK;

/* The newest area of a branch or unit; NULL: none. */
int store_realm_set(struct store *store, int64_t subject, const char *area, struct err *err) MUST_CHECK;
/* The units that a branch lists now. */
int store_realm_units_set(struct store *store, int64_t branch, const struct value *units, struct err *err) MUST_CHECK;

#endif
