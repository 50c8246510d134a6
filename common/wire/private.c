#include "wire/private.h"

#include <stdint.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "wire/event.h"
#include "wire/scan.h"

enum {
    DIGITS_MAX = 24,  /* longer runs are none of these */
    ROAD_BEFORE = 12, /* so many characters before the number of a house may its road be named */
};

/* Digits that belong together, in groups or not. */
struct run {
    char digits[DIGITS_MAX + 1]; /* terminated; X only at the end */
    size_t n;
};

/* '0'..'9', 'X', or 0: none of them. */
static char digit_of(uint32_t cp)
{
    if (cp >= '0' && cp <= '9')
        return (char)cp;
    if (cp >= 0xFF10 && cp <= 0xFF19) /* full-width */
        return (char)('0' + (cp - 0xFF10));
    return cp == 'X' || cp == 'x' || cp == 0xFF38 || cp == 0xFF58 ? 'X' : 0;
}

static bool joins(uint32_t cp)
{
    return cp == ' ' || cp == '-' || cp == 0xFF0D || cp == 0x2010 || cp == 0x3000 || cp == '(' || cp == ')' || cp == '+';
}

static int number_at(const char *digits, size_t n)
{
    int value = 0;

    for (size_t i = 0; i < n; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

static bool is_birth(const char *digits, size_t year_digits)
{
    int year = number_at(digits, year_digits), month = number_at(digits + year_digits, 2), day = number_at(digits + year_digits + 2, 2);

    if (year_digits == 2)
        year += 1900;
    return year >= 1900 && year < 2100 && civil_valid(year, month, day);
}

static bool is_id_card(const struct run *run)
{
    bool plain = !memchr(run->digits, 'X', run->n ? run->n - 1 : 0);

    if (run->digits[0] < '1' || run->digits[0] > '8' || !plain)
        return false;
    return (run->n == 18 && is_birth(run->digits + 6, 4)) ||
           (run->n == 15 && run->digits[14] != 'X' && is_birth(run->digits + 6, 2));
}

static bool is_phone(const struct run *run)
{
    const char *d = run->digits;
    size_t n = run->n;

    if (n == 0 || d[n - 1] == 'X')
        return false;
    if (n == 13 && d[0] == '8' && d[1] == '6') {
        d += 2;
        n = 11;
    }
    if (n == 11 && d[0] == '1' && d[1] >= '3')
        return true;
    return d[0] == '0' && d[1] != '0' && n >= 10 && n <= 12;
}

static enum private_kind kind_of(const struct run *run)
{
    return is_id_card(run) ? PRIVATE_ID_CARD : is_phone(run) ? PRIVATE_PHONE : PRIVATE_NONE;
}

/* Takes the digits from `at` on; *end_out is behind them. Blanks and hyphens between groups are taken where `grouped`. */
static void take_run(struct run *run, size_t *end_out, const char *text, size_t len, size_t at, bool grouped)
{
    size_t n, end = at;
    uint32_t cp;

    memset(run, 0, sizeof *run);
    for (; at < len && (n = text_utf8_next(text + at, len - at, &cp)) > 0; at += n) {
        char digit = digit_of(cp);

        if (!digit && grouped && joins(cp))
            continue;
        if (!digit || run->n == DIGITS_MAX || (digit == 'X' && run->n != 17) || (run->n && run->digits[run->n - 1] == 'X'))
            break;
        run->digits[run->n++] = digit;
        end = at + n;
    }
    *end_out = end;
}

static bool one_of(uint32_t cp, const char *characters)
{
    uint32_t other;
    size_t n;

    for (const char *p = characters; (n = text_utf8_next(p, strlen(p), &other)) > 0; p += n)
        if (other == cp)
            return true;
    return false;
}

static bool is_house(const char *text, size_t len)
{
    uint32_t cp;

    return text_utf8_next(text, len, &cp) > 0 && (one_of(cp, "号號栋幢室") || (len >= 6 && memcmp(text, "单元", 6) == 0));
}

static bool road_before(const char *text, size_t len, size_t at)
{
    size_t seen = 0;
    uint32_t cp;

    while (at > 0 && seen < ROAD_BEFORE) {
        at--;
        if (((unsigned char)text[at] & 0xC0) == 0x80)
            continue;
        seen++;
        if (text_utf8_next(text + at, len - at, &cp) > 0 && one_of(cp, "路街巷道弄村屯区苑里坊镇乡"))
            return true;
    }
    return false;
}

enum private_kind private_in_text(const char *text, size_t len)
{
    bool after_digit = false;
    uint32_t cp;
    size_t n;

    for (size_t at = 0; at < len && (n = text_utf8_next(text + at, len - at, &cp)) > 0; at += n) {
        enum private_kind kind;
        struct run run;
        size_t end;
        char digit = digit_of(cp);

        if (!digit || digit == 'X' || after_digit) {
            after_digit = digit && digit != 'X';
            continue;
        }
        after_digit = true;
        take_run(&run, &end, text, len, at, false);
        kind = kind_of(&run);
        if (kind == PRIVATE_NONE && is_house(text + end, len - end) && road_before(text, len, at))
            return PRIVATE_ADDRESS;
        if (kind == PRIVATE_NONE) {
            take_run(&run, &end, text, len, at, true);
            kind = kind_of(&run);
        }
        if (kind != PRIVATE_NONE)
            return kind;
    }
    return PRIVATE_NONE;
}

/* --- events --- */

/* Where people write freely. Not `place`, which is where a meeting was held, nor the names of branches and units. */
static const char *const fields[] = {"note", "reason", "name", "person", "absent", "extra"};

static const char *field_named(const struct scan *s, const struct scan_node *key)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (key->len == strlen(fields[i]) && memcmp(scan_str(s, key), fields[i], key->len) == 0)
            return fields[i];
    return NULL;
}

/* All texts and numbers from node `at` to before `end`, keys as well: somebody may have put it there. */
static enum private_kind in_nodes(const struct scan *s, size_t at, size_t end)
{
    for (; at < end; at++) {
        const struct scan_node *n = &s->nodes[at];
        enum private_kind kind = PRIVATE_NONE;

        if (n->kind == SCAN_STRING || n->kind == SCAN_NUMBER)
            kind = private_in_text(scan_str(s, n), n->len);
        if (kind != PRIVATE_NONE)
            return kind;
    }
    return PRIVATE_NONE;
}

enum private_kind private_in_event(const char **field_out, const char *json, size_t len)
{
    _cleanup_arena_ struct arena arena = {0};
    enum private_kind kind = PRIVATE_NONE;
    struct scan s;

    if (len > EVENT_MAX_BYTES || scan_read(&s, &arena, json, len, EVENT_DEPTH_MAX) || s.nodes[0].kind != SCAN_OBJECT)
        return PRIVATE_NONE;
    for (size_t key = 1; key < s.count && kind == PRIVATE_NONE; key = s.nodes[key + 1].next) {
        const char *field = field_named(&s, &s.nodes[key]);

        if (!field)
            continue;
        kind = in_nodes(&s, key + 1, s.nodes[key + 1].next);
        *field_out = field;
    }
    return kind;
}

const char *private_kind_text(enum private_kind kind, const char *lang)
{
    static const char *const en[] = {"nothing", "an identity-card number", "a telephone number", "an address"};
    static const char *const zh[] = {"无", "身份证号码", "电话号码", "住址"};

    return strcmp(lang, "zh") == 0 ? zh[kind] : en[kind];
}
