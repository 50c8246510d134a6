#include "report/shape.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { PAGE = 1000, NAMES_MAX = 1024 };

static const char dash[] = "\xE2\x80\x94"; /* what has no value (figures.md) */

const char *row_text(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));

    return text ? text : "";
}

bool material_zh(const struct material *m)
{
    (void)m; /* one language for the whole process */
    return strcmp(say_language(), "zh") == 0;
}

const json_t *material_figures(const struct material *m)
{
    return m->figures;
}

const json_t *material_rules(const struct material *m)
{
    return json_object_get(m->rules, "rules");
}

const char *material_day(const struct material *m)
{
    return row_text(m->figures, "day");
}

int64_t material_year(const struct material *m)
{
    return json_integer_value(json_object_get(m->figures, "year"));
}

json_t *question_for(const struct material *m, const char *const *keys, size_t count)
{
    json_t *body = json_object();

    for (size_t i = 0; i < count; i++) {
        json_t *value = json_object_get(strcmp(keys[i], "as_of") == 0 ? NULL : m->question, keys[i]);

        if (value)
            json_object_set(body, keys[i], value);
        else if (strcmp(keys[i], "as_of") == 0)
            json_object_set_new(body, "as_of", json_string(material_day(m)));
    }
    return body;
}

static int ask(json_t **reply_out, struct material *m, const char *verb, const json_t *body)
{
    *reply_out = NULL;
    return m->source.ask(m->source.context, verb, body, reply_out) == 0 && *reply_out ? 0 : -1;
}

int ask_rows(json_t **rows_out, json_t **reply_out, struct material *m, const char *verb, json_t *body)
{
    json_t *rows = json_array(), *reply = NULL, *cursor;
    int r;

    /* What is behind a figure is counted anew for each page: as long ones as a reply may be. */
    if (strcmp(verb, "figures") != 0)
        json_object_set_new(body, "limit", json_integer(PAGE));
    do {
        json_decref(reply);
        r = ask(&reply, m, verb, body);
        if (r < 0)
            break;
        json_array_extend(rows, json_object_get(reply, "rows"));
        cursor = json_object_get(reply, "cursor");
        if (cursor)
            json_object_set(body, "cursor", cursor);
    } while (cursor);
    if (r == 0 && reply_out)
        *reply_out = json_incref(reply);
    json_decref(reply);
    *rows_out = r == 0 ? rows : NULL;
    if (r < 0)
        json_decref(rows);
    return r;
}

int material_new(struct material **out, const struct report_source *source, const json_t *question)
{
    _cleanup_material_ struct material *m = mem_zero(sizeof *m);

    m->source = *source;
    m->question = json_deep_copy(question);
    m->kept = json_array();
    if (ask(&m->figures, m, "figures", m->question) < 0 || ask(&m->rules, m, "rules", NULL) < 0 ||
        ask(&m->status, m, "status", NULL) < 0)
        return -1;
    *out = TAKE(m);
    return 0;
}

void material_free(struct material *m)
{
    if (!m)
        return;
    json_decref(m->question);
    json_decref(m->figures);
    json_decref(m->rules);
    json_decref(m->board);
    json_decref(m->alerts);
    json_decref(m->branch_names);
    json_decref(m->status);
    json_decref(m->kept);
    free(m->nearest);
    free(m);
}

/* --- values --- */

static void add_number(struct buf *out, const json_t *value, bool percent)
{
    double real = json_number_value(value);

    if (!json_is_number(value))
        buf_add_str(out, dash);
    else if (percent)
        buf_addf(out, "%.1f%%", real);
    else if (json_is_integer(value))
        buf_addf(out, "%lld", (long long)json_integer_value(value));
    else
        buf_addf(out, "%.10g", real);
}

static bool is_zero(const json_t *value)
{
    return !json_is_number(value) || json_number_value(value) == 0;
}

static void full_name(struct buf *out, const json_t *row)
{
    buf_add_str(out, row_text(row, "figure"));
    if (json_object_get(row, "alliance"))
        buf_addf(out, "/%s", row_text(row, "alliance"));
}

static const json_t *find_figure(const struct material *m, const char *name, size_t len)
{
    size_t i;
    json_t *row;

    json_array_foreach(json_object_get(m->figures, "rows"), i, row) {
        _cleanup_buf_ struct buf full = {0};

        full_name(&full, row);
        if (full.len == len && memcmp(full.data, name, len) == 0)
            return row;
    }
    return NULL;
}

/* The figure's own value, or how many duty periods were due or met. */
static const json_t *figure_value(const struct material *m, const char *name, bool *percent_out)
{
    static const char *const parts[] = {".due", ".met"};
    const json_t *row = find_figure(m, name, strlen(name));
    size_t len = strlen(name);

    *percent_out = row && strcmp(row_text(row, "unit"), "%") == 0;
    if (row)
        return json_object_get(row, "value");
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (len <= 4 || strcmp(name + len - 4, parts[i]) != 0)
            continue;
        row = find_figure(m, name, len - 4);
        return row ? json_object_get(row, parts[i] + 1) : NULL;
    }
    return NULL;
}

