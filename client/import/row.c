#include "import/row.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "import/ids.h"

void row_free(struct row *row)
{
    if (!row)
        return;
    for (size_t i = 0; i < ROW_EVENTS; i++) {
        buf_deinit(&row->events[i].members);
        buf_deinit(&row->events[i].extra);
    }
    for (size_t i = 0; i < row->flag_count; i++)
        free(row->flags[i].text);
    for (size_t i = 0; i < row->cell_count; i++)
        free(row->cells[i]);
    free(row->cells);
    free(row);
}

void row_flag(struct row *row, const char *name, const char *fmt, ...)
{
    struct row_flag *flag = &row->flags[row->flag_count];
    va_list args;

    if (row->flag_count == ROW_FLAGS)
        return;
    flag->name = name;
    va_start(args, fmt);
    if (vasprintf(&flag->text, fmt, args) < 0)
        abort();
    text_drop_broken(flag->text);
    va_end(args);
    row->flag_count++;
}

/* `import` in `extra` tells the row of a correction: by it the row is found when the sheet comes again, though its key was corrected. */
static void write_extra(struct json *json, const struct row_event *e, bool corrects)
{
    char row[UUID_TEXT_SIZE];

    if (e->extra.len == 0 && !corrects)
        return;
    json_key(json, "extra");
    json_open(json, '{');
    if (e->extra.len)
        json_raw(json, e->extra.data, e->extra.len);
    if (corrects) {
        json_key(json, "import");
        json_open(json, '{');
        json_kv_str(json, "row", uuid_format(row, e->key));
        json_close(json, '}');
    }
    json_close(json, '}');
}

static void correction_id(char out[UUID_TEXT_SIZE], const struct row_event *e, const char *replaces)
{
    uint8_t id[UUID_SIZE];
    struct id_maker m;

    id_begin(&m, "correction");
    id_add_bytes(&m, e->key, UUID_SIZE);
    id_add(&m, replaces);
    id_add_bytes(&m, e->members.data, e->members.len);
    id_add_bytes(&m, e->extra.data ? e->extra.data : "", e->extra.len);
    id_end(id, &m);
    uuid_format(out, id);
}

const char *row_event_json(char id_out[UUID_TEXT_SIZE], struct buf *out, struct row_event *e, const char *replaces)
{
    struct json json = json_to(out);

    if (replaces)
        correction_id(id_out, e, replaces);
    else
        uuid_format(id_out, e->id);
    json_open(&json, '{');
    json_kv_str(&json, "id", id_out);
    json_raw(&json, e->members.data, e->members.len);
    if (replaces)
        json_kv_str(&json, "replaces", replaces);
    write_extra(&json, e, replaces != NULL);
    json_close(&json, '}');
    return id_out;
}

/* By the text's date: near enough for a range of days. */
bool row_event_day(day_t *out, const struct row_event *event)
{
    static const char key[] = "\"at\":\"";
    const char *at = memmem(event->members.data, event->members.len, key, sizeof key - 1);
    size_t left = at ? event->members.len - (size_t)(at - event->members.data) - (sizeof key - 1) : 0;

    return left >= 10 && day_parse(out, at + sizeof key - 1, 10);
}
