/* Event rows as people read them: one line, whatever the type. */
#include <string.h>

#include "cells.h"
#include "reading.h"
#include "say.h"
#include "words.h"

static void add_part(struct buf *out, const char *text)
{
    if (!*text)
        return;
    if (out->len)
        buf_add_str(out, "  ");
    buf_add_str(out, text);
}

static void add_member(struct buf *out, const json_t *row, const char *key)
{
    _cleanup_buf_ struct buf text = {0};

    cell_member(&text, row, key);
    add_part(out, buf_str(&text));
}

/* A list of texts as it is: these are people's own words. */
static void add_plain(struct buf *out, const json_t *row, const char *key)
{
    _cleanup_buf_ struct buf text = {0};

    cell_plain(&text, json_object_get(row, key));
    add_part(out, buf_str(&text));
}

static void add_named(struct buf *out, const json_t *row, const char *key, const char *name)
{
    _cleanup_buf_ struct buf text = {0}, part = {0};

    cell_member(&text, row, key);
    if (text.len == 0)
        return;
    buf_addf(&part, "%s %s", name, buf_str(&text));
    add_part(out, buf_str(&part));
}

void event_summary(struct buf *out, const json_t *row)
{
    static const char *const shown[] = {"kinds", "member", "unit", "transfer", "alliance", "body", "office",
                                        "person", "exemption", "alert", "event", "subject", "level", "channel"};
    static const char *const words[] = {"rule", "title", "name", "destination", "reason", "note"};

    for (size_t i = 0; i < ARRAY_LEN(shown); i++)
        add_member(out, row, shown[i]);
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        add_plain(out, row, words[i]);
    add_part(out, label_shown(cell_string(row, "why")));
    add_named(out, row, "hours", tr("hours", "学时"));
    add_named(out, row, "to", "→");
    add_named(out, row, "to_name", "→");
    add_named(out, row, "from_name", "←");
    add_named(out, row, "with", tr("with", "联合"));
    add_named(out, row, "until", tr("until", "至"));
    add_named(out, row, "stars", tr("stars", "星级"));
    if (json_is_true(json_object_get(row, "erased")))
        add_part(out, tr("(erased)", "（已删除）"));
    add_named(out, row, "voided_by", tr("VOIDED by", "已作废："));
    add_named(out, row, "replaced_by", tr("REPLACED by", "已更正："));
}

static void present_text(struct buf *out, const json_t *row)
{
    const json_t *list = json_object_get(row, "present");
    const json_t *count = json_object_get(row, "present_count");
    const json_t *due = json_object_get(row, "due_count");

    if (count)
        cell_plain(out, count);
    else if (list)
        buf_addf(out, "%zu", json_array_size(list));
    if (out->len && due) {
        buf_add_char(out, '/');
        cell_plain(out, due);
    }
}

/* "2022-11-05 15:00": the offset is the ledger's almost always, and is in --json. */
static void at_text(struct buf *out, const json_t *row)
{
    const char *at = cell_string(row, "at");

    buf_addf(out, "%.10s", at);
    if (strlen(at) >= 16)
        buf_addf(out, " %.5s", at + 11);
}

const struct column event_columns[] = {
    {"at", "AT", "时间", 0, 16, at_text},
    {"type", "TYPE", "类型", 0, 18, NULL},
    {"branch", "BRANCH", "支部", 0, 10, NULL},
    {"what", "WHAT", "内容", COLUMN_CUT_FIRST | COLUMN_TABLE, 60, event_summary},
    {"present_count", "PRESENT", "到会", COLUMN_RIGHT | COLUMN_TABLE, 8, present_text},
    {"seq", "SEQ", "序号", COLUMN_RIGHT, 8, NULL},
    {"id", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"kinds", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"member", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"unit", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"transfer", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"with", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"title", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"hours", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"present", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"present_count", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"due_count", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"guests", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"place", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"channel", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"destination", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"to", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"to_name", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"from_name", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"reason", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"note", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"erased", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"recorded_at", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"recorded_by", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"voided_by", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"replaced_by", NULL, NULL, COLUMN_CSV, 0, NULL},
};
const size_t event_column_count = ARRAY_LEN(event_columns);
