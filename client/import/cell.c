#include "import/cell.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "import/plain.h"

enum { COUNT_DIGITS = 12, HOUR_MINUTES = 60 };

static int no_number(struct err *err, const char *cell)
{
    return err_say(err, ERR_INVALID_VALUE, NULL, "\"%.60s\" is no number", "“%.60s”不是数字", cell);
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(text, *words) == 0)
            return true;
    return false;
}

/* Digits with a point and places, in hundredths; commas between thousands. What follows is the rest. */
static bool read_hundredths(int64_t *out, const char **p)
{
    int digits = 0, places = -1;

    *out = 0;
    for (; (**p >= '0' && **p <= '9') || **p == ',' || **p == '.'; (*p)++) {
        if (**p == ',' && places < 0 && digits > 0)
            continue;
        if (**p == '.' && places < 0 && digits > 0) {
            places = 0;
            continue;
        }
        if (**p < '0' || **p > '9' || ++digits > COUNT_DIGITS)
            return false;
        if (places >= 2 && **p != '0')
            return false;
        if (places < 2)
            *out = *out * 10 + (**p - '0');
        places += places >= 0;
    }
    for (int i = places < 0 ? 0 : places; i < 2; i++)
        *out *= 10;
    return digits > 0;
}

static const char *skip_blanks(const char *p)
{
    while (*p == ' ')
        p++;
    return p;
}

int cell_hundredths(int64_t *out, const char *cell, struct err *err)
{
    static const char *const units[] = {"", "学时", "课时", "小时", "个学时", "h", "hours", NULL};
    const char *p = cell;

    if (!read_hundredths(out, &p) || !is_one_of(skip_blanks(p), units))
        return no_number(err, cell);
    return 0;
}

int cell_count(int64_t *out, const char *cell, struct err *err)
{
    static const char *const units[] = {"", "人", "名", "个", "人次", "天", "日", "年", "次", "家", "位", "days", "years", NULL};
    const char *p = cell;

    if (!read_hundredths(out, &p) || !is_one_of(skip_blanks(p), units) || *out % 100)
        return no_number(err, cell);
    *out /= 100;
    return 0;
}

int cell_minutes(int64_t *out, const char *cell, struct err *err)
{
    static const char *const minutes[] = {"", "分钟", "分", "min", "minutes", NULL};
    static const char *const hours[] = {"小时", "个小时", "h", "hours", "hour", NULL};
    const char *p = cell, *hour;
    int64_t rest = 0;

    if (!read_hundredths(out, &p))
        return no_number(err, cell);
    p = skip_blanks(p);
    if (is_one_of(p, minutes) && *out % 100 == 0) {
        *out /= 100;
        return 0;
    }
    hour = strstr(p, "小时");
    if (hour && hour[strlen("小时")]) { /* 1小时30分 */
        p = skip_blanks(hour + strlen("小时"));
        if (!read_hundredths(&rest, &p) || !is_one_of(p, minutes) || rest % 100 || *out % 100)
            return no_number(err, cell);
        *out = *out / 100 * HOUR_MINUTES + rest / 100;
        return 0;
    }
    if (!is_one_of(p, hours) || *out * HOUR_MINUTES % 100)
        return no_number(err, cell);
    *out = *out * HOUR_MINUTES / 100;
    return 0;
}

int cell_yes_no(bool *out, const char *cell, struct err *err)
{
    static const char *const yes[] = {"是", "有", "√", "✓", "✔", "☑", "对", "已", "y", "yes", "true", "1", NULL};
    static const char *const no[] = {"否", "无", "没有", "不是", "×", "✗", "✘", "☒", "x", "未", "n", "no", "false", "0", "-", "/", NULL};

    *out = is_one_of(cell, yes);
    if (*out || is_one_of(cell, no))
        return 0;
    return err_say(err, ERR_INVALID_VALUE, NULL, "\"%.60s\" is neither yes nor no: write 是 or 否, yes or no",
                   "“%.60s”既不是“是”也不是“否”", cell);
}

static bool names_word(const char *entry, const char *cell)
{
    size_t len = strlen(cell), n = strcspn(entry, "=");

    if (n == len && strncasecmp(entry, cell, n) == 0)
        return true;
    for (const char *at = entry[n] ? entry + n + 1 : entry + n; *at;) {
        n = strcspn(at, "|");
        if (n == len && strncasecmp(at, cell, n) == 0)
            return true;
        at += at[n] ? n + 1 : n;
    }
    return false;
}

