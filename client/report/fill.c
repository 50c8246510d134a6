#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/document.h"

struct filling {
    struct document *d;
    struct material *m;
    const struct template *t;
    const struct list *each; /* the innermost each: its list, and the row at hand */
    const json_t *row;
    bool bold;
    struct err *err;
};

/* The list that a name stands for within an each; while names are checked there are no rows. */
struct scope {
    const struct list_column *columns;
    size_t count;
    bool within;
};

/* --- are all names known? --- */

static int unknown(struct filling *f, int line, const char *what_en, const char *what_zh, const char *name, const char *near)
{
    err_say(f->err, ERR_INVALID_VALUE, NULL, "%1$s:%2$d: there is no %3$s \"%5$.80s\"%4$.0s", "%1$s:%2$d: 没有%4$s“%5$.80s”%3$.0s",
            f->t->file, line, what_en, what_zh, name);
    if (near)
        err_hint(f->err, near);
    return 1;
}

static int check_list(struct filling *f, int line, const char *name, bool optional, struct scope *scope_out)
{
    struct scope scope = {.within = true};

    if (material_list_shape(&scope.columns, &scope.count, f->m, name) != 0 && !optional)
        return unknown(f, line, "list", "列表", name, material_nearest(f->m, name, true));
    if (scope_out)
        *scope_out = scope;
    return 0;
}

static int check_column(struct filling *f, int line, const char *key, const struct scope *scope)
{
    const char *names[TABLE_COLUMNS_MAX];
    size_t n = 0;

    if (!scope->within)
        return unknown(f, line, "row here for column", "行可取其列", key, NULL);
    if (scope->count == 0 || list_column_find(scope->columns, scope->count, key))
        return 0; /* of a list that may be missing, and is: there is no row to fill in */
    while (n < scope->count && n < ARRAY_LEN(names)) {
        names[n] = scope->columns[n].key;
        n++;
    }
    return unknown(f, line, "column", "列", key, text_nearest(key, names, n));
}

static int check_value(struct filling *f, int line, const char *name)
{
    _cleanup_buf_ struct buf text = {0};
    int r = material_value(&text, NULL, f->m, name);

    return r == 1 ? unknown(f, line, "figure or list", "数字或列表", name, material_nearest(f->m, name, false)) : r;
}

static int check_parts(struct filling *f, const struct part *part, const struct scope *scope)
{
    int r = 0;

    for (; part && r == 0; part = part->next)
        switch (part->kind) {
        case PART_TEXT:
        case PART_BOLD:
            break;
        case PART_VALUE:
            r = check_value(f, part->line, part->text);
            break;
        case PART_COLUMN:
            r = check_column(f, part->line, part->text, scope);
            break;
        case PART_COUNT:
        case PART_NAMES:
            r = check_list(f, part->line, part->text, part->optional, NULL);
            break;
        }
    return r;
}

static int check_table(struct filling *f, const struct node *node)
{
    struct scope scope;
    int r = check_list(f, node->line, node->name, node->optional, &scope);

    for (size_t i = 0; r == 0 && i < node->column_count; i++)
        r = check_column(f, node->line, node->columns[i], &scope);
    return r;
}

static int check_condition(struct filling *f, const struct node *node, const struct scope *scope)
{
    if (node->name[0] == '.')
        return check_column(f, node->line, node->name + 1, scope);
    if (check_list(&(struct filling){.m = f->m, .t = f->t, .err = &(struct err){0}}, node->line, node->name, node->optional,
                   NULL) == 0)
        return 0;
    return check_value(f, node->line, node->name);
}

static int check_chart(struct filling *f, const struct node *node)
{
    enum { NAMES_MAX = 16 };
    const char *names[NAMES_MAX];
    const struct chart *charts;
    size_t n = charts_all(&charts);

    if (chart_find(node->name))
        return 0;
    for (size_t i = 0; i < n && i < NAMES_MAX; i++)
        names[i] = charts[i].name;
    return unknown(f, node->line, "chart", "图表", node->name, text_nearest(node->name, names, n < NAMES_MAX ? n : NAMES_MAX));
}

