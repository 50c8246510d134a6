/* What is made of the board and the alerts: sums by township, and who needs help most. Pure: rows in, rows out. */
#ifndef MUSTER_CLIENT_REPORT_NEEDS_H
#define MUSTER_CLIENT_REPORT_NEEDS_H

#include <jansson.h>
#include <stdbool.h>

enum { NEEDS_SHOWN = 10 };

/* Of rows of `board`: {area, branches, met, late, missed, excused, open, rate}, by area; "" is none. `rate`: met, of
 * 100 of met, late and missed, to one decimal; left out over nothing. The caller decrefs. */
json_t *townships_of(const json_t *board);

/* The branches most in need of help, at most NEEDS_SHOWN: {rank, branch, name, area, red, yellow, missed, late, why}.
 * Those with most red alerts come first, then most yellow ones, then most missed duty periods, then
 * most late ones, then by ref; one with none of them is not listed. Alerts of a branch are its own and those
 * of its members and letters. `alerts`: rows of `alerts` (objects with rule, title, level, branch, periods). */
json_t *needs_of(const json_t *board, const json_t *board_rules, const json_t *alerts);

#endif
