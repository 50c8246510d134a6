#include "report/xml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

void xml_begin(struct xml *x)
{
    x->buffer = xmlBufferCreate();
    x->writer = x->buffer ? xmlNewTextWriterMemory(x->buffer, 0) : NULL;
    if (!x->writer)
        abort();
}

void xml_end(struct xml *x, struct buf *out)
{
    xmlTextWriterFlush(x->writer);
    buf_add(out, xmlBufferContent(x->buffer), (size_t)xmlBufferLength(x->buffer));
    xmlFreeTextWriter(x->writer);
    xmlBufferFree(x->buffer);
    memset(x, 0, sizeof *x);
}

static const xmlChar *chars(const char *text)
{
    return (const xmlChar *)text;
}

void xml_open(struct xml *x, const char *name, ...)
{
    va_list args;
    const char *key;

    xmlTextWriterStartElement(x->writer, chars(name));
    va_start(args, name);
    while ((key = va_arg(args, const char *)))
        xmlTextWriterWriteAttribute(x->writer, chars(key), chars(va_arg(args, const char *)));
    va_end(args);
}

void xml_attribute(struct xml *x, const char *key, const char *fmt, ...)
{
    _cleanup_free_ char *value = NULL;
    va_list args;

    va_start(args, fmt);
    if (vasprintf(&value, fmt, args) < 0)
        abort();
    va_end(args);
    xmlTextWriterWriteAttribute(x->writer, chars(key), chars(value));
}

/* The Char of XML 1.0. */
static bool may_stand(uint32_t c)
{
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r';
    return c <= 0xD7FF || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

void xml_clean(struct buf *out, const char *text)
{
    size_t left = strlen(text);

    while (left) {
        uint32_t c;
        size_t n = text_utf8_next(text, left, &c);

        if (n == 0 || !may_stand(c))
            buf_add_str(out, replacement);
        else
            buf_add(out, text, n);
        n = n ? n : 1;
        text += n;
        left -= n;
    }
}

void xml_text(struct xml *x, const char *text)
{
    _cleanup_buf_ struct buf clean = {0};

    xml_clean(&clean, text);
    xmlTextWriterWriteString(x->writer, chars(buf_str(&clean)));
}

void xml_close(struct xml *x)
{
    xmlTextWriterFullEndElement(x->writer);
}

void xml_line(struct xml *x, const char *name, const char *text)
{
    xml_open(x, name, NULL);
    xml_text(x, text);
    xml_close(x);
}
