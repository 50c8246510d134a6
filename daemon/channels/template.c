#include "channels/template.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum { DEPTH_MAX = 8, NAME_MAX_BYTES = 40 };

enum node_kind { NODE_TEXT, NODE_VALUE, NODE_EACH, NODE_UNLESS };

struct node {
    enum node_kind kind;
    const char *text; /* TEXT: as it is; else the name */
    size_t len_bytes;
    struct node *body; /* EACH, UNLESS */
    struct node *next;
};

struct template {
    struct arena arena;
    struct node *first;
};

/* ---- reading -------------------------------------------------------------------------------- */

struct open_section {
    struct node *node; /* NULL: the whole */
    struct node **end;
    int line;
};

struct parsing {
    struct template *t;
    const char *file, *at, *end;
    int line;
    const char *const *names;
    size_t name_count;
    struct open_section open[DEPTH_MAX];
    size_t depth; /* of the innermost */
    struct err *err;
};

struct tag {
    char mark; /* '#', '^', '/', '!', or '\0': a value */
    char name[NAME_MAX_BYTES];
    const char *after; /* the closing braces */
};

static struct node *add_node(struct parsing *p, enum node_kind kind, const char *text, size_t len)
{
    struct node *node = arena_alloc(&p->t->arena, sizeof *node);
    struct open_section *open = &p->open[p->depth];

    node->kind = kind;
    node->text = arena_strndup(&p->t->arena, text, len);
    node->len_bytes = len;
    *open->end = node;
    open->end = &node->next;
    return node;
}

/* Between the braces. 0, or 1 with err. `open` is where they begin. */
static int read_tag(struct tag *out, struct parsing *p, const char *open)
{
    const char *close = memmem(open, (size_t)(p->end - open), "}}", 2);
    const char *from = open + 2, *to = close;

    *out = (struct tag){0};
    if (!close)
        return err_say(p->err, ERR_INVALID_VALUE, NULL, "%s:%d: {{ without }}", "%s:%d：{{ 没有对应的 }}", p->file, p->line);
    out->after = close + 2;
    if (from < to && strchr("#^/!", *from))
        out->mark = *from++;
    while (from < to && *from == ' ')
        from++;
    while (to > from && to[-1] == ' ')
        to--;
    if (out->mark == '!')
        return 0;
    snprintf(out->name, sizeof out->name, "%.*s", (int)(to - from), from);
    for (size_t i = 0; i < p->name_count; i++)
        if (strcmp(p->names[i], out->name) == 0)
            return 0;
    err_say(p->err, ERR_INVALID_VALUE, NULL, "%s:%d: there is nothing called {{%s}}", "%s:%d：没有名为 {{%s}} 的内容", p->file,
            p->line, out->name);
    if (text_nearest(out->name, p->names, p->name_count))
        err_hint(p->err, text_nearest(out->name, p->names, p->name_count));
    return 1;
}

/* Where the line that holds nothing but this mark begins, and `*after` the next line; NULL: it holds something else. */
static const char *lone_line(const struct parsing *p, const char *start, const char *open, const char **after)
{
    const char *from = open, *to = *after;

    while (from > start && (from[-1] == ' ' || from[-1] == '\t'))
        from--;
    if (from > start && from[-1] != '\n')
        return NULL;
    while (to < p->end && (*to == ' ' || *to == '\t' || *to == '\r'))
        to++;
    if (to < p->end && *to != '\n')
        return NULL;
    *after = to < p->end ? to + 1 : to;
    return from;
}

static int open_section(struct parsing *p, const struct tag *tag)
{
    struct node *node;

    if (p->depth + 1 == DEPTH_MAX)
        return err_say(p->err, ERR_INVALID_VALUE, NULL, "%s:%d: more than %d sections in each other", "%s:%d：嵌套超过 %d 层",
                       p->file, p->line, DEPTH_MAX - 1);
    node = add_node(p, tag->mark == '#' ? NODE_EACH : NODE_UNLESS, tag->name, strlen(tag->name));
    p->open[++p->depth] = (struct open_section){node, &node->body, p->line};
    return 0;
}

static int close_section(struct parsing *p, const struct tag *tag)
{
    const struct open_section *open = &p->open[p->depth];

    if (p->depth == 0 || strcmp(open->node->text, tag->name) != 0)
        return err_say(p->err, ERR_INVALID_VALUE, NULL, "%s:%d: {{/%s}} closes nothing that is open here",
                       "%s:%d：{{/%s}} 没有对应的开头", p->file, p->line, tag->name);
    p->depth--;
    return 0;
}

