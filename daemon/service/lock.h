/* One daemon for one ledger: a lock file beside the database, held as long as the process lives. */
#ifndef MUSTER_SERVICE_LOCK_H
#define MUSTER_SERVICE_LOCK_H

#include "base/err.h"

/* Makes the database's folder (0700) where there is none, then takes DATABASE.lock. Returns the
 * descriptor to keep open in *fd_out. 1: another daemon has it; -1: the system failed. */
int lock_take(int *fd_out, const char *database, struct err *err) MUST_CHECK;

#endif
