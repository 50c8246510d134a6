#include "import/plain.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/buf.h"
#include "base/text.h"

enum { DISTANCE_CHARACTERS = 64, IDEOGRAPHS_FIRST = 0x4E00, IDEOGRAPHS_LAST = 0x9FFF, IDEOGRAPHIC_COMMA = 0x3001, IDEOGRAPHIC_STOP = 0x3002 };

static bool is_ideograph(uint32_t cp)
{
    return cp >= IDEOGRAPHS_FIRST && cp <= IDEOGRAPHS_LAST;
}

/* Most cells: ASCII and common ideographs, which no normal form changes. */
static bool is_normal(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        uint32_t cp;
        size_t n = text_utf8_next(text + i, len - i, &cp);

        if (n == 0 || (cp >= 0x80 && !is_ideograph(cp) && cp != IDEOGRAPHIC_COMMA && cp != IDEOGRAPHIC_STOP))
            return false;
        i += n;
    }
    return true;
}

static char *trimmed(struct arena *arena, const char *text, size_t len)
{
    while (len > 0 && strchr(" \t\r\n", *text)) {
        text++;
        len--;
    }
    while (len > 0 && strchr(" \t\r\n", text[len - 1]))
        len--;
    return arena_strndup(arena, text, len);
}

char *plain_text(struct arena *arena, const char *text)
{
    size_t len = strlen(text);
    utf8proc_uint8_t *normal = NULL;
    utf8proc_ssize_t n;
    char *out;

    if (is_normal(text, len))
        return trimmed(arena, text, len);
    n = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &normal,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
    out = n < 0 ? trimmed(arena, text, len) : trimmed(arena, (const char *)normal, (size_t)n);
    free(normal);
    return out;
}

/* A blank beside an ideograph only pads. */
static bool pads(const char *text, size_t at, size_t len)
{
    uint32_t cp = 0;
    size_t next = at;

    while (next < len && text[next] == ' ')
        next++;
    if (next < len && text_utf8_next(text + next, len - next, &cp) && is_ideograph(cp))
        return true;
    return at > 0 && (unsigned char)text[at - 1] >= 0x80;
}

char *plain_name(struct arena *arena, const char *text)
{
    char *plain = plain_text(arena, text), *to = plain;
    size_t len = strlen(plain);

    for (size_t i = 0; i < len; i++) {
        bool blank = plain[i] == ' ' || plain[i] == '\t' || plain[i] == '\n';

        if (blank)
            plain[i] = ' ';
        if (!blank || (!pads(plain, i, len) && to > plain && to[-1] != ' '))
            *to++ = plain[i];
    }
    *to = '\0';
    return plain;
}

bool plain_is_blank(const char *text)
{
    while (*text) {
        if (strchr(" \t\r\n", *text))
            text++;
        else if (strncmp(text, "\xE3\x80\x80", 3) == 0 || strncmp(text, "\xEF\xBB\xBF", 3) == 0)
            text += 3;
        else if (strncmp(text, "\xC2\xA0", 2) == 0)
            text += 2;
        else
            return false;
    }
    return true;
}

static size_t characters(uint32_t out[DISTANCE_CHARACTERS], const char *text)
{
    size_t len = strlen(text), n = 0;

    for (size_t i = 0; i < len && n < DISTANCE_CHARACTERS;) {
        size_t step = text_utf8_next(text + i, len - i, &out[n]);

        if (step == 0)
            break;
        i += step;
        n++;
    }
    return n;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;

    return ab < c ? ab : c;
}

unsigned plain_distance(const char *a, const char *b, unsigned most)
{
    uint32_t as[DISTANCE_CHARACTERS], bs[DISTANCE_CHARACTERS];
    unsigned row[DISTANCE_CHARACTERS + 1];
    size_t n = characters(as, a), m = characters(bs, b);

    for (size_t j = 0; j <= m; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned diagonal = row[0];

        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned above = row[j];

            row[j] = least(row[j - 1] + 1, above + 1, diagonal + (as[i - 1] != bs[j - 1]));
            diagonal = above;
        }
    }
    return row[m] > most ? most + 1 : row[m];
}
