#include "chain/line.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "wire/scan.h"

enum { LINE_DEPTH_MAX = EVENT_DEPTH_MAX + 2 };

enum member { M_SEQ, M_RECORDED_AT, M_RECORDED_BY, M_FLAGS, M_EVENT, M_PERSONAL, M_SALT, M_SEAL, M_CHAIN, M_COUNT };

static const struct {
    const char *name;
    enum scan_kind kind;
    bool needed;
} members[M_COUNT] = {
    [M_SEQ] = {"seq", SCAN_NUMBER, true},
    [M_RECORDED_AT] = {"recorded_at", SCAN_STRING, true},
    [M_RECORDED_BY] = {"recorded_by", SCAN_STRING, true},
    [M_FLAGS] = {"flags", SCAN_NUMBER, true},
    [M_EVENT] = {"event", SCAN_OBJECT, true},
    [M_PERSONAL] = {"personal", SCAN_OBJECT, false},
    [M_SALT] = {"salt", SCAN_STRING, false},
    [M_SEAL] = {"seal", SCAN_STRING, false},
    [M_CHAIN] = {"chain", SCAN_STRING, true},
};

/* --- writing --- */

/* An object on one line that a reader will give back byte for byte. */
static bool is_object(struct span text)
{
    _cleanup_arena_ struct arena arena = {0};
    struct scan scan;

    return text.len >= 2 && text.s[0] == '{' && text.s[text.len - 1] == '}' && !memchr(text.s, '\n', text.len) &&
           scan_read(&scan, &arena, text.s, text.len, EVENT_DEPTH_MAX + 1) == 0;
}

static void write_hex(struct json *j, const char *key, const uint8_t *bytes, size_t size)
{
    char hex[CHAIN_HEX_SIZE];

    json_kv_str(j, key, hex_write(hex, bytes, size));
}

int line_write(struct buf *out, const struct chain_row *row, struct err *err)
{
    struct json j = json_to(out);
    char at[CLOCK_TEXT_SIZE];

    if (row->broken || !is_object(row->body) || (row->has_personal && !is_object(row->personal)))
        return err_say(err, ERR_UNAVAILABLE, NULL, "row %lld is damaged and cannot be exported: muster verify says more",
                       "第 %lld 行已损坏，无法导出：请用 muster verify 查看", (long long)row->seq);
    json_open(&j, '{');
    json_kv_int(&j, "seq", row->seq);
    json_kv_str(&j, "recorded_at", clock_format_us(at, row->recorded_at));
    json_key(&j, "recorded_by");
    json_strn(&j, row->recorded_by.s, row->recorded_by.len);
    json_kv_int(&j, "flags", row->flags);
    json_key(&j, "event");
    json_raw(&j, row->body.s, row->body.len);
    if (row->has_personal) {
        json_key(&j, "personal");
        json_raw(&j, row->personal.s, row->personal.len);
    }
    if (row->has_salt)
        write_hex(&j, "salt", row->salt, SALT_SIZE);
    if (row->has_seal)
        write_hex(&j, "seal", row->seal, SEAL_SIZE);
    write_hex(&j, "chain", row->chain, CHAIN_SIZE);
    json_close(&j, '}');
    return 0;
}

/* --- reading --- */

struct reading_line {
    struct scan scan;
    const struct scan_node *nodes[M_COUNT];
};

static struct span text_of(const struct reading_line *r, enum member m)
{
    const struct scan_node *n = r->nodes[m];

    return n ? (struct span){scan_str(&r->scan, n), n->len} : (struct span){"", 0};
}

static int not_a_row(struct err *err)
{
    return err_say(err, ERR_INVALID_VALUE, NULL, "this is no row of an export", "这不是导出文件中的一行记录");
}

