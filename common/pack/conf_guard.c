/* A first pass over a text in libconfig's syntax, for what libconfig 1.5 would misread or not
 * survive. It knows comments, strings and numbers, and leaves everything else to libconfig. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "pack/conf.h"

struct guard {
    const char *s;
    size_t len;
    size_t at;
    int line;
    int depth;
    const char *name;
    struct err *err;
};

static int mistake(struct guard *g, int line, const char *en, const char *zh)
{
    struct conf_node at = {.file = g->name, .line = line};

    return conf_say(g->err, &at, en, zh);
}

static int check_characters(struct guard *g)
{
    int line = 1;
    uint32_t cp;

    for (size_t i = 0; i < g->len;) {
        size_t n = text_utf8_next(g->s + i, g->len - i, &cp);

        if (n == 0)
            return mistake(g, line, "this is not UTF-8", "此处不是 UTF-8 编码");
        if (cp == 0)
            return mistake(g, line, "this is not a text file", "这不是文本文件");
        line += cp == '\n';
        i += n;
    }
    return 0;
}

static bool here(const struct guard *g, const char *word)
{
    size_t n = strlen(word);

    return g->len - g->at >= n && memcmp(g->s + g->at, word, n) == 0;
}

/* libconfig takes @include at the start of a line, after blanks. One in a comment of several lines
 * is refused with them: better one too many than an exit(). */
static int check_line_start(struct guard *g)
{
    size_t begin = g->at;
    int result = 0;

    while (g->at < g->len && (g->s[g->at] == ' ' || g->s[g->at] == '\t' || g->s[g->at] == '\r' ||
                              g->s[g->at] == '\f' || g->s[g->at] == '\v'))
        g->at++;
    if (here(g, "@include"))
        result = mistake(g, g->line, "@include is not supported: write everything in one file",
                         "不支持 @include：请写在同一个文件中");
    g->at = begin;
    return result;
}

static int next_line(struct guard *g)
{
    g->line++;
    g->at++;
    return check_line_start(g);
}

static int skip_block_comment(struct guard *g)
{
    int opened = g->line;

    g->at += 2;
    while (g->at < g->len && !here(g, "*/")) {
        if (g->s[g->at] != '\n')
            g->at++;
        else if (next_line(g) != 0)
            return 1;
    }
    if (g->at >= g->len)
        return mistake(g, opened, "this comment is never closed", "此处的注释没有结束");
    g->at += 2;
    return 0;
}

static int skip_string(struct guard *g)
{
    int opened = g->line;

    g->at++;
    while (g->at < g->len && g->s[g->at] != '"') {
        if (g->s[g->at] == '\\' && g->at + 1 < g->len && g->s[g->at + 1] != '\n')
            g->at += 2;
        else if (g->s[g->at] != '\n')
            g->at++;
        else if (next_line(g) != 0)
            return 1;
    }
    if (g->at >= g->len)
        return mistake(g, opened, "this text is never closed with a quotation mark",
                       "此处的文本缺少结束的引号");
    g->at++;
    return 0;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool word_character(char c)
{
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
           c == '*' || c == '.';
}

/* libconfig reads a plain number by atoi(): what does not fit becomes another number. */
static bool number_fits(const char *word)
{
    size_t sign = *word == '-' || *word == '+';
    size_t digits = strspn(word + sign, "0123456789");
    const char *rest = word + sign + digits;
    char *end;
    long long v;

    if (word[sign] == '0' && (word[sign + 1] == 'x' || word[sign + 1] == 'X'))
        return strspn(word + sign + 2, "0123456789abcdefABCDEF") <= 7;
    if (strchr(rest, '.') || strchr(rest, 'e') || strchr(rest, 'E'))
        return isfinite(strtod(word, NULL));
    errno = 0;
    v = strtoll(word, &end, 10);
    return errno == 0 && (*rest == 'L' || (v >= INT32_MIN && v <= INT32_MAX));
}

static int check_number(struct guard *g)
{
    char word[64];
    size_t n = 0;

    do {
        if (n < sizeof word - 1)
            word[n++] = g->s[g->at];
        g->at++;
    } while (g->at < g->len &&
             (digit(g->s[g->at]) || strchr("abcdefABCDEFxXL.", g->s[g->at]) ||
              (strchr("+-", g->s[g->at]) && strchr("eE", g->s[g->at - 1]))));
    word[n] = '\0';
    if (n == sizeof word - 1 || !number_fits(word))
        return mistake(g, g->line, "this number is too large", "此处的数字过大");
    return 0;
}

static int step(struct guard *g)
{
    char c = g->s[g->at];
    char next = g->at + 1 < g->len ? g->s[g->at + 1] : '\0';

    if (c == '\n')
        return next_line(g);
    if (c == '#' || (c == '/' && next == '/')) {
        while (g->at < g->len && g->s[g->at] != '\n')
            g->at++;
        return 0;
    }
    if (c == '/' && next == '*')
        return skip_block_comment(g);
    if (c == '"')
        return skip_string(g);
    if (digit(c) || ((c == '-' || c == '+' || c == '.') && (digit(next) || next == '.')))
        return check_number(g);
    if (word_character(c)) {
        while (g->at < g->len && word_character(g->s[g->at]))
            g->at++;
        return 0;
    }
    if (strchr("({[", c) && ++g->depth > CONF_DEPTH_MAX)
        return mistake(g, g->line, "the brackets are nested too deep", "括号嵌套过深");
    if (strchr(")}]", c))
        g->depth--;
    g->at++;
    return 0;
}

int conf_guard(const char *text, size_t len_bytes, const char *name, struct err *err)
{
    struct guard g = {.s = text, .len = len_bytes, .line = 1, .name = name, .err = err};

    if (check_characters(&g) != 0 || check_line_start(&g) != 0)
        return 1;
    while (g.at < g.len)
        if (step(&g) != 0)
            return 1;
    return 0;
}
