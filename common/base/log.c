#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

static atomic_int most = LOG_LEVEL_INFO;
static const char *const names[] = {"error", "warning", "notice", "info", "debug"};

bool log_level_parse(enum log_level *out, const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum log_level)(LOG_LEVEL_ERROR + i);
            return true;
        }
    return false;
}

void log_set_level(enum log_level level)
{
    atomic_store(&most, (int)level);
}

/* systemd says in $JOURNAL_STREAM which file the journal is; stderr may have been led elsewhere since. */
static bool is_journal(void)
{
    enum { UNKNOWN, NO, YES };
    static atomic_int known = UNKNOWN;
    unsigned long long device, inode;
    const char *stream;
    struct stat about;
    bool yes;

    if (atomic_load(&known) != UNKNOWN)
        return atomic_load(&known) == YES;
    stream = getenv("JOURNAL_STREAM");
    yes = stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 && fstat(STDERR_FILENO, &about) == 0 &&
          about.st_dev == device && about.st_ino == inode;
    atomic_store(&known, yes ? YES : NO);
    return yes;
}

size_t log_prefix(char *out, size_t size, bool journal, enum log_level level, int64_t us)
{
    enum { SECONDS = 19 }; /* of "2022-11-05T07:00:00.000000Z" */
    char time[CLOCK_TEXT_SIZE];

    if (journal)
        snprintf(out, size, "<%d>", (int)level);
    else
        snprintf(out, size, "%.*sZ %s: ", SECONDS, clock_format_us(time, us), names[level - LOG_LEVEL_ERROR]);
    return strlen(out);
}

static int64_t now_us(void)
{
    struct clock clock;

    clock_init(&clock, 0); /* the machine's time, also in a rehearsal */
    return clock_now_us(&clock);
}

/* One write a line, so that threads do not cut into each other's. */
static void say(enum log_level level, const char *fmt, va_list args) PRINTF_LIKE(2, 0);
static void say(enum log_level level, const char *fmt, va_list args)
{
    char line[1024];
    int start, len;

    if ((int)level > atomic_load(&most))
        return;
    start = (int)log_prefix(line, sizeof line, is_journal(), level, now_us());
    len = vsnprintf(line + start, sizeof line - (size_t)start - 1, fmt, args);
    if (len < 0)
        return;
    len += start;
    if (len > (int)sizeof line - 2)
        len = (int)sizeof line - 2;
    for (int i = start; i < len; i++)
        if (line[i] == '\n')
            line[i] = ' ';
    line[len++] = '\n';
    fwrite(line, 1, (size_t)len, stderr);
}

#define DEFINE_LEVEL(name, level)                                                                  \
    void name(const char *fmt, ...)                                                                \
    {                                                                                              \
        va_list args;                                                                              \
                                                                                                   \
        va_start(args, fmt);                                                                       \
        say(level, fmt, args);                                                                     \
        va_end(args);                                                                              \
    }

DEFINE_LEVEL(log_error, LOG_LEVEL_ERROR)
DEFINE_LEVEL(log_warning, LOG_LEVEL_WARNING)
DEFINE_LEVEL(log_notice, LOG_LEVEL_NOTICE)
DEFINE_LEVEL(log_info, LOG_LEVEL_INFO)
DEFINE_LEVEL(log_debug, LOG_LEVEL_DEBUG)
