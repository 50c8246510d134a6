#include "ledger/submitted.h"

#include <string.h>

void submitted_scratch_deinit(struct submitted_scratch *scratch)
{
    buf_deinit(&scratch->body);
    buf_deinit(&scratch->personal);
}

static struct span keep(struct arena *arena, const struct buf *text)
{
    return (struct span){text->len ? arena_strndup(arena, text->data, text->len) : "", text->len};
}

void submitted_read(struct submitted *out, struct arena *arena, struct submitted_scratch *scratch, struct span json,
                    const struct kinds *kinds)
{
    struct err err = {0};

    out->json = json;
    out->unread = NULL;
    if (event_read(&out->event, arena, json.s, json.len, EVENT_SUBMITTED, kinds, &err) != 0) {
        out->unread = arena_alloc(arena, sizeof *out->unread);
        *out->unread = err;
        return;
    }
    buf_clear(&scratch->body);
    buf_clear(&scratch->personal);
    event_write(&scratch->body, &scratch->personal, &out->event);
    out->body = keep(arena, &scratch->body);
    out->personal = keep(arena, &scratch->personal);
}
