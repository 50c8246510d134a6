/* Splitting a submit against jansson: a body that jansson takes is taken and split alike; one that is
 * not taken is malformed or too large. */
#include "same_json.h"
#include "wire/event.h"

static bool is_text_or_absent(const json_t *body, const char *key)
{
    const json_t *value = json_object_get(body, key);

    return !value || json_is_null(value) || json_is_string(value);
}

static bool is_submit(const json_t *body)
{
    const json_t *events = json_object_get(body, "events");
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)body, key, value)
        if (strcmp(key, "events") != 0 && strcmp(key, "lang") != 0 && strcmp(key, "ledger") != 0)
            return false;
    return json_array_size(events) >= 1 && json_array_size(events) <= SUBMIT_MAX_EVENTS &&
           is_text_or_absent(body, "lang") && is_text_or_absent(body, "ledger");
}

static void check_split(const struct submit_body *body, const json_t *wanted, struct arena *arena)
{
    const json_t *events = json_object_get(wanted, "events");

    FUZZ_CHECK(body->count == json_array_size(events));
    for (size_t i = 0; i < body->count; i++) {
        struct scan scan;

        if (scan_read(&scan, arena, body->events[i].s, body->events[i].len, EVENT_DEPTH_MAX) == 0)
            same_json(&scan, 0, json_array_get(events, i));
        else
            FUZZ_CHECK(scan.error == SCAN_TOO_DEEP);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_arena_ struct arena arena = {0};
    const char *text = (const char *)data;
    /* jansson loses a NUL byte behind a number, and takes what is no JSON */
    json_t *wanted = memchr(text, 0, size) ? NULL : json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    struct submit_body body;
    struct err err = {0};

    if (submit_body_read(&body, &arena, text, size, &err)) {
        FUZZ_CHECK(!wanted || !is_submit(wanted));
        FUZZ_CHECK(err.code == ERR_MALFORMED || err.code == ERR_TOO_LARGE);
        FUZZ_CHECK(body.count == 0 && err.en[0] && err.zh[0]);
    } else {
        FUZZ_CHECK(body.count >= 1 && body.count <= SUBMIT_MAX_EVENTS);
        for (size_t i = 0; i < body.count; i++)
            FUZZ_CHECK(body.events[i].len > 0 && body.events[i].s >= text &&
                       body.events[i].s + body.events[i].len <= text + size);
        if (wanted)
            check_split(&body, wanted, &arena);
    }
    json_decref(wanted);
    return 0;
}
