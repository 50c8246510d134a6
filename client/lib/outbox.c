#include "outbox.h"

#include <string.h>

#include "base/clock.h"
#include "session.h"

enum { PAGE_ROWS = 100 }; /* shown between two looks into the file */

int muster_outbox_open(struct muster_outbox **outbox_out, const char *path, const struct muster_outbox_bounds *bounds)
{
    struct muster_outbox *outbox = mem_zero(sizeof *outbox);
    int result;

    *outbox_out = outbox;
    trouble_init(&outbox->trouble);
    outbox->bounds = (struct muster_outbox_bounds){MUSTER_OUTBOX_EVENTS, MUSTER_OUTBOX_BYTES};
    if (!path || !*path || (bounds && (bounds->events < 0 || bounds->bytes < 0)))
        return trouble_say(&outbox->trouble, MUSTER_BAD_CALL, "bad_call", "an outbox needs a path, and no negative bounds");
    if (bounds && bounds->events)
        outbox->bounds.events = bounds->events;
    if (bounds && bounds->bytes)
        outbox->bounds.bytes = bounds->bytes;
    outbox->path = mem_strdup(path);
    result = outbox_file_open(outbox);
    if (result != MUSTER_OK)
        outbox_file_close(outbox);
    return result;
}

void muster_outbox_close(struct muster_outbox *outbox)
{
    if (!outbox)
        return;
    outbox_file_close(outbox);
    trouble_deinit(&outbox->trouble);
    free(outbox->path);
    free(outbox);
}

const struct muster_error *muster_outbox_error(const struct muster_outbox *outbox)
{
    return &outbox->trouble.view;
}

/* --- keeping --- */

struct letter {
    char *server; /* as an endpoint */
    const char *ledger, *id, *event;
    size_t len;
};

/* Answers whether the event is there already: *found_out, and then with what result. */
static int find_same(bool *found_out, struct muster_outbox *outbox, const struct letter *letter)
{
    sqlite3_stmt *find = outbox_sql(outbox, OUTBOX_FIND), *again;
    int code, result = MUSTER_OK;

    outbox_bind_text(find, 1, letter->id);
    code = sqlite3_step(find);
    *found_out = code == SQLITE_ROW;
    if (code == SQLITE_ROW && ((size_t)sqlite3_column_bytes(find, 0) != letter->len ||
                               memcmp(sqlite3_column_text(find, 0), letter->event, letter->len) != 0))
        result = trouble_say(&outbox->trouble, MUSTER_REFUSED, "id_conflict",
                             "another event with the id %s is in the outbox", letter->id);
    else if (code != SQLITE_ROW && code != SQLITE_DONE)
        result = outbox_say(outbox);
    sqlite3_reset(find);
    if (!*found_out || result != MUSTER_OK)
        return result;
    again = outbox_sql(outbox, OUTBOX_WAIT_AGAIN);
    outbox_bind_text(again, 1, letter->id);
    return outbox_run(outbox, again);
}

static int check_room(struct muster_outbox *outbox, size_t more_bytes)
{
    sqlite3_stmt *size = outbox_sql(outbox, OUTBOX_SIZE);
    int result = MUSTER_OK;

    if (sqlite3_step(size) != SQLITE_ROW)
        result = outbox_say(outbox);
    else if (sqlite3_column_int64(size, 0) >= outbox->bounds.events ||
             sqlite3_column_int64(size, 1) + (int64_t)more_bytes > outbox->bounds.bytes)
        result = trouble_say(&outbox->trouble, MUSTER_FULL, "outbox_full",
                             "the outbox is full: %lld events, %lld KiB", (long long)sqlite3_column_int64(size, 0),
                             (long long)sqlite3_column_int64(size, 1) / 1024);
    sqlite3_reset(size);
    return result;
}

static int insert(struct muster_outbox *outbox, const struct letter *letter)
{
    sqlite3_stmt *stmt = outbox_sql(outbox, OUTBOX_INSERT);
    struct clock clock;

    clock_init(&clock, 0);
    outbox_bind_text(stmt, 1, letter->id);
    outbox_bind_text(stmt, 2, letter->server);
    outbox_bind_text(stmt, 3, letter->ledger);
    sqlite3_bind_int64(stmt, 4, clock_now_us(&clock));
    sqlite3_bind_int64(stmt, 5, (int64_t)letter->len);
    sqlite3_bind_text(stmt, 6, letter->event, (int)letter->len, SQLITE_TRANSIENT);
    return outbox_run(outbox, stmt);
}

static int keep(struct muster_outbox *outbox, const struct letter *letter)
{
    bool found = false;
    int result = outbox_begin(outbox);

    if (result != MUSTER_OK)
        return result;
    result = find_same(&found, outbox, letter);
    if (result == MUSTER_OK && !found)
        result = check_room(outbox, letter->len);
    if (result == MUSTER_OK && !found)
        result = insert(outbox, letter);
    return outbox_end(outbox, result);
}

static bool is_uuid(const char *text)
{
    uint8_t uuid[UUID_SIZE];

    return text && uuid_parse(uuid, text, strlen(text));
}

