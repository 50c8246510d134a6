/* The rows of every list, from the daemon's answers. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/needs.h"
#include "report/shape.h"

/* How far ahead a report looks: what staff can still act on before the next one is due. */
#define DUE_WITHIN "30d"

static const char *const scope_keys[] = {"area", "branch", "as_of", "known_on"};

int material_list(const struct list **out, struct material *m, const char *name)
{
    const struct list_shape *shape = list_shape_find(m, name);
    const char *rule = strchr(name, '.');
    struct list *list;
    json_t *rows = NULL, *kept;

    for (size_t i = 0; i < m->list_count; i++)
        if (strcmp(m->lists[i].name, name) == 0) {
            *out = &m->lists[i];
            return 0;
        }
    if (!shape || m->list_count == LISTS_MAX)
        return 1;
    if (shape->rows(&rows, m, rule ? rule + 1 : NULL) < 0) {
        json_decref(rows);
        return -1;
    }
    kept = json_string(name);
    json_array_append_new(m->kept, kept);
    json_array_append_new(m->kept, rows);
    list = &m->lists[m->list_count++];
    *list = (struct list){json_string_value(kept), shape->en, shape->columns, shape->column_count, rows};
    *out = list;
    return 0;
}

/* --- from the figures --- */

int rows_of_figures(json_t **rows_out, struct material *m, const char *rule)
{
    (void)rule;
    *rows_out = json_deep_copy(json_object_get(m->figures, "rows"));
    return 0;
}

int rows_of_duties(json_t **rows_out, struct material *m, const char *rule)
{
    json_t *rows = json_array(), *figure;
    size_t i;

    (void)rule;
    json_array_foreach(json_object_get(m->figures, "rows"), i, figure) {
        const char *title = row_text(figure, "title");
        const char *colon = strstr(title, _(": ")); /* "Duty met: Theme day every month" */
        json_t *value = json_object_get(figure, "value");

        if (!json_object_get(figure, "due"))
            continue;
        json_array_append_new(rows, json_pack("{s:s, s:s, s:O, s:O, s:O}", "rule", row_text(figure, "figure") + 5, "title",
                                              colon ? colon + strlen(_(": ")) : title, "due",
                                              json_object_get(figure, "due"), "met", json_object_get(figure, "met"), "rate",
                                              value));
    }
    *rows_out = rows;
    return 0;
}

static const char *name_in(const json_t *rows, const char *key, const char *ref)
{
    size_t i;
    json_t *row;

    json_array_foreach(rows, i, row)
        if (strcmp(row_text(row, key), ref) == 0)
            return row_text(row, "name");
    return "";
}

static json_t *alliance_row(json_t *rows, const char *ref)
{
    size_t i;
    json_t *row;

    json_array_foreach(rows, i, row)
        if (strcmp(row_text(row, "alliance"), ref) == 0)
            return row;
    row = json_pack("{s:s}", "alliance", ref);
    json_array_append_new(rows, row);
    return row;
}

int rows_of_alliances(json_t **rows_out, struct material *m, const char *rule)
{
    static const char *const keys[] = {"as_of", "known_on"};
    json_t *body = question_for(m, keys, ARRAY_LEN(keys)), *rows = json_array(), *known = NULL, *figure;
    size_t i;
    int r;

    (void)rule;
    json_object_set_new(body, "what", json_string("alliances"));
    r = ask_rows(&known, NULL, m, "list", body);
    json_array_foreach(json_object_get(m->figures, "rows"), i, figure) {
        const char *ref = row_text(figure, "alliance");
        json_t *row;

        if (!*ref)
            continue;
        row = alliance_row(rows, ref);
        json_object_set(row, row_text(figure, "figure") + strlen("alliance."), json_object_get(figure, "value"));
        json_object_set_new(row, "name", json_string(name_in(known, "alliance", ref)));
    }
    json_decref(known);
    json_decref(body);
    *rows_out = rows;
    return r;
}

