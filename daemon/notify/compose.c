#include "notify/compose.h"

#include <stdlib.h>
#include <string.h>

#include "access/word.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/zone.h"
#include "notify/notify_state.h"
#include "store/alert_table.h"

enum { COLLECT_AT_ONCE = 100 };

void composing_deinit(struct composing *c)
{
    free(c->lines);
    keymap_deinit(&c->by_alert);
    arena_deinit(&c->scratch);
    arena_deinit(&c->arena);
    *c = (struct composing){0};
}

void composing_begin(struct composing *c, const struct outgoing *of, const struct person *person,
                     const struct person_address *address, const struct settings_channel *channel)
{
    c->of = *of;
    c->person = person;
    c->address = address;
    c->names = channel && channel->names;
    c->personal = channel && settings_channel_is_personal(channel);
}

static enum item_kind item_of(enum notice_what what)
{
    switch (what) {
    case NOTICE_OPENED:
    case NOTICE_AGAIN:
        return ITEM_OPENED;
    case NOTICE_RAISED:
        return ITEM_RAISED;
    case NOTICE_CLOSED:
        return ITEM_CLOSED;
    case NOTICE_ESCALATED:
        return ITEM_ESCALATED;
    case NOTICE_UNDELIVERED:
        return ITEM_UNDELIVERED;
    }
    return ITEM_OPENED;
}

static void count_line(struct composing *c, const struct line *line, int by)
{
    if (line->kind == ITEM_UNDELIVERED)
        return;
    if (line->ends)
        c->message.closed += by;
    else if (line->level == LEVEL_RED)
        c->message.red += by;
    else if (line->level == LEVEL_YELLOW)
        c->message.yellow += by;
    else
        c->message.notice += by;
}

static void raise(struct composing *c, struct line *line, int level)
{
    if (level <= line->level)
        return;
    count_line(c, line, -1);
    line->level = level;
    count_line(c, line, 1);
}

/* As told_already, of an alert whose line was not kept: its earlier rows in this message say it. 1, 0; -1. */
static int counted_already(struct composing *c, struct notify *n, const struct notice *row, const struct line *line, struct err *err)
{
    struct line before = *line;
    struct notice *rows;
    size_t count;
    bool found = false;

    before.level = LEVEL_NONE;
    if (store_notices_of_alert(&rows, &count, &c->scratch, n->store, row->alert, err) < 0)
        return -1;
    for (size_t i = 0; i < count && rows[i].number < row->number; i++) {
        if (rows[i].message != row->message)
            continue;
        found = true;
        if (rows[i].level > before.level)
            before.level = rows[i].level;
    }
    if (found)
        raise(c, &before, line->level);
    return found;
}

/* An alert stands in a message once: that it was raised since it opened is told by its level. 1, 0; -1. */
static int told_already(struct composing *c, struct notify *n, const struct notice *row, const struct line *line, struct err *err)
{
    size_t place = line->alert ? keymap_get(&c->by_alert, line->alert) : 0;

    if (place)
        raise(c, &c->lines[place - 1], line->level);
    if (place || !line->alert || c->n < LINES_MAX)
        return place != 0;
    return counted_already(c, n, row, line, err);
}

static const char *kept(struct composing *c, const char *text)
{
    return text ? arena_strndup(&c->arena, text, strlen(text)) : NULL;
}

/* The line's texts live in the scratch. */
static int add_line(struct composing *c, struct notify *n, const struct notice *row, const struct line *line, struct err *err)
{
    int told = told_already(c, n, row, line, err);
    struct line *new;

    if (told != 0)
        return told < 0 ? -1 : 0;
    count_line(c, line, 1);
    if (c->n == LINES_MAX) {
        c->message.more++;
        return 0;
    }
    ARRAY_GROW(c->lines, c->n, c->cap);
    new = &c->lines[c->n++];
    *new = *line;
    new->rule = kept(c, line->rule);
    new->why = kept(c, line->why);
    new->silent = kept(c, line->silent);
    if (line->alert)
        keymap_set(&c->by_alert, line->alert, c->n);
    return 0;
}

