#include "channels/message.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

/* A copy is the first member of this, so that the pointer alone frees it. */
struct owned {
    struct message message;
    struct arena arena;
};

static const char *keep(struct arena *arena, const char *text)
{
    return text ? arena_strndup(arena, text, strlen(text)) : "";
}

static struct message_item keep_item(struct arena *arena, const struct message_item *item)
{
    struct message_item copy = *item;

    if (item->alert_count) {
        int64_t *alerts = arena_alloc(arena, item->alert_count * sizeof *alerts);

        memcpy(alerts, item->alerts, item->alert_count * sizeof *alerts);
        copy.alerts = alerts;
    }
    copy.level = keep(arena, item->level);
    copy.level_before = keep(arena, item->level_before);
    copy.rule = keep(arena, item->rule);
    copy.title = keep(arena, item->title);
    copy.subject_kind = keep(arena, item->subject_kind);
    copy.subject = keep(arena, item->subject);
    copy.name = keep(arena, item->name);
    copy.branch = keep(arena, item->branch);
    copy.area = keep(arena, item->area);
    copy.remedy = keep(arena, item->remedy);
    copy.word = keep(arena, item->word);
    return copy;
}

struct message *message_copy(const struct message *m)
{
    struct owned *copy = mem_zero(sizeof *copy);
    struct message_item *items = arena_alloc(&copy->arena, (m->item_count + 1) * sizeof *items);

    copy->message = *m;
    copy->message.key = keep(&copy->arena, m->key);
    copy->message.recipient = keep(&copy->arena, m->recipient);
    copy->message.address = keep(&copy->arena, m->address);
    copy->message.lang = keep(&copy->arena, m->lang);
    copy->message.ledger = keep(&copy->arena, m->ledger);
    for (size_t i = 0; i < m->item_count; i++)
        items[i] = keep_item(&copy->arena, &m->items[i]);
    copy->message.items = items;
    return &copy->message;
}

void message_free(struct message *copy)
{
    struct owned *owned = (struct owned *)copy;

    if (!copy)
        return;
    arena_deinit(&owned->arena);
    free(owned);
}

const char *message_kind_name(enum message_kind kind)
{
    static const char *const names[] = {"now", "daily", "weekly", "summary", "failed"};

    _Static_assert(ARRAY_LEN(names) == MESSAGE_KIND_COUNT, "a name for each kind");
    return names[kind];
}

const char *item_kind_name(enum item_kind kind)
{
    static const char *const names[] = {"opened", "raised", "closed", "escalated", "no_reports", "cause", "undelivered"};

    _Static_assert(ARRAY_LEN(names) == ITEM_KIND_COUNT, "a name for each kind");
    return names[kind];
}
