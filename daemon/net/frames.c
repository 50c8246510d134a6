#include "net/frames.h"

#include <string.h>

static bool frame_is(const struct frame *f, const char *word)
{
    return f->len_bytes == strlen(word) && memcmp(f->data, word, f->len_bytes) == 0;
}

static bool verb_is_word(const struct frame *f)
{
    if (f->len_bytes == 0 || f->len_bytes > FRAMES_VERB_MAX)
        return false;
    for (size_t i = 0; i < f->len_bytes; i++)
        if (!((f->data[i] >= 'a' && f->data[i] <= 'z') || f->data[i] == '_'))
            return false;
    return true;
}

static int check(const struct request_frames *r, const struct frame *version, size_t count,
                 struct err *err)
{
    if (!frame_is(version, FRAMES_VERSION))
        return err_say(err, ERR_MALFORMED, NULL, "the first frame must be the version \"%s\"",
                       "第一帧必须是版本“%s”", FRAMES_VERSION);
    if (r->id.len_bytes < 1 || r->id.len_bytes > FRAMES_ID_MAX)
        return err_say(err, ERR_MALFORMED, NULL, "a request-id has 1 to %d bytes, this one has %zu",
                       "请求标识须为 1 至 %d 字节，收到 %zu 字节", FRAMES_ID_MAX, r->id.len_bytes);
    if (count != 4)
        return err_say(err, ERR_MALFORMED, NULL,
                       "a request has 4 frames (version, request-id, verb, body), this one has %zu",
                       "请求须有 4 帧（版本、请求标识、动词、正文），收到 %zu 帧", count);
    if (r->body.len_bytes > FRAMES_BODY_MAX)
        return err_say(err, ERR_TOO_LARGE, NULL, "a request body has at most %d bytes, this one has %zu",
                       "请求正文最多 %d 字节，收到 %zu 字节", FRAMES_BODY_MAX, r->body.len_bytes);
    if (!verb_is_word(&r->verb))
        return err_say(err, ERR_UNKNOWN_VERB, NULL, "that is no verb", "没有这样的动词");
    return 0;
}

enum frames_verdict frames_read(struct request_frames *out, const struct frame *frames,
                                size_t count, struct err *err)
{
    const struct frame *version;

    memset(out, 0, sizeof *out);
    if (count > 0 && frames[0].len_bytes == 0) {
        out->delimiter = true;
        frames++;
        count--;
    }
    if (count < 2 || frames[1].len_bytes > FRAMES_ID_ECHO_MAX)
        return FRAMES_LOST;
    version = &frames[0];
    out->id = frames[1];
    if (count == 4) {
        out->verb = frames[2];
        out->body = frames[3];
    }
    return check(out, version, count, err) ? FRAMES_REFUSED : FRAMES_OK;
}
