/* A line of an export: what is read is written again as the same row, and a walk over it ends, whatever it holds. A
 * head: what is read is rightly signed. */
#include <string.h>

#include "chain/content.h"
#include "chain/head.h"
#include "chain/line.h"
#include "chain/walk.h"
#include "fuzz.h"

static void same_row(const struct chain_row *a, const struct chain_row *b)
{
    FUZZ_CHECK(a->seq == b->seq && a->recorded_at == b->recorded_at && a->flags == b->flags);
    FUZZ_CHECK(a->has_personal == b->has_personal && a->has_salt == b->has_salt && a->has_seal == b->has_seal);
    FUZZ_CHECK(a->recorded_by.len == b->recorded_by.len && memcmp(a->recorded_by.s, b->recorded_by.s, a->recorded_by.len) == 0);
    FUZZ_CHECK(a->body.len == b->body.len && memcmp(a->body.s, b->body.s, a->body.len) == 0);
    FUZZ_CHECK(a->personal.len == b->personal.len && memcmp(a->personal.s, b->personal.s, a->personal.len) == 0);
    FUZZ_CHECK(memcmp(a->salt, b->salt, SALT_SIZE) == 0 && memcmp(a->seal, b->seal, SEAL_SIZE) == 0);
    FUZZ_CHECK(memcmp(a->chain, b->chain, CHAIN_SIZE) == 0);
}

struct one_row {
    struct chain_row row;
    int times;
};

/* The row some times, as if somebody had copied it. */
static int next(void *data, struct chain_row *out, struct arena *arena, struct err *err)
{
    struct one_row *one = data;

    (void)arena;
    (void)err;
    *out = one->row;
    return one->times-- > 0;
}

static void walk(const struct chain_row *row)
{
    struct one_row one = {*row, 3};
    _cleanup_chain_walk_ struct chain_walk *w = chain_walk_new((struct row_source){next, &one});
    enum walk_result how = WALK_GOES_ON;
    struct err err = {0};

    while (how == WALK_GOES_ON)
        FUZZ_CHECK(chain_walk_step(&how, w, 1, &err) == 0);
    FUZZ_CHECK(how == WALK_MISFIT && chain_walk_misfit(w)->kind != MISFIT_NONE);
    FUZZ_CHECK(chain_walk_misfit(w)->why.en[0] && chain_walk_misfit(w)->why.zh[0]);
}

static void try_row(const struct chain_row *row, struct arena *arena)
{
    _cleanup_buf_ struct buf line = {0};
    struct chain_row again;
    struct err err = {0};

    if (line_write(&line, row, &err) != 0) {
        FUZZ_CHECK(err.en[0]); /* an event of two lines, or too deep */
        return;
    }
    FUZZ_CHECK(!memchr(line.data, '\n', line.len));
    FUZZ_CHECK(line_read(&again, arena, line.data, line.len, &err) == 0);
    same_row(row, &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_arena_ struct arena arena = {0};
    const char *text = (const char *)data;
    struct chain_row row;
    struct err err = {0};
    struct head head;

    if (line_read(&row, &arena, text, size, &err) == 0) {
        try_row(&row, &arena);
        walk(&row);
    } else {
        FUZZ_CHECK(err.en[0] && err.zh[0]);
    }
    err_clear(&err);
    FUZZ_CHECK(head_read(&head, text, size, &err) == 0 || (err.en[0] && err.zh[0]));
    return 0;
}
