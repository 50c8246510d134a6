/* Text: UTF-8, Unicode normal forms, refs and near misses. Rests on utf8proc. */
#ifndef MUSTER_BASE_TEXT_H
#define MUSTER_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes the last `width` decimal digits of `v`, with leading zeros, and returns what is after them. */
char *text_digits(char *out, unsigned v, int width);

/* A number in decimal, not terminated; returns its length, at most TEXT_INT_SIZE. */
enum { TEXT_INT_SIZE = 20 };
size_t text_int(char out[TEXT_INT_SIZE], int64_t v);

/* Copies at most size-1 bytes, never cutting a character, always terminated. */
void text_copy(char *dst, size_t size_bytes, const char *src);

/* Cuts an incomplete UTF-8 character off the end. */
void text_trim_utf8(char *s);

/* Takes out the bytes that are no UTF-8: a "%.60s" cuts through characters. */
void text_drop_broken(char *s);

/* Decodes one strict UTF-8 character (no surrogates, no overlong form). Returns its length in
 * bytes, 0 if there is none at `s`. */
size_t text_utf8_next(const char *s, size_t len_bytes, uint32_t *cp_out);

bool text_utf8_valid(const char *s, size_t len_bytes);

/* Control characters other than newline and tab (C0, DEL, C1): ledger.md section 3. */
bool text_has_control(const char *s, size_t len_bytes);

enum ref_verdict { REF_OK, REF_EMPTY, REF_TOO_LONG, REF_BAD_CHARACTER, REF_NOT_NFC };

/* A ref is 1 to 64 bytes of letters of any script, digits, '-', '_', '.', in NFC
 * (ledger.md section 3). Letters and digits are the Unicode categories L* and Nd. */
enum ref_verdict text_ref_check(const char *s, size_t len_bytes);

/* Edit distance (Damerau-Levenshtein, by characters of UTF-8) bounded by `most`; above it returns most + 1. */
size_t text_distance(const char *one, const char *other, size_t most);

/* The nearest of `n` names by edit distance, or NULL if none is near (a third of the length). */
const char *text_nearest(const char *word, const char *const *names, size_t n);

#endif
