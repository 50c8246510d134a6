/* The log: one line each to stderr. Where that is the journal, with the level in front as journald reads it
 * ("<4>..."); in a file or on a terminal with the time (UTC) and the level as a word.
 *
 * It is the one global of a process. Never log names or texts of events: ids, refs' kinds and counts
 * only. Any thread may call it.
 */
#ifndef MUSTER_BASE_LOG_H
#define MUSTER_BASE_LOG_H

#include <stdbool.h>

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

/* syslog's numbers. */
enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARNING = 4, LOG_LEVEL_NOTICE = 5, LOG_LEVEL_INFO = 6, LOG_LEVEL_DEBUG = 7 };

/* "error", "warning", "notice", "info", "debug"; false if it is none. */
bool log_level_parse(enum log_level *out, const char *name);
/* Lines above that level are not written. At first: info. */
void log_set_level(enum log_level most);

/* What stands in front of a line. `us`: microseconds since 1970 UTC. Returns its length. For tests. */
size_t log_prefix(char *out, size_t size, bool journal, enum log_level level, int64_t us);

void log_error(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_warning(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_notice(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_info(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
