#include "wire/decimal.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int64_t read_exponent(const char *p, const char *end)
{
    bool negative = p < end && *p == '-';
    int64_t value = 0;

    if (p < end && (*p == '-' || *p == '+'))
        p++;
    for (; p < end; p++)
        if (value < DECIMAL_EXPONENT_MAX)
            value = value * 10 + (*p - '0');
    if (value > DECIMAL_EXPONENT_MAX)
        value = DECIMAL_EXPONENT_MAX;
    return negative ? -value : value;
}

struct decimal decimal_read(const char *text, size_t len_bytes)
{
    const char *p = text, *end = text + len_bytes;
    struct decimal d = {.whole = true};
    int64_t after_point = 0; /* digits seen behind the point */
    int64_t last_after = 0;  /* of these, up to the last significant digit */
    size_t seen = 0;         /* digits since the first significant one */
    size_t before_point = 0;

    if (p < end && *p == '-') {
        d.negative = true;
        p++;
    }
    for (; p < end && (is_digit(*p) || *p == '.'); p++) {
        if (*p == '.') {
            d.whole = false;
            continue;
        }
        after_point += !d.whole;
        if (*p != '0' && !d.digits)
            d.digits = p;
        if (!d.digits)
            continue;
        seen++;
        before_point += d.whole;
        if (*p != '0') {
            d.count = seen;
            last_after = after_point;
        }
    }
    if (d.count == 0) {
        d.negative = false;
        d.whole = d.whole && p == end;
        return d;
    }
    d.exponent = before_point > d.count ? (int64_t)(before_point - d.count) : -last_after;
    if (p < end) { /* at the e */
        d.whole = false;
        d.exponent += read_exponent(p + 1, end);
    }
    return d;
}

bool decimal_scaled(int64_t *out, const struct decimal *d, int places)
{
    int64_t zeros = d->exponent + places;
    int64_t value = 0;
    const char *p = d->digits;

    *out = 0;
    if (d->count == 0)
        return true;
    if (zeros < 0 || zeros > 18 || d->count > 19)
        return false;
    for (size_t i = 0; i < d->count; p++) {
        if (*p == '.')
            continue;
        i++;
        /* downwards, since the most negative has no positive */
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, *p - '0', &value))
            return false;
    }
    for (; zeros > 0; zeros--)
        if (__builtin_mul_overflow(value, 10, &value))
            return false;
    if (!d->negative && __builtin_sub_overflow((int64_t)0, value, &value))
        return false;
    *out = value;
    return true;
}

bool decimal_same(const struct decimal *a, const struct decimal *b)
{
    const char *p = a->digits, *q = b->digits;

    if (a->negative != b->negative || a->count != b->count || a->exponent != b->exponent)
        return false;
    for (size_t i = 0; i < a->count; i++, p++, q++) {
        p += *p == '.';
        q += *q == '.';
        if (*p != *q)
            return false;
    }
    return true;
}

int64_t decimal_magnitude(const struct decimal *d)
{
    return d->count ? d->exponent + (int64_t)d->count - 1 : 0;
}
