/* The files of the log of reads; for its own two files only. */
#ifndef MUSTER_PROOF_READ_LOG_FILES_H
#define MUSTER_PROOF_READ_LOG_FILES_H

#include <stdint.h>

/* DATABASE.reads.N; the caller frees. */
char *read_log_file_name(const char *database, int64_t number);
/* The number of the newest; 0: there is none. */
int64_t read_log_newest(const char *database);

#endif
