#include <string.h>

#include "base/clock.h"
#include "channels/form.h"

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text && text[0])
        json_object_set_new(object, key, json_string(text));
}

static void set_day(json_t *object, const char *key, day_t day)
{
    char text[DAY_TEXT_SIZE];

    if (day != DAY_NONE)
        json_object_set_new(object, key, json_string(day_format(text, day)));
}

static json_t *item_json(const struct message_item *item, struct discretion discretion)
{
    json_t *o = json_object();

    json_object_set_new(o, "kind", json_string(item_kind_name(item->kind)));
    if (item->alert > 0)
        json_object_set_new(o, "alert", json_integer(item->alert));
    json_object_set_new(o, "count", json_integer(item->count));
    if (item->alert_count) {
        json_t *alerts = json_array();

        for (size_t i = 0; i < item->alert_count; i++)
            json_array_append_new(alerts, json_integer(item->alerts[i]));
        json_object_set_new(o, "alerts", alerts);
    }
    set_text(o, "level", item->level);
    set_text(o, "level_before", item->level_before);
    set_text(o, item->kind == ITEM_UNDELIVERED ? "channel" : "rule", item->rule);
    set_text(o, item->kind == ITEM_UNDELIVERED ? "error" : "title", item->title);
    if (item->subject && item->subject[0])
        json_object_set_new(o, "subject", json_pack("{s:s}", item->subject_kind, item->subject));
    if (discretion.names)
        set_text(o, "name", item->name);
    set_text(o, "branch", item->branch);
    set_text(o, "area", item->area);
    set_day(o, "since", item->since);
    set_text(o, item->kind == ITEM_CLOSED ? "why" : "remedy", item->remedy);
    if (discretion.words)
        set_text(o, "word", item->word);
    return o;
}

json_t *form_json(const struct message *m, struct discretion discretion)
{
    char time[CLOCK_TEXT_SIZE];
    json_t *o = json_object(), *items = json_array();

    json_object_set_new(o, "key", json_string(m->key));
    json_object_set_new(o, "kind", json_string(message_kind_name(m->kind)));
    json_object_set_new(o, "recipient", json_string(m->recipient));
    set_text(o, "address", m->address);
    json_object_set_new(o, "lang", json_string(m->lang));
    json_object_set_new(o, "ledger", json_string(m->ledger));
    json_object_set_new(o, "made_at", json_string(clock_format_us(time, m->made_at_us)));
    if (m->kind == MESSAGE_SUMMARY)
        json_object_set_new(o, "off_days", json_integer(m->off_days));
    if (m->rehearsal)
        json_object_set_new(o, "rehearsal", json_true());
    json_object_set_new(o, "open", json_pack("{s:I, s:I, s:I}", "red", (json_int_t)m->red, "yellow", (json_int_t)m->yellow,
                                             "notice", (json_int_t)m->notice));
    json_object_set_new(o, "closed", json_integer(m->closed));
    for (size_t i = 0; i < m->item_count; i++)
        json_array_append_new(items, item_json(&m->items[i], discretion));
    json_object_set_new(o, "items", items);
    json_object_set_new(o, "more", json_integer(m->more));
    return o;
}
