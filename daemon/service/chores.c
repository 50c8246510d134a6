#include "service/chores.h"

#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "proof/backup.h"
#include "service/background.h"
#include "store/copy.h"

enum {
    SLICE_MS = 20,
    DEEP_MS = 30 * 60 * 1000, /* a million rows take minutes */
};

struct chores {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t some;
    struct chore items[CHORES_MAX];
    int64_t last_number;
    bool stopping;
    atomic_bool interrupted; /* the same, for what is in hand */
    int ended_fd;
    struct store *store; /* the thread's alone */
};

static bool stopping(struct chores *c)
{
    bool stop;

    pthread_mutex_lock(&c->lock);
    stop = c->stopping;
    pthread_mutex_unlock(&c->lock);
    return stop;
}

static int say_stopping(struct err *err)
{
    return err_say(err, ERR_UNAVAILABLE, NULL, "the daemon stops: ask again later", "服务正在停止，请稍后重试");
}

static void tell_progress(struct chores *c, struct chore *chore, int64_t done, int64_t all)
{
    pthread_mutex_lock(&c->lock);
    chore->done = done;
    chore->all = all;
    pthread_mutex_unlock(&c->lock);
}

static int look_deeper(struct chores *c, struct chore *result, struct err *err)
{
    struct deadline deadline = {clock_monotonic_ms() + DEEP_MS, &c->interrupted};
    int r;

    store_deadline(c->store, &deadline);
    r = deep_check(result->differs, c->store, result->deep_rows, &deadline, err);
    store_deadline(c->store, NULL);
    if (deadline_stopped(&deadline)) {
        err_clear(err);
        return say_stopping(err);
    }
    return r;
}

/* Into `result`, which is the thread's own until it is done. */
static int verify(struct chores *c, struct chore *chore, struct chore *result, struct err *err)
{
    _cleanup_verification_ struct verification *v = verification_new(c->store, result->newest, result->newest_chain);
    const struct chain_walk *walk = verification_walk(v);
    enum walk_result how = WALK_GOES_ON;

    while (how == WALK_GOES_ON) {
        if (stopping(c))
            return say_stopping(err);
        if (verification_slice(&how, v, SLICE_MS, err) < 0)
            return -1;
        tell_progress(c, chore, chain_walk_seq(walk), verification_rows(v));
    }
    result->holds = how == WALK_FITS;
    result->rows = chain_walk_seq(walk);
    result->erased = (int64_t)chain_walk_erased(walk);
    memcpy(result->head, chain_walk_value(walk), CHAIN_SIZE);
    result->misfit = *chain_walk_misfit(walk);
    return result->holds && result->deep_rows ? look_deeper(c, result, err) : 0;
}

static int back_up(struct chores *c, struct chore *chore, struct chore *result, struct err *err)
{
    const struct deadline deadline = {INT64_MAX, &c->interrupted};
    _cleanup_backup_ struct backup *b = NULL;
    const struct backup_result *found;
    int r = backup_begin(&b, c->store, result->file, &deadline, err);

    if (r != 0)
        return r;
    while ((r = backup_step(b, SLICE_MS, err)) == 1) {
        if (stopping(c))
            return say_stopping(err);
        tell_progress(c, chore, backup_done(b), backup_all(b));
    }
    if (r != 0)
        return r;
    found = backup_result(b);
    result->holds = found->misfit.kind == MISFIT_NONE;
    result->rows = found->rows;
    result->bytes = found->bytes;
    result->erased = (int64_t)found->erased;
    memcpy(result->head, found->head, CHAIN_SIZE);
    result->misfit = found->misfit;
    return 0;
}

/* What is found stands in result->err; -1 only where it could not be looked at. */
static int look_at_structure(struct chores *c, struct chore *result, struct err *err)
{
    const struct deadline deadline = {INT64_MAX, &c->interrupted};
    int r = store_sound(result->file, &deadline, err);

    result->holds = r == 0;
    return r < 0 ? -1 : 0;
}

static int do_it(struct chores *c, struct chore *chore, struct chore *result, struct err *err)
{
    switch (result->kind) {
    case CHORE_VERIFY:
        return verify(c, chore, result, err);
    case CHORE_BACKUP:
        return back_up(c, chore, result, err);
    case CHORE_SOUND:
        return look_at_structure(c, result, err);
    }
    return -1;
}

static void work(struct chores *c, struct chore *chore)
{
    struct chore result = *chore;
    struct err err = {0};
    int failed;

    chore->state = CHORE_RUNS;
    pthread_mutex_unlock(&c->lock);
    failed = do_it(c, chore, &result, &err);
    pthread_mutex_lock(&c->lock);
    result.done = chore->done;
    result.all = chore->all;
    result.state = failed ? CHORE_FAILED : CHORE_DONE;
    result.err = err;
    *chore = result;
    (void)!eventfd_write(c->ended_fd, 1);
}

