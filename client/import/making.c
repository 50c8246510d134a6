#include "import/making.h"

#include <string.h>

#include "base/text.h"
#include "import/plain.h"

const char *making_heading(const struct making *m, enum column_id column)
{
    int place = m->head->place[column];
    const struct column_spec *spec = sheet_column(m->head->kind, column);

    if (place >= 0)
        return m->head->headings[place];
    return spec ? spec->name : "";
}

const char *making_raw(const struct making *m, enum column_id column)
{
    int place = m->head->place[column];
    const char *cell = place >= 0 && (size_t)place < m->cell_count ? m->cells[place] : NULL;

    if (!cell || plain_is_blank(cell))
        cell = m->head->set[column];
    return cell && !plain_is_blank(cell) ? cell : NULL;
}

const char *making_cell(const struct making *m, enum column_id column)
{
    const char *raw = making_raw(m, column);

    return raw ? plain_text(m->arena, raw) : NULL;
}

void making_refuse(struct making *m, enum column_id column, const struct err *err)
{
    if (m->row->outcome != ROW_MADE)
        return;
    m->row->outcome = ROW_REFUSED;
    m->row->err = *err;
    text_drop_broken(m->row->err.en); /* a cell may be quoted in them, cut anywhere */
    text_drop_broken(m->row->err.zh);
    text_copy(m->row->err.field, sizeof m->row->err.field, plain_text(m->arena, making_heading(m, column)));
}

bool making_need(struct making *m, enum column_id column)
{
    if (making_failed(m))
        return false;
    if (making_raw(m, column))
        return true;
    MAKING_REFUSE(m, column, ERR_MISSING_FIELD, "the cell is empty", "单元格为空");
    return false;
}

struct row_event *making_begin(struct making *m, enum event_type type, const char *at)
{
    struct row_event *event = &m->row->events[m->row->event_count++];

    event->type = type;
    m->json = json_to(&event->members);
    json_kv_str(&m->json, "type", catalogue_type(type)->name);
    json_kv_str(&m->json, "at", at);
    return event;
}

static uint64_t content_hash(const struct row_event *event)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    const struct buf *parts[] = {&event->members, &event->extra};

    for (size_t p = 0; p < ARRAY_LEN(parts); p++)
        for (size_t i = 0; i < parts[p]->len; i++)
            h = (h ^ (unsigned char)parts[p]->data[i]) * UINT64_C(0x100000001b3);
    return h;
}

void making_key(struct making *m, struct row_event *event, struct id_maker *key, bool numbered)
{
    struct id_maker first = *key;
    int64_t same = 0;
    unsigned before;

    if (making_failed(m))
        return;
    id_end(event->id, &first);
    before = m->seen ? seen_add(m->seen, event->id, content_hash(event), m->row->number, &same) : 0;
    if (before && same) {
        if (m->row->outcome == ROW_MADE)
            m->row->outcome = ROW_SKIPPED;
        err_say(&m->row->err, ERR_EXISTS, NULL, "the same as row %lld", "与第 %lld 行相同", (long long)same);
    } else if (before && numbered) {
        char number[16];

        snprintf(number, sizeof number, "#%u", before + 1);
        id_add(key, number);
        id_end(event->id, key);
    } else if (before) {
        MAKING_REFUSE(m, COL_NONE, ERR_EXISTS, "a row above is about the same, and says something else", "前面已有同一对象的行，内容不同");
    }
    memcpy(event->key, event->id, UUID_SIZE);
}

void making_text(struct making *m, enum column_id column, const char *field)
{
    const char *raw = making_raw(m, column);

    if (raw && !making_failed(m))
        json_kv_str(&m->json, field, raw);
}

/* Whether there is a cell worth reading. */
static const char *readable(const struct making *m, enum column_id column)
{
    return making_failed(m) ? NULL : making_cell(m, column);
}

void making_count(struct making *m, enum column_id column, const char *field)
{
    const char *cell = readable(m, column);
    struct err err = {0};
    int64_t n;

    if (!cell)
        return;
    if (cell_count(&n, cell, &err))
        making_refuse(m, column, &err);
    else
        json_kv_int(&m->json, field, n);
}

void making_yes_no(struct making *m, enum column_id column, const char *field)
{
    const char *cell = readable(m, column);
    struct err err = {0};
    bool yes;

    if (!cell)
        return;
    if (cell_yes_no(&yes, cell, &err))
        making_refuse(m, column, &err);
    else
        json_kv_bool(&m->json, field, yes);
}