static int check_nodes(struct filling *f, const struct node *node, const struct scope *scope)
{
    int r = 0;

    for (; node && r == 0; node = node->next) {
        struct scope inner = *scope;

        switch (node->kind) {
        case NODE_HEADING:
        case NODE_PARAGRAPH:
        case NODE_ITEM:
            r = check_parts(f, node->parts, scope);
            break;
        case NODE_TABLE:
            r = check_table(f, node);
            break;
        case NODE_CHART:
            r = check_chart(f, node);
            break;
        case NODE_EACH:
            r = check_list(f, node->line, node->name, node->optional, &inner);
            break;
        case NODE_IF:
            r = check_condition(f, node, scope);
            break;
        }
        if (r == 0)
            r = check_nodes(f, node->body, &inner);
        if (r == 0)
            r = check_nodes(f, node->otherwise, scope);
    }
    return r;
}

/* --- filling in --- */

static struct block *add_block(struct filling *f, enum block_kind kind)
{
    struct document *d = f->d;

    ARRAY_GROW(d->blocks, d->count, d->cap);
    d->blocks[d->count] = (struct block){.kind = kind};
    return &d->blocks[d->count++];
}

static void add_run(struct filling *f, struct block *block, const char *text)
{
    if (!*text)
        return;
    ARRAY_GROW(block->runs, block->run_count, block->run_cap);
    block->runs[block->run_count++] = (struct run){mem_strdup(text), f->bold};
}

/* Of a list that may be missing, and is: NULL. */
static int get_list(const struct list **out, struct filling *f, const char *name)
{
    int r = material_list(out, f->m, name);

    if (r == 1)
        *out = NULL;
    return r < 0 ? -1 : 0;
}

static size_t rows_of(const struct list *list)
{
    return list ? json_array_size(list->rows) : 0;
}

static const char *row_string(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));

    return text ? text : "";
}

/* "name (number)", one after the other, and how many more. */
static void say_names(struct buf *out, const struct list *list, size_t first)
{
    size_t n = rows_of(list), shown = first && first < n ? first : n;

    for (size_t i = 0; i < shown; i++) {
        const json_t *row = json_array_get(list->rows, i);
        const char *name = row_string(row, "name"), *ref = row_string(row, "subject");

        if (!*ref)
            ref = row_string(row, "branch");
        buf_addf(out, "%s%s", i ? _(", ") : "", *name ? name : ref);
        if (*name && *ref)
            buf_addf(out, _(" (%s)"), ref);
    }
    if (shown < n)
        buf_addf(out, _(" and %zu more"), n - shown);
}

static int fill_part(struct filling *f, struct block *block, const struct part *part)
{
    _cleanup_buf_ struct buf text = {0};
    const struct list *list;
    int r = 0;

    switch (part->kind) {
    case PART_TEXT:
        buf_add_str(&text, part->text);
        break;
    case PART_BOLD:
        f->bold = !f->bold;
        break;
    case PART_VALUE:
        r = material_value(&text, NULL, f->m, part->text);
        break;
    case PART_COLUMN:
        list_cell(&text, f->m, list_column_find(f->each->columns, f->each->column_count, part->text), f->row);
        break;
    case PART_COUNT:
        r = get_list(&list, f, part->text);
        if (r == 0)
            buf_addf(&text, "%zu", rows_of(list));
        break;
    case PART_NAMES:
        r = get_list(&list, f, part->text);
        if (r == 0)
            say_names(&text, list, part->first);
        break;
    }
    if (r == 0)
        add_run(f, block, buf_str(&text));
    return r < 0 ? -1 : 0;
}

static int fill_text(struct filling *f, enum block_kind kind, const struct node *node)
{
    struct block block = {.kind = kind, .level = node->level};
    int r = 0;

    f->bold = false;
    for (const struct part *part = node->parts; part && r == 0; part = part->next)
        r = fill_part(f, &block, part);
    *add_block(f, kind) = block;
    return r;
}

