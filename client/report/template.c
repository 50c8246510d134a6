#include "report/template.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

enum { DEPTH_MAX = 8, COLUMNS_MAX = 16, FIRST_MAX = 100000 };

/* Where the next node goes: one level for the file, and one for each open each or if. */
struct level {
    struct node **tail;
    struct node *of; /* the each or if; NULL for the file */
    bool otherwise;
};

struct parsing {
    struct template *t;
    int line;
    struct level levels[DEPTH_MAX];
    size_t depth;
    struct node *open; /* the paragraph that the next line of text goes on with */
    struct err *err;
};

static int wrong(const struct parsing *p, const char *en, const char *zh, const char *word)
{
    _cleanup_buf_ struct buf en_text = {0}, zh_text = {0};

    buf_addf(&en_text, "%s:%d: %s", p->t->file, p->line, en);
    buf_addf(&zh_text, "%s:%d: %s", p->t->file, p->line, zh);
    if (word) {
        buf_addf(&en_text, " \"%.60s\"", word);
        buf_addf(&zh_text, "“%.60s”", word);
    }
    return err_say(p->err, ERR_INVALID_VALUE, NULL, "%s%.0s", "%.0s%s", buf_str(&en_text), buf_str(&zh_text));
}

static char *keep(struct parsing *p, const char *text, size_t len)
{
    return arena_strndup(&p->t->arena, text, len);
}

static struct node *add_node(struct parsing *p, enum node_kind kind)
{
    struct level *level = &p->levels[p->depth];
    struct node *node = arena_alloc(&p->t->arena, sizeof *node);

    node->kind = kind;
    node->line = p->line;
    *level->tail = node;
    level->tail = &node->next;
    return node;
}

/* --- what stands between the braces --- */

struct words {
    char *items[COLUMNS_MAX + 4];
    size_t n;
};

/* Splits at blanks; a colon is a word of its own. */
static int split(struct words *out, struct parsing *p, const char *text, size_t len)
{
    const char *end = text + len;

    out->n = 0;
    while (text < end) {
        size_t n;

        if (*text == ' ' || *text == '\t') {
            text++;
            continue;
        }
        for (n = 1; *text != ':' && text + n < end && !strchr(" \t:", text[n]); n++)
            ;
        if (out->n == ARRAY_LEN(out->items))
            return wrong(p, "too many words in {{ }}", "{{ }} 中的词过多", NULL);
        out->items[out->n++] = keep(p, text, n);
        text += n;
    }
    return out->n ? 0 : wrong(p, "nothing stands in {{ }}", "{{ }} 中没有内容", NULL);
}

/* Takes a list's name with its question mark, and "first N" behind it. *at goes on to what follows. */
static int list_words(struct parsing *p, const struct words *w, size_t *at, const char **name_out, bool *optional_out,
                      size_t *first_out)
{
    size_t len;
    char *end;
    long n;

    if (*at >= w->n)
        return wrong(p, "a list's name is missing after", "缺少列表名：", w->items[0]);
    len = strlen(w->items[*at]);
    *optional_out = w->items[*at][len - 1] == '?';
    *name_out = keep(p, w->items[*at], len - (*optional_out ? 1 : 0));
    ++*at;
    if (*at >= w->n || strcmp(w->items[*at], "first") != 0)
        return 0;
    errno = 0;
    n = *at + 1 < w->n ? strtol(w->items[*at + 1], &end, 10) : 0;
    if (n < 1 || n > FIRST_MAX || *end)
        return wrong(p, "first needs a number", "first 之后须为数目", NULL);
    *first_out = (size_t)n;
    *at += 2;
    return 0;
}

static int no_more(struct parsing *p, const struct words *w, size_t at)
{
    return at == w->n ? 0 : wrong(p, "there is no place for", "多出的词：", w->items[at]);
}

/* --- a line of text --- */

struct line {
    struct part **tail;
};

static struct part *add_part(struct parsing *p, struct line *line, enum part_kind kind, const char *text, size_t len)
{
    struct part *part = arena_alloc(&p->t->arena, sizeof *part);

    part->kind = kind;
    part->text = keep(p, text, len);
    part->line = p->line;
    *line->tail = part;
    line->tail = &part->next;
    return part;
}