static struct chore *oldest_waiting(struct chores *c)
{
    struct chore *found = NULL;

    for (size_t i = 0; i < CHORES_MAX; i++)
        if (c->items[i].number && c->items[i].state == CHORE_WAITS && (!found || c->items[i].number < found->number))
            found = &c->items[i];
    return found;
}

static void *run(void *data)
{
    struct chores *c = data;

    background_thread();
    pthread_mutex_lock(&c->lock);
    while (!c->stopping) {
        struct chore *chore = oldest_waiting(c);

        if (chore)
            work(c, chore);
        else
            pthread_cond_wait(&c->some, &c->lock);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

int chores_start(struct chores **out, const char *database, struct err *err)
{
    struct chores *c = mem_zero(sizeof *c);
    int failed = store_open(&c->store, database, STORE_READ, err);

    c->ended_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (!failed && c->ended_fd < 0)
        failed = err_fault(err, "cannot make an eventfd");
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->some, NULL);
    if (!failed && pthread_create(&c->thread, NULL, run, c) != 0)
        failed = err_fault(err, "cannot start a thread");
    if (failed) {
        cleanup_fd(&c->ended_fd);
        store_free(c->store);
        free(c);
        return failed;
    }
    *out = c;
    return 0;
}

void chores_stop(struct chores *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->stopping = true;
    atomic_store(&c->interrupted, true);
    pthread_cond_signal(&c->some);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->thread, NULL);
    for (size_t i = 0; i < CHORES_MAX; i++)
        free(c->items[i].file);
    cleanup_fd(&c->ended_fd);
    store_free(c->store);
    pthread_cond_destroy(&c->some);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* A free place, or that of the oldest which is done. */
static struct chore *place(struct chores *c)
{
    struct chore *oldest = NULL;

    for (size_t i = 0; i < CHORES_MAX; i++) {
        struct chore *chore = &c->items[i];

        if (!chore->number)
            return chore;
        if ((chore->state == CHORE_DONE || chore->state == CHORE_FAILED) && (!oldest || chore->number < oldest->number))
            oldest = chore;
    }
    return oldest;
}

static struct chore *to_join(struct chores *c, const struct chore_order *order)
{
    for (size_t i = 0; order->kind == CHORE_VERIFY && i < CHORES_MAX; i++)
        if (c->items[i].number && c->items[i].kind == order->kind && c->items[i].state == CHORE_WAITS &&
            c->items[i].deep_rows == order->deep_rows)
            return &c->items[i];
    return NULL;
}

int chores_add(int64_t *number_out, struct chores *c, const struct chore_order *order, struct err *err)
{
    struct chore *chore;

    pthread_mutex_lock(&c->lock);
    chore = to_join(c, order);
    if (!chore && (chore = place(c))) {
        free(chore->file);
        memset(chore, 0, sizeof *chore);
        chore->number = ++c->last_number;
        chore->kind = order->kind;
        chore->file = order->file ? mem_strdup(order->file) : NULL;
        chore->deep_rows = order->deep_rows;
        chore->newest = order->newest;
        memcpy(chore->newest_chain, order->newest_chain, CHAIN_SIZE);
        pthread_cond_signal(&c->some);
    }
    if (chore)
        *number_out = chore->number;
    pthread_mutex_unlock(&c->lock);
    return chore ? 0
                 : err_say(err, ERR_UNAVAILABLE, NULL, "%d verifications and backups are under way: try again later",
                           "已有 %d 项校验与备份在进行，请稍后重试", CHORES_MAX);
}

bool chores_look(struct chore *out, struct chores *c, int64_t number)
{
    bool found = false;

    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; number > 0 && i < CHORES_MAX && !found; i++)
        if (c->items[i].number == number) {
            *out = c->items[i];
            out->file = NULL;
            found = true;
        }
    pthread_mutex_unlock(&c->lock);
    return found;
}

static bool is_told(const struct chore *chore)
{
    switch (chore->kind) {
    case CHORE_VERIFY:
        return chore->state == CHORE_DONE;
    case CHORE_SOUND:
        return chore->state == CHORE_DONE || chore->state == CHORE_FAILED;
    case CHORE_BACKUP:
        break;
    }
    return false;
}

int chores_fd(const struct chores *c)
{
    return c->ended_fd;
}

bool chores_take_ended(struct chore *out, struct chores *c)
{
    eventfd_t ended;
    bool found = false;

    (void)!eventfd_read(c->ended_fd, &ended);

    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < CHORES_MAX && !found; i++) {
        struct chore *chore = &c->items[i];

        if (!chore->number || chore->told || !is_told(chore))
            continue;
        chore->told = found = true;
        *out = *chore;
        out->file = NULL;
    }
    pthread_mutex_unlock(&c->lock);
    return found;
}