static int collect(struct composing *c, struct notify *n, const struct notice *row, struct err *err)
{
    struct line line = {.kind = item_of(row->what), .ends = row->what == NOTICE_CLOSED, .alert = row->alert, .count = 1,
                        .level = row->level, .before = row->level_before, .branch = row->branch, .since = DAY_NONE};
    struct alert_row alert;
    int r;

    if (row->what == NOTICE_UNDELIVERED) {
        line.message = row->step;
        return add_line(c, n, row, &line, err);
    }
    r = store_alert_get(&alert, &c->scratch, n->store, row->alert, err);
    if (r != 1)
        return r; /* a ledger that was put back behind it */
    line.rule = alert.rule;
    line.why = alert.why;
    line.subject = alert.subject;
    line.since = alert.since;
    if (line.kind == ITEM_OPENED && *row->silent)
        line.silent = row->silent;
    return add_line(c, n, row, &line, err);
}

/* 1: all rows are lines; 0: not yet; -1. */
static int collect_some(struct composing *c, struct notify *n, struct err *err)
{
    struct notice *rows;
    size_t count;

    arena_reset(&c->scratch);
    if (store_notices_of_message(&rows, &count, &c->scratch, n->store, c->of.number, c->last, COLLECT_AT_ONCE, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (collect(c, n, &rows[i], err) < 0)
            return -1;
        c->last = rows[i].number;
    }
    return count < COLLECT_AT_ONCE;
}

static enum message_kind kind_of(enum notice_moment moment)
{
    switch (moment) {
    case MOMENT_NOW:
        return MESSAGE_NOW;
    case MOMENT_DAILY:
        return MESSAGE_DAILY;
    case MOMENT_WEEKLY:
        return MESSAGE_WEEKLY;
    case MOMENT_SUMMARY:
        return MESSAGE_SUMMARY;
    case MOMENT_UNDELIVERED:
        return MESSAGE_FAILED;
    }
    return MESSAGE_NOW;
}

static void arrange(struct composing *c, struct notify *n)
{
    struct message *m = &c->message;

    lines_arrange(c->lines, &c->n, &c->arena);
    if (c->n > MESSAGE_ITEMS_MAX) {
        m->more += (int64_t)(c->n - MESSAGE_ITEMS_MAX);
        c->n = MESSAGE_ITEMS_MAX;
    }
    c->items = arena_alloc(&c->arena, (c->n + 1) * sizeof *c->items);
    m->key = c->of.key;
    m->recipient = c->person->name;
    m->address = c->address->to;
    m->lang = c->person->lang;
    m->ledger = *n->telling->district ? n->telling->district : ledger_uuid(n->ledger);
    m->kind = kind_of(c->of.moment);
    m->made_at_us = c->of.made_us;
    m->off_days = c->of.off_days;
    m->rehearsal = ledger_rehearsal(n->ledger);
    m->items = c->items;
    m->item_count = c->n;
    c->collected = true;
}

enum { WORD_DAYS = 30 };

/* The same at every try: it goes by the day of the message. */
static void add_word(struct composing *c, struct notify *n, const struct line *line, struct message_item *item)
{
    const struct word_claim claim = {line->alert, line->level,
                                     zone_local(c->message.made_at_us / 1000000).day + WORD_DAYS};
    char word[WORD_TEXT_SIZE];

    if (!n->word_key || !c->personal || line->alert == 0 || line->ends || line->level == LEVEL_NONE)
        return;
    word_make(word, n->word_key, &claim, c->message.recipient);
    item->word = arena_strndup(&c->arena, word, strlen(word));
}

int composing_step(struct composing *c, struct notify *n, int64_t until_ms, struct err *err)
{
    do {
        if (c->collected && c->written == c->n)
            return 1;
        if (c->collected) {
            if (words_of_line(&c->items[c->written], &c->lines[c->written], n, &c->arena, c->person->lang, c->names,
                              err) < 0)
                return -1;
            add_word(c, n, &c->lines[c->written], &c->items[c->written]);
            c->written++;
        } else {
            int r = collect_some(c, n, err);

            if (r < 0)
                return -1;
            if (r == 1)
                arrange(c, n);
        }
    } while (clock_monotonic_ms() < until_ms);
    return c->collected && c->written == c->n;
}
