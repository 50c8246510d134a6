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
    add_named(out, row, "hours", _("hours"));
    add_named(out, row, "to", "→");
    add_named(out, row, "to_name", "→");
    add_named(out, row, "from_name", "←");
    add_named(out, row, "with", _("with"));
    add_named(out, row, "until", _("until"));
    add_named(out, row, "stars", _("stars"));
    if (json_is_true(json_object_get(row, "erased")))
        add_part(out, _("(erased)"));
    add_named(out, row, "voided_by", _("VOIDED by"));
    add_named(out, row, "replaced_by", _("REPLACED by"));
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
    {"at", N_("AT"), 0, 16, at_text},
    {"type", N_("TYPE"), 0, 18, NULL},
    {"branch", N_("BRANCH"), 0, 10, NULL},
    {"what", N_("WHAT"), COLUMN_CUT_FIRST | COLUMN_TABLE, 60, event_summary},
    {"present_count", N_("PRESENT"), COLUMN_RIGHT | COLUMN_TABLE, 8, present_text},
    {"seq", N_("SEQ"), COLUMN_RIGHT, 8, NULL},
    {"id", NULL, COLUMN_CSV, 0, NULL},
    {"kinds", NULL, COLUMN_CSV, 0, NULL},
    {"member", NULL, COLUMN_CSV, 0, NULL},
    {"unit", NULL, COLUMN_CSV, 0, NULL},
    {"transfer", NULL, COLUMN_CSV, 0, NULL},
    {"with", NULL, COLUMN_CSV, 0, NULL},
    {"title", NULL, COLUMN_CSV, 0, NULL},
    {"hours", NULL, COLUMN_CSV, 0, NULL},
    {"present", NULL, COLUMN_CSV, 0, NULL},
    {"present_count", NULL, COLUMN_CSV, 0, NULL},
    {"due_count", NULL, COLUMN_CSV, 0, NULL},
    {"guests", NULL, COLUMN_CSV, 0, NULL},
    {"place", NULL, COLUMN_CSV, 0, NULL},
    {"channel", NULL, COLUMN_CSV, 0, NULL},
    {"destination", NULL, COLUMN_CSV, 0, NULL},
    {"to", NULL, COLUMN_CSV, 0, NULL},
    {"to_name", NULL, COLUMN_CSV, 0, NULL},
    {"from_name", NULL, COLUMN_CSV, 0, NULL},
    {"reason", NULL, COLUMN_CSV, 0, NULL},
    {"note", NULL, COLUMN_CSV, 0, NULL},
    {"erased", NULL, COLUMN_CSV, 0, NULL},
    {"recorded_at", NULL, COLUMN_CSV, 0, NULL},
    {"recorded_by", NULL, COLUMN_CSV, 0, NULL},
    {"voided_by", NULL, COLUMN_CSV, 0, NULL},
    {"replaced_by", NULL, COLUMN_CSV, 0, NULL},
};
const size_t event_column_count = ARRAY_LEN(event_columns);
