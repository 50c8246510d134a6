#include "ledger/submitted.h"

#include <string.h>

void desk_deinit(struct desk *desk)
{
    buf_deinit(&desk->body);
    buf_deinit(&desk->personal);
}

void stored_form_write(struct stored_form *out, struct desk *desk, const struct event *event)
{
    buf_clear(&desk->body);
    buf_clear(&desk->personal);
    event_write(&desk->body, &desk->personal, event);
    out->body = (struct span){buf_str(&desk->body), desk->body.len};
    out->personal = (struct span){buf_str(&desk->personal), desk->personal.len};
    chain_seal(&out->seal, out->personal, &desk->salts);
}

static struct span keep(struct arena *arena, struct span text)
{
    return (struct span){text.len ? arena_strndup(arena, text.s, text.len) : "", text.len};
}

void submitted_read(struct submitted *out, struct arena *arena, struct desk *desk, struct span json,
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
    stored_form_write(&out->form, desk, &out->event);
    out->form.body = keep(arena, out->form.body);
    out->form.personal = keep(arena, out->form.personal);
}
