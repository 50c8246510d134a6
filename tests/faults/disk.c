#include "disk.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MAX = 8, SECTOR = 512 };

struct write {
    sqlite3_int64 offset;
    int len; /* -1: a truncation to `offset` */
    unsigned char *data;
};

/* A file as the disk has it for sure, and what was written since the last sync. */
struct image {
    char path[512];
    unsigned char *durable;
    sqlite3_int64 size;
    struct write *pending;
    size_t pending_n, pending_cap;
};

struct file {
    sqlite3_file base;
    struct image *image; /* NULL: of no interest (shared memory, temporary files) */
    sqlite3_file *real;
};

static struct image images[FILES_MAX];
static int image_count;
static sqlite3_vfs *real_vfs;
static sqlite3_vfs vfs;
static sqlite3_io_methods methods;

static struct {
    enum disk_fault fault;
    long at, calls, count;
    bool struck, dead;
} plan;

/* Counts a writing call. SQLITE_OK, or how it fails. */
static int strike(void)
{
    plan.count++;
    if (plan.dead)
        return SQLITE_IOERR;
    if (plan.fault == DISK_WORKS || plan.count < plan.at ||
        (plan.calls && plan.count >= plan.at + plan.calls))
        return SQLITE_OK;
    plan.struck = true;
    if (plan.fault == DISK_POWER_CUT)
        plan.dead = true;
    return plan.fault == DISK_FULL ? SQLITE_FULL : SQLITE_IOERR;
}

static void apply(struct image *image, const struct write *w, int len)
{
    sqlite3_int64 end = w->len < 0 ? w->offset : w->offset + len;

    if (w->len < 0) {
        if (end < image->size)
            image->size = end;
        return;
    }
    if (end > image->size) {
        image->durable = realloc(image->durable, (size_t)end);
        memset(image->durable + image->size, 0, (size_t)(end - image->size));
        image->size = end;
    }
    memcpy(image->durable + w->offset, w->data, (size_t)len);
}

static void pend(struct image *image, sqlite3_int64 offset, const void *data, int len)
{
    struct write *w;

    if (image->pending_n == image->pending_cap) {
        image->pending_cap = image->pending_cap ? image->pending_cap * 2 : 64;
        image->pending = realloc(image->pending, image->pending_cap * sizeof *image->pending);
    }
    w = &image->pending[image->pending_n++];
    *w = (struct write){offset, len, NULL};
    if (len > 0) {
        w->data = malloc((size_t)len);
        memcpy(w->data, data, (size_t)len);
    }
}

static void settle(struct image *image)
{
    for (size_t i = 0; i < image->pending_n; i++) {
        apply(image, &image->pending[i], image->pending[i].len);
        free(image->pending[i].data);
    }
    image->pending_n = 0;
}

static struct image *image_of(const char *path)
{
    for (int i = 0; i < image_count; i++)
        if (strcmp(images[i].path, path) == 0)
            return &images[i];
    if (image_count == FILES_MAX)
        abort();
    snprintf(images[image_count].path, sizeof images[0].path, "%s", path);
    return &images[image_count++];
}

void disk_plan(enum disk_fault fault, long at, long calls)
{
    for (int i = 0; i < image_count; i++) {
        settle(&images[i]);
        free(images[i].durable);
        free(images[i].pending);
    }
    memset(images, 0, sizeof images);
    image_count = 0;
    memset(&plan, 0, sizeof plan);
    plan.fault = fault;
    plan.at = at;
    plan.calls = calls;
}

long disk_calls(void)
{
    return plan.count;
}

bool disk_struck(void)
{
    return plan.struck;
}

static void write_file(const char *to, const struct image *image)
{
    FILE *f = fopen(to, "wb");

    if (!f || fwrite(image->durable ? image->durable : (const unsigned char *)"", 1,
                     (size_t)image->size, f) != (size_t)image->size)
        abort();
    fclose(f);
}

/* Any part of the unsynced writes may be there: whole sectors of each, in any choice. */
static void keep_some(struct image *image, unsigned *seed)
{
    for (size_t i = 0; i < image->pending_n; i++) {
        struct write *w = &image->pending[i];
        int len = w->len;

        if (rand_r(seed) % 2)
            continue;
        if (len > SECTOR && rand_r(seed) % 3 == 0)
            len = SECTOR * (1 + (int)(rand_r(seed) % (unsigned)(len / SECTOR)));
        apply(image, w, len);
    }
}

