/* Writing the log of reads. */
#include "proof/read_log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "proof/read_log_files.h"

enum {
    WRITE_EVERY_S = 1,
    WRITE_AT_BYTES = 64 * 1024,
};

struct read_log {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t some;
    struct buf waiting;
    int64_t lost; /* did not fit, or could not be written */
    bool stopping;
    /* the thread's own */
    char *database;
    int64_t number;
    int fd;
    int64_t size_bytes;
    bool failing;
};

static int open_file(struct read_log *log)
{
    _cleanup_free_ char *name = read_log_file_name(log->database, log->number);
    struct stat about;

    log->fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (log->fd < 0)
        return -1;
    log->size_bytes = fstat(log->fd, &about) == 0 ? about.st_size : 0;
    return 0;
}

static void rotate(struct read_log *log)
{
    _cleanup_free_ char *oldest = read_log_file_name(log->database, log->number + 1 - READ_LOG_FILES);

    close(log->fd);
    log->fd = -1;
    log->number++;
    unlink(oldest);
}

static bool write_all(struct read_log *log, const char *text, size_t len)
{
    if (log->fd < 0 && open_file(log) != 0)
        return false;
    if (log->size_bytes > 0 && log->size_bytes + (int64_t)len > READ_LOG_FILE_BYTES) {
        rotate(log);
        if (open_file(log) != 0)
            return false;
    }
    while (len > 0) {
        ssize_t n = write(log->fd, text, len);

        if (n <= 0)
            return false;
        text += n;
        len -= (size_t)n;
        log->size_bytes += n;
    }
    return true;
}

static void tell(struct read_log *log, bool done)
{
    if (!done && !log->failing)
        log_error("the log of reads cannot be written: %s", strerror(errno));
    else if (done && log->failing)
        log_notice("the log of reads can be written again");
    log->failing = !done;
}

static void note_lost(struct read_log *log, struct buf *text)
{
    if (log->lost > 0)
        buf_addf(text, "{\"lost\":%lld}\n", (long long)log->lost);
    log->lost = 0;
}

/* With the lock held; gives it back while it writes. */
static void write_waiting(struct read_log *log)
{
    struct buf text = log->waiting;
    int64_t lines = 0;
    bool done;

    memset(&log->waiting, 0, sizeof log->waiting);
    note_lost(log, &text);
    pthread_mutex_unlock(&log->lock);
    done = text.len == 0 || write_all(log, text.data, text.len);
    for (size_t i = 0; !done && i < text.len; i++)
        lines += text.data[i] == '\n';
    tell(log, done);
    buf_deinit(&text);
    pthread_mutex_lock(&log->lock);
    log->lost += lines;
}

static void *run(void *data)
{
    struct read_log *log = data;

    pthread_mutex_lock(&log->lock);
    while (!log->stopping) {
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += WRITE_EVERY_S;
        if (log->waiting.len == 0)
            pthread_cond_wait(&log->some, &log->lock);
        else if (log->waiting.len < WRITE_AT_BYTES)
            pthread_cond_timedwait(&log->some, &log->lock, &until);
        if (log->waiting.len > 0)
            write_waiting(log);
    }
    pthread_mutex_unlock(&log->lock);
    return NULL;
}

int read_log_open(struct read_log **out, const char *database, struct err *err)
{
    struct read_log *log = mem_zero(sizeof *log);

    log->database = mem_strdup(database);
    log->number = read_log_newest(database);
    if (log->number == 0)
        log->number = 1;
    log->fd = -1;
    pthread_mutex_init(&log->lock, NULL);
    pthread_cond_init(&log->some, NULL);
    if (pthread_create(&log->thread, NULL, run, log) != 0) {
        free(log->database);
        free(log);
        return err_fault(err, "cannot start a thread");
    }
    *out = log;
    return 0;
}

void read_log_close(struct read_log *log)
{
    if (!log)
        return;
    pthread_mutex_lock(&log->lock);
    log->stopping = true;
    pthread_cond_signal(&log->some);
    pthread_mutex_unlock(&log->lock);
    pthread_join(log->thread, NULL);
    pthread_mutex_lock(&log->lock);
    write_waiting(log);
    pthread_mutex_unlock(&log->lock);
    if (log->fd >= 0)
        close(log->fd);
    pthread_cond_destroy(&log->some);
    pthread_mutex_destroy(&log->lock);
    free(log->database);
    free(log);
}

void read_log_note(struct read_log *log, int64_t at_us, const char *by, const char *member, const char *verb)
{
    _cleanup_buf_ struct buf line = {0};
    struct json j = json_to(&line);
    char at[CLOCK_TEXT_SIZE];

    if (!log)
        return;
    json_open(&j, '{');
    json_kv_str(&j, "at", clock_format_us(at, at_us));
    json_kv_str(&j, "by", by);
    json_kv_str(&j, "member", member);
    json_kv_str(&j, "verb", verb);
    json_close(&j, '}');
    buf_add_char(&line, '\n');
    pthread_mutex_lock(&log->lock);
    if (log->waiting.len + line.len > READ_LOG_WAITING_BYTES) {
        log->lost++;
    } else {
        bool wake = log->waiting.len == 0 || log->waiting.len >= WRITE_AT_BYTES;

        buf_add(&log->waiting, line.data, line.len);
        if (wake)
            pthread_cond_signal(&log->some);
    }
    pthread_mutex_unlock(&log->lock);
}
