/* One field's value, as typed, into JSON. */
#ifndef MUSTER_CLI_FIELD_VALUE_H
#define MUSTER_CLI_FIELD_VALUE_H

#include "base/date.h"
#include "base/err.h"
#include "base/json.h"
#include "wire/catalogue.h"

struct field_value {
    const char *option; /* its name, for messages, and for a subject its kind */
    const char *text;   /* NULL: a bare yes-or-no */
};

/* Writes the JSON of `n` >= 1 values given for the field. Returns 0, or 1 with err set. */
int field_value_write(struct json *j, const struct field_spec *field, const struct field_value *values,
                      size_t n, day_t today, struct err *err) MUST_CHECK;

#endif
