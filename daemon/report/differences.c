#include "report/differences.h"

#include <stdlib.h>
#include <string.h>

#include "report/annual.h"

/* Keys are the store's own: a subject is the same by its kind and ref. */
struct comparing {
    const struct figures *then, *now;
    int64_t *keys; /* now's, by then's; 0: not looked up yet */
    size_t key_count;
    struct figure_differences *out;
};

void figure_differences_deinit(struct figure_differences *differences)
{
    free(differences->items);
    memset(differences, 0, sizeof *differences);
}

static int look_up(int64_t *key_out, const struct comparing *c, int64_t then_key, struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    enum subject_kind kind;
    const char *ref;
    int r = store_subject_get(&kind, &ref, &arena, c->then->source.store, then_key, err);

    if (r == 1)
        r = store_subject_find(key_out, c->now->source.store, kind, ref, err);
    if (r == 0)
        return err_fault(err, "subject %lld of an earlier state is not known any more", (long long)then_key);
    return r < 0 ? -1 : 0;
}

static int key_now(int64_t *key, struct comparing *c, struct err *err)
{
    size_t place = (size_t)*key;

    if (*key == 0)
        return 0;
    if (place >= c->key_count) {
        size_t count = 2 * place + 64;

        c->keys = mem_resize(c->keys, count * sizeof *c->keys);
        memset(c->keys + c->key_count, 0, (count - c->key_count) * sizeof *c->keys);
        c->key_count = count;
    }
    if (c->keys[place] == 0 && look_up(&c->keys[place], c, *key, err) < 0)
        return -1;
    *key = c->keys[place];
    return 0;
}

static int by_number(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* The same event, register entry, duty period or change. */
static int by_identity(const void *a, const void *b)
{
    const struct figure_item *x = a, *y = b;
    int order = by_number(x->kind, y->kind);

    if (order == 0)
        order = by_number(x->seq, y->seq);
    if (order == 0)
        order = by_number(x->subject, y->subject);
    if (order == 0)
        order = by_number(x->first, y->first);
    return order ? order : by_number(x->day, y->day);
}

static int by_all(const void *a, const void *b)
{
    const struct figure_item *x = a, *y = b;
    int order = by_identity(a, b);

    if (order == 0)
        order = by_number(x->part, y->part);
    return order ? order : by_number(x->whole, y->whole);
}

static void take(struct comparing *c, const struct figure *figure, bool then, const struct figure_item *item)
{
    ARRAY_GROW(c->out->items, c->out->n, c->out->cap);
    c->out->items[c->out->n++] = (struct figure_difference){figure, then, *item};
}

static void merge(struct comparing *c, const struct figure *figure, const struct figure_items *then,
                  const struct figure_items *now)
{
    size_t i = 0, k = 0;

    while (i < then->n || k < now->n) {
        int order = i == then->n ? 1 : k == now->n ? -1 : by_all(&then->items[i], &now->items[k]);

        if (order < 0)
            take(c, figure, true, &then->items[i++]);
        else if (order > 0)
            take(c, figure, false, &now->items[k++]);
        else
            i++, k++;
    }
}

static int collect(struct figure_items *out, const struct figures *figures, const struct figure *figure, struct err *err)
{
    if (figures_patience(figures, err) < 0)
        return -1;
    figure_collect(out, figures, figure);
    return 0;
}

static void sort(struct figure_items *items)
{
    if (items->n > 1)
        qsort(items->items, items->n, sizeof *items->items, by_all);
}

/* Either may be NULL. */
static int compare(struct comparing *c, const struct figure *then, const struct figure *now, struct err *err)
{
    _cleanup_figure_items_ struct figure_items before = {.keep = true}, after = {.keep = true};

    if ((then && collect(&before, c->then, then, err) < 0) || (now && collect(&after, c->now, now, err) < 0))
        return -1;
    for (size_t i = 0; i < before.n; i++)
        if (key_now(&before.items[i].subject, c, err) < 0)
            return -1;
    sort(&before);
    sort(&after);
    merge(c, now ? now : then, &before, &after);
    return 0;
}

int figures_differ(struct figure_differences *out, const struct figures *then, const struct figures *now,
                   struct err *err)
{
    struct comparing c = {.then = then, .now = now, .out = out};
    const struct figure *list;
    size_t n = figures_list(&list, now);
    int r = 0;

    for (size_t i = 0; r == 0 && i < n; i++)
        r = compare(&c, then ? figures_find(then, list[i].full_name) : NULL, &list[i], err);
    n = then ? figures_list(&list, then) : 0;
    for (size_t i = 0; r == 0 && i < n; i++)
        if (!figures_find(now, list[i].full_name))
            r = compare(&c, &list[i], NULL, err);
    free(c.keys);
    return r;
}