static bool is_not_told(const struct material *m, const char *name)
{
    size_t i;
    json_t *known;

    json_array_foreach(json_object_get(m->figures, "not_told"), i, known)
        if (strcmp(json_string_value(known), name) == 0)
            return true;
    return false;
}

/* A kind of meeting that did not occur: listed no more than any other nothing, and 0 (figures.md). */
static bool is_kind(const struct material *m, const char *name)
{
    size_t i;
    json_t *kind;

    if (strncmp(name, "meetings.", 9) != 0)
        return false;
    json_array_foreach(json_object_get(m->status, "kinds"), i, kind)
        if (strcmp(json_string_value(kind), name + 9) == 0)
            return true;
    return false;
}

static void add_scope(struct buf *out, const struct material *m)
{
    static const struct {
        const char *key, *en;
    } parts[] = {{"area", N_("area")}, {"branch", N_("branch")}};

    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (json_object_get(m->question, parts[i].key))
            buf_addf(out, "%s%s %s", out->len ? ", " : "", said(parts[i].en),
                     row_text(m->question, parts[i].key));
}

static const char *const scalars[] = {"year", "day", "today", "scope", "seq", "head"};

/* 1: none of these. */
static int scalar(struct buf *out, bool *zero_out, const struct material *m, const char *name)
{
    size_t before = out->len;

    if (strcmp(name, "year") == 0)
        buf_addf(out, "%lld", (long long)material_year(m));
    else if (strcmp(name, "day") == 0)
        buf_add_str(out, material_day(m));
    else if (strcmp(name, "today") == 0)
        buf_add_str(out, row_text(m->status, "today"));
    else if (strcmp(name, "scope") == 0)
        add_scope(out, m);
    else if (strcmp(name, "seq") == 0)
        buf_addf(out, "%lld", (long long)json_integer_value(json_object_get(m->figures, "seq")));
    else if (strcmp(name, "head") == 0)
        buf_addf(out, "%.16s", row_text(m->figures, "head"));
    else
        return 1;
    *zero_out = out->len == before;
    return 0;
}

int material_value(struct buf *out, bool *zero_out, struct material *m, const char *name)
{
    bool zero = true, percent = false;
    const json_t *value = figure_value(m, name, &percent);

    if (value) {
        add_number(out, value, percent);
        zero = is_zero(value);
    } else if (is_not_told(m, name)) {
        buf_add_str(out, dash);
    } else if (is_kind(m, name)) {
        buf_add_char(out, '0');
    } else if (scalar(out, &zero, m, name) == 1) {
        return 1;
    }
    if (zero_out)
        *zero_out = zero;
    return 0;
}

/* Names that were put together stay in `made`. */
struct offered {
    const char *names[NAMES_MAX];
    size_t n;
    json_t *made;
};

static void offer(struct offered *o, json_t *name)
{
    json_array_append_new(o->made, name);
    if (o->n < NAMES_MAX)
        o->names[o->n++] = json_string_value(name);
}

static void offer_lists(struct offered *o, const struct material *m)
{
    size_t i;
    json_t *rule;

    o->n += list_shape_names(o->names + o->n, NAMES_MAX - o->n);
    json_array_foreach(material_rules(m), i, rule)
        offer(o, json_sprintf("alerts.%s", row_text(rule, "id")));
}

static void offer_values(struct offered *o, const struct material *m)
{
    size_t i;
    json_t *row;

    for (i = 0; i < ARRAY_LEN(scalars); i++)
        offer(o, json_string(scalars[i]));
    json_array_foreach(json_object_get(m->figures, "rows"), i, row) {
        _cleanup_buf_ struct buf full = {0};

        full_name(&full, row);
        offer(o, json_string(buf_str(&full)));
    }
    json_array_foreach(json_object_get(m->status, "kinds"), i, row)
        offer(o, json_sprintf("meetings.%s", json_string_value(row)));
}

const char *material_nearest(struct material *m, const char *name, bool lists)
{
    struct offered o = {.made = json_array()};
    const char *found;

    offer_lists(&o, m);
    if (!lists)
        offer_values(&o, m);
    found = text_nearest(name, o.names, o.n);
    free(m->nearest);
    m->nearest = found ? mem_strdup(found) : NULL;
    json_decref(o.made);
    return m->nearest;
}

void list_cell(struct buf *out, const struct material *m, const struct list_column *column, const json_t *row)
{
    const json_t *value = json_object_get(row, column->key);

    (void)m; /* one language for the whole process */
    if (json_is_string(value))
        buf_add_str(out, json_string_value(value));
    else if (column->kind == CELL_PERCENT || json_is_number(value))
        add_number(out, value, column->kind == CELL_PERCENT);
}

int text_letters(const char *text)
{
    int n = 0;

    for (; *text; text++)
        n += (unsigned char)*text < 0x80 ? 3 : 2;
    return n / 3;
}

const struct list_column *list_column_find(const struct list_column *columns, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(columns[i].key, key) == 0)
            return &columns[i];
    return NULL;
}
