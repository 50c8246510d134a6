#include "channels/mail_words.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum {
    LINE_MAX_BYTES = 76,  /* RFC 2047 section 2: a line with an encoded word */
    WORD_TEXT_BYTES = 36, /* of UTF-8 in a word: 48 of base64, 60 of the word; beside "Subject: " it fits a line */
};

/* Plain text that no reader could take for something else: "=?" begins an encoded word, the others are syntax of
 * addresses. */
static bool is_plain(const char *text, size_t room)
{
    size_t len = strlen(text);

    if (len > room || (len > 0 && (text[0] == ' ' || text[len - 1] == ' ')))
        return false;
    for (const char *c = text; *c; c++)
        if (*c < 0x20 || *c > 0x7E || strchr("\"(),:;<>@[\\]=?", *c))
            return false;
    return true;
}

/* How many bytes of whole characters the next word takes. */
static size_t word_bytes(const char *text, size_t len)
{
    size_t taken = 0;

    while (taken < len) {
        uint32_t cp;
        size_t n = text_utf8_next(text + taken, len - taken, &cp);

        if (n == 0)
            n = 1; /* not reached with valid UTF-8 */
        if (taken + n > WORD_TEXT_BYTES)
            break;
        taken += n;
    }
    return taken;
}

static void add_words(struct buf *out, const char *text)
{
    char coded[sodium_base64_ENCODED_LEN(WORD_TEXT_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    size_t len = strlen(text);

    for (size_t at = 0; at < len;) {
        size_t n = word_bytes(text + at, len - at);

        sodium_bin2base64(coded, sizeof coded, (const unsigned char *)text + at, n, sodium_base64_VARIANT_ORIGINAL);
        buf_addf(out, "%s=?UTF-8?B?%s?=", at > 0 ? "\r\n " : "", coded);
        at += n;
    }
}

static void add_text(struct buf *out, const char *name, const char *text)
{
    buf_addf(out, "%s: ", name);
    if (is_plain(text, LINE_MAX_BYTES - strlen(name) - 2))
        buf_add_str(out, text);
    else
        add_words(out, text);
}

void mail_add_text_header(struct buf *out, const char *name, const char *text)
{
    add_text(out, name, text);
}

void mail_add_address_header(struct buf *out, const char *name, const char *text, const char *address)
{
    if (!text[0]) {
        buf_addf(out, "%s: <%s>", name, address);
        return;
    }
    add_text(out, name, text);
    buf_addf(out, "\r\n <%s>", address);
}
