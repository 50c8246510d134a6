/* Writing replies: the parts that do not come from the query room. */
#ifndef MUSTER_SERVICE_ANSWER_H
#define MUSTER_SERVICE_ANSWER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

/* {"code", "message", "field"?, "hint"?, "clash"?} (docs/protocol.md, "Errors"). `lang`: "zh", or
 * anything else (also NULL) for English. */
void answer_error(struct json *out, const struct err *err, const char *lang);

/* The language that a request's body asks for; looked for in short bodies only, as it matters for
 * sentences alone. */
const char *answer_lang(const char *body, size_t len_bytes);

#endif
