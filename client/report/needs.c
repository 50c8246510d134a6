#include "report/needs.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "say/language.h"

enum { REASONS_SHOWN = 6, PERIODS_SHOWN = 3 };

static const char *text_of(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));

    return text ? text : "";
}

static void add_one(json_t *row, const char *key)
{
    json_object_set_new(row, key, json_integer(json_integer_value(json_object_get(row, key)) + 1));
}

/* --- townships --- */

static json_t *township(const char *area)
{
    static const char *const counts[] = {"branches", "met", "late", "missed", "excused", "open"};
    json_t *row = json_object();

    json_object_set_new(row, "area", json_string(area));
    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        json_object_set_new(row, counts[i], json_integer(0));
    return row;
}

static void set_rate(json_t *row)
{
    int64_t met = json_integer_value(json_object_get(row, "met"));
    int64_t due = met + json_integer_value(json_object_get(row, "late")) +
                  json_integer_value(json_object_get(row, "missed"));

    /* Tenths, half away from zero, as the figures have it. */
    if (due > 0)
        json_object_set_new(row, "rate", json_real((double)((2000 * met + due) / (2 * due)) / 10.0));
}

static int by_area(const void *a, const void *b)
{
    return strcmp(text_of(*(json_t *const *)a, "area"), text_of(*(json_t *const *)b, "area"));
}

/* The values of an object, in an order. */
static json_t *sorted(json_t *rows, int (*order)(const void *, const void *))
{
    size_t n = json_object_size(rows), at = 0;
    json_t **items = mem_alloc((n + 1) * sizeof *items);
    json_t *out = json_array(), *row;
    const char *key;

    json_object_foreach(rows, key, row)
        items[at++] = row;
    if (n > 1)
        qsort(items, n, sizeof *items, order);
    for (size_t i = 0; i < n; i++)
        json_array_append(out, items[i]);
    free(items);
    return out;
}

json_t *townships_of(const json_t *board)
{
    json_t *found = json_object(), *out, *branch, *duty;
    size_t i, k;

    json_array_foreach(board, i, branch) {
        const char *area = text_of(branch, "area");
        json_t *row = json_object_get(found, area);

        if (!row) {
            row = township(area);
            json_object_set_new(found, area, row);
        }
        add_one(row, "branches");
        json_array_foreach(json_object_get(branch, "duties"), k, duty)
            add_one(row, text_of(duty, "state"));
    }
    out = sorted(found, by_area);
    json_array_foreach(out, i, branch)
        set_rate(branch);
    json_decref(found);
    return out;
}

/* --- who needs help most --- */

/* A branch, and for each rule what speaks against it: {title, level, count, periods, missed}. */
static json_t *reason_of(json_t *needs, const char *rule, const char *title)
{
    json_t *reasons = json_object_get(needs, "reasons");
    json_t *reason = json_object_get(reasons, rule);

    if (reason)
        return reason;
    reason = json_pack("{s:s, s:i, s:i, s:[]}", "title", title, "level", 0, "count", 0, "missed");
    json_object_set_new(reasons, rule, reason);
    return reason;
}

static const char *title_of(const json_t *rules, const char *rule)
{
    size_t i;
    json_t *row;

    json_array_foreach(rules, i, row)
        if (strcmp(text_of(row, "rule"), rule) == 0)
            return text_of(row, "title");
    return rule;
}

static json_t *take_branch(const json_t *row, const json_t *rules)
{
    json_t *needs = json_pack("{s:O, s:O?, s:O?, s:i, s:i, s:i, s:i, s:{}}", "branch", json_object_get(row, "branch"),
                              "name", json_object_get(row, "name"), "area", json_object_get(row, "area"), "red", 0,
                              "yellow", 0, "missed", 0, "late", 0, "reasons");
    size_t i;
    json_t *duty;

    json_array_foreach(json_object_get(row, "duties"), i, duty) {
        const char *state = text_of(duty, "state"), *rule = text_of(duty, "rule");

        if (strcmp(state, "late") == 0)
            add_one(needs, "late");
        if (strcmp(state, "missed") != 0)
            continue;
        add_one(needs, "missed");
        json_array_append(json_object_get(reason_of(needs, rule, title_of(rules, rule)), "missed"),
                          json_object_get(duty, "period"));
    }
    return needs;
}

