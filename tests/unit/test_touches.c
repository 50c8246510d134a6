/* The index of activities against a plain list: random rows, corrections, upkeep cut short at any
 * step, rollbacks, a writer opened anew, and a reader that looks now and then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "store/touches.h"
#include "store/upkeep.h"

enum { SUBJECTS = 12, ROWS = 3000, MOST = 4 };

struct known {
    struct touch touch;
    struct touching subjects[MOST];
    size_t n;
};

struct world {
    char path[64];
    struct store *writer, *reader;
    struct known rows[ROWS + 1];
    int64_t seq;
};

static unsigned seed;

static int below(int n)
{
    return (int)(rand_r(&seed) % (unsigned)n);
}

static void open_writer(struct world *w)
{
    struct err err = {0};

    store_free(TAKE(w->writer));
    assert_int_equal(store_open(&w->writer, w->path, STORE_WRITE, &err), 0);
    store_upkeep_set(w->writer, 60 + (size_t)below(200), 2 + below(3));
}

static void add_row(struct world *w)
{
    struct known *k = &w->rows[w->seq + 1];
    int64_t takes = 0;
    struct err err = {0};

    memset(k, 0, sizeof *k);
    k->touch = (struct touch){
        .place = {19000 + below(40), below(3) ? (int64_t)below(86400) * 1000000000 : -1, w->seq + 1},
        .type = below(4) ? EV_MEETING : EV_CONTACT,
        .kinds = (uint64_t)below(8),
    };
    for (int i = 0, s = 1 + below(SUBJECTS - MOST); i < below(MOST); i++)
        k->subjects[k->n++] = (struct touching){s + i, 1u << (i + 2)};
    if (w->seq > 0 && below(5) == 0)
        takes = 1 + below((int)w->seq);
    if (takes && w->rows[takes].touch.out_by)
        takes = 0;
    if (takes) {
        struct known *t = &w->rows[takes];

        assert_int_equal(store_event_out(w->writer, &t->touch, t->subjects, t->n, w->seq + 1, &err), 0);
        t->touch.out_by = w->seq + 1;
    }
    assert_int_equal(store_event_add(w->writer, &k->touch, k->subjects, k->n, takes, &err), 0);
    w->seq++;
}

static void batch(struct world *w)
{
    struct err err = {0};
    bool keep = below(12) != 0;
    struct known *before = mem_alloc(sizeof w->rows);
    int64_t seq = w->seq;

    memcpy(before, w->rows, sizeof w->rows);
    assert_int_equal(store_begin(w->writer, &err), 0);
    for (int i = 1 + below(40); i > 0 && w->seq < ROWS; i--)
        add_row(w);
    if (keep) {
        assert_int_equal(store_commit(w->writer, &err), 0);
    } else {
        store_rollback(w->writer);
        memcpy(w->rows, before, sizeof w->rows);
        w->seq = seq;
    }
    free(before);
}

static int newest_first(const void *a, const void *b)
{
    const struct touch *x = a, *y = b;

    return place_compare(&y->place, &x->place);
}

/* What the plain list says of a subject, newest first. */
static size_t expected(struct touch *out, const struct world *w, int64_t subject)
{
    size_t n = 0;

    for (int64_t seq = 1; seq <= w->seq; seq++) {
        const struct known *k = &w->rows[seq];

        if (subject == WHOLE_LEDGER)
            out[n++] = k->touch;
        for (size_t i = 0; i < k->n; i++)
            if (k->subjects[i].subject == subject) {
                out[n] = k->touch;
                out[n++].role = k->subjects[i].role;
            }
    }
    qsort(out, n, sizeof *out, newest_first);
    return n;
}

static void same(const struct touch *a, const struct touch *b)
{
    assert_int_equal(place_compare(&a->place, &b->place), 0);
    assert_true(a->out_by == b->out_by);
    assert_int_equal(a->role, b->role);
    assert_true(a->kinds == b->kinds);
}

