/* The scanner against jansson: same verdict, same values. And every event that is accepted comes back
 * from its stored form as the same. */
#include "base/zone.h"
#include "same_json.h"
#include "wire/event.h"

static void compare_scan(const char *text, size_t len)
{
    _cleanup_arena_ struct arena arena = {0};
    json_error_t error;
    json_t *value = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    struct scan scan;
    int bad = scan_read(&scan, &arena, text, len, EVENT_DEPTH_MAX);

    if (!bad && scan.nodes[0].flags == 0) {
        FUZZ_CHECK(value);
        FUZZ_CHECK(scan.nodes[0].next == scan.count);
        same_json(&scan, 0, value);
    } else if (scan.error != SCAN_TOO_DEEP && !memchr(text, 0, len)) {
        /* jansson loses a NUL byte behind a number, and so takes "0\0" */
        FUZZ_CHECK(!value);
    }
    json_decref(value);
}

static void check_error(const struct err *err)
{
    FUZZ_CHECK(err->code >= ERR_TOO_LARGE && err->code <= ERR_INVALID_VALUE);
    FUZZ_CHECK(err->en[0] && err->zh[0]);
}

static void check_event(const char *text, size_t len, const struct kinds *kinds)
{
    _cleanup_arena_ struct arena arena = {0};
    _cleanup_buf_ struct buf body = {0}, personal = {0}, whole = {0};
    struct event event, again;
    struct err err = {0};

    if (event_read(&event, &arena, text, len, EVENT_SUBMITTED, kinds, &err)) {
        check_error(&err);
        return;
    }
    FUZZ_CHECK(err.code == ERR_NONE && event.has_id);
    event_write(&body, &personal, &event);
    buf_add_char(&whole, '{');
    event_join(&whole, body.data, body.len, personal.data, personal.len);
    buf_add_char(&whole, '}');
    FUZZ_CHECK(event_read(&again, &arena, whole.data, whole.len, EVENT_STORED, kinds, &err) == 0);
    FUZZ_CHECK(event_same(&event, &again));
    FUZZ_CHECK(event.day == again.day && event.tod_ns == again.tod_ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    static struct kinds kinds;
    struct err err = {0};

    if (!ready) {
        FUZZ_CHECK(zone_set("Asia/Shanghai", &err) == 0);
        kinds_init(&kinds);
        ready = true;
    }
    compare_scan((const char *)data, size);
    check_event((const char *)data, size, &kinds);
    return 0;
}