void disk_crash_image(const char *path, const char *to, enum disk_lost lost, unsigned *seed)
{
    static const char *const tails[] = {"", "-wal"};
    char from[520], name[520];

    for (int i = 0; i < 2; i++) {
        struct image *image, copy;

        snprintf(from, sizeof from, "%s%s", path, tails[i]);
        snprintf(name, sizeof name, "%s%s", to, tails[i]);
        image = image_of(from);
        copy = *image;
        copy.durable = malloc((size_t)image->size + 1);
        if (image->size)
            memcpy(copy.durable, image->durable, (size_t)image->size);
        if (lost == DISK_LOST_NONE)
            for (size_t k = 0; k < copy.pending_n; k++)
                apply(&copy, &copy.pending[k], copy.pending[k].len);
        else if (lost == DISK_LOST_SOME)
            keep_some(&copy, seed);
        write_file(name, &copy);
        free(copy.durable);
    }
    snprintf(name, sizeof name, "%s-shm", to);
    unlink(name);
}

/* ---- the methods of a file ---- */

static struct file *file(sqlite3_file *f)
{
    return (struct file *)f;
}

static sqlite3_file *real(sqlite3_file *f)
{
    return file(f)->real;
}

static int do_close(sqlite3_file *f)
{
    int r = real(f)->pMethods ? real(f)->pMethods->xClose(real(f)) : SQLITE_OK;

    free(file(f)->real);
    return r;
}

static int do_read(sqlite3_file *f, void *data, int len, sqlite3_int64 offset)
{
    return plan.dead ? SQLITE_IOERR_READ : real(f)->pMethods->xRead(real(f), data, len, offset);
}

static int do_write(sqlite3_file *f, const void *data, int len, sqlite3_int64 offset)
{
    int r = strike();

    if (r != SQLITE_OK)
        return r == SQLITE_FULL ? r : SQLITE_IOERR_WRITE;
    if (file(f)->image)
        pend(file(f)->image, offset, data, len);
    return real(f)->pMethods->xWrite(real(f), data, len, offset);
}

static int do_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    if (strike() != SQLITE_OK)
        return SQLITE_IOERR_TRUNCATE;
    if (file(f)->image)
        pend(file(f)->image, size, NULL, -1);
    return real(f)->pMethods->xTruncate(real(f), size);
}

static int do_sync(sqlite3_file *f, int flags)
{
    (void)flags;
    if (strike() != SQLITE_OK)
        return SQLITE_IOERR_FSYNC;
    if (file(f)->image)
        settle(file(f)->image);
    return SQLITE_OK; /* the real disk need not wait */
}

static int do_size(sqlite3_file *f, sqlite3_int64 *out)
{
    return real(f)->pMethods->xFileSize(real(f), out);
}

static int do_lock(sqlite3_file *f, int lock)
{
    return real(f)->pMethods->xLock(real(f), lock);
}

static int do_unlock(sqlite3_file *f, int lock)
{
    return real(f)->pMethods->xUnlock(real(f), lock);
}

static int do_reserved(sqlite3_file *f, int *out)
{
    return real(f)->pMethods->xCheckReservedLock(real(f), out);
}

static int do_control(sqlite3_file *f, int op, void *arg)
{
    return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int do_sector(sqlite3_file *f)
{
    (void)f;
    return SECTOR;
}

static int do_device(sqlite3_file *f)
{
    (void)f;
    return 0; /* no promises: writes may be torn and reordered */
}

static int do_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
}

static int do_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}

static void do_shm_barrier(sqlite3_file *f)
{
    real(f)->pMethods->xShmBarrier(real(f));
}

static int do_shm_unmap(sqlite3_file *f, int drop)
{
    return real(f)->pMethods->xShmUnmap(real(f), drop);
}

static int do_open(sqlite3_vfs *self, const char *name, sqlite3_file *f, int flags, int *flags_out)
{
    struct file *mine = file(f);
    int r;

    (void)self;
    mine->image = NULL;
    mine->real = calloc(1, (size_t)real_vfs->szOsFile);
    r = real_vfs->xOpen(real_vfs, name, mine->real, flags, flags_out);
    mine->base.pMethods = r == SQLITE_OK ? &methods : NULL;
    if (r != SQLITE_OK)
        free(mine->real);
    else if (name && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
        mine->image = image_of(name);
    return r;
}

void disk_install(void)
{
    real_vfs = sqlite3_vfs_find(NULL);
    vfs = *real_vfs;
    vfs.zName = "disk";
    vfs.szOsFile = sizeof(struct file);
    vfs.xOpen = do_open;
    methods = (sqlite3_io_methods){
        .iVersion = 2, /* no memory mapping: every write is seen */
        .xClose = do_close,
        .xRead = do_read,
        .xWrite = do_write,
        .xTruncate = do_truncate,
        .xSync = do_sync,
        .xFileSize = do_size,
        .xLock = do_lock,
        .xUnlock = do_unlock,
        .xCheckReservedLock = do_reserved,
        .xFileControl = do_control,
        .xSectorSize = do_sector,
        .xDeviceCharacteristics = do_device,
        .xShmMap = do_shm_map,
        .xShmLock = do_shm_lock,
        .xShmBarrier = do_shm_barrier,
        .xShmUnmap = do_shm_unmap,
    };
    sqlite3_vfs_register(&vfs, 1);
}
