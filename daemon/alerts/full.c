#include "alerts/full.h"

#include "alerts/walk.h"

struct asking {
    struct facts *facts;
    const struct pack *pack;
    day_t tracking_since, day;
    alerts_visit *visit;
    void *ctx;
};

static int ask_subject(const struct asking *ask, int64_t key, struct err *err)
{
    const struct subject_data *subject;
    int r = facts_subject(&subject, ask->facts, key, false, err);

    for (size_t i = 0; r == 1 && i < ask->pack->rule_count; i++) {
        const struct rule *rule = &ask->pack->rules[i];
        struct verdict verdict;
        int stop;

        if (rule->subject != subject->kind)
            continue;
        rule_evaluate(&verdict, rule, ask->tracking_since, subject, ask->day);
        if (facts_check(ask->facts, err) < 0)
            return -1;
        stop = verdict.open ? ask->visit(ask->ctx, subject, rule, &verdict) : 0;
        if (stop != 0)
            return stop;
    }
    return r < 0 ? -1 : 0;
}

int alerts_full(struct facts *facts, struct store *store, const struct pack *pack,
                day_t tracking_since, day_t day, alerts_visit *visit, void *ctx, struct err *err)
{
    struct asking ask = {facts, pack, tracking_since, day, visit, ctx};
    _cleanup_arena_ struct arena arena = {0};
    struct walk walk = {0};
    int64_t *keys;
    size_t n;
    int r;

    while ((r = walk_next(&keys, &n, &arena, &walk, store, err)) == 1) {
        for (size_t i = 0; i < n; i++) {
            r = ask_subject(&ask, keys[i], err);
            if (r != 0)
                return r;
        }
        arena_reset(&arena);
        if (facts_size(facts) > FACTS_BOUND_BYTES)
            facts_reset(facts);
    }
    return r;
}