/* Every month up to the day, also those in which nothing was held. */
int rows_of_months(json_t **rows_out, struct material *m, const char *rule)
{
    static const struct {
        const char *figure, *key;
    } kept[] = {{"meetings.total", "meetings"},
                {"meetings.attendances", "meeting_attendances"},
                {"training.sessions", "trainings"},
                {"training.attendances", "training_attendances"},
                {"training.hours", "hours"}};
    json_t *body = json_deep_copy(m->question), *rows = NULL, *months = json_array(), *row;
    int last = atoi(material_day(m) + 5), r;
    size_t i;

    (void)rule;
    for (int month = 1; month <= last; month++)
        json_array_append_new(months, json_pack("{s:o, s:i, s:i, s:i, s:i, s:i}", "month",
                                                json_sprintf("%lld-%02d", (long long)material_year(m), month), "meetings", 0,
                                                "meeting_attendances", 0, "trainings", 0, "training_attendances", 0, "hours",
                                                0));
    json_object_set_new(body, "by", json_string("month"));
    r = ask_rows(&rows, NULL, m, "figures", body);
    json_array_foreach(rows, i, row)
        for (size_t k = 0; k < ARRAY_LEN(kept); k++) {
            json_t *month = json_array_get(months, (size_t)(atoi(row_text(row, "month") + 5) - 1));

            if (month && strcmp(kept[k].figure, row_text(row, "figure")) == 0)
                json_object_set(month, kept[k].key, json_object_get(row, "value"));
        }
    json_decref(rows);
    json_decref(body);
    *rows_out = months;
    return r;
}

/* --- from the board --- */

int material_board(const json_t **rows_out, const json_t **rules_out, struct material *m)
{
    static const char *const keys[] = {"area", "branch", "as_of", "known_on", "year"};
    json_t *body, *rows = NULL, *reply = NULL;
    int r = 0;

    if (!m->board) {
        body = question_for(m, keys, ARRAY_LEN(keys));
        json_object_set_new(body, "year", json_integer(material_year(m)));
        r = ask_rows(&rows, &reply, m, "board", body);
        if (r == 0)
            m->board = json_pack("{s:O, s:O}", "rows", rows, "rules", json_object_get(reply, "rules"));
        json_decref(rows);
        json_decref(reply);
        json_decref(body);
    }
    *rows_out = json_object_get(m->board, "rows");
    *rules_out = json_object_get(m->board, "rules");
    return r;
}

int rows_of_townships(json_t **rows_out, struct material *m, const char *rule)
{
    const json_t *rows, *rules;

    (void)rule;
    if (material_board(&rows, &rules, m) < 0)
        return -1;
    *rows_out = townships_of(rows);
    return 0;
}

static int read_alerts(struct material *m)
{
    json_t *body;
    int r;

    if (m->alerts)
        return 0;
    body = question_for(m, scope_keys, ARRAY_LEN(scope_keys));
    r = ask_rows(&m->alerts, NULL, m, "alerts", body);
    json_decref(body);
    return r;
}

int rows_of_help(json_t **rows_out, struct material *m, const char *rule)
{
    const json_t *rows, *rules;

    (void)rule;
    if (material_board(&rows, &rules, m) < 0 || read_alerts(m) < 0)
        return -1;
    *rows_out = needs_of(rows, rules, m->alerts);
    return 0;
}

/* --- from the alerts and what falls due --- */

static int read_branch_names(struct material *m)
{
    static const char *const keys[] = {"area", "as_of", "known_on"};
    json_t *body, *rows = NULL, *row;
    size_t i;
    int r;

    if (m->branch_names)
        return 0;
    body = question_for(m, keys, ARRAY_LEN(keys));
    json_object_set_new(body, "what", json_string("branches"));
    r = ask_rows(&rows, NULL, m, "list", body);
    m->branch_names = json_object();
    json_array_foreach(rows, i, row)
        json_object_set(m->branch_names, row_text(row, "branch"), json_object_get(row, "name"));
    json_decref(rows);
    json_decref(body);
    return r;
}

static const char *level_word(const char *level)
{
    return strcmp(level, "red") == 0 ? _("red") : strcmp(level, "yellow") == 0 ? _("yellow") : _("notice");
}

/* Missed periods, a date it was due on, or what was last seen. */
static void say_what(struct buf *out, const json_t *alert)
{
    const json_t *last = json_object_get(alert, "last");
    size_t i;
    json_t *period;

    json_array_foreach(json_object_get(alert, "periods"), i, period)
        buf_addf(out, "%s%s", i ? _(", ") : _("missed "), json_string_value(period));
    if (out->len)
        return;
    if (*row_text(alert, "due"))
        buf_addf(out, "%s%s", _("due "), row_text(alert, "due"));
    else if (last)
        buf_addf(out, "%s%.10s", _("last activity "), row_text(last, "at"));
}

/* The one ref of {"branch": ref}, and its kind. */
static const char *only_ref(const json_t *subject, const char **kind_out)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)subject, key, value) {
        *kind_out = key;
        return json_string_value(value);
    }
    *kind_out = "";
    return "";
}