static void add_plain(struct parsing *p, struct line *line, const char *text, size_t len)
{
    while (len) {
        const char *stars = memmem(text, len, "**", 2);
        size_t n = stars ? (size_t)(stars - text) : len;

        if (n)
            add_part(p, line, PART_TEXT, text, n);
        if (!stars)
            return;
        add_part(p, line, PART_BOLD, "", 0);
        text += n + 2;
        len -= n + 2;
    }
}

static int add_braces(struct parsing *p, struct line *line, const char *text, size_t len)
{
    bool counts, names;
    struct words w;
    size_t at = 1;
    struct part *part;

    if (len && *text == '!')
        return 0;
    if (split(&w, p, text, len))
        return 1;
    counts = strcmp(w.items[0], "count") == 0;
    names = strcmp(w.items[0], "names") == 0;
    if (!counts && !names) {
        bool column = w.items[0][0] == '.';

        add_part(p, line, column ? PART_COLUMN : PART_VALUE, w.items[0] + column, strlen(w.items[0] + column));
        return no_more(p, &w, 1);
    }
    part = add_part(p, line, counts ? PART_COUNT : PART_NAMES, "", 0);
    return list_words(p, &w, &at, &part->text, &part->optional, &part->first) || no_more(p, &w, at);
}

static int add_parts(struct parsing *p, struct part **parts, const char *text, size_t len)
{
    struct line line = {parts};

    while (*line.tail)
        line.tail = &(*line.tail)->next;
    while (len) {
        const char *open = memmem(text, len, "{{", 2), *close;
        size_t n = open ? (size_t)(open - text) : len;

        add_plain(p, &line, text, n);
        if (!open)
            return 0;
        close = memmem(open, len - n, "}}", 2);
        if (!close)
            return wrong(p, "{{ has no }}", "{{ 没有对应的 }}", NULL);
        if (add_braces(p, &line, open + 2, (size_t)(close - open) - 2))
            return 1;
        len -= (size_t)(close + 2 - text);
        text = close + 2;
    }
    return 0;
}

/* --- lines of their own --- */

static int open_block(struct parsing *p, enum node_kind kind, const struct words *w)
{
    struct node *node = add_node(p, kind);
    size_t at = 1;

    if (p->depth + 1 == DEPTH_MAX)
        return wrong(p, "too deep", "嵌套过深", NULL);
    if (list_words(p, w, &at, &node->name, &node->optional, &node->first) || no_more(p, w, at))
        return 1;
    p->levels[++p->depth] = (struct level){&node->body, node, false};
    return 0;
}

static int close_block(struct parsing *p, const struct words *w)
{
    struct level *level = &p->levels[p->depth];

    if (!level->of || (strcmp(w->items[0], "else") == 0 && level->otherwise))
        return wrong(p, "nothing is open here for", "此处没有可对应的 each 或 if：", w->items[0]);
    if (strcmp(w->items[0], "end") == 0) {
        p->depth--;
    } else {
        level->otherwise = true;
        level->tail = &level->of->otherwise;
    }
    return no_more(p, w, 1);
}

static int add_table(struct parsing *p, const struct words *w)
{
    struct node *node = add_node(p, NODE_TABLE);
    size_t at = 1;

    if (list_words(p, w, &at, &node->name, &node->optional, &node->first))
        return 1;
    if (at < w->n && strcmp(w->items[at], ":") == 0) {
        node->columns = arena_alloc(&p->t->arena, sizeof *node->columns * (w->n - at));
        for (at++; at < w->n; at++)
            node->columns[node->column_count++] = w->items[at];
    }
    return no_more(p, w, at);
}

static int add_chart(struct parsing *p, const struct words *w)
{
    struct node *node = add_node(p, NODE_CHART);

    if (w->n < 2)
        return wrong(p, "chart needs a name", "chart 之后须为图表名", NULL);
    node->name = w->items[1];
    return no_more(p, w, 2);
}

