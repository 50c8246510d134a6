#include "report/frozen.h"

#include <string.h>

#include "report/frozen_items.h"
#include "report/inside.h"

/* "units.total", "alliance.members/A-1", "duty.theme-day", ".due", ".met" */
static char *full_name(const json_t *figure, const char *part)
{
    _cleanup_buf_ struct buf name = {0};

    buf_addf(&name, "%s%s", row_text(figure, "figure"), part);
    if (json_object_get(figure, "alliance"))
        buf_addf(&name, "/%s", row_text(figure, "alliance"));
    return mem_strdup(buf_str(&name));
}

static json_t *value_text(const json_t *value)
{
    if (json_is_integer(value))
        return json_sprintf("%lld", (long long)json_integer_value(value));
    return json_is_number(value) ? json_sprintf("%.10g", json_number_value(value)) : json_string("-");
}

/* Values by full name, in the order of the reply. */
static json_t *values_now(const struct material *m)
{
    static const char *const parts[][2] = {{"", "value"}, {".due", "due"}, {".met", "met"}};
    json_t *values = json_object(), *figure;
    size_t i;

    json_array_foreach(json_object_get(m->figures, "rows"), i, figure)
        for (size_t k = 0; k < ARRAY_LEN(parts); k++) {
            _cleanup_free_ char *name = full_name(figure, parts[k][0]);
            json_t *value = json_object_get(figure, parts[k][1]);

            if (value)
                json_object_set_new(values, name, value_text(value));
        }
    return values;
}

json_t *frozen_event(const struct material *m, const char *name)
{
    static const char *const asked[] = {"area", "branch", "denominator"};
    json_t *event = json_object(), *figures = json_array(), *values = values_now(m), *value;
    const char *key;

    json_object_set_new(event, "type", json_string("report.frozen"));
    json_object_set_new(event, "name", json_string(name));
    json_object_set(event, "year", json_object_get(m->figures, "year"));
    json_object_set(event, "as_of", json_object_get(m->figures, "day"));
    for (size_t i = 0; i < ARRAY_LEN(asked); i++)
        if (json_object_get(m->question, asked[i]))
            json_object_set(event, asked[i], json_object_get(m->question, asked[i]));
    json_object_set(event, "counted", json_object_get(m->figures, "seq"));
    json_object_set(event, "head", json_object_get(m->figures, "head"));
    json_object_set(event, "known_on", json_object_get(m->figures, "recorded_at"));
    json_object_set(event, "pack", json_object_get(m->figures, "pack"));
    json_object_foreach(values, key, value)
        json_array_append_new(figures, json_sprintf("%s %s", key, json_string_value(value)));
    json_object_set_new(event, "figures", figures);
    json_decref(values);
    return event;
}

json_t *frozen_question(const json_t *frozen)
{
    static const char *const kept[] = {"year", "as_of", "area", "branch", "denominator"};
    json_t *question = json_object();

    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        if (json_object_get(frozen, kept[i]))
            json_object_set(question, kept[i], json_object_get(frozen, kept[i]));
    return question;
}

static json_t *values_then(const json_t *frozen)
{
    json_t *values = json_object(), *text;
    size_t i;

    json_array_foreach(json_object_get(frozen, "figures"), i, text) {
        const char *blank = strrchr(json_string_value(text), ' ');
        _cleanup_free_ char *name = NULL;

        if (!blank)
            continue;
        name = mem_strndup(json_string_value(text), (size_t)(blank - json_string_value(text)));
        json_object_set_new(values, name, json_string(blank + 1));
    }
    return values;
}

/* A figure that is not listed counts nothing (a kind of meeting that did not occur), or is not told. */
static const char *value_in(const json_t *values, const char *name)
{
    const char *text = json_string_value(json_object_get(values, name));

    return text ? text : strncmp(name, "meetings.", 9) == 0 ? "0" : "-";
}

/* The figure that a name is a part of: "duty.theme-day.met" is of "duty.theme-day". */
static char *figure_of(const char *name)
{
    size_t len = strlen(name);
    bool part = len > 4 && (strcmp(name + len - 4, ".met") == 0 || strcmp(name + len - 4, ".due") == 0);

    return mem_strndup(name, part ? len - 4 : len);
}

/* By full name; "" where no item of it differs and it is not listed now. */
static const char *title_of(const struct material *now, const json_t *items, const char *figure)
{
    const json_t *lists[] = {items, json_object_get(now->figures, "rows")};
    size_t i;
    json_t *row;

    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        json_array_foreach(lists[k], i, row) {
            _cleanup_free_ char *name = k == 0 ? mem_strdup(row_text(row, "figure")) : full_name(row, "");

            if (strcmp(name, figure) == 0)
                return row_text(row, k == 0 ? "figure_title" : "title");
        }
    return "";
}

/* What of the ledger a comparison has asked for. */
struct comparison {
    struct material *now;
    const json_t *frozen;
    json_t *items, *shown;
};

static json_t *change(struct comparison *c, const char *name, const char *then, const char *is)
{
    bool others = strcmp(row_text(c->frozen, "pack"), row_text(c->now->figures, "pack")) != 0;
    _cleanup_free_ char *figure = figure_of(name);
    json_t *entries = NULL;

    if (!c->items && frozen_items(&c->items, c->now, c->frozen) < 0)
        return NULL;
    if (frozen_entries(&entries, c->now, c->frozen, figure, c->items, c->shown) < 0)
        return NULL;
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:b}", "figure", name, "title", title_of(c->now, c->items, figure), "then", then,
                     "now", is, "entries", entries, "rules_changed", others && strncmp(name, "duty.", 5) == 0);
}

static int compare_values(json_t *rows, struct comparison *c, const json_t *names, const json_t *then, const json_t *is)
{
    const char *name;
    json_t *unused, *row;

    json_object_foreach((json_t *)names, name, unused) {
        if (strcmp(value_in(then, name), value_in(is, name)) == 0)
            continue;
        row = change(c, name, value_in(then, name), value_in(is, name));
        if (!row)
            return -1;
        json_array_append_new(rows, row);
    }
    return 0;
}

int frozen_diff(json_t **rows_out, struct material *now, const json_t *frozen)
{
    json_t *then = values_then(frozen), *is = values_now(now), *names = json_copy(then), *rows = json_array();
    struct comparison c = {now, frozen, NULL, json_object()};
    int r;

    json_object_update_missing(names, is);
    r = compare_values(rows, &c, names, then, is);
    json_decref(c.items);
    json_decref(c.shown);
    json_decref(names);
    json_decref(then);
    json_decref(is);
    if (r < 0)
        json_decref(rows);
    *rows_out = r < 0 ? NULL : rows;
    return r;
}
