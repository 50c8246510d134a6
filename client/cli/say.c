#include "say.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char *say_either(const char *en, const char *zh)
{
    return strcmp(say_language(), "zh") == 0 ? zh : en;
}

/* Characters that change how the text around them is shown: marks, embeddings, overrides and
 * isolates of writing direction, line and paragraph separators, and the byte order mark. */
static bool turns_text(uint32_t cp)
{
    return cp == 0x200E || cp == 0x200F || (cp >= 0x2028 && cp <= 0x202E) ||
           (cp >= 0x2066 && cp <= 0x2069) || cp == 0x061C || cp == 0xFEFF;
}

void say_safe(struct buf *out, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        uint32_t cp = 0;
        size_t n = text_utf8_next(text, left, &cp);

        if (n == 0) {
            n = 1;
            buf_addf(out, "\\x%02x", (unsigned char)*text);
        } else if (cp == '\n' || cp == '\t' || cp == '\r') {
            buf_add_char(out, ' ');
        } else if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0)) {
            buf_addf(out, "\\x%02x", cp);
        } else if (turns_text(cp)) {
            buf_addf(out, "\\u%04x", cp);
        } else {
            buf_add(out, text, n);
        }
        text += n;
        left -= n;
    }
}

static void line(struct buf *text)
{
    struct buf safe = {0};

    say_safe(&safe, buf_str(text));
    fprintf(stderr, "muster: %s\n", buf_str(&safe));
    buf_deinit(&safe);
}

void say(const char *fmt, ...)
{
    _cleanup_buf_ struct buf text = {0};
    va_list args;
    char *made = NULL;

    va_start(args, fmt);
    if (vasprintf(&made, fmt, args) < 0)
        abort();
    va_end(args);
    buf_add_str(&text, made);
    free(made);
    line(&text);
}

/* Some messages end with the question themselves; one that lists what there is has the word, but does not ask. */
static bool asks_already(const struct muster_error *error)
{
    _cleanup_buf_ struct buf en = {0}, zh = {0};

    buf_addf(&en, "\"%s\"", error->hint);
    buf_addf(&zh, "\xE2\x80\x9C%s\xE2\x80\x9D", error->hint); /* in Chinese quotation marks */
    return strstr(error->message, buf_str(&en)) || strstr(error->message, buf_str(&zh));
}

void say_error(const char *where, const struct muster_error *error)
{
    _cleanup_buf_ struct buf text = {0};

    buf_add_str(&text, where);
    buf_add_str(&text, *error->message ? error->message : error->code);
    if (*error->hint && !asks_already(error))
        buf_addf(&text, _(" (did you mean \"%s\"?)"), error->hint);
    if (*error->clash && !strstr(error->message, error->clash))
        buf_addf(&text, _(" (it clashes with event %s)"), error->clash);
    line(&text);
}