/* What rows of alerts and of `due` have alike. */
static json_t *subject_row(const struct material *m, const json_t *row)
{
    const char *kind, *ref = only_ref(json_object_get(row, "subject"), &kind);
    const char *branch = strcmp(kind, "branch") == 0 ? ref : row_text(row, "branch");

    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "rule", row_text(row, "rule"), "title", row_text(row, "title"),
                     "subject", ref, "name", row_text(row, "name"), "branch", branch, "branch_name",
                     row_text(m->branch_names, branch), "level", level_word(row_text(row, "level")));
}

/* Of one rule, or of all (NULL). */
int rows_of_rule(json_t **rows_out, struct material *m, const char *rule)
{
    json_t *rows, *alert;
    size_t i;

    if (read_alerts(m) < 0 || read_branch_names(m) < 0)
        return -1;
    rows = json_array();
    json_array_foreach(m->alerts, i, alert) {
        _cleanup_buf_ struct buf what = {0};
        json_t *row;

        if (rule && strcmp(rule, row_text(alert, "rule")) != 0)
            continue;
        say_what(&what, alert);
        row = subject_row(m, alert);
        json_object_set_new(row, "since", json_string(row_text(alert, "since")));
        json_object_set_new(row, "what", json_string(buf_str(&what)));
        json_array_append_new(rows, row);
    }
    *rows_out = rows;
    return 0;
}

int rows_of_alerts(json_t **rows_out, struct material *m, const char *rule)
{
    (void)rule;
    return rows_of_rule(rows_out, m, NULL);
}

/* The row of that rule, made where there is none yet. */
static json_t *rule_row(json_t *rows, const json_t *of)
{
    size_t i;
    json_t *row;

    json_array_foreach(rows, i, row)
        if (strcmp(row_text(row, "rule"), row_text(of, "rule")) == 0)
            return row;
    row = json_pack("{s:O, s:O?, s:i}", "rule", json_object_get(of, "rule"), "title", json_object_get(of, "title"), "count",
                    0);
    json_array_append_new(rows, row);
    return row;
}

static void count(json_t *row, const char *key)
{
    json_object_set_new(row, key, json_integer(json_integer_value(json_object_get(row, key)) + 1));
}

int rows_of_problems(json_t **rows_out, struct material *m, const char *rule)
{
    static const char *const levels[] = {"red", "yellow", "notice"};
    json_t *rows, *alert;
    size_t i;

    (void)rule;
    if (read_alerts(m) < 0)
        return -1;
    rows = json_array();
    json_array_foreach(m->alerts, i, alert) {
        json_t *row = rule_row(rows, alert);

        for (size_t k = 0; k < ARRAY_LEN(levels); k++)
            if (!json_object_get(row, levels[k]))
                json_object_set_new(row, levels[k], json_integer(0));
        count(row, "count");
        count(row, row_text(alert, "level"));
    }
    *rows_out = rows;
    return 0;
}

int rows_of_due(json_t **rows_out, struct material *m, const char *rule)
{
    static const char *const keys[] = {"area", "branch"};
    json_t *body, *found = NULL, *coming;
    size_t i;
    int r;

    (void)rule;
    if (read_branch_names(m) < 0)
        return -1;
    body = question_for(m, keys, ARRAY_LEN(keys));
    json_object_set_new(body, "within", json_string(DUE_WITHIN));
    r = ask_rows(&found, NULL, m, "due", body);
    *rows_out = json_array();
    json_array_foreach(found, i, coming) {
        json_t *row = subject_row(m, coming);

        json_object_set_new(row, "on", json_string(row_text(coming, "on")));
        json_object_set_new(row, "remedy", json_string(row_text(coming, "remedy")));
        json_array_append_new(*rows_out, row);
    }
    json_decref(found);
    json_decref(body);
    return r;
}

/* `due` comes soonest first. */
int rows_of_due_rules(json_t **rows_out, struct material *m, const char *rule)
{
    const struct list *due;
    json_t *rows, *coming;
    size_t i;

    (void)rule;
    if (material_list(&due, m, "due") < 0)
        return -1;
    rows = json_array();
    json_array_foreach(due->rows, i, coming) {
        json_t *row = rule_row(rows, coming);

        count(row, "count");
        if (!json_object_get(row, "first"))
            json_object_set(row, "first", json_object_get(coming, "on"));
        json_object_set(row, "last", json_object_get(coming, "on"));
    }
    *rows_out = rows;
    return 0;
}
