/* Rows as they lie in the file, whatever is in them: for proof and copies. Everybody else reads rows by store.h. */
#ifndef MUSTER_STORE_CHAIN_ROWS_H
#define MUSTER_STORE_CHAIN_ROWS_H

#include "chain/link.h"
#include "store/store.h"

/* A snapshot to read rows from, until store_rollback; the index is not looked at, so that it may be damaged. */
int store_begin_bare(struct store *store, struct err *err) MUST_CHECK;

/* Rows after `after`, at most `limit` (-1: all), by store_chain_row until it returns 0. */
sqlite3_stmt *store_chain_rows(struct store *store, int64_t after, int64_t limit);
/* 1: a row, its texts in the arena; 0: no more; -1. */
int store_chain_row(struct chain_row *out, struct arena *arena, struct store *store, sqlite3_stmt *stmt,
                    struct err *err) MUST_CHECK;
/* Puts a row in as it is. */
int store_chain_insert(struct store *store, const struct chain_row *row, struct err *err) MUST_CHECK;

/* The newest row that the index knows; 0: none. Every row is in it, and nothing else. */
int store_index_newest(int64_t *seq_out, struct store *store, struct err *err) MUST_CHECK;

#endif
