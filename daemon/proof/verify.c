#include "proof/verify.h"

#include "base/buf.h"
#include "base/clock.h"
#include "store/chain_rows.h"

enum { ROWS_A_LOOK = 64 }; /* between two looks at the clock */

struct verification {
    struct store *store;
    struct chain_walk *walk;
    sqlite3_stmt *rows; /* of this slice; NULL before its first row */
    int64_t after;      /* the row handed out last */
    int64_t newest;
};

static int next_row(void *data, struct chain_row *out, struct arena *arena, struct err *err)
{
    struct verification *v = data;
    int r;

    if (!v->rows)
        v->rows = store_chain_rows(v->store, v->after, -1);
    r = store_chain_row(out, arena, v->store, v->rows, err);
    if (r == 1)
        v->after = out->seq;
    else
        v->rows = NULL;
    return r;
}

struct verification *verification_new(struct store *store, int64_t seq, const uint8_t value[CHAIN_SIZE])
{
    struct verification *v = mem_zero(sizeof *v);

    v->store = store;
    v->after = INT64_MIN; /* what stands before row 1 is none of ours either */
    v->walk = chain_walk_new((struct row_source){next_row, v});
    if (seq)
        chain_walk_expect_value(v->walk, seq, value);
    return v;
}

void verification_free(struct verification *v)
{
    if (!v)
        return;
    chain_walk_free(v->walk);
    free(v);
}

static int work(enum walk_result *out, struct verification *v, int64_t until_ms, struct err *err)
{
    uint8_t chain[CHAIN_SIZE];
    int64_t at;

    if (store_row_last(&v->newest, &at, chain, v->store, err) < 0 || store_index_newest(&at, v->store, err) < 0)
        return -1;
    chain_walk_expect(v->walk, at);
    do {
        if (chain_walk_step(out, v->walk, ROWS_A_LOOK, err) < 0)
            return -1;
    } while (*out == WALK_GOES_ON && clock_monotonic_ms() < until_ms);
    return 0;
}

int verification_slice(enum walk_result *out, struct verification *v, int64_t budget_ms, struct err *err)
{
    int r = store_begin_bare(v->store, err);

    if (r == 0)
        r = work(out, v, clock_monotonic_ms() + budget_ms, err);
    if (v->rows)
        sqlite3_reset(v->rows);
    v->rows = NULL;
    store_rollback(v->store);
    return r;
}

int64_t verification_rows(const struct verification *v)
{
    return v->newest;
}

const struct chain_walk *verification_walk(const struct verification *v)
{
    return v->walk;
}
