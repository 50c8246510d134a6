/* A disk that can fail: a SQLite VFS over the real one, for tests.
 *
 * It counts every call that writes. At a call chosen beforehand it fails (no space, I/O error), once or
 * until told otherwise; or the power fails: from then on nothing works, and disk_crash_image() gives
 * what a disk might hold afterwards - all that was synced, and of the rest any part.
 */
#ifndef MUSTER_TESTS_DISK_H
#define MUSTER_TESTS_DISK_H

#include <stdbool.h>
#include <stdint.h>

enum disk_fault { DISK_WORKS, DISK_FULL, DISK_ERROR, DISK_POWER_CUT };

/* Registers it as the default VFS. */
void disk_install(void);
/* Forgets all files and counts; from now on `fault` strikes at the `at`th writing call (1, 2 ...), and at
 * `calls` calls from there on (0: for ever). */
void disk_plan(enum disk_fault fault, long at, long calls);
/* Writing calls since the plan. */
long disk_calls(void);
/* Whether the fault struck. */
bool disk_struck(void);

/* Which of the unsynced writes reached the disk when the power failed. */
enum disk_lost { DISK_LOST_ALL, DISK_LOST_NONE, DISK_LOST_SOME };
/* Writes what is left of `path` and its WAL to `to` and its WAL. */
void disk_crash_image(const char *path, const char *to, enum disk_lost lost, unsigned *seed);

#endif
