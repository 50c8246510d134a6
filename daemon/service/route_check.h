/* Whether the branches that routes name are there: what the configuration alone cannot say. */
#ifndef MUSTER_SERVICE_ROUTE_CHECK_H
#define MUSTER_SERVICE_ROUTE_CHECK_H

#include "settings/settings.h"
#include "store/store.h"

/* 0; 1: err names a branch, or a pattern of branches, that none is of, with its place; -1. */
int route_check(const struct settings *settings, struct store *store, struct err *err) MUST_CHECK;
/* The same with the configured database, if there is one that this version can read. */
int route_check_database(const struct settings *settings, struct err *err) MUST_CHECK;

#endif
