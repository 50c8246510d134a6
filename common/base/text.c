#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/bytes.h"

enum { REF_MAX_BYTES = 64 };

char *text_digits(char *out, unsigned v, int width)
{
    for (int i = width - 1; i >= 0; i--, v /= 10)
        out[i] = (char)('0' + v % 10);
    return out + width;
}

size_t text_int(char out[TEXT_INT_SIZE], int64_t v)
{
    char digits[TEXT_INT_SIZE];
    uint64_t rest = v < 0 ? -(uint64_t)v : (uint64_t)v;
    size_t at = sizeof digits, sign = v < 0;

    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (sign)
        digits[--at] = '-';
    memcpy(out, digits + at, sizeof digits - at);
    return sizeof digits - at;
}

void text_copy(char *dst, size_t size_bytes, const char *src)
{
    size_t len = strlen(src);

    if (len >= size_bytes)
        len = size_bytes - 1;
    memcpy(dst, src, len);
    dst[len] = '\0';
    text_trim_utf8(dst);
}

void text_trim_utf8(char *s)
{
    size_t len = strlen(s);
    size_t start = len;
    uint32_t cp;

    while (start > 0 && len - start < 4) {
        start--;
        if (((unsigned char)s[start] & 0xC0) != 0x80)
            break;
    }
    if (start < len && text_utf8_next(s + start, len - start, &cp) != len - start)
        s[start] = '\0';
}

size_t text_utf8_next(const char *s, size_t len_bytes, uint32_t *cp_out)
{
    const unsigned char *p = (const unsigned char *)s;
    uint32_t cp;
    size_t n;

    if (len_bytes == 0)
        return 0;
    if (p[0] < 0x80) {
        *cp_out = p[0];
        return 1;
    }
    if (p[0] >= 0xC2 && p[0] <= 0xDF)
        n = 2;
    else if (p[0] >= 0xE0 && p[0] <= 0xEF)
        n = 3;
    else if (p[0] >= 0xF0 && p[0] <= 0xF4)
        n = 4;
    else
        return 0;
    if (len_bytes < n)
        return 0;
    cp = p[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        cp = cp << 6 | (p[i] & 0x3F);
    }
    if ((n == 3 && cp < 0x800) || (n == 4 && (cp < 0x10000 || cp > 0x10FFFF)) ||
        (cp >= 0xD800 && cp <= 0xDFFF))
        return 0;
    *cp_out = cp;
    return n;
}

void text_drop_broken(char *s)
{
    size_t len = strlen(s), at = 0, kept = 0;

    while (at < len) {
        uint32_t cp;
        size_t n = text_utf8_next(s + at, len - at, &cp);

        memmove(s + kept, s + at, n);
        kept += n;
        at += n ? n : 1;
    }
    s[kept] = '\0';
}

bool text_utf8_valid(const char *s, size_t len_bytes)
{
    size_t i = 0;
    uint32_t cp;

    while (i < len_bytes) {
        size_t n = text_utf8_next(s + i, len_bytes - i, &cp);

        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

bool text_has_control(const char *s, size_t len_bytes)
{
    for (size_t i = 0; i < len_bytes; i++) {
        unsigned char c;

        i += bytes_run(s + i, len_bytes - i, STOP_CONTROL | STOP_DEL_C2);
        if (i == len_bytes)
            return false;
        c = (unsigned char)s[i];
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
            return true;
        /* C1 controls are C2 80 to C2 9F */
        if (c == 0xC2 && i + 1 < len_bytes && (unsigned char)s[i + 1] < 0xA0)
            return true;
    }
    return false;
}

static bool ref_character(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z') ||
               cp == '-' || cp == '_' || cp == '.';
    switch (utf8proc_category((utf8proc_int32_t)cp)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
        return true;
    default:
        return false;
    }
}

static bool is_nfc(const char *s, size_t len)
{
    utf8proc_uint8_t *normal = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len, &normal,
                                      UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    bool same = n == (utf8proc_ssize_t)len && memcmp(normal, s, len) == 0;

    free(normal);
    return same;
}

enum ref_verdict text_ref_check(const char *s, size_t len_bytes)
{
    size_t i = 0;
    bool ascii = true;

    if (len_bytes == 0)
        return REF_EMPTY;
    if (len_bytes > REF_MAX_BYTES)
        return REF_TOO_LONG;
    while (i < len_bytes && (unsigned char)s[i] < 0x80 && ref_character((unsigned char)s[i]))
        i++;
    while (i < len_bytes) {
        uint32_t cp;
        size_t n = text_utf8_next(s + i, len_bytes - i, &cp);

        if (n == 0)
            return REF_BAD_CHARACTER;
        ascii = ascii && n == 1;
        if (!ref_character(cp)) {
            /* A decomposed letter is told as such: it looks right and is not. */
            return !ascii && cp >= 0x80 && !is_nfc(s, len_bytes) ? REF_NOT_NFC : REF_BAD_CHARACTER;
        }
        i += n;
    }
    return ascii || is_nfc(s, len_bytes) ? REF_OK : REF_NOT_NFC;
}

enum { LONGEST = 128 };

/* The characters of `text`, each its bytes in one number. More than LONGEST: the number is LONGEST + 1. */
static size_t spell(uint32_t out[LONGEST], const char *text)
{
    size_t n = 0;

    for (; *text; text++) {
        if (((unsigned char)*text & 0xC0) == 0x80 && n > 0) {
            out[n - 1] = out[n - 1] << 8 | (unsigned char)*text;
            continue;
        }
        if (n == LONGEST)
            return LONGEST + 1;
        out[n++] = (unsigned char)*text;
    }
    return n;
}

size_t text_distance(const char *one, const char *other, size_t most)
{
    uint32_t a[LONGEST], b[LONGEST];
    size_t la = spell(a, one), lb = spell(b, other);
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];

    if (la > LONGEST || lb > LONGEST || (la > lb ? la - lb : lb - la) > most)
        return most + 1;
    for (size_t j = 0; j <= lb; j++)
        last[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t *oldest = before;

        now[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);

            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
        before = last;
        last = now;
        now = oldest;
    }
    return last[lb] <= most ? last[lb] : most + 1;
}

const char *text_nearest(const char *word, const char *const *names, size_t n)
{
    uint32_t letters[LONGEST];
    size_t best = (spell(letters, word) + 2) / 3 + 1;
    const char *nearest = NULL;

    for (size_t i = 0; i < n; i++) {
        size_t d = text_distance(word, names[i], best - 1);

        if (d < best) {
            best = d;
            nearest = names[i];
            if (best == 0)
                break;
        }
    }
    return nearest;
}
