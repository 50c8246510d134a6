/* What figures take from a stored meeting without reading all of it: never outside its text, and where the whole of it
 * is read as an event, the same. */
#include <string.h>

#include "base/buf.h"
#include "fuzz.h"
#include "report/peek.h"

static void check_inside(struct span part, const char *text, size_t len)
{
    FUZZ_CHECK(part.len == 0 || (part.s >= text && part.s + part.len <= text + len));
}

static void check_same(const struct peeked *p, const struct event *e)
{
    const struct value *present = e->values[F_PRESENT], *with = e->values[F_WITH];
    const char *branch = event_text(e, F_BRANCH);
    struct span list = p->with, ref;
    size_t n = 0;

    FUZZ_CHECK(strlen(branch) == p->branch.len && memcmp(branch, p->branch.s, p->branch.len) == 0);
    FUZZ_CHECK(p->counted == (event_int(e, F_PRESENT_COUNT, -1) >= 0));
    FUZZ_CHECK(!p->counted || p->present_count == event_int(e, F_PRESENT_COUNT, -1));
    FUZZ_CHECK(p->present == (present ? (int64_t)present->count : 0));
    while (peek_next_ref(&ref, &list)) {
        FUZZ_CHECK(with && n < with->count && with->items[n].len == ref.len && memcmp(with->items[n].s, ref.s, ref.len) == 0);
        n++;
    }
    FUZZ_CHECK(n == (with ? with->count : 0));
}

/* As it would stand in the ledger: read, and written in our own form. */
static void check_stored(const char *text, size_t len)
{
    _cleanup_arena_ struct arena arena = {0};
    _cleanup_buf_ struct buf body = {0}, personal = {0};
    struct event event;
    struct kinds kinds;
    struct err err = {0};
    struct peeked peeked;

    kinds_init(&kinds);
    if (event_read(&event, &arena, text, len, EVENT_STORED, &kinds, &err) != 0 || event.type != EV_MEETING)
        return;
    event_write(&body, &personal, &event);
    FUZZ_CHECK(peek_meeting(&peeked, body.data, body.len));
    check_same(&peeked, &event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_free_ char *text = mem_strndup((const char *)data, size);
    struct peeked peeked;
    struct span ref;

    if (peek_meeting(&peeked, text, size)) {
        check_inside(peeked.branch, text, size);
        check_inside(peeked.with, text, size);
        while (peek_next_ref(&ref, &peeked.with))
            check_inside(ref, text, size);
    }
    check_stored(text, size);
    return 0;
}
