/* What has no place in the ledger: numbers of identity cards and telephones, addresses. They have no field of their own, and
 * end up in notes, reasons and `extra`. Here is what looks like one; it is flagged to whoever records, and never refused: a
 * look is no proof.
 *
 *   identity card   18 digits (the last may be X) or 15, with a date of birth in the right place
 *   telephone       a mobile number (1, then 3 to 9, 11 digits, with or without +86), or 0 and an area code, 10 to 12 digits
 *   address         a number before 号, 栋, 幢, 室 or 单元, and a road or place (路, 街, 巷, 村, ...) shortly before it
 *
 * Digits may be full-width, and stand in groups between blanks or hyphens.
 */
#ifndef MUSTER_WIRE_PRIVATE_H
#define MUSTER_WIRE_PRIVATE_H

#include <stddef.h>

enum private_kind { PRIVATE_NONE, PRIVATE_ID_CARD, PRIVATE_PHONE, PRIVATE_ADDRESS };

/* The first that is found in a text (UTF-8). */
enum private_kind private_in_text(const char *text, size_t len_bytes);

/* The first that is found in an event as it is sent: in its notes, reasons, names and `extra`. `field_out` gets the
 * field's name (a constant) where there is one. What is no event holds nothing. */
enum private_kind private_in_event(const char **field_out, const char *json, size_t len_bytes);

/* "an identity-card number", in a language ("zh", or anything else for English). */
const char *private_kind_text(enum private_kind kind, const char *lang);

#endif
