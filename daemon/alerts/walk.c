#include "alerts/walk.h"

#include "store/alert_table.h"

/* A member is met with the branch of the present stint, by themselves if there is none. */
static int met_alone(bool *out, struct store *store, int64_t member, struct err *err)
{
    struct stint stint;
    int r = store_stint_latest(&stint, store, member, DAY_NEVER - 1, err);

    *out = r != 1 || stint.to != DAY_NEVER || stint.branch == 0;
    return r < 0 ? -1 : 0;
}

static int branch_and_members(int64_t **keys_out, size_t *n_out, struct arena *arena,
                              struct store *store, int64_t branch, struct err *err)
{
    struct stint *stints;
    size_t n;
    int64_t *keys;

    if (store_stints(&stints, &n, arena, store, SQL_STINTS_OF_BRANCH, branch, err) < 0)
        return -1;
    *keys_out = keys = arena_alloc(arena, (n + 1) * sizeof *keys);
    keys[0] = branch;
    *n_out = 1;
    for (size_t i = 0; i < n; i++)
        if (stints[i].to == DAY_NEVER)
            keys[(*n_out)++] = stints[i].member;
    return 1;
}

int walk_next(int64_t **keys_out, size_t *n_out, struct arena *arena, struct walk *walk,
              struct store *store, struct err *err)
{
    enum subject_kind kind;
    int64_t key;
    bool alone = true;
    int r = store_subject_next(&key, &kind, store, walk->after, err);

    *n_out = 0;
    if (r != 1)
        return r;
    walk->after = key;
    if (kind == SUBJECT_BRANCH)
        return branch_and_members(keys_out, n_out, arena, store, key, err);
    if (kind == SUBJECT_MEMBER && met_alone(&alone, store, key, err) < 0)
        return -1;
    *keys_out = arena_alloc(arena, sizeof **keys_out);
    (*keys_out)[0] = key;
    *n_out = alone ? 1 : 0;
    return 1;
}
