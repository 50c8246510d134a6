/* One-time words: what a personal message holds so that its reader can acknowledge an alert without knowing more.
 *
 * A word is made for one alert at the level it then has, one recipient and a last day, and signed with a key that only
 * the daemon has: nothing is kept of it. It is spent by the alert.acknowledged row that names it (ledger/check.c), and
 * is worth nothing then. It stands for the right to acknowledge, not for the scope.
 *
 *     1234-5k0q8m3zv7w1x9rj2t4c6yb8pd     the alert's number, and 26 letters and digits (Crockford's base 32)
 *
 * It does not hold the recipient's name, but a mark by which whoever knows the name can tell that it is his.
 */
#ifndef MUSTER_ACCESS_WORD_H
#define MUSTER_ACCESS_WORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"

enum { WORD_KEY_SIZE = 32, WORD_TEXT_SIZE = 48 };

struct word_claim {
    int64_t alert;
    int level;   /* the alert's when it was told: enum level, 1 to 3 */
    day_t until; /* the last day on which it is taken; up to the year 2149 */
};

void word_make(char out[WORD_TEXT_SIZE], const uint8_t key[WORD_KEY_SIZE], const struct word_claim *claim,
               const char *recipient);

/* False: this key has not made it, or it is not written as word_make does (lower case, no 'o', 'i', 'l', 'u'). */
bool word_read(struct word_claim *out, const uint8_t key[WORD_KEY_SIZE], const char *text);

/* Whether a word that word_read took was made for that recipient. */
bool word_is_for(const uint8_t key[WORD_KEY_SIZE], const char *text, const char *recipient);

#endif
