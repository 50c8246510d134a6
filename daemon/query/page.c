/* Lists in pages. */
#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "query/answer.h"
#include "query/cursor_seal.h"

enum {
    COUNT_MAX = 1000,    /* docs/protocol.md: counting of further rows stops there */
    PATIENCE_STEPS = 64, /* steps between two looks at the clock */
    REPLY_BYTES = 4 * 1024 * 1024, /* a page ends there: rows may be 64 KiB each */
};

void page_begin(struct asking *ask)
{
    json_key(ask->out, "rows");
    json_open(ask->out, '[');
}

enum page_step page_step(struct asking *ask)
{
    struct page *page = &ask->page;

    if (page->written > 0 && page_too_long(ask))
        page->limit = page->written;
    if (page->written < page->limit) {
        page->written++;
        return PAGE_WRITE;
    }
    page->more++;
    if (!page->count)
        return PAGE_FULL;
    page->more_at_least = page->more >= COUNT_MAX;
    return page->more_at_least ? PAGE_FULL : PAGE_COUNT;
}

void page_mark_text(struct asking *ask, char sort, const char *text, size_t len)
{
    if (ask->page.written >= ask->page.limit && ask->page.more > 0)
        return;
    buf_clear(&ask->page.last);
    buf_add_char(&ask->page.last, sort);
    buf_add(&ask->page.last, text, len);
}

void page_mark(struct asking *ask, char sort, const char *fmt, ...)
{
    char text[256];
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    page_mark_text(ask, sort, text, len < (int)sizeof text ? (size_t)len : sizeof text - 1);
}

bool page_too_long(const struct asking *ask)
{
    return ask->out->out->len >= REPLY_BYTES;
}

void page_cut(struct asking *ask)
{
    ask->page.cut = true;
}

static bool is_sealed(const struct asking *ask)
{
    return ask->realm && ask->env->head_key;
}

static void write_cursor(struct asking *ask, const struct buf *cursor)
{
    _cleanup_buf_ struct buf sealed = {0};

    if (is_sealed(ask)) {
        cursor_seal(&sealed, ask->env->head_key, cursor->data, cursor->len);
        cursor = &sealed;
    }
    json_key(ask->out, "cursor");
    json_strn(ask->out, cursor->data, cursor->len);
}

void page_end(struct asking *ask)
{
    struct page *page = &ask->page;

    json_close(ask->out, ']');
    if ((page->more > 0 || page->cut) && page->last.len)
        write_cursor(ask, &page->last);
    if (!page->count)
        return;
    json_kv_int(ask->out, "more", page->more);
    if (page->more_at_least || page->cut)
        json_kv_bool(ask->out, "more_at_least", true);
}

int page_bad_cursor(struct err *err)
{
    return ask_malformed(err, "cursor", "that cursor is not one of this list: ask again without it",
                         "该游标不属于此列表：请去掉游标重新查询");
}

int page_cursor(const char **rest_out, struct asking *ask, char sort, struct err *err)
{
    const char *text = ask_text(ask, "cursor");

    *rest_out = NULL;
    if (!text)
        return 0;
    if (is_sealed(ask))
        text = cursor_unseal(&ask->arena, ask->env->head_key, text);
    if (!text || text[0] != sort)
        return page_bad_cursor(err);
    *rest_out = text + 1;
    return 0;
}

int ask_patience(struct asking *ask, struct err *err)
{
    if (!deadline_passed(&ask->deadline))
        return 0;
    return err_fault(err, "this read took longer than it may: ask for less at a time");
}

int ask_spend(struct asking *ask, int64_t steps, struct err *err)
{
    int64_t before = ask->budget / PATIENCE_STEPS;

    if (ask->budget <= 0)
        return 1;
    ask->budget -= steps;
    return ask->budget / PATIENCE_STEPS != before ? ask_patience(ask, err) : 0;
}
