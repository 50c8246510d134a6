/* Writing XML through libxml2, which escapes; text of the ledger comes in as it is. */
#ifndef MUSTER_CLIENT_REPORT_XML_H
#define MUSTER_CLIENT_REPORT_XML_H

#include <libxml/xmlwriter.h>

#include "base/buf.h"

struct xml {
    xmlTextWriterPtr writer;
    xmlBufferPtr buffer;
};

/* Ends the process where there is no memory. */
void xml_begin(struct xml *x);
/* What was written, appended to `out`. */
void xml_end(struct xml *x, struct buf *out);

/* <name key="value" ...>: pairs, then NULL. */
void xml_open(struct xml *x, const char *name, ...) __attribute__((sentinel));
void xml_attribute(struct xml *x, const char *key, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Characters that XML cannot have become U+FFFD. */
void xml_text(struct xml *x, const char *text);
/* With an end tag even where it is empty: HTML wants it so. */
void xml_close(struct xml *x);
/* An element with text and nothing else. */
void xml_line(struct xml *x, const char *name, const char *text);

/* The text with only such characters as XML can have. */
void xml_clean(struct buf *out, const char *text);

#endif
