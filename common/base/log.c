#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>

static atomic_int most = LOG_LEVEL_INFO;

bool log_level_parse(enum log_level *out, const char *name)
{
    static const char *const names[] = {"error", "warning", "notice", "info", "debug"};

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

/* One write a line, so that threads do not cut into each other's. */
static void say(enum log_level level, const char *fmt, va_list args) PRINTF_LIKE(2, 0);
static void say(enum log_level level, const char *fmt, va_list args)
{
    char line[1024];
    int start, len;

    if ((int)level > atomic_load(&most))
        return;
    start = snprintf(line, sizeof line, "<%d>", (int)level);
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
