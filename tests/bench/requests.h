/* What a load generator asks for: bodies of requests, one workload at a time. */
#ifndef MUSTER_BENCH_REQUESTS_H
#define MUSTER_BENCH_REQUESTS_H

#include "mix.h"

enum workload { LOAD_PLAIN, LOAD_ROLLS, LOAD_OPENS, LOAD_MIX, LOAD_RECENT, LOAD_ALERTS, LOAD_DUE, LOAD_SHOW, LOAD_FIGURES, LOAD_STATUS, LOAD_COUNT };

struct requests {
    struct world world;
    enum workload workload;
    int batch; /* events a submit */
    struct mix *mixes; /* one a stream */
    int streams;
};

/* False when there is no workload of that name. */
bool workload_find(enum workload *out, const char *name);
const char *workload_verb(enum workload workload);

/* `streams`: how many senders there are; each keeps its own order. */
void requests_init(struct requests *r, int streams);
void requests_deinit(struct requests *r);
/* The body of the next request of a stream. */
void requests_next(struct buf *out, struct requests *r, int stream);

#endif
