/* The bytes of a file as UTF-8, whatever an office's program wrote: UTF-8 with or without a byte-order mark, GB18030 (with GBK and GB2312
 * in it), UTF-16 ("Unicode text" of Excel).
 *
 * The encoding is told by the whole file: a byte-order mark, else whether its bytes read as UTF-8. Bytes that are no text in it
 * come out as the byte DECODE_BROKEN, which is in no UTF-8: whoever takes a text looks for it, and nothing is guessed.
 * Memory is bounded. The descriptor must be seekable, and stays the caller's.
 */
#ifndef MUSTER_IMPORT_DECODE_H
#define MUSTER_IMPORT_DECODE_H

#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum encoding { ENCODING_UTF8, ENCODING_UTF8_MARK, ENCODING_GB18030, ENCODING_UTF16LE, ENCODING_UTF16BE };

enum { DECODE_BROKEN = 0xFF, DECODE_BLOCK = 64 * 1024 };

struct decoder {
    int fd;
    enum encoding encoding;
    bool converts; /* `conversion` is open */
    iconv_t conversion;
    char raw[DECODE_BLOCK];
    size_t raw_len;      /* bytes not converted yet: the beginning of a character */
    int64_t read_bytes;  /* of the file, so far */
    int64_t size_bytes;  /* of the file */
    bool end;
};

/* Looks through the file and begins to read it. 1: it is no text, or a spreadsheet's own format (err says what to do);
 * -1: it cannot be read. */
int decoder_open(struct decoder *decoder, int fd, struct err *err) MUST_CHECK;
void decoder_close(struct decoder *decoder);
/* Begins anew. */
int decoder_rewind(struct decoder *decoder, struct err *err) MUST_CHECK;

/* Adds the next piece of text to `out`. 1: there was some; 0: the end; -1. */
struct buf;
int decoder_next(struct buf *out, struct decoder *decoder, struct err *err) MUST_CHECK;

/* "UTF-8", "GB18030", ... */
const char *encoding_name(enum encoding encoding);

#endif
