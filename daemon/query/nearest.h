/* The nearest known ref to one that is not known. */
#ifndef MUSTER_QUERY_NEAREST_H
#define MUSTER_QUERY_NEAREST_H

#include "store/store.h"

/* 1: `out` holds it; 0: none is near; -1: the store failed. Bounded, whatever the register's size. */
int nearest_ref(char out[ERR_HINT_MAX], struct store *store, enum subject_kind kind, const char *ref,
                struct err *err) MUST_CHECK;

#endif
