/* An acknowledgement by a one-time word (access/word.h): is the word good for it, and not spent yet?
 *
 * Judged when the event is submitted, and never again: a replay takes a row with a word as it is. Used by ledger.c alone.
 */
#ifndef MUSTER_LEDGER_WORD_CHECK_H
#define MUSTER_LEDGER_WORD_CHECK_H

#include "ledger/fold.h"

struct word_rules {
    const uint8_t *key; /* NULL: no word is good */
    day_t today;
};

/* Whether the event's word stands for the right to acknowledge: made here, for this alert, and not over. False also
 * where there is none. */
bool word_gives_right(const struct word_rules *rules, const struct event *event);

/* 0: there is none, or it is good and not spent; 1: refused, err set; -1: the store failed. */
int word_check(const struct word_rules *rules, struct reading *rd, const struct event *event, struct err *err) MUST_CHECK;

#endif
