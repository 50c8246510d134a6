#include "query/figures_rows.h"

#include "query/scope.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int figures_cursor(int64_t *after_out, struct asking *ask, char sort, struct err *err)
{
    const char *rest;
    char *end;
    int r = page_cursor(&rest, ask, sort, err);

    *after_out = -1;
    if (r != 0 || !rest)
        return r;
    errno = 0;
    *after_out = strtoll(rest, &end, 10);
    if (errno || end == rest || *end || *after_out < 0 || *after_out > INT32_MAX)
        return page_bad_cursor(err);
    return 0;
}

static bool is_duty(const struct figure *figure)
{
    return figure->rule != NULL;
}

void write_figure(struct asking *ask, const struct figure *figure, const struct figure_items *items)
{
    int64_t value;

    json_kv_str(ask->out, "figure", figure->name);
    if (figure->alliance_ref)
        json_kv_str(ask->out, "alliance", figure->alliance_ref);
    json_key(ask->out, "value");
    if (figure_value(&value, figure, items))
        json_hundredths(ask->out, value);
    else
        json_nil(ask->out);
    json_kv_str(ask->out, "unit", ask_choose(ask, &figure->unit));
    json_kv_str(ask->out, "title", ask_choose(ask, &figure->title));
    if (!is_duty(figure))
        return;
    json_key(ask->out, "due");
    json_hundredths(ask->out, items->whole);
    json_key(ask->out, "met");
    json_hundredths(ask->out, items->part);
}

/* A member, branch or unit by its ref, and its name on the day asked for. */
static int write_named(struct asking *ask, int64_t key, struct err *err)
{
    enum subject_kind kind;
    const char *ref, *name;
    int r = store_subject_get(&kind, &ref, &ask->scratch, ask->store, key, err);

    if (r != 1)
        return r < 0 ? -1 : 0;
    if (ask_name(&name, ask, key, err) < 0)
        return -1;
    json_kv_str(ask->out, subject_kind_name(kind), ref);
    if (*name)
        json_kv_str(ask->out, "name", name);
    return 0;
}

static void write_field(struct asking *ask, const struct event *e, enum field_id field)
{
    if (event_has(e, field))
        json_kv_str(ask->out, field_name(field), event_text(e, field));
}

/* As far as people need it to know the event again; `show event` tells the rest. */
static int write_event_item(struct asking *ask, const struct figure_item *item, struct err *err)
{
    static const enum field_id told[] = {F_BRANCH, F_TITLE, F_TRANSFER, F_BODY, F_OFFICE, F_PERSON, F_REASON};
    struct reading rd = ask_reading(ask, &ask->scratch);
    char id[UUID_TEXT_SIZE];
    struct stored *stored;
    bool seen;

    if (stored_get(&stored, &rd, item->seq, err) < 0)
        return -1;
    uuid_format(id, stored->row.id);
    json_kv_str(ask->out, "event", id);
    json_kv_int(ask->out, "seq", item->seq);
    json_kv_str(ask->out, "type", catalogue_type(stored->event.type)->name);
    json_key(ask->out, "at");
    json_strn(ask->out, stored->event.at.s, stored->event.at.len);
    if (item->subject && write_named(ask, item->subject, err) < 0)
        return -1;
    if (scope_has_event(&seen, ask, &stored->event, err) < 0)
        return -1;
    for (size_t i = 0; seen && i < ARRAY_LEN(told); i++)
        write_field(ask, &stored->event, told[i]);
    return 0;
}

static int write_duty_item(struct asking *ask, const struct figure *figure, const struct figure_item *item,
                           struct err *err)
{
    char period[DAY_TEXT_SIZE];

    if (write_named(ask, item->subject, err) < 0)
        return -1;
    json_kv_str(ask->out, "period", period_format(period, figure->rule->per, item->first));
    json_kv_day(ask->out, "on", item->day);
    return 0;
}

static int write_change_item(struct asking *ask, const struct figure_item *item, struct err *err)
{
    if (write_named(ask, item->subject, err) < 0)
        return -1;
    json_kv_day(ask->out, "on", item->day);
    if (item->seq)
        json_kv_int(ask->out, "seq", item->seq);
    return 0;
}

static int write_what(struct asking *ask, const struct figure *figure, const struct figure_item *item,
                      struct err *err)
{
    switch (item->kind) {
    case ITEM_EVENT:
        return write_event_item(ask, item, err);
    case ITEM_SUBJECT:
        if (write_named(ask, item->subject, err) < 0)
            return -1;
        json_kv_day(ask->out, "on", item->day);
        return 0;
    case ITEM_DUTY:
        return write_duty_item(ask, figure, item, err);
    case ITEM_CHANGE:
        return write_change_item(ask, item, err);
    }
    return 0;
}

int write_figure_item_fields(struct asking *ask, const struct figure *figure, const struct figure_item *item,
                             struct err *err)
{
    bool percent = figure->kind == FIGURE_PERCENT;

    arena_reset(&ask->scratch);
    if (write_what(ask, figure, item, err) < 0)
        return -1;
    json_key(ask->out, percent ? "part" : "weight");
    json_hundredths(ask->out, item->part);
    if (percent) {
        json_key(ask->out, "whole");
        json_hundredths(ask->out, item->whole);
    }
    return 0;
}

int write_figure_item(struct asking *ask, const struct figure *figure, const struct figure_item *item,
                      struct err *err)
{
    json_open(ask->out, '{');
    if (write_figure_item_fields(ask, figure, item, err) < 0)
        return -1;
    json_close(ask->out, '}');
    return 0;
}

void write_roll_group(struct asking *ask, const struct roll_group *group)
{
    json_open(ask->out, '{');
    json_kv_str(ask->out, "by", group->by);
    if (group->of)
        json_kv_str(ask->out, "of", group->of);
    for (int i = 0; i < ROLL_COLUMNS; i++)
        json_kv_int(ask->out, roll_column_name((enum roll_column)i), group->columns[i]);
    json_kv_bool(ask->out, "balances", roll_balances(group));
    json_close(ask->out, '}');
}

int write_roll_breaks(struct asking *ask, const struct roll_check *check, struct err *err)
{
    json_key(ask->out, "broken");
    json_open(ask->out, '[');
    for (size_t i = 0; i < check->break_count; i++) {
        const struct roll_break *b = &check->breaks[i];
        bool seen;

        arena_reset(&ask->scratch);
        if (scope_has_subject(&seen, ask, SUBJECT_MEMBER, b->member, err) < 0)
            return -1;
        if (!seen)
            continue;
        json_open(ask->out, '{');
        if (write_named(ask, b->member, err) < 0)
            return -1;
        json_kv_day(ask->out, "on", b->day);
        json_kv_str(ask->out, "why", strcmp(ask->lang, "zh") == 0 ? b->zh : b->en);
        json_close(ask->out, '}');
    }
    json_close(ask->out, ']');
    return 0;
}
