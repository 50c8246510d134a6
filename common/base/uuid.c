#include "base/uuid.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

static bool is_dash(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

bool uuid_parse(uint8_t out[UUID_SIZE], const char *s, size_t len_bytes)
{
    size_t n = 0;

    if (len_bytes != UUID_TEXT_SIZE - 1)
        return false;
    for (size_t i = 0; i < len_bytes; i++) {
        int v;

        if (is_dash(i)) {
            if (s[i] != '-')
                return false;
            continue;
        }
        v = hex_value(s[i]);
        if (v < 0)
            return false;
        out[n / 2] = (uint8_t)(n % 2 ? out[n / 2] | v : v << 4);
        n++;
    }
    return true;
}

const char *uuid_format(char out[UUID_TEXT_SIZE], const uint8_t uuid[UUID_SIZE])
{
    static const char hex[] = "0123456789abcdef";
    size_t n = 0;

    for (size_t i = 0; i < UUID_TEXT_SIZE - 1; i++) {
        if (is_dash(i)) {
            out[i] = '-';
            continue;
        }
        out[i] = hex[n % 2 ? uuid[n / 2] & 15 : uuid[n / 2] >> 4];
        n++;
    }
    out[UUID_TEXT_SIZE - 1] = '\0';
    return out;
}

void uuid_make(uint8_t out[UUID_SIZE], int64_t unix_ms)
{
    size_t got = 0;

    while (got < UUID_SIZE) {
        ssize_t n = getrandom(out + got, UUID_SIZE - got, 0);

        if (n < 0 && errno != EINTR)
            abort();
        if (n > 0)
            got += (size_t)n;
    }
    for (int i = 0; i < 6; i++)
        out[i] = (uint8_t)(unix_ms >> (8 * (5 - i)));
    out[6] = (uint8_t)(0x70 | (out[6] & 0x0F));
    out[8] = (uint8_t)(0x80 | (out[8] & 0x3F));
}
