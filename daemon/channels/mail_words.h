/* Texts in the headers of a mail: encoded words (RFC 2047), so that nothing in a text can end its header. */
#ifndef MUSTER_CHANNELS_MAIL_WORDS_H
#define MUSTER_CHANNELS_MAIL_WORDS_H

#include "base/buf.h"

/* Appends "NAME: text". Printable ASCII that fits into one line stays as it is; all else is encoded words of UTF-8, each
 * of whole characters, folded to lines of at most 76. `text` is valid UTF-8; it may hold anything. */
void mail_add_text_header(struct buf *out, const char *name, const char *text);

/* Appends "NAME: text <address>"; `address` is one that settings_channel_takes. "" for text: the address alone. */
void mail_add_address_header(struct buf *out, const char *name, const char *text, const char *address);

#endif