int muster_outbox_keep(struct muster_outbox *outbox, const char *server, const char *ledger, const char *event_json,
                       size_t len_bytes)
{
    _cleanup_json_ json_t *event = NULL;
    _cleanup_free_ char *endpoint = NULL;
    struct letter letter = {.ledger = ledger ? ledger : "", .event = event_json, .len = len_bytes};

    trouble_clear(&outbox->trouble);
    if (!outbox->db || !server || !*server || (ledger && !is_uuid(ledger)))
        return trouble_say(&outbox->trouble, MUSTER_BAD_CALL, "bad_call",
                           "keeping needs an open outbox, a server, and a ledger's UUID or none");
    if (len_bytes > MUSTER_OUTBOX_EVENT_BYTES)
        return trouble_say(&outbox->trouble, MUSTER_BAD_CALL, "too_large", "the event is larger than 64 KiB");
    event = json_loadb(event_json, len_bytes, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    letter.id = json_string_value(json_object_get(event, "id"));
    if (!is_uuid(letter.id))
        return trouble_say(&outbox->trouble, MUSTER_BAD_CALL, "bad_call", "this is no JSON object with a UUID as its id");
    letter.server = endpoint = endpoint_from(server);
    return keep(outbox, &letter);
}

/* --- looking --- */

int muster_outbox_count(struct muster_outbox *outbox, const struct muster *session, struct muster_outbox_count *count_out)
{
    sqlite3_stmt *count;
    int result = MUSTER_OK;

    trouble_clear(&outbox->trouble);
    *count_out = (struct muster_outbox_count){0};
    if (!outbox->db)
        return trouble_say(&outbox->trouble, MUSTER_BAD_CALL, "bad_call", "the outbox did not open");
    count = outbox_sql(outbox, OUTBOX_COUNT);
    outbox_bind_text(count, 1, session && *session->ledger ? session->ledger : "-");
    outbox_bind_text(count, 2, session && session->met && !session->rehearsal ? session->endpoint : "");
    if (sqlite3_step(count) == SQLITE_ROW) {
        count_out->waiting = sqlite3_column_int64(count, 0);
        count_out->elsewhere = sqlite3_column_int64(count, 1);
        count_out->refused = sqlite3_column_int64(count, 2);
    } else {
        result = outbox_say(outbox);
    }
    sqlite3_reset(count);
    return result;
}

/* A row as it is given to the callback; its texts are owned, as the statement is let go before. */
struct shown {
    struct muster_kept kept;
    struct muster_error refusal;
    char *texts[9];
};

static void shown_read(struct shown *shown, sqlite3_stmt *row)
{
    static const int columns[] = {1, 2, 3, 4, 7, 8, 9, 10, 11};

    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        shown->texts[i] = mem_strdup(outbox_text(row, columns[i]));
    shown->refusal = (struct muster_error){shown->texts[4], shown->texts[5], shown->texts[6], shown->texts[7], shown->texts[8]};
    shown->kept = (struct muster_kept){
        .place = sqlite3_column_int64(row, 0),
        .id = shown->texts[0],
        .server = shown->texts[1],
        .ledger = shown->texts[2],
        .event = shown->texts[3],
        .kept_us = sqlite3_column_int64(row, 5),
        .tried_us = sqlite3_column_int64(row, 6),
        .refusal = sqlite3_column_type(row, 7) == SQLITE_NULL ? NULL : &shown->refusal,
    };
}

static void shown_deinit(struct shown *shown)
{
    for (size_t i = 0; i < ARRAY_LEN(shown->texts); i++)
        free(shown->texts[i]);
}

static int read_page(struct shown *page, size_t *count_out, struct muster_outbox *outbox, int64_t after)
{
    sqlite3_stmt *rows = outbox_sql(outbox, OUTBOX_PAGE);
    int code, result;

    sqlite3_bind_int64(rows, 1, after);
    sqlite3_bind_int(rows, 2, PAGE_ROWS);
    for (*count_out = 0; (code = sqlite3_step(rows)) == SQLITE_ROW; (*count_out)++)
        shown_read(&page[*count_out], rows);
    result = code == SQLITE_DONE ? MUSTER_OK : outbox_say(outbox);
    sqlite3_reset(rows);
    return result;
}

int muster_outbox_each(struct muster_outbox *outbox, muster_kept_fn *show, void *context)
{
    _cleanup_free_ struct shown *page = mem_alloc(PAGE_ROWS * sizeof *page);
    int64_t after = 0;
    size_t count;
    int result;

    trouble_clear(&outbox->trouble);
    if (!outbox->db || !show)
        return trouble_say(&outbox->trouble, MUSTER_BAD_CALL, "bad_call", "showing needs an open outbox and a callback");
    do {
        result = read_page(page, &count, outbox, after);
        for (size_t i = 0; i < count; i++) {
            if (result == MUSTER_OK)
                show(context, &page[i].kept);
            after = page[i].kept.place;
            shown_deinit(&page[i]);
        }
    } while (result == MUSTER_OK && count == PAGE_ROWS);
    return result;
}

/* --- what people do --- */

int muster_outbox_retry(struct muster_outbox *outbox, const char *id)
{
    sqlite3_stmt *again;

    trouble_clear(&outbox->trouble);
    if (!outbox->db)
        return trouble_say(&outbox->trouble, MUSTER_BAD_CALL, "bad_call", "the outbox did not open");
    again = outbox_sql(outbox, id ? OUTBOX_WAIT_AGAIN : OUTBOX_WAIT_ALL_AGAIN);
    if (id)
        outbox_bind_text(again, 1, id);
    return outbox_run(outbox, again);
}

int muster_outbox_drop(struct muster_outbox *outbox, const char *id, int wait_ms, int *found_out)
{
    _cleanup_fd_ int lock = -1;
    sqlite3_stmt *drop;
    int result;

    trouble_clear(&outbox->trouble);
    if (!outbox->db || !id)
        return trouble_say(&outbox->trouble, MUSTER_BAD_CALL, "bad_call", "dropping needs an open outbox and an id");
    result = outbox_lock(&lock, outbox, wait_ms);
    if (result != MUSTER_OK)
        return result;
    drop = outbox_sql(outbox, OUTBOX_DROP);
    outbox_bind_text(drop, 1, id);
    result = outbox_run(outbox, drop);
    if (found_out)
        *found_out = result == MUSTER_OK && sqlite3_changes(outbox->db) > 0;
    return result;
}
