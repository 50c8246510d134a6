/* Every open alert of a day, found by asking every rule about every subject: for other days than
 * today, for what was known at another time, and for other rules.
 *
 * All of them are found first, for the order is worst and oldest first; then one page is written. */
#include <string.h>

#include "alerts/full.h"
#include "query/alert_view.h"

enum {
    FOUND_MAX = 1000000,  /* some 64 MB; a district has thousands */
    PATIENCE_FOUND = 256, /* alerts found between two looks at the clock */
};

struct found {
    struct alert_place place; /* day: since */
    const struct rule *rule;
    int64_t subject;
};

struct finding {
    struct asking *ask;
    const struct alert_filter *filter;
    struct found *items;
    size_t n, cap;
    struct arena arena; /* refs */
    struct err *err;
};

static void finding_deinit(struct finding *f)
{
    arena_deinit(&f->arena);
    free(f->items);
}

#define _cleanup_finding_ CLEANUP(finding_deinit)

/* Worst and oldest first, then by rule and subject. */
static int place_order(const struct alert_place *a, const struct alert_place *b)
{
    if (a->level != b->level)
        return a->level > b->level ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return alert_place_compare(a, b);
}

static int order(const void *a, const void *b)
{
    return place_order(&((const struct found *)a)->place, &((const struct found *)b)->place);
}

static int take(void *ctx, const struct subject_data *subject, const struct rule *rule,
                const struct verdict *verdict)
{
    struct finding *f = ctx;
    struct alert_item item = {.rule = rule->id, .subject = subject->key, .level = verdict->level};
    bool passes;

    if (alert_passes(&passes, f->ask, f->filter, &item, f->err) < 0)
        return -1;
    if (!passes)
        return 0;
    if (f->n == FOUND_MAX)
        return err_fault(f->err, "more than %d alerts: ask for one area, branch or rule at a time",
                         FOUND_MAX);
    if (f->n % PATIENCE_FOUND == 0 && ask_patience(f->ask, f->err) < 0)
        return -1;
    ARRAY_GROW(f->items, f->n, f->cap);
    f->items[f->n++] = (struct found){
        .place = {verdict->since, verdict->level, subject->kind, rule->id,
                  arena_strndup(&f->arena, subject->ref, strlen(subject->ref))},
        .rule = rule,
        .subject = subject->key,
    };
    return 0;
}

static int find(struct finding *f, const struct pack *pack)
{
    struct asking *ask = f->ask;

    if (alerts_full(ask_facts(ask), ask->store, pack, ask->env->tracking_since, ask->day, take, f,
                    f->err) != 0)
        return -1;
    if (f->n > 1)
        qsort(f->items, f->n, sizeof *f->items, order);
    return 0;
}

static int write_found(struct asking *ask, const struct found *found, struct err *err)
{
    struct alert_item item = {
        .rule = found->rule->id,
        .known = found->rule,
        .subject = found->subject,
        .level = found->place.level,
        .since = found->place.day,
    };

    arena_reset(&ask->scratch);
    if (ask_patience(ask, err) < 0 || write_alert(ask, &item, err) < 0)
        return -1;
    alert_place_mark(ask, 'e', &found->place);
    return 0;
}

static int write_page(const struct finding *f, const struct alert_place *after, struct err *err)
{
    struct asking *ask = f->ask;

    page_begin(ask);
    for (size_t i = 0; i < f->n; i++) {
        enum page_step step;

        if (after && place_order(&f->items[i].place, after) <= 0)
            continue;
        step = page_step(ask);
        if (step == PAGE_FULL)
            break;
        if (step == PAGE_WRITE && write_found(ask, &f->items[i], err) < 0)
            return -1;
    }
    page_end(ask);
    return 0;
}

int list_evaluated(struct asking *ask, const struct alert_filter *filter, struct err *err)
{
    _cleanup_finding_ struct finding f = {.ask = ask, .filter = filter, .err = err};
    struct alert_place after;
    bool has;
    int r = alert_place_read(&after, &has, ask, 'e', err);

    if (r != 0)
        return r;
    if (find(&f, ask->env->pack) < 0)
        return -1;
    return write_page(&f, has ? &after : NULL, err);
}

static int same_order(const void *a, const void *b)
{
    const struct found *x = a, *y = b;

    return alert_place_compare(&x->place, &y->place);
}

/* How many (rule, subject) are in one and not in the other. */
static void count_differing(size_t *only_a, size_t *only_b, const struct finding *a,
                            const struct finding *b)
{
    size_t i = 0, k = 0;

    *only_a = *only_b = 0;
    while (i < a->n || k < b->n) {
        int c = i == a->n ? 1 : k == b->n ? -1 : same_order(&a->items[i], &b->items[k]);

        *only_a += c < 0;
        *only_b += c > 0;
        i += c <= 0;
        k += c >= 0;
    }
}

static int write_counts(struct finding *then, struct err *err)
{
    struct asking *ask = then->ask;
    _cleanup_finding_ struct finding now = {.ask = ask, .filter = then->filter, .err = err};
    size_t only_now, only_then;

    if (find(&now, ask->env->pack) < 0)
        return -1;
    if (now.n > 1)
        qsort(now.items, now.n, sizeof *now.items, same_order);
    if (then->n > 1)
        qsort(then->items, then->n, sizeof *then->items, same_order);
    count_differing(&only_now, &only_then, &now, then);
    if (then->n > 1)
        qsort(then->items, then->n, sizeof *then->items, order);
    json_kv_int(ask->out, "only_now", (int64_t)only_now);
    json_kv_int(ask->out, "only_then", (int64_t)only_then);
    return 0;
}

static int read_pack(struct pack **out, struct asking *ask, struct err *err)
{
    struct err said = {0};

    if (pack_read_json(out, ask_field(ask, "try"), ask->kinds, &said) == 0)
        return 0;
    err_say(err, ERR_MALFORMED, "try", "%s%.0s", "%.0s%s", said.en, said.zh);
    err_hint(err, said.hint);
    return 1;
}

int answer_try(struct asking *ask, struct err *err)
{
    _cleanup_finding_ struct finding f = {.ask = ask, .err = err};
    _cleanup_pack_ struct pack *pack = NULL;
    struct alert_filter filter;
    struct alert_place after;
    bool has;
    int r = read_pack(&pack, ask, err);

    if (r == 0)
        r = alert_filter_read(&filter, ask, NULL, err);
    if (r == 0)
        r = alert_place_read(&after, &has, ask, 'e', err);
    if (r != 0)
        return r;
    f.filter = &filter;
    if (find(&f, pack) < 0)
        return -1;
    json_kv_str(ask->out, "pack", pack->hash);
    json_kv_day(ask->out, "day", ask->day);
    json_kv_bool(ask->out, "settling", ask->env->settling);
    if (write_counts(&f, err) < 0)
        return -1;
    return write_page(&f, has ? &after : NULL, err);
}