/* -1: it is none of these, but text. */
static int own_line(struct parsing *p, const char *text, size_t len)
{
    struct words w;

    if (len < 4 || memcmp(text, "{{", 2) != 0 || memcmp(text + len - 2, "}}", 2) != 0 ||
        memmem(text + 2, len - 2, "}}", 2) != text + len - 2)
        return -1;
    if (text[2] == '!')
        return 0;
    if (split(&w, p, text + 2, len - 4))
        return 1;
    if (strcmp(w.items[0], "each") == 0)
        return open_block(p, NODE_EACH, &w);
    if (strcmp(w.items[0], "if") == 0)
        return open_block(p, NODE_IF, &w);
    if (strcmp(w.items[0], "else") == 0 || strcmp(w.items[0], "end") == 0)
        return close_block(p, &w);
    if (strcmp(w.items[0], "table") == 0)
        return add_table(p, &w);
    if (strcmp(w.items[0], "chart") == 0)
        return add_chart(p, &w);
    return -1;
}

static bool is_wide(const char *text, size_t len)
{
    return len && (unsigned char)*text >= 0x80;
}

/* A line that goes on with a paragraph: a blank between words, none between Chinese characters. */
static int go_on(struct parsing *p, const char *text, size_t len)
{
    struct part *last = p->open->parts;
    struct line line = {&p->open->parts};

    while (last && last->next)
        last = last->next;
    while (*line.tail)
        line.tail = &(*line.tail)->next;
    if (!(last && last->kind == PART_TEXT && *last->text && (unsigned char)last->text[strlen(last->text) - 1] >= 0x80) &&
        !is_wide(text, len))
        add_part(p, &line, PART_TEXT, " ", 1);
    return add_parts(p, &p->open->parts, text, len);
}

static int text_line(struct parsing *p, const char *text, size_t len)
{
    struct node *node;
    size_t marks = 0;

    while (marks < len && marks < 3 && text[marks] == '#')
        marks++;
    if (marks && marks < len && text[marks] == ' ') {
        node = add_node(p, NODE_HEADING);
        node->level = (int)marks;
        p->open = NULL;
        return add_parts(p, &node->parts, text + marks + 1, len - marks - 1);
    }
    if (len > 2 && text[0] == '-' && text[1] == ' ') {
        p->open = add_node(p, NODE_ITEM);
        return add_parts(p, &p->open->parts, text + 2, len - 2);
    }
    if (p->open)
        return go_on(p, text, len);
    p->open = add_node(p, NODE_PARAGRAPH);
    return add_parts(p, &p->open->parts, text, len);
}

static int take_line(struct parsing *p, const char *text, size_t len)
{
    int r;

    while (len && strchr(" \t\r", text[len - 1]))
        len--;
    while (len && (*text == ' ' || *text == '\t')) {
        text++;
        len--;
    }
    if (len == 0) {
        p->open = NULL;
        return 0;
    }
    r = own_line(p, text, len);
    if (r < 0)
        return text_line(p, text, len);
    p->open = NULL;
    return r;
}

int template_parse(struct template *out, const char *file, const char *text, struct err *err)
{
    struct parsing p = {.t = out, .err = err};

    memset(out, 0, sizeof *out);
    out->file = file;
    p.levels[0].tail = &out->nodes;
    while (*text) {
        size_t len = strcspn(text, "\n");

        p.line++;
        if (!text_utf8_valid(text, len) || memchr(text, '\0', len))
            return wrong(&p, "not UTF-8", "不是 UTF-8 编码", NULL);
        if (take_line(&p, text, len))
            return 1;
        text += len + (text[len] == '\n');
    }
    if (p.depth) {
        p.line = p.levels[p.depth].of->line;
        return wrong(&p, "this has no {{end}}", "没有对应的 {{end}}", NULL);
    }
    return 0;
}

int template_read(struct template *out, const char *file, struct err *err)
{
    _cleanup_file_ FILE *in = fopen(file, "r");
    _cleanup_free_ char *text = mem_alloc(TEMPLATE_BYTES_MAX + 1);
    size_t len;

    memset(out, 0, sizeof *out);
    if (!in)
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s: %s", "%s：%s", file, strerror(errno));
    len = fread(text, 1, TEMPLATE_BYTES_MAX + 1, in);
    if (ferror(in) || len > TEMPLATE_BYTES_MAX)
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s: cannot be read, or is over %d bytes", "%s：无法读取，或超过 %d 字节",
                       file, TEMPLATE_BYTES_MAX);
    text[len] = '\0';
    if (strlen(text) != len)
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s: no text, but binary data", "%s：不是文本", file);
    return template_parse(out, file, text, err);
}

void template_deinit(struct template *t)
{
    arena_deinit(&t->arena);
    memset(t, 0, sizeof *t);
}
