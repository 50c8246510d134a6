#include "proof/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/clock.h"
#include "store/chain_rows.h"
#include "store/copy.h"

enum { PAGES_A_LOOK = 64 }; /* between two looks at the clock: 256 KiB */

struct backup {
    struct store *store;
    const struct deadline *deadline;
    char *file, *part;
    bool made; /* there is a part to be taken away */
    struct store_copy *copy;
    int64_t newest;
    uint8_t newest_chain[CHAIN_SIZE];
    struct store *copied; /* the copy, opened to be verified */
    struct verification *check;
    int64_t pages;
    struct backup_result result;
};

static int cannot(struct backup *b, struct err *err)
{
    return err_say(err, ERR_INVALID_VALUE, "file", "musterd cannot write %s: %s", "musterd 无法写入 %s：%s", b->file, strerror(errno));
}

static int make_part(struct backup *b, struct err *err)
{
    _cleanup_fd_ int fd = -1;
    struct stat about;

    if (lstat(b->file, &about) == 0)
        return err_say(err, ERR_EXISTS, "file", "%s is there already: a backup is never written over another file",
                       "%s 已存在：备份绝不覆盖其他文件", b->file);
    fd = open(b->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return cannot(b, err);
    b->made = true;
    return 0;
}

int backup_begin(struct backup **out, struct store *store, const char *file, const struct deadline *deadline,
                 struct err *err)
{
    _cleanup_backup_ struct backup *b = mem_zero(sizeof *b);
    int64_t at;
    int r;

    b->store = store;
    b->deadline = deadline;
    b->file = mem_strdup(file);
    if (asprintf(&b->part, "%s.part", file) < 0)
        abort();
    r = make_part(b, err);
    if (r == 0)
        r = store_begin_bare(store, err);
    if (r == 0 && store_row_last(&b->newest, &at, b->newest_chain, store, err) < 0)
        r = -1;
    if (r == 0)
        r = store_copy_begin(&b->copy, store, b->part, err);
    if (r == 0)
        *out = TAKE(b);
    return r;
}

/* All pages are there: from here on the copy is looked at, and the ledger itself let go. */
static int end_copy(struct backup *b, struct err *err)
{
    struct stat about;

    b->pages = store_copy_all(b->copy);
    if (store_copy_finish(b->copy, err) != 0)
        return -1;
    store_copy_free(TAKE(b->copy));
    store_rollback(b->store);
    if (stat(b->part, &about) == 0)
        b->result.bytes = about.st_size;
    if (store_sound(b->part, b->deadline, err) != 0 || store_open(&b->copied, b->part, STORE_READ, err) != 0)
        return -1;
    b->check = verification_new(b->copied, b->newest, b->newest_chain);
    return 1;
}

static int step_copy(struct backup *b, int64_t until_ms, struct err *err)
{
    int r;

    do
        r = store_copy_step(b->copy, PAGES_A_LOOK, err);
    while (r == 1 && clock_monotonic_ms() < until_ms);
    return r == 0 ? end_copy(b, err) : r;
}

static bool sync_file(const char *name, int flags)
{
    _cleanup_fd_ int fd = open(name, flags | O_CLOEXEC);

    return fd >= 0 && fsync(fd) == 0;
}

static int give_name(struct backup *b, struct err *err)
{
    _cleanup_free_ char *folder = mem_strdup(b->file);

    if (!sync_file(b->part, O_RDONLY) || renameat2(AT_FDCWD, b->part, AT_FDCWD, b->file, RENAME_NOREPLACE) != 0)
        return cannot(b, err);
    b->made = false;
    return sync_file(dirname(folder), O_RDONLY | O_DIRECTORY) ? 0 : cannot(b, err);
}

static void take_result(struct backup *b)
{
    const struct chain_walk *walk = verification_walk(b->check);

    b->result.rows = chain_walk_seq(walk);
    b->result.erased = chain_walk_erased(walk);
    memcpy(b->result.head, chain_walk_value(walk), CHAIN_SIZE);
    b->result.misfit = *chain_walk_misfit(walk);
    verification_free(TAKE(b->check));
    store_free(TAKE(b->copied));
}

static int step_check(struct backup *b, int64_t budget_ms, struct err *err)
{
    enum walk_result how;

    if (verification_slice(&how, b->check, budget_ms, err) < 0)
        return -1;
    if (how == WALK_GOES_ON)
        return 1;
    take_result(b);
    return give_name(b, err) == 0 ? 0 : -1;
}

int backup_step(struct backup *b, int64_t budget_ms, struct err *err)
{
    return b->copy ? step_copy(b, clock_monotonic_ms() + budget_ms, err) : step_check(b, budget_ms, err);
}

void backup_free(struct backup *b)
{
    if (!b)
        return;
    store_copy_free(b->copy);
    store_rollback(b->store);
    verification_free(b->check);
    store_free(b->copied);
    if (b->made)
        unlink(b->part);
    free(b->file);
    free(b->part);
    free(b);
}

int64_t backup_done(const struct backup *b)
{
    return b->copy ? store_copy_done(b->copy) : b->pages + (b->check ? chain_walk_seq(verification_walk(b->check)) : 0);
}

int64_t backup_all(const struct backup *b)
{
    return (b->copy ? store_copy_all(b->copy) : b->pages) + b->newest;
}

const struct backup_result *backup_result(const struct backup *b)
{
    return &b->result;
}
