/* Which reads are noted in the log of reads (proof/read_log.h): those of a member's history, and of everything. */
#ifndef MUSTER_SERVICE_WATCHED_H
#define MUSTER_SERVICE_WATCHED_H

#include "service/job.h"

enum { WATCHED_SIZE = 72 }; /* a ref, terminated */

/* The member whose history an answered job tells, "*" for everybody's, or "": it need not be noted. Further pages and what
 * follows on are the same read. */
void watched_member(char out[WATCHED_SIZE], struct job *job);

#endif
