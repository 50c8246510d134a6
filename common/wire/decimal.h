/* Decimal numbers as JSON writes them, compared and converted exactly: 8, 8.0 and 8e0 are the same
 * (ledger.md section 2, Identity). No floating point. */
#ifndef MUSTER_WIRE_DECIMAL_H
#define MUSTER_WIRE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Points into the text it was read from. */
struct decimal {
    bool negative;      /* false for zero */
    const char *digits; /* from the first significant digit; may hold a point */
    size_t count;       /* significant digits, without zeros at either end; 0 for zero */
    int64_t exponent;   /* of the last significant digit; bounded by +-DECIMAL_EXPONENT_MAX */
    bool whole;         /* written as an integer: neither point nor exponent */
};

/* An exponent beyond this stands for all that are: no field takes such a number. */
#define DECIMAL_EXPONENT_MAX 1000000000000000

/* `text` is a number by the grammar of JSON (the scanner has seen to it). */
struct decimal decimal_read(const char *text, size_t len_bytes);

/* The number times 10^places. False if that is not a whole number or does not fit. */
bool decimal_scaled(int64_t *out, const struct decimal *d, int places);

bool decimal_same(const struct decimal *a, const struct decimal *b);

/* The power of ten of the first significant digit: 0 for 8, 2 for 800, -1 for 0.8. */
int64_t decimal_magnitude(const struct decimal *d);

#endif
