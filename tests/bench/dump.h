/* Prints all that is derived from a ledger, for comparing two of the same content. */
#ifndef MUSTER_BENCH_DUMP_H
#define MUSTER_BENCH_DUMP_H

void dump_ledger(const char *path);

#endif
