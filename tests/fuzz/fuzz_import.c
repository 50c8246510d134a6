/* Sheets: whatever the file, it is refused with a sentence, or every row of it is made, skipped or refused; what is made is an event's JSON, and a
 * second look at the file gives the same. */
#include <jansson.h>

#include "../unit/import_stage.h"
#include "base/text.h"
#include "base/zone.h"
#include "fuzz.h"

enum { FIRST_ROWS = 200 };

static void check_row(const struct row *row)
{
    FUZZ_CHECK(row->number > 0 && row->event_count <= ROW_EVENTS && row->flag_count <= ROW_FLAGS);
    FUZZ_CHECK((row->outcome == ROW_MADE) == (row->event_count > 0));
    FUZZ_CHECK(row->outcome != ROW_REFUSED || (row->err.code != ERR_NONE && row->err.en[0] && row->err.zh[0]));
    for (size_t i = 0; i < row->flag_count; i++)
        FUZZ_CHECK(row->flags[i].text && text_utf8_valid(row->flags[i].text, strlen(row->flags[i].text)));
}

static void add_events(struct buf *out, struct row *row)
{
    for (size_t i = 0; i < row->event_count; i++) {
        _cleanup_buf_ struct buf json = {0};
        char id[UUID_TEXT_SIZE];
        json_t *event;

        row_event_json(id, &json, &row->events[i], NULL);
        event = json_loadb(json.data, json.len, JSON_REJECT_DUPLICATES, NULL);
        FUZZ_CHECK(event && json_is_string(json_object_get(event, "at")) && json_is_string(json_object_get(event, "type")));
        json_decref(event);
        buf_add(out, json.data, json.len);
    }
}

/* False: it could not be read to its end. */
static bool read_all(struct buf *out, struct importer *importer)
{
    struct err err = {0};
    int r = 0, rows = 0;

    do {
        _cleanup_row_ struct row *row = NULL;

        r = importer_next(&row, importer, &err);
        FUZZ_CHECK((r == 1) == (row != NULL));
        if (!row)
            break;
        check_row(row);
        add_events(out, row);
    } while (++rows < FIRST_ROWS);
    return r >= 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    _cleanup_fd_ int fd = file_of((const char *)data, size);
    _cleanup_importer_ struct importer *importer = NULL;
    _cleanup_buf_ struct buf first = {0}, second = {0};
    struct fake fake = {.outside = size % 2};
    struct import_asking asking = fake_asking(&fake);
    struct head_options options = {0};
    struct err err = {0};
    int failed;

    if (!ready && zone_set("Asia/Shanghai", &err) != 0)
        abort();
    ready = true;
    failed = importer_open(&importer, fd, &options, &asking, &err);
    FUZZ_CHECK((failed != 0) == (err.code != ERR_NONE) && (failed != 0) == (importer == NULL));
    if (failed)
        return 0;
    FUZZ_CHECK(read_all(&first, importer));
    FUZZ_CHECK(importer_rewind(importer, &err) == 0);
    FUZZ_CHECK(read_all(&second, importer));
    FUZZ_CHECK(first.len == second.len && (first.len == 0 || memcmp(first.data, second.data, first.len) == 0));
    return 0;
}