static void take_alert(json_t *needs, const json_t *alert)
{
    const char *level = text_of(alert, "level"), *rule = text_of(alert, "rule");
    int rank = strcmp(level, "red") == 0 ? 2 : strcmp(level, "yellow") == 0 ? 1 : 0;
    const char *title = text_of(alert, "title");
    json_t *reason;

    if (rank == 0)
        return;
    add_one(needs, level);
    reason = reason_of(needs, rule, *title ? title : rule);
    add_one(reason, "count");
    if (rank > json_integer_value(json_object_get(reason, "level")))
        json_object_set_new(reason, "level", json_integer(rank));
}

static int compare(const json_t *a, const json_t *b, const char *key)
{
    int64_t x = json_integer_value(json_object_get(a, key)), y = json_integer_value(json_object_get(b, key));

    return (x < y) - (x > y);
}

static int worst_first(const void *pa, const void *pb)
{
    static const char *const keys[] = {"red", "yellow", "missed", "late"};
    const json_t *a = *(json_t *const *)pa, *b = *(json_t *const *)pb;

    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        int order = compare(a, b, keys[i]);

        if (order)
            return order;
    }
    return strcmp(text_of(a, "branch"), text_of(b, "branch"));
}

static int weightiest_first(const void *pa, const void *pb)
{
    const json_t *a = *(json_t *const *)pa, *b = *(json_t *const *)pb;
    int order = compare(a, b, "level");
    size_t x = json_array_size(json_object_get(a, "missed")), y = json_array_size(json_object_get(b, "missed"));

    if (!order)
        order = compare(a, b, "count");
    if (!order)
        order = (x < y) - (x > y);
    return order ? order : strcmp(text_of(a, "title"), text_of(b, "title"));
}

static void add_reason(struct buf *out, const json_t *reason)
{
    int64_t level = json_integer_value(json_object_get(reason, "level"));
    int64_t count = json_integer_value(json_object_get(reason, "count"));
    const json_t *missed = json_object_get(reason, "missed");
    size_t n;

    if (out->len)
        buf_add_str(out, _("; "));
    buf_add_str(out, text_of(reason, "title"));
    if (level)
        buf_addf(out, _(" (%s"), level == 2 ? _("red") : _("yellow"));
    if (count > 1)
        buf_addf(out, _(", %lld times"), (long long)count);
    if (level)
        buf_add_str(out, _(")"));
    n = json_array_size(missed);
    if (n > PERIODS_SHOWN)
        buf_addf(out, _(" missed %zu (%s to %s)"), n, json_string_value(json_array_get(missed, 0)),
                 json_string_value(json_array_get(missed, n - 1)));
    for (size_t i = 0; n <= PERIODS_SHOWN && i < n; i++)
        buf_addf(out, "%s%s", i ? _(", ") : _(" missed "),
                 json_string_value(json_array_get(missed, i)));
}

static void say_why(json_t *needs)
{
    json_t *reasons = sorted(json_object_get(needs, "reasons"), weightiest_first), *reason;
    _cleanup_buf_ struct buf why = {0};
    size_t i, n = json_array_size(reasons);

    json_array_foreach(reasons, i, reason)
        if (i < REASONS_SHOWN)
            add_reason(&why, reason);
    if (n > REASONS_SHOWN)
        buf_addf(&why, _("; and %zu more"), n - REASONS_SHOWN);
    json_object_set_new(needs, "why", json_string(buf_str(&why)));
    json_object_del(needs, "reasons");
    json_decref(reasons);
}

static bool in_need(const json_t *needs)
{
    return json_integer_value(json_object_get(needs, "red")) || json_integer_value(json_object_get(needs, "yellow")) ||
           json_integer_value(json_object_get(needs, "missed")) || json_integer_value(json_object_get(needs, "late"));
}

json_t *needs_of(const json_t *board, const json_t *board_rules, const json_t *alerts)
{
    json_t *branches = json_object(), *order, *out = json_array(), *row;
    size_t i;

    json_array_foreach(board, i, row)
        json_object_set_new(branches, text_of(row, "branch"), take_branch(row, board_rules));
    json_array_foreach(alerts, i, row) {
        const char *own = text_of(json_object_get(row, "subject"), "branch");
        json_t *needs = json_object_get(branches, *own ? own : text_of(row, "branch"));

        if (needs)
            take_alert(needs, row);
    }
    order = sorted(branches, worst_first);
    json_array_foreach(order, i, row) {
        if (json_array_size(out) == NEEDS_SHOWN || !in_need(row))
            break;
        say_why(row);
        json_object_set_new(row, "rank", json_integer((json_int_t)json_array_size(out) + 1));
        json_array_append(out, row);
    }
    json_decref(order);
    json_decref(branches);
    return out;
}
