#include "data.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"

static char *joined(const char *folder, const char *rest)
{
    struct buf path = {0};

    buf_addf(&path, "%s/%s", folder, rest);
    buf_str(&path);
    return path.data;
}

static char *beside_program(const char *rest)
{
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program);
    _cleanup_free_ char *folder = NULL;

    while (len > 0 && len < (ssize_t)sizeof program && program[len - 1] != '/')
        len--;
    if (len <= 0 || len == (ssize_t)sizeof program)
        return NULL;
    program[len] = '\0';
    folder = joined(program, "../share/muster");
    return joined(folder, rest);
}

char *data_file(const char *rest)
{
    const char *told = getenv("MUSTER_DATADIR");
    _cleanup_free_ char *path = joined(told && told[0] == '/' ? told : MUSTER_DATADIR, rest);
    _cleanup_free_ char *beside = told || access(path, R_OK) == 0 ? NULL : beside_program(rest);

    return beside && access(beside, R_OK) == 0 ? TAKE(beside) : TAKE(path);
}
