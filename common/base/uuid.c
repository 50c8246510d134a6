#include "base/uuid.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

enum { NO_DIGIT = 0xFF };

/* Of lower-case hexadecimal digits; index 0 stands for '0'. */
static inline unsigned hex_value(char c)
{
    static const uint8_t values['f' - '0' + 1] = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
        NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT,
        NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT,
        NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT,
        NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT, NO_DIGIT,
        10, 11, 12, 13, 14, 15,
    };
    unsigned at = (unsigned char)c - (unsigned)'0';

    return at < sizeof values ? values[at] : NO_DIGIT;
}

/* Where in the text each byte's two digits stand. */
static const uint8_t places[UUID_SIZE] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

bool uuid_parse(uint8_t out[UUID_SIZE], const char *s, size_t len_bytes)
{
    unsigned bad = 0;

    if (len_bytes != UUID_TEXT_SIZE - 1 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-')
        return false;
    for (size_t i = 0; i < UUID_SIZE; i++) {
        unsigned high = hex_value(s[places[i]]), low = hex_value(s[places[i] + 1]);

        bad |= high | low;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return bad < 16;
}

const char *uuid_format(char out[UUID_TEXT_SIZE], const uint8_t uuid[UUID_SIZE])
{
    static const char hex[] = "0123456789abcdef";

    for (size_t i = 0; i < UUID_SIZE; i++) {
        out[places[i]] = hex[uuid[i] >> 4];
        out[places[i] + 1] = hex[uuid[i] & 15];
    }
    out[8] = out[13] = out[18] = out[23] = '-';
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
