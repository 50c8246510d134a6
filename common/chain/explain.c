/* What most likely happened to a row that does not fit: found by trying. */
#include <string.h>

#include "chain/walk_parts.h"

struct look {
    struct chain_row rows[WALK_LOOK + 1]; /* the one that does not fit, and those after it */
    size_t n;
};

static bool fits(const struct chain_row *row, const uint8_t *previous, int64_t seq)
{
    uint8_t value[CHAIN_SIZE];

    link_value(value, previous, row, seq);
    return memcmp(value, row->chain, CHAIN_SIZE) == 0;
}

/* Whether the row belongs to this ledger, in another place near here. */
static bool belongs_near(const struct look *look, const struct chain_row *row, int64_t from)
{
    for (size_t i = 0; i < look->n; i++)
        for (int64_t seq = from; seq <= from + WALK_LOOK; seq++)
            if (fits(row, look->rows[i].chain, seq))
                return true;
    return false;
}

/* The row after it fits to it, if numbers had gone on by some more: those between were taken out. */
static int64_t taken_out(const struct look *look)
{
    const struct chain_row *row = &look->rows[0], *next = &look->rows[1];

    for (int64_t by = 1; look->n > 1 && by <= WALK_LOOK; by++)
        if (fits(next, row->chain, next->seq + by))
            return by;
    return 0;
}

static int look_ahead(struct look *look, struct chain_walk *walk, const struct chain_row *row, struct err *err)
{
    int r = 1;

    look->rows[0] = *row;
    look->n = 1;
    while (look->n <= WALK_LOOK && (r = walk->source.next(walk->source.data, &look->rows[look->n], &walk->arena, err)) == 1)
        look->n++;
    return r < 0 ? -1 : 0;
}

static void wrong_number(struct chain_walk *walk, const struct look *look, int64_t due)
{
    if (look->rows[0].seq < due) {
        chain_walk_say(walk, MISFIT_INSERTED, look->rows[0].seq,
                 "was inserted: there is one of that number already, or there can be none", "是插入的：该序号已有记录或不可能存在");
        return;
    }
    for (size_t i = 1; i < look->n; i++)
        if (look->rows[i].seq == due) {
            chain_walk_say(walk, MISFIT_REORDERED, due, "is out of its place: it comes later", "顺序错误：它出现在后面");
            return;
        }
    chain_walk_say(walk, MISFIT_MISSING, due, "is missing", "缺失");
}

static void wrong_value(struct chain_walk *walk, const struct look *look, int64_t due)
{
    const uint8_t *previous = walk->seq ? walk->value : NULL;
    const struct chain_row *row = &look->rows[0];

    for (size_t i = 1; i < look->n; i++) {
        if (!fits(&look->rows[i], previous, due))
            continue;
        if (belongs_near(look, row, due))
            chain_walk_say(walk, MISFIT_REORDERED, due, "is out of its place: another one stands there", "顺序错误：该处是另一条记录");
        else
            chain_walk_say(walk, MISFIT_INSERTED, due, "was inserted: the row that belongs there comes later",
                     "是插入的：原来的记录被移到后面");
        return;
    }
    if (taken_out(look))
        chain_walk_say(walk, MISFIT_MISSING, due, "is missing: those after it were given lower numbers", "缺失：其后的记录被前移");
    else
        chain_walk_say(walk, MISFIT_CHANGED, due, "was changed: it does not fit to its chain value", "已被改动：与链值不符");
}

int chain_walk_explain(struct chain_walk *walk, const struct chain_row *row, struct err *err)
{
    int64_t due = walk->seq + 1;
    struct look look;

    if (walk->newest && due > walk->newest) {
        chain_walk_say(walk, MISFIT_INSERTED, row->seq, "was inserted: the ledger ended before it", "是插入的：台账在其之前已结束");
        return 0;
    }
    if (look_ahead(&look, walk, row, err) < 0)
        return -1;
    if (row->seq != due)
        wrong_number(walk, &look, due);
    else if (row->broken)
        chain_walk_say(walk, MISFIT_CHANGED, due, "was changed: a part of it has not the size that it must have", "已被改动：某部分的长度不对");
    else
        wrong_value(walk, &look, due);
    return 0;
}
