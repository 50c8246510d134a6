/* Days off, and days worked nevertheless: weekend, days_off, workdays. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "settings/telling.h"

enum {
    SPANS_MAX = 2000, /* of each list: holidays of decades */
    SPAN_DAYS_MAX = 60,
    EVERY_DAY = 0x7F,
};

int settings_read_weekend(struct settings *s, const struct conf_node *node, const struct key_spec *spec, struct err *err)
{
    (void)spec;
    if (conf_list(node, 0, 7, err) != 0)
        return 1;
    for (size_t i = 0; i < node->count; i++) {
        const char *text;
        int day;

        if (conf_text(&text, &node->items[i], 1, 64, err) != 0)
            return 1;
        day = settings_weekday(text, strlen(text));
        if (day < 0)
            return conf_unknown(err, &node->items[i], text, "day of the week", "星期", settings_weekdays, WEEKDAYS);
        s->telling.calendar.weekend |= 1u << day;
    }
    if (s->telling.calendar.weekend == EVERY_DAY)
        return conf_fault(err, node, "weekend names every day: nobody would ever be told", "weekend 包含了每一天：将永远不会通知任何人");
    return 0;
}

/* "2023-01-21" or "2023-01-21..2023-01-27" */
static bool span_parse(struct day_span *out, const char *text)
{
    size_t len = strlen(text);

    if (len == 10)
        return day_parse(&out->first, text, 10) && day_parse(&out->last, text, 10);
    return len == 22 && memcmp(text + 10, "..", 2) == 0 && day_parse(&out->first, text, 10) &&
           day_parse(&out->last, text + 12, 10) && out->first <= out->last &&
           out->last - out->first < SPAN_DAYS_MAX;
}

static int read_spans(struct day_span **out, size_t *n_out, const struct conf_node *node, struct err *err)
{
    if (conf_list(node, 0, SPANS_MAX, err) != 0)
        return 1;
    *out = mem_zero((node->count + 1) * sizeof **out);
    for (size_t i = 0; i < node->count; i++) {
        const char *text;
        struct shown shown;

        if (conf_text(&text, &node->items[i], 1, 64, err) != 0)
            return 1;
        if (!span_parse(&(*out)[*n_out], text))
            return conf_fault(err, &node->items[i],
                              "\"%s\" is neither a date (\"2023-01-02\") nor a span of at most %d days "
                              "(\"2023-01-21..2023-01-27\")",
                              "“%s”既不是日期（\"2023-01-02\"）也不是至多 %d 天的区间（\"2023-01-21..2023-01-27\"）",
                              conf_shown(&shown, text), SPAN_DAYS_MAX);
        (*n_out)++;
    }
    return 0;
}

int settings_read_days_off(struct settings *s, const struct conf_node *node, const struct key_spec *spec, struct err *err)
{
    (void)spec;
    return read_spans(&s->telling.calendar.off, &s->telling.calendar.off_count, node, err);
}

int settings_read_workdays(struct settings *s, const struct conf_node *node, const struct key_spec *spec, struct err *err)
{
    (void)spec;
    return read_spans(&s->telling.calendar.on, &s->telling.calendar.on_count, node, err);
}

static bool spans_have(const struct day_span *spans, size_t n, day_t day)
{
    for (size_t i = 0; i < n; i++)
        if (day >= spans[i].first && day <= spans[i].last)
            return true;
    return false;
}

bool calendar_works(const struct calendar *c, day_t day)
{
    int weekday = (int)((((int64_t)day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */

    if (spans_have(c->on, c->on_count, day))
        return true;
    return !(c->weekend & (1u << weekday)) && !spans_have(c->off, c->off_count, day);
}

void settings_free_calendar(struct calendar *c)
{
    free(c->off);
    free(c->on);
}
