/* A generated ledger's year as plain tables, and the sums of its figures in plain SQL. Used by figures.c alone. */
#ifndef MUSTER_BENCH_FIGURES_PLAIN_H
#define MUSTER_BENCH_FIGURES_PLAIN_H

#include "base/date.h"

struct plain;

/* The sum of one figure; `key`: its member of a figure's row. */
struct plain_sum {
    const char *figure, *key;
    double value;
};

/* Fills tables in a file beside the ledger. Ends the program where the ledger is none that was generated. */
struct plain *plain_open(const char *ledger, day_t today);
void plain_close(struct plain *plain);
/* Runs all statements. */
void plain_sum(struct plain *plain);
size_t plain_count(const struct plain *plain);
const struct plain_sum *plain_get(const struct plain *plain, size_t i);
int64_t plain_events(const struct plain *plain);

#endif
