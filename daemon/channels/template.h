/* Templates of notices: text with names in it, filled from a JSON object. A part of Mustache (mustache.5):
 *
 *     {{name}}                      the value of a text or number; of the row at hand first, then of what is around it
 *     {{#name}} ... {{/name}}       for each item of a list; once if the value is true, a text that is not "" or a number
 *                                   that is not 0
 *     {{^name}} ... {{/name}}       once if it is not
 *     {{! a remark}}
 *
 * A line that holds nothing but one such mark leaves no line behind. What is filled in cannot leave its place: it is
 * escaped for the form of the whole (enum template_form), and a line break in it becomes a space. Every name is checked
 * when a template is read, also where it would not be reached.
 */
#ifndef MUSTER_CHANNELS_TEMPLATE_H
#define MUSTER_CHANNELS_TEMPLATE_H

#include <jansson.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum template_form {
    TEMPLATE_TEXT,
    TEMPLATE_HTML,
    TEMPLATE_ROBOT, /* text of a group robot: without what could begin a mention or a mark-up there */
};

enum { TEMPLATE_MAX_BYTES = 64 * 1024 };

struct template;

/* Reads a text; `name` is that of its file, for errors. 0, or 1 with "name:line: what" (invalid_value). */
int template_parse(struct template **out, const char *name, const char *text, size_t len_bytes, const char *const *names,
                   size_t name_count, struct err *err) MUST_CHECK;
void template_free(struct template *t);
DEFINE_CLEANUP(template);
#define _cleanup_template_ CLEANUP(template_cleanup)

/* Appends to `out`. Names that the object lacks are as "". */
void template_fill(struct buf *out, const struct template *t, enum template_form form, const json_t *object);

#endif
