/* The nearest known ref to one that is not known. */
#ifndef MUSTER_STORE_NEAREST_H
#define MUSTER_STORE_NEAREST_H

#include "store/store.h"

/* Looks into the index that one whole search takes at most. */
enum { NEAREST_LOOKS = 3000 };

/* 1: `out` holds it; 0: none is near, or `looks` is used up; -1: the store failed. Takes what it used
 * from `looks`; bounded, whatever the register's size. */
int nearest_ref(char out[ERR_HINT_MAX], struct store *store, enum subject_kind kind, const char *ref,
                int *looks, struct err *err) MUST_CHECK;

#endif
