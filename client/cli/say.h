/* What the command says to people: in which language, and that nothing in it can harm a terminal.
 *
 * Sentences are written as _("English"); the Chinese is in client/po (say/language.h).
 */
#ifndef MUSTER_CLI_SAY_H
#define MUSTER_CLI_SAY_H

#include <stdbool.h>

#include "base/buf.h"
#include "muster/muster.h"
#include "say/language.h"

/* A pair of texts that stands in code shared with the daemon: the one in the language set. */
const char *say_either(const char *en, const char *zh) __attribute__((format_arg(1), format_arg(2)));

/* Texts were once written as tr("English", "中文"). Whoever still does is told by the compiler. */
const char *tr(const char *en, const char *zh)
    __attribute__((error("write _(\"English\"), in tables N_(\"English\"), then ninja po_write, and the Chinese into client/po/zh_CN.po")));

/* One line on stderr, "muster: ...", made safe. */
void say(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* The same for an error from the library or of an event, with its hint. `where` ("file:17: ") may be "". */
void say_error(const char *where, const struct muster_error *error);

/* Appends `text` as it may go to a terminal or a table: no control characters, no characters that
 * turn the direction of writing, no broken UTF-8; all these become visible. A line break or tab
 * becomes a space. */
void say_safe(struct buf *out, const char *text);

#endif
