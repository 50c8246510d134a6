/* Frames of a request: each line of the input is one. Whatever comes, there is one verdict, and what
 * is handed on lies within what came. */
#include <string.h>

#include "fuzz.h"
#include "net/frames.h"

enum { MOST = 16 };

static bool within(const struct frame *f, const char *data, size_t size)
{
    return f->data >= data && f->data + f->len_bytes <= data + size;
}

static bool is_word(const struct frame *f)
{
    return f->len_bytes >= 1 && f->len_bytes <= FRAMES_VERB_MAX &&
           strspn(f->data, "abcdefghijklmnopqrstuvwxyz_") >= f->len_bytes;
}

static void check_good(const struct request_frames *r, const struct frame *frames, size_t count)
{
    FUZZ_CHECK(count == 4u + r->delimiter);
    FUZZ_CHECK(frames[r->delimiter].len_bytes == strlen(FRAMES_VERSION));
    FUZZ_CHECK(memcmp(frames[r->delimiter].data, FRAMES_VERSION, strlen(FRAMES_VERSION)) == 0);
    FUZZ_CHECK(r->id.len_bytes >= 1 && r->id.len_bytes <= FRAMES_ID_MAX);
    FUZZ_CHECK(is_word(&r->verb));
    FUZZ_CHECK(r->body.data == frames[count - 1].data);
}

static void check(const struct frame *frames, size_t count, const char *data, size_t size)
{
    struct request_frames r;
    struct err err = {0};

    switch (frames_read(&r, frames, count, &err)) {
    case FRAMES_OK:
        FUZZ_CHECK(err.code == ERR_NONE);
        check_good(&r, frames, count);
        break;
    case FRAMES_REFUSED:
        FUZZ_CHECK(err.code == ERR_MALFORMED || err.code == ERR_UNKNOWN_VERB || err.code == ERR_TOO_LARGE);
        FUZZ_CHECK(err.en[0] && err.zh[0]);
        FUZZ_CHECK(r.id.len_bytes <= FRAMES_ID_ECHO_MAX && within(&r.id, data, size));
        break;
    case FRAMES_LOST:
        FUZZ_CHECK(count < 2u + r.delimiter || frames[1 + r.delimiter].len_bytes > FRAMES_ID_ECHO_MAX);
        break;
    }
    FUZZ_CHECK(r.delimiter == (count > 0 && frames[0].len_bytes == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct frame frames[MOST];
    size_t count = 0;
    /* terminated, so that strspn above ends */
    char *data = malloc(size + 1), *at = data, *line_end;

    memcpy(data, bytes, size);
    data[size] = '\0';
    while (count < MOST && (line_end = memchr(at, '\n', (size_t)(data + size - at)))) {
        frames[count++] = (struct frame){at, (size_t)(line_end - at)};
        at = line_end + 1;
    }
    check(frames, count, data, size);
    free(data);
    return 0;
}
