#include "fit.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include "rows.h"

enum {
    KEPT = 2,  /* columns that stay whatever the window */
    LEAST = 6, /* below that nothing can be read */
};

/* How far texts are cut before something else is tried, from the wide window to the narrow one. */
struct tightness {
    size_t short_min, long_min;
};
static const struct tightness easy = {SIZE_MAX, 24};
static const struct tightness narrow = {14, 16}; /* a name of seven characters, "Theme day eve…" */
static const struct tightness tight = {LEAST, LEAST};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t most(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t natural(const struct fit *c)
{
    return most(most(c->head, c->content), 1);
}

static bool is_cut(const struct fit *c)
{
    return c->flags & (COLUMN_CUT | COLUMN_CUT_FIRST | COLUMN_HEAD);
}

/* What a column may be cut down to. */
static size_t floor_of(const struct fit *c, const struct tightness *t)
{
    if (!is_cut(c))
        return natural(c);
    if (c->flags & COLUMN_HEAD)
        return least(natural(c), most(c->content, LEAST));
    return least(natural(c), c->flags & COLUMN_CUT_FIRST ? t->long_min : t->short_min);
}

static size_t sum(const struct fit *columns, size_t count)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++)
        total += columns[i].width ? columns[i].width + 1 : 0;
    return total > 0 ? total - 1 : 0;
}

static void set_floors(struct fit *columns, size_t count, const struct tightness *t)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i].width)
            columns[i].width = floor_of(&columns[i], t);
}

enum { EMPTY = 0, ANY = ~0 }; /* marks beside those of rows.h */

static bool has_mark(const struct fit *c, int mark)
{
    return mark == ANY || (mark == EMPTY ? c->content == 0 : (c->flags & (unsigned)mark) != 0);
}

/* Columns of that mark, from the right, until the others have room. */
static void leave_out(struct fit *columns, size_t count, size_t window, int mark)
{
    for (size_t i = count; i-- > KEPT && sum(columns, count) > window;)
        if (has_mark(&columns[i], mark))
            columns[i].width = 0;
}

/* What is left of the window goes to the columns of that mark, to the narrowest first. */
static void share(struct fit *columns, size_t count, size_t window, unsigned mark)
{
    size_t used = sum(columns, count);

    while (used < window) {
        struct fit *narrowest = NULL;

        for (size_t i = 0; i < count; i++) {
            struct fit *c = &columns[i];

            if (c->width && (c->flags & mark) && c->width < natural(c) && (!narrowest || c->width < narrowest->width))
                narrowest = c;
        }
        if (!narrowest)
            return;
        narrowest->width++;
        used++;
    }
}

void fit_columns(struct fit *columns, size_t count, size_t window)
{
    for (size_t i = 0; i < count; i++)
        columns[i].width = natural(&columns[i]);
    if (sum(columns, count) <= window)
        return;
    set_floors(columns, count, &easy);
    leave_out(columns, count, window, EMPTY);
    if (sum(columns, count) > window)
        set_floors(columns, count, &narrow);
    leave_out(columns, count, window, COLUMN_SPARE_FIRST);
    leave_out(columns, count, window, COLUMN_SPARE);
    if (sum(columns, count) > window)
        set_floors(columns, count, &tight);
    leave_out(columns, count, window, ANY);
    share(columns, count, window, COLUMN_CUT | COLUMN_HEAD);
    share(columns, count, window, COLUMN_CUT_FIRST);
}

/* The next character and its width. False at the end. Safe texts (say_safe) hold no broken UTF-8; what
 * the locale cannot show counts as one column. */
static bool next(const char **p, mbstate_t *state, size_t *width_out)
{
    wchar_t c;
    size_t len = mbrtowc(&c, *p, MB_CUR_MAX, state);
    int width;

    if (len == 0)
        return false;
    if (len == (size_t)-1 || len == (size_t)-2) {
        memset(state, 0, sizeof *state);
        ++*p;
        *width_out = 1;
        return true;
    }
    width = wcwidth(c);
    *width_out = width < 0 ? 1 : (size_t)width;
    *p += len;
    return true;
}

size_t text_width(const char *text)
{
    mbstate_t state = {0};
    size_t total = 0, width;

    while (next(&text, &state, &width))
        total += width;
    return total;
}

void text_cut_to(struct buf *out, const char *text, size_t width)
{
    static const char ellipsis[] = "…";
    mbstate_t state = {0};
    const char *p = text, *end = text;
    size_t used = 0, one;

    if (text_width(text) <= width) {
        buf_add_str(out, text);
        return;
    }
    while (width > 0 && next(&p, &state, &one) && used + one <= width - 1) {
        used += one;
        end = p;
    }
    buf_add(out, text, (size_t)(end - text));
    if (width > 0)
        buf_add_str(out, ellipsis);
}