static int find_members(struct reading_line *r, struct err *err)
{
    const struct scan *s = &r->scan;

    if (s->nodes[0].kind != SCAN_OBJECT)
        return not_a_row(err);
    for (size_t key = 1; key < s->count; key = s->nodes[key + 1].next) {
        const struct scan_node *name = &s->nodes[key];
        bool known = false;

        for (int m = 0; m < M_COUNT; m++)
            if (strlen(members[m].name) == name->len && memcmp(members[m].name, scan_str(s, name), name->len) == 0) {
                if (s->nodes[key + 1].kind != members[m].kind)
                    return err_say(err, ERR_INVALID_VALUE, members[m].name, "\"%s\" is not what it is in an export",
                                   "“%s”的形式与导出文件不符", members[m].name);
                r->nodes[m] = &s->nodes[key + 1];
                known = true;
            }
        if (!known)
            return err_say(err, ERR_UNKNOWN_FIELD, NULL, "a row of an export has no member \"%.40s\"",
                           "导出文件的行没有成员“%.40s”", scan_str(s, name));
    }
    for (int m = 0; m < M_COUNT; m++)
        if (members[m].needed && !r->nodes[m])
            return err_say(err, ERR_MISSING_FIELD, members[m].name, "a row of an export has \"%s\", this one has not",
                           "导出文件的行应有“%s”，此行缺少", members[m].name);
    return 0;
}

static bool number_of(int64_t *out, struct span text)
{
    char digits[24], *end;

    if (text.len == 0 || text.len >= sizeof digits)
        return false;
    memcpy(digits, text.s, text.len);
    digits[text.len] = '\0';
    *out = strtoll(digits, &end, 10);
    return *end == '\0';
}

/* Exactly as it is written: any other spelling of the same instant was not written by us. */
static bool instant_of(int64_t *us_out, struct span text)
{
    int hour, minute, second, micro;
    char again[CLOCK_TEXT_SIZE];
    day_t day;

    if (text.len != 27 || !day_parse(&day, text.s, 10) ||
        sscanf(text.s + 10, "T%2d:%2d:%2d.%6dZ", &hour, &minute, &second, &micro) != 4)
        return false;
    *us_out = ((int64_t)day * 86400 + hour * 3600 + minute * 60 + second) * 1000000 + micro;
    return strcmp(clock_format_us(again, *us_out), text.s) == 0;
}

static bool hex_of(uint8_t *out, bool *has_out, size_t size, const struct reading_line *r, enum member m)
{
    struct span text = text_of(r, m);

    *has_out = r->nodes[m] != NULL;
    return !*has_out || hex_read(out, size, text.s, text.len);
}

static struct span kept(struct arena *arena, struct span text)
{
    return (struct span){arena_strndup(arena, text.s, text.len), text.len};
}

int line_read(struct chain_row *out, struct arena *arena, const char *line, size_t len_bytes, struct err *err)
{
    struct reading_line r; /* its scan is large and needs no zeros */
    bool chain, bad;

    memset(out, 0, sizeof *out);
    memset(r.nodes, 0, sizeof r.nodes);
    if (scan_read(&r.scan, arena, line, len_bytes, LINE_DEPTH_MAX))
        return not_a_row(err);
    if (find_members(&r, err))
        return 1;
    bad = !number_of(&out->seq, text_of(&r, M_SEQ)) || !instant_of(&out->recorded_at, text_of(&r, M_RECORDED_AT)) ||
          !number_of(&out->flags, text_of(&r, M_FLAGS)) || !hex_of(out->salt, &out->has_salt, SALT_SIZE, &r, M_SALT) ||
          !hex_of(out->seal, &out->has_seal, SEAL_SIZE, &r, M_SEAL) ||
          !hex_of(out->chain, &chain, CHAIN_SIZE, &r, M_CHAIN);
    if (bad)
        return err_say(err, ERR_INVALID_VALUE, NULL, "a number, time or hash in this row cannot be read",
                       "此行的数字、时间或哈希值无法读取");
    out->recorded_by = kept(arena, text_of(&r, M_RECORDED_BY));
    out->body = kept(arena, text_of(&r, M_EVENT));
    out->has_personal = r.nodes[M_PERSONAL] != NULL;
    out->personal = kept(arena, text_of(&r, M_PERSONAL));
    return 0;
}
