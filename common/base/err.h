/* One error, told once, where the fact is known.
 *
 * A `struct err` is owned by the caller. It carries a stable code for programs, the field it is
 * about, a sentence for people in English and Chinese, and sometimes a hint. Setting an error
 * again keeps the first: the place nearest to the fact speaks.
 */
#ifndef MUSTER_BASE_ERR_H
#define MUSTER_BASE_ERR_H

#include <stdbool.h>

#include "base/cleanup.h"

/* Codes of the wire (ledger.md section 5), in the order in which they apply to an event. */
enum err_code {
    ERR_NONE,
    ERR_TOO_LARGE,
    ERR_UNKNOWN_TYPE,
    ERR_UNKNOWN_FIELD,
    ERR_MISSING_FIELD,
    ERR_INVALID_VALUE,
    ERR_IN_FUTURE,
    ERR_TOO_OLD,
    ERR_ID_CONFLICT,
    ERR_UNKNOWN_REF,
    ERR_EXISTS,
    ERR_NOT_IN_FORCE,
    ERR_IMPOSSIBLE,
    ERR_MALFORMED,
    ERR_UNKNOWN_VERB,
    ERR_NOT_ALLOWED,
    ERR_UNAVAILABLE,
    ERR_CODE_COUNT
};

enum { ERR_FIELD_MAX = 80, ERR_TEXT_MAX = 512, ERR_HINT_MAX = 128 };

struct err {
    enum err_code code;
    char field[ERR_FIELD_MAX];
    char en[ERR_TEXT_MAX];
    char zh[ERR_TEXT_MAX];
    char hint[ERR_HINT_MAX];  /* the nearest known name, where one is near */
    char clash[40];           /* id of the event that this one clashes with */
};

const char *err_code_name(enum err_code code);

/* Sets code, field and both sentences unless an error is set already. `en` and `zh` are formats
 * over the same arguments. `field` may be NULL. Always returns 1, so that a check can end with
 * `return err_say(...)`. */
int err_say(struct err *err, enum err_code code, const char *field, const char *en,
            const char *zh, ...) PRINTF_LIKE(4, 6) PRINTF_LIKE(5, 6);

/* An unexpected failure (disk, library): unavailable, one English and Chinese sentence. Returns -1. */
int err_fault(struct err *err, const char *en, ...) PRINTF_LIKE(2, 3);

void err_hint(struct err *err, const char *hint);
void err_clear(struct err *err);

/* The sentence in the language `lang` ("zh" or anything else for English). */
const char *err_text(const struct err *err, const char *lang);

#endif