/* The name in `words` most like the cell. NULL: none is like it. Good as long as the arena. */
static const char *nearest_word(struct arena *arena, const char *cell, const char *const *words)
{
    enum { NAMES_MAX = 128 };
    const char *names[NAMES_MAX];
    size_t n = 0;

    for (size_t i = 0; words[i]; i++)
        for (const char *at = words[i]; *at && n < NAMES_MAX;) {
            size_t len = strcspn(at, "=|");

            names[n++] = arena_strndup(arena, at, len);
            at += at[len] ? len + 1 : len;
        }
    return text_nearest(cell, names, n);
}

static int unknown_word(const char *cell, const char *const *words, struct err *err)
{
    _cleanup_buf_ struct buf known = {0};
    _cleanup_arena_ struct arena arena = {0};
    const char *nearest = nearest_word(&arena, cell, words);

    for (size_t i = 0; words[i]; i++) {
        const char *shown = strchr(words[i], '=');
        size_t n = strcspn(words[i], "=");

        buf_addf(&known, "%s%.*s", i ? ", " : "", (int)n, words[i]);
        if (shown)
            buf_addf(&known, " (%.*s)", (int)strcspn(shown + 1, "|"), shown + 1);
    }
    err_say(err, ERR_INVALID_VALUE, NULL, "\"%.60s\" is not known here; known are %.300s", "“%.60s”无法识别；可用的有 %.300s", cell,
            buf_str(&known));
    if (nearest)
        err_hint(err, nearest);
    return 1;
}

int cell_word(const char **out, size_t *len_out, const char *cell, const char *const *words, struct err *err)
{
    for (size_t i = 0; words[i]; i++) {
        if (names_word(words[i], cell)) {
            *out = words[i];
            *len_out = strcspn(words[i], "=");
            return 0;
        }
    }
    return unknown_word(cell, words, err);
}

struct separator {
    const char *text;
    enum cell_parting from; /* the first kind of list that it parts */
};

static const struct separator separators[] = {
    {";", PARTING_TEXTS}, {"；", PARTING_TEXTS}, {"\n", PARTING_TEXTS}, {"、", PARTING_NAMES}, {",", PARTING_NAMES}, {"，", PARTING_NAMES},
    {"|", PARTING_NAMES}, {"/", PARTING_WORDS},  {"／", PARTING_WORDS}, {"+", PARTING_WORDS},  {"＋", PARTING_WORDS}, {"&", PARTING_WORDS},
};

static size_t separator(const char *at, enum cell_parting parting)
{
    for (size_t i = 0; i < ARRAY_LEN(separators); i++) {
        size_t len = strlen(separators[i].text);

        if (separators[i].from <= parting && strncmp(at, separators[i].text, len) == 0)
            return len;
    }
    return 0;
}

static bool has_separator(const char *cell, enum cell_parting parting)
{
    for (; *cell; cell++)
        if (separator(cell, parting))
            return true;
    return false;
}

/* "张三 李四": blanks part where every part is at least two ideographs; "Li Si" and "张 三" are one. */
static bool blanks_part(const char *cell)
{
    enum { IDEOGRAPH_BYTES = 3 };
    size_t part = 0;

    for (const char *p = cell;; p++) {
        if (*p == '\0' || *p == ' ') {
            if (part > 0 && part < 2 * IDEOGRAPH_BYTES)
                return false;
            part = 0;
            if (*p == '\0')
                return true;
        } else if ((unsigned char)*p < 0x80) {
            return false;
        } else {
            part++;
        }
    }
}

static void add_item(struct cell_list *out, struct arena *arena, const char *from, size_t len)
{
    while (len > 0 && strchr(" \t", *from)) {
        from++;
        len--;
    }
    while (len > 0 && strchr(" \t", from[len - 1]))
        len--;
    if (len > 0)
        out->items[out->count++] = arena_strndup(arena, from, len);
}

void cell_list(struct cell_list *out, struct arena *arena, const char *cell, enum cell_parting parting)
{
    bool by_blanks = parting >= PARTING_NAMES && !has_separator(cell, parting) && blanks_part(cell);
    const char *start = cell, *p = cell;
    size_t most = 1;

    for (const char *q = cell; *q; q++)
        most += separator(q, parting) > 0 || *q == ' ';
    out->items = arena_alloc(arena, most * sizeof *out->items);
    out->count = 0;
    while (*p) {
        size_t n = by_blanks ? *p == ' ' : separator(p, parting);

        if (n) {
            add_item(out, arena, start, (size_t)(p - start));
            start = p + n;
        }
        p += n ? n : 1;
    }
    add_item(out, arena, start, (size_t)(p - start));
}