void making_word(struct making *m, enum column_id column, const char *field, const char *const *words)
{
    const char *cell = readable(m, column), *word;
    struct err err = {0};
    size_t len;

    if (!cell)
        return;
    if (cell_word(&word, &len, cell, words, &err)) {
        making_refuse(m, column, &err);
        return;
    }
    json_key(&m->json, field);
    json_strn(&m->json, word, len);
}

void making_day(struct making *m, enum column_id column, const char *field)
{
    const char *cell = readable(m, column);
    struct err err = {0};
    day_t day;

    if (!cell)
        return;
    if (cell_day(&day, cell, &err))
        making_refuse(m, column, &err);
    else
        json_kv_day(&m->json, field, day);
}

bool making_when(struct making *m, enum column_id column, struct cell_when *out)
{
    struct err err = {0};

    if (!making_need(m, column))
        return false;
    if (cell_when(out, making_cell(m, column), &err))
        making_refuse(m, column, &err);
    return !making_failed(m);
}

void making_texts(struct making *m, enum column_id column, const char *field, enum cell_parting parting)
{
    const char *raw = making_failed(m) ? NULL : making_raw(m, column);
    struct cell_list list;

    if (!raw)
        return;
    cell_list(&list, m->arena, raw, parting);
    json_key(&m->json, field);
    json_open(&m->json, '[');
    for (size_t i = 0; i < list.count; i++)
        json_str(&m->json, list.items[i]);
    json_close(&m->json, ']');
}

/* A name that several have, or nobody. */
static void refuse_name(struct making *m, enum column_id column, enum directory_kind kind, const char *cell)
{
    struct entries named = directory_by_name(m->directory, kind, cell);
    const char *nearest = directory_nearest(m->directory, kind, cell);
    struct err err = {0};

    if (named.count > 1)
        err_say(&err, ERR_INVALID_VALUE, NULL, "\"%.60s\" may be %s or %s: write which", "“%.60s”可能是 %s 或 %s：请写明编号", cell, named.first[0].ref,
                named.first[1].ref);
    else
        err_say(&err, ERR_UNKNOWN_REF, NULL, "there is no \"%.60s\" in the register", "名册中没有“%.60s”", cell);
    if (named.count <= 1 && nearest)
        err_hint(&err, nearest);
    making_refuse(m, column, &err);
}

static const char *find(struct making *m, enum column_id column, enum directory_kind kind, const char *cell)
{
    const char *plain = plain_name(m->arena, cell), *ref = directory_find(m->directory, kind, plain);

    if (ref)
        return ref;
    /* Not in force, or out of scope, or in the part of a district that this user may not list: the daemon knows. */
    if (directory_by_name(m->directory, kind, plain).count == 0 && text_ref_check(plain, strlen(plain)) == REF_OK &&
        (unsigned char)plain[0] < 0x80)
        return plain;
    refuse_name(m, column, kind, plain);
    return NULL;
}

const char *making_find(struct making *m, enum column_id column, enum directory_kind kind)
{
    const char *cell = readable(m, column);

    return cell ? find(m, column, kind, cell) : NULL;
}

void making_ref(struct making *m, enum column_id column, const char *field, enum directory_kind kind)
{
    const char *ref = making_find(m, column, kind);

    if (ref)
        json_kv_str(&m->json, field, ref);
}

void making_refs(struct making *m, enum column_id column, const char *field, enum directory_kind kind)
{
    const char *cell = readable(m, column);
    struct cell_list list;

    if (!cell)
        return;
    cell_list(&list, m->arena, cell, PARTING_NAMES);
    json_key(&m->json, field);
    json_open(&m->json, '[');
    for (size_t i = 0; i < list.count && !making_failed(m); i++) {
        const char *ref = find(m, column, kind, list.items[i]);

        if (ref)
            json_str(&m->json, ref);
    }
    json_close(&m->json, ']');
}

const char *making_own_ref(struct making *m, enum column_id column, char letter, const char *const *parts, size_t count)
{
    const char *cell = readable(m, column);
    char made[MADE_REF_SIZE];

    if (cell)
        return cell;
    id_made_ref(made, letter, parts, count);
    return arena_strndup(m->arena, made, strlen(made));
}

void making_extra(struct making *m, struct row_event *event, enum column_id column)
{
    const char *raw = making_raw(m, column);
    struct json json = {.out = &event->extra, .comma = event->extra.len > 0};

    if (raw && !making_failed(m))
        json_kv_str(&json, sheet_column(m->head->kind, column)->name, raw);
}