static void check_walk(const struct world *w, struct store *store, int64_t subject)
{
    static struct touch wanted[ROWS];
    size_t n = expected(wanted, w, subject), skip = n ? (size_t)below((int)n) : 0;
    struct touch_walk walk;
    struct touch t;
    struct err err = {0};

    touch_walk_init(&walk, store, subject, NULL);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(touch_walk_next(&t, &walk, &err), 1);
        same(&t, &wanted[i]);
    }
    assert_int_equal(touch_walk_next(&t, &walk, &err), 0);
    if (n == 0)
        return;
    touch_walk_init(&walk, store, subject, &wanted[skip].place);
    if (skip + 1 < n) {
        assert_int_equal(touch_walk_next(&t, &walk, &err), 1);
        same(&t, &wanted[skip + 1]);
    }
}

static void check_range(const struct world *w, struct store *store, int64_t subject)
{
    static struct touch wanted[ROWS];
    size_t n = expected(wanted, w, subject), got_n, at = 0;
    day_t first = 19000 + below(40), last = first + below(20);
    _cleanup_arena_ struct arena arena = {0};
    struct touch *got, any;
    struct err err = {0};
    bool found = false;

    assert_int_equal(store_activities(&got, &got_n, &arena, store, subject, first, last, &err), 0);
    for (size_t i = n; i > 0; i--)
        if (wanted[i - 1].place.day >= first && wanted[i - 1].place.day <= last) {
            assert_true(at < got_n);
            same(&got[at++], &wanted[i - 1]);
            found = found || wanted[i - 1].out_by == 0;
        }
    assert_int_equal(at, got_n);
    assert_int_equal(store_activity_any(&any, store, subject, first, last, 0, &err), found);
}

static void check_all(const struct world *w, struct store *store)
{
    for (int64_t subject = 0; subject < SUBJECTS; subject++) {
        check_walk(w, store, subject);
        check_range(w, store, subject);
    }
}

static void test_random(void **state)
{
    struct world *w = *state;
    struct err err = {0};
    bool more;

    while (w->seq < ROWS) {
        batch(w);
        for (int i = below(6); i > 0; i--)
            assert_int_equal(store_upkeep(w->writer, 0, &more, &err), 0);
        if (below(8) == 0)
            check_all(w, w->writer);
        if (below(8) == 0) {
            assert_int_equal(store_begin_read(w->reader, &err), 0);
            check_all(w, w->reader);
            store_rollback(w->reader);
        }
        if (below(30) == 0)
            open_writer(w);
    }
    do
        assert_int_equal(store_upkeep(w->writer, 50, &more, &err), 0);
    while (more);
    check_all(w, w->writer);
}

/* A reader's snapshot stays what it was while the writer goes on. */
static void test_snapshot(void **state)
{
    struct world *w = *state;
    struct world *then = mem_alloc(sizeof *then);
    struct err err = {0};
    bool more;

    while (w->seq < 500)
        batch(w);
    assert_int_equal(store_begin_read(w->reader, &err), 0);
    memcpy(then, w, sizeof *w);
    while (w->seq < 1500) {
        batch(w);
        assert_int_equal(store_upkeep(w->writer, 1, &more, &err), 0);
    }
    check_all(then, w->reader);
    store_rollback(w->reader);
    assert_int_equal(store_begin_read(w->reader, &err), 0);
    check_all(w, w->reader);
    store_rollback(w->reader);
    free(then);
}

static int setup(void **state)
{
    struct world *w = mem_zero(sizeof *w);
    struct err err = {0};
    int fd;

    strcpy(w->path, "/tmp/muster-touches-XXXXXX");
    fd = mkstemp(w->path);
    assert_true(fd >= 0);
    close(fd);
    open_writer(w);
    assert_int_equal(store_open(&w->reader, w->path, STORE_READ, &err), 0);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    char name[80];

    store_free(w->reader);
    store_free(w->writer);
    unlink(w->path);
    snprintf(name, sizeof name, "%s-wal", w->path);
    unlink(name);
    snprintf(name, sizeof name, "%s-shm", w->path);
    unlink(name);
    free(w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random, setup, teardown),
        cmocka_unit_test_setup_teardown(test_snapshot, setup, teardown),
    };
    const char *given = getenv("SEED");

    seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    print_message("SEED=%u\n", seed);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
