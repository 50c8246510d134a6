#include "import/decode.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"

enum {
    OUT_TIMES = 3,     /* no byte of the encodings known becomes more bytes of UTF-8 */
    MOSTLY_UTF8 = 10,  /* so many good characters for each broken one: UTF-8 that somebody damaged, no GB18030 */
};

const char *encoding_name(enum encoding encoding)
{
    switch (encoding) {
    case ENCODING_UTF8:
        return "UTF-8";
    case ENCODING_UTF8_MARK:
        return "UTF-8 (BOM)";
    case ENCODING_GB18030:
        return "GB18030";
    case ENCODING_UTF16LE:
    case ENCODING_UTF16BE:
        return "UTF-16";
    }
    return "";
}

static int cannot_read(struct err *err)
{
    return err_fault(err, "it cannot be read: %s", strerror(errno));
}

static ssize_t read_some(const struct decoder *d, char *out, size_t size)
{
    ssize_t n;

    do
        n = read(d->fd, out, size);
    while (n < 0 && errno == EINTR);
    return n;
}

/* How the characters beyond ASCII read as UTF-8. */
struct tally {
    int64_t good, broken;
    bool zeros;
};

/* Counts whole characters and returns how many bytes at the end may begin one that goes on in the next block. */
static size_t count_block(struct tally *t, const char *s, size_t len, bool last)
{
    size_t i = 0;

    while (i < len) {
        uint32_t cp;
        size_t n = text_utf8_next(s + i, len - i, &cp);

        if (n == 0 && !last && len - i < 4)
            break;
        t->good += n > 1;
        t->broken += n == 0;
        t->zeros |= s[i] == '\0';
        i += n ? n : 1;
    }
    return len - i;
}

static int tally_file(struct tally *t, struct decoder *d, struct err *err)
{
    size_t kept = 0;
    ssize_t n;

    do {
        size_t len;

        n = read_some(d, d->raw + kept, sizeof d->raw - kept);
        if (n < 0)
            return cannot_read(err);
        len = kept + (size_t)n;
        kept = count_block(t, d->raw, len, n == 0);
        memmove(d->raw, d->raw + len - kept, kept);
    } while (n > 0);
    return 0;
}

static bool begins(const struct decoder *d, size_t len, const char *mark, size_t mark_len)
{
    return len >= mark_len && memcmp(d->raw, mark, mark_len) == 0;
}

static int refuse_formats(const struct decoder *d, size_t len, struct err *err)
{
    if (begins(d, len, "PK\003\004", 4) || begins(d, len, "\xD0\xCF\x11\xE0", 4))
        return err_say(err, ERR_INVALID_VALUE, NULL,
                       "this is a spreadsheet's own format (.xlsx, .xls, .ods), not CSV: in the spreadsheet, choose File, Save as, \"CSV UTF-8\"",
                       "这是电子表格文件（.xlsx、.xls、.ods），不是 CSV：请在表格软件中“另存为”“CSV UTF-8”");
    return 0;
}

static enum encoding by_mark(const struct decoder *d, size_t len, bool *found)
{
    *found = true;
    if (begins(d, len, "\xEF\xBB\xBF", 3))
        return ENCODING_UTF8_MARK;
    if (begins(d, len, "\xFF\xFE", 2))
        return ENCODING_UTF16LE;
    if (begins(d, len, "\xFE\xFF", 2))
        return ENCODING_UTF16BE;
    *found = false;
    return ENCODING_UTF8;
}

static int recognise(struct decoder *d, struct err *err)
{
    struct tally t = {0};
    ssize_t n = read_some(d, d->raw, 16);
    bool marked;

    if (n < 0)
        return cannot_read(err);
    if (refuse_formats(d, (size_t)n, err))
        return 1;
    d->encoding = by_mark(d, (size_t)n, &marked);
    if (marked)
        return 0;
    if (lseek(d->fd, 0, SEEK_SET) != 0)
        return cannot_read(err);
    if (tally_file(&t, d, err) < 0)
        return -1;
    if (t.zeros)
        return err_say(err, ERR_INVALID_VALUE, NULL, "this is no text: it holds zero bytes", "这不是文本文件：含有零字节");
    d->encoding = t.broken == 0 || t.good > MOSTLY_UTF8 * t.broken ? ENCODING_UTF8 : ENCODING_GB18030;
    return 0;
}

static const char *conversion_from(enum encoding encoding)
{
    switch (encoding) {
    case ENCODING_UTF8:
    case ENCODING_UTF8_MARK:
        return NULL;
    case ENCODING_GB18030:
        return "GB18030";
    case ENCODING_UTF16LE:
        return "UTF-16LE";
    case ENCODING_UTF16BE:
        return "UTF-16BE";
    }
    return NULL;
}

int decoder_rewind(struct decoder *d, struct err *err)
{
    static const off_t marks[] = {[ENCODING_UTF8_MARK] = 3, [ENCODING_UTF16LE] = 2, [ENCODING_UTF16BE] = 2};

    d->raw_len = 0;
    d->end = false;
    d->read_bytes = marks[d->encoding];
    if (d->converts)
        iconv(d->conversion, NULL, NULL, NULL, NULL);
    return lseek(d->fd, marks[d->encoding], SEEK_SET) < 0 ? cannot_read(err) : 0;
}

int decoder_open(struct decoder *d, int fd, struct err *err)
{
    struct stat about;
    const char *from;
    int failed;

    d->fd = fd;
    d->converts = false;
    if (fstat(fd, &about) != 0)
        return cannot_read(err);
    d->size_bytes = about.st_size;
    failed = recognise(d, err);
    if (failed)
        return failed;
    from = conversion_from(d->encoding);
    if (from) {
        d->conversion = iconv_open("UTF-8", from);
        if (d->conversion == (iconv_t)-1)
            return err_fault(err, "this machine cannot read %s: %s", from, strerror(errno));
        d->converts = true;
    }
    return decoder_rewind(d, err);
}

void decoder_close(struct decoder *d)
{
    if (d->converts)
        iconv_close(d->conversion);
    d->converts = false;
}

/* Converts what is in `raw`, as far as it is whole. */
static void convert(struct buf *out, struct decoder *d)
{
    char *in = d->raw;
    size_t left = d->raw_len;
    bool more = true;

    while (left > 0 && more) {
        char *to;
        size_t room;

        buf_reserve(out, left * OUT_TIMES + 16);
        to = out->data + out->len;
        room = out->cap - out->len;
        if (iconv(d->conversion, &in, &left, &to, &room) != (size_t)-1) {
            more = false;
        } else if (errno == EILSEQ || (errno == EINVAL && d->end)) {
            *to++ = (char)DECODE_BROKEN;
            in++;
            left--;
        } else if (errno == EINVAL) {
            more = false;
        }
        out->len = (size_t)(to - out->data);
    }
    memmove(d->raw, in, left);
    d->raw_len = left;
}

int decoder_next(struct buf *out, struct decoder *d, struct err *err)
{
    ssize_t n;

    if (d->end)
        return 0;
    n = read_some(d, d->raw + d->raw_len, sizeof d->raw - d->raw_len);
    if (n < 0)
        return cannot_read(err);
    d->end = n == 0;
    d->read_bytes += n;
    d->raw_len += (size_t)n;
    if (d->converts) {
        convert(out, d);
    } else {
        buf_add(out, d->raw, d->raw_len);
        d->raw_len = 0;
    }
    return d->end && out->len == 0 ? 0 : 1;
}
