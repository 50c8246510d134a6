/* Finding the end of a value without reading it. */
#include "base/bytes.h"
#include "wire/scan.h"

const char *scan_skip_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
        p++;
    return p;
}

static bool skip_string(const char **p, const char *end)
{
    for ((*p)++; *p < end; (*p)++) {
        *p += bytes_run(*p, (size_t)(end - *p), STOP_QUOTE);
        if (*p == end)
            return false;
        if (**p == '"') {
            (*p)++;
            return true;
        }
        if (++*p == end)
            return false;
    }
    return false;
}

bool scan_skip(const char **p, const char *end)
{
    size_t depth = 0;

    while (*p < end) {
        switch (**p) {
        case '"':
            if (!skip_string(p, end))
                return false;
            if (depth == 0)
                return true;
            continue;
        case '{':
        case '[':
            depth++;
            break;
        case '}':
        case ']':
            if (depth == 0)
                return true;
            if (--depth == 0) {
                (*p)++;
                return true;
            }
            break;
        case ',':
        case ' ':
        case '\n':
        case '\t':
        case '\r':
            if (depth == 0)
                return true;
            break;
        default:
            break;
        }
        (*p)++;
    }
    return depth == 0;
}