static int take_tag(struct parsing *p, const char *start, const char *open)
{
    const char *lone, *after;
    struct tag tag;
    int failed = 0;

    for (const char *c = p->at; c < open; c++)
        p->line += *c == '\n';
    if (read_tag(&tag, p, open) != 0)
        return 1;
    after = tag.after;
    lone = tag.mark ? lone_line(p, start, open, &after) : NULL;
    if ((lone ? lone : open) > p->at)
        add_node(p, NODE_TEXT, p->at, (size_t)((lone ? lone : open) - p->at));
    if (tag.mark == '#' || tag.mark == '^')
        failed = open_section(p, &tag);
    else if (tag.mark == '/')
        failed = close_section(p, &tag);
    else if (tag.mark == '\0')
        add_node(p, NODE_VALUE, tag.name, strlen(tag.name));
    for (const char *c = open; c < (lone ? after : tag.after); c++)
        p->line += *c == '\n';
    p->at = lone ? after : tag.after;
    return failed;
}

static int parse(struct parsing *p, const char *start)
{
    const char *open;

    p->open[0].end = &p->t->first;
    while ((open = memmem(p->at, (size_t)(p->end - p->at), "{{", 2)))
        if (take_tag(p, start, open) != 0)
            return 1;
    if (p->depth > 0)
        return err_say(p->err, ERR_INVALID_VALUE, NULL, "%s:%d: {{#%s}} is never closed", "%s:%d：{{#%s}} 没有结尾", p->file,
                       p->open[p->depth].line, p->open[p->depth].node->text);
    if (p->end > p->at)
        add_node(p, NODE_TEXT, p->at, (size_t)(p->end - p->at));
    return 0;
}

int template_parse(struct template **out, const char *name, const char *text, size_t len_bytes, const char *const *names,
                   size_t name_count, struct err *err)
{
    _cleanup_template_ struct template *t = mem_zero(sizeof *t);
    struct parsing p = {.t = t, .file = name, .at = text, .end = text + len_bytes, .line = 1, .names = names,
                        .name_count = name_count, .err = err};

    if (len_bytes > TEMPLATE_MAX_BYTES || !text_utf8_valid(text, len_bytes))
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s:1: is no text (UTF-8) of at most %d bytes",
                       "%s:1：应为不超过 %d 字节的 UTF-8 文本", name, TEMPLATE_MAX_BYTES);
    if (parse(&p, text) != 0)
        return 1;
    *out = TAKE(t);
    return 0;
}

void template_free(struct template *t)
{
    if (!t)
        return;
    arena_deinit(&t->arena);
    free(t);
}

/* ---- filling in ----------------------------------------------------------------------------- */

/* What names mean here: the innermost object last. */
struct scope {
    const json_t *objects[DEPTH_MAX + 1];
    size_t count;
};

struct filling {
    struct buf *out;
    enum template_form form;
    struct scope scope;
};

static const json_t *lookup(const struct scope *scope, const char *name)
{
    for (size_t i = scope->count; i-- > 0;) {
        const json_t *value = json_object_get(scope->objects[i], name);

        if (value)
            return value;
    }
    return NULL;
}

static const char *html_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

/* The same to the eye, and nothing to a robot. */
static const char *robot_of(char c)
{
    switch (c) {
    case '<': return "＜";
    case '>': return "＞";
    case '@': return "＠";
    default: return NULL;
    }
}

static void add_escaped(struct filling *f, const char *text)
{
    for (; *text; text++) {
        const char *instead = f->form == TEMPLATE_HTML ? html_of(*text) : f->form == TEMPLATE_ROBOT ? robot_of(*text) : NULL;

        if (instead)
            buf_add_str(f->out, instead);
        else
            buf_add_char(f->out, (unsigned char)*text < 0x20 || *text == 0x7F ? ' ' : *text);
    }
}

static void add_value(struct filling *f, const json_t *value)
{
    if (json_is_string(value))
        add_escaped(f, json_string_value(value));
    else if (json_is_integer(value))
        buf_addf(f->out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
}

static bool counts(const json_t *value)
{
    return json_is_true(value) || (json_is_string(value) && json_string_length(value) > 0) ||
           (json_is_integer(value) && json_integer_value(value) != 0) || (json_is_array(value) && json_array_size(value) > 0) ||
           json_is_object(value);
}

static void fill(struct filling *f, const struct node *node);

static void fill_each(struct filling *f, const struct node *node, const json_t *value)
{
    if (!json_is_array(value)) {
        if (counts(value))
            fill(f, node->body);
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        f->scope.objects[f->scope.count++] = json_array_get(value, i);
        fill(f, node->body);
        f->scope.count--;
    }
}

static void fill(struct filling *f, const struct node *node)
{
    for (; node; node = node->next)
        switch (node->kind) {
        case NODE_TEXT:
            buf_add(f->out, node->text, node->len_bytes);
            break;
        case NODE_VALUE:
            add_value(f, lookup(&f->scope, node->text));
            break;
        case NODE_EACH:
            fill_each(f, node, lookup(&f->scope, node->text));
            break;
        case NODE_UNLESS:
            if (!counts(lookup(&f->scope, node->text)))
                fill(f, node->body);
            break;
        }
}

void template_fill(struct buf *out, const struct template *t, enum template_form form, const json_t *object)
{
    struct filling f = {.out = out, .form = form, .scope = {.objects = {object}, .count = 1}};

    fill(&f, t->first);
}
