/* Writing JSON, in one pass into a buffer. The writer puts the commas. Reading is jansson's job,
 * but for the submit path, which has wire/scan.h. */
#ifndef MUSTER_BASE_JSON_H
#define MUSTER_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/date.h"

struct json {
    struct buf *out;
    bool comma; /* a comma is due before the next item */
};

static inline struct json json_to(struct buf *out)
{
    return (struct json){.out = out};
}

void json_open(struct json *j, char bracket);  /* '{' or '[' */
void json_close(struct json *j, char bracket); /* '}' or ']' */
void json_key(struct json *j, const char *key);
void json_str(struct json *j, const char *s);
void json_strn(struct json *j, const char *s, size_t len_bytes);
void json_int(struct json *j, int64_t v);
void json_bool(struct json *j, bool v);
void json_nil(struct json *j); /* null; not json_null, which is a name of jansson */
void json_day(struct json *j, day_t day); /* DAY_NONE is null */
void json_raw(struct json *j, const char *text, size_t len_bytes);

/* "key": value in one call. */
void json_kv_str(struct json *j, const char *key, const char *s);
void json_kv_int(struct json *j, const char *key, int64_t v);
void json_kv_bool(struct json *j, const char *key, bool v);
void json_kv_day(struct json *j, const char *key, day_t day);
/* Hundredths as a decimal number: 150 is 1.5. */
void json_hundredths(struct json *j, int64_t v);

#endif
