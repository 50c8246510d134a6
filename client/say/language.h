/* The language in which the command and its reports speak: English stands in the code, Chinese in
 * client/po/zh_CN.po, by gettext.
 *
 *     say(_("no musterd at %s"), server);          a sentence
 *     {"name", N_("NAME")}                         a text in a table; said(column->heading) where it is shown
 *     {"by", NC_("reads", "BY")}                   the same where one English word is several in Chinese
 *
 * Write English as people would want to read it, then `ninja po_write`, and fill in what is empty in
 * client/po/zh_CN.po: lint/language fails as long as something is missing. The language is the one thing here that
 * the whole process shares; it is set once, at start. What is sent to the daemon and what comes from
 * it is not translated here: the daemon answers in the language that it is asked for.
 */
#ifndef MUSTER_SAY_LANGUAGE_H
#define MUSTER_SAY_LANGUAGE_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) text
#define NC_(context, text) context "\004" text
#define C_(context, text) said(NC_(context, text))

/* A text marked by N_ or NC_, in the language set. */
const char *said(const char *text) __attribute__((format_arg(1)));

/* "en" or "zh"; anything that does not begin with "zh" is English. Works in every locale, also where no
 * Chinese one is generated. */
void say_set_language(const char *language);
/* "en" or "zh". */
const char *say_language(void);
/* The language that the environment asks for: LANGUAGE before LC_ALL, LC_MESSAGES and LANG, as gettext has it; where these say
 * C or POSIX, English. */
const char *say_language_of_environment(void);

#endif
