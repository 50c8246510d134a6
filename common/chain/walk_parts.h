/* What the walk's files share; nobody else includes this. */
#ifndef MUSTER_CHAIN_WALK_PARTS_H
#define MUSTER_CHAIN_WALK_PARTS_H

#include "chain/content.h"
#include "chain/walk.h"

/* A row whose text is gone, until the row comes that says so. */
struct unsealed {
    int64_t seq;
    uint8_t id[UUID_SIZE];
    char kept[CHAIN_HEX_SIZE]; /* hash of what is left; "" where nothing is */
};

/* A row whose value is known from elsewhere. */
struct noted {
    int64_t seq;
    uint8_t value[CHAIN_SIZE];
};

struct chain_walk {
    struct row_source source;
    int64_t seq;
    uint8_t value[CHAIN_SIZE];
    char ledger[UUID_TEXT_SIZE];
    int64_t newest; /* what is expected; 0: nothing */
    struct noted *noted;
    size_t noted_count, noted_cap;
    struct unsealed *unsealed;
    size_t unsealed_count, unsealed_cap, erased;
    struct misfit misfit;
    struct arena arena; /* of one row */
};

/* Sets the misfit; WALK_MISFIT. */
enum walk_result chain_walk_say(struct chain_walk *walk, enum misfit_kind kind, int64_t row, const char *en, const char *zh);
/* Why `row`, which stands where the next is due, does not fit. Takes what follows from the source. */
int chain_walk_explain(struct chain_walk *walk, const struct chain_row *row, struct err *err) MUST_CHECK;

#endif