static int fill_table(struct filling *f, const struct node *node)
{
    const struct list *list;
    struct block *block;

    if (get_list(&list, f, node->name) < 0)
        return -1;
    if (!list)
        return 0;
    block = add_block(f, BLOCK_TABLE);
    block->list = list;
    block->shown = node->first && node->first < rows_of(list) ? node->first : rows_of(list);
    for (size_t i = 0; i < node->column_count && i < TABLE_COLUMNS_MAX; i++)
        block->columns[block->column_count++] = list_column_find(list->columns, list->column_count, node->columns[i]);
    for (size_t i = 0; node->column_count == 0 && i < list->column_count && i < TABLE_COLUMNS_MAX; i++)
        block->columns[block->column_count++] = &list->columns[i];
    return 0;
}

static int fill_chart(struct filling *f, const struct node *node)
{
    const struct chart *chart = chart_find(node->name);
    const struct list *list;
    struct block *block;

    if (get_list(&list, f, chart->list) < 0)
        return -1;
    if (rows_of(list) == 0)
        return 0;
    block = add_block(f, BLOCK_CHART);
    block->list = list;
    block->chart = chart;
    return 0;
}

static int fill_nodes(struct filling *f, const struct node *node);

static int fill_each(struct filling *f, const struct node *node)
{
    const struct list *outer = f->each, *list;
    const json_t *outer_row = f->row;
    int r = get_list(&list, f, node->name);
    size_t n;

    if (r < 0)
        return -1;
    n = node->first && node->first < rows_of(list) ? node->first : rows_of(list);
    if (n == 0)
        return fill_nodes(f, node->otherwise);
    for (size_t i = 0; i < n && r == 0; i++) {
        f->each = list;
        f->row = json_array_get(list->rows, i);
        r = fill_nodes(f, node->body);
    }
    f->each = outer;
    f->row = outer_row;
    return r;
}

static int holds(bool *out, struct filling *f, const struct node *node)
{
    _cleanup_buf_ struct buf text = {0};
    const struct list *list;
    bool zero = true;
    int r;

    if (node->name[0] == '.') {
        const json_t *value = json_object_get(f->row, node->name + 1);

        *out = json_is_string(value) ? json_string_length(value) > 0 : json_number_value(value) != 0;
        return 0;
    }
    r = material_value(&text, &zero, f->m, node->name);
    *out = !zero;
    if (r != 1)
        return r;
    r = get_list(&list, f, node->name);
    *out = r == 0 && rows_of(list) > 0;
    return r;
}

static int fill_node(struct filling *f, const struct node *node)
{
    bool yes;

    switch (node->kind) {
    case NODE_HEADING:
        return fill_text(f, BLOCK_HEADING, node);
    case NODE_PARAGRAPH:
        return fill_text(f, BLOCK_PARAGRAPH, node);
    case NODE_ITEM:
        return fill_text(f, BLOCK_ITEM, node);
    case NODE_TABLE:
        return fill_table(f, node);
    case NODE_CHART:
        return fill_chart(f, node);
    case NODE_EACH:
        return fill_each(f, node);
    case NODE_IF:
        if (holds(&yes, f, node) < 0)
            return -1;
        return fill_nodes(f, yes ? node->body : node->otherwise);
    }
    return 0;
}

static int fill_nodes(struct filling *f, const struct node *node)
{
    for (; node; node = node->next)
        if (fill_node(f, node) < 0)
            return -1;
    return 0;
}

int document_fill(struct document *out, struct material *material, const struct template *template, struct err *err)
{
    struct filling f = {.d = out, .m = material, .t = template, .err = err};
    struct scope none = {.within = false};
    int r;

    memset(out, 0, sizeof *out);
    out->material = material;
    r = check_nodes(&f, template->nodes, &none);
    return r == 0 ? fill_nodes(&f, template->nodes) : r;
}

void document_deinit(struct document *d)
{
    for (size_t i = 0; i < d->count; i++) {
        for (size_t k = 0; k < d->blocks[i].run_count; k++)
            free(d->blocks[i].runs[k].text);
        free(d->blocks[i].runs);
    }
    free(d->blocks);
    memset(d, 0, sizeof *d);
}

void document_title(struct buf *out, const struct document *d)
{
    for (size_t i = 0; i < d->count; i++) {
        if (d->blocks[i].kind != BLOCK_HEADING || d->blocks[i].level != 1)
            continue;
        for (size_t k = 0; k < d->blocks[i].run_count; k++)
            buf_add_str(out, d->blocks[i].runs[k].text);
        return;
    }
}
