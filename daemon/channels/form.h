/* The forms of a message: JSON, as a webhook and a command get it (docs/notices.md), and texts, from templates.
 *
 * Both say what the channel may tell and no more: without names of people and units where the channel tells none, and
 * without one-time words where more than one person reads it.
 */
#ifndef MUSTER_CHANNELS_FORM_H
#define MUSTER_CHANNELS_FORM_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "channels/message.h"

struct discretion {
    bool names;
    bool words;
};

/* The caller owns it. */
json_t *form_json(const struct message *m, struct discretion discretion);

/* The templates of a folder: subject, mail (.txt, .html) and robot of each language. */
struct forms;
/* 0; 1 with err "file:line: what"; -1. */
int forms_load(struct forms **out, const char *folder, struct err *err) MUST_CHECK;
void forms_free(struct forms *forms);
DEFINE_CLEANUP(forms);
#define _cleanup_forms_ CLEANUP(forms_cleanup)

/* Each appends. The subject is one line. */
void form_subject(struct buf *out, const struct forms *forms, const struct message *m, struct discretion discretion);
void form_text(struct buf *out, const struct forms *forms, const struct message *m, struct discretion discretion);
void form_html(struct buf *out, const struct forms *forms, const struct message *m, struct discretion discretion);
/* At most max_bytes: lines that do not fit are counted instead. */
void form_robot(struct buf *out, const struct forms *forms, const struct message *m, struct discretion discretion,
                size_t max_bytes);

#endif
