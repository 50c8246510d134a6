#include "proof/deep.h"

#include <string.h>

#include "base/text.h"
#include "ledger/derive.h"
#include "store/touches.h"

static const struct {
    const char *name;
    enum sql_id rows;
} tables[] = {
    {"subject", SQL_DEEP_SUBJECT},   {"touch", SQL_DEEP_TOUCH},     {"effect", SQL_DEEP_EFFECT},
    {"standing", SQL_DEEP_STANDING}, {"stint", SQL_DEEP_STINT},     {"alert", SQL_DEEP_ALERT},
    {"alert_row", SQL_DEEP_ALERT_ROW}, {"access_key", SQL_DEEP_ACCESS_KEY}, {"realm", SQL_DEEP_REALM},
    {"realm_unit", SQL_DEEP_REALM_UNIT}, {"about", SQL_DEEP_ABOUT},
};

static bool same_value(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
    int len = sqlite3_column_bytes(a, column);

    if (sqlite3_column_type(a, column) != sqlite3_column_type(b, column) || len != sqlite3_column_bytes(b, column))
        return false;
    if (sqlite3_column_type(a, column) == SQLITE_INTEGER)
        return sqlite3_column_int64(a, column) == sqlite3_column_int64(b, column);
    return len == 0 || memcmp(sqlite3_column_blob(a, column), sqlite3_column_blob(b, column), (size_t)len) == 0;
}

static bool same_row(sqlite3_stmt *a, sqlite3_stmt *b)
{
    for (int i = 0; i < sqlite3_column_count(a); i++)
        if (!same_value(a, b, i))
            return false;
    return true;
}

static int same_table(bool *same_out, struct store *one, struct store *other, enum sql_id rows, struct err *err)
{
    sqlite3_stmt *a = store_stmt(one, rows), *b = store_stmt(other, rows);
    int r, s;

    do {
        r = store_step(one, a, err);
        s = r < 0 ? r : store_step(other, b, err);
        *same_out = r == s && (r != 1 || same_row(a, b));
    } while (r == 1 && s == 1 && *same_out);
    sqlite3_reset(a);
    sqlite3_reset(b);
    return r < 0 || s < 0 ? -1 : 0;
}

static bool same_touch(const struct touch *a, const struct touch *b)
{
    return place_compare(&a->place, &b->place) == 0 && a->type == b->type && a->role == b->role && a->kinds == b->kinds &&
           a->hours == b->hours && a->out_by == b->out_by;
}

static int same_activities(bool *same_out, struct store *one, struct store *other, int64_t subject, struct err *err)
{
    struct touch_walk a, b;
    struct touch x, y;
    int r, s;

    touch_walk_init(&a, one, subject, NULL);
    touch_walk_init(&b, other, subject, NULL);
    do {
        r = touch_walk_next(&x, &a, err);
        s = r < 0 ? r : touch_walk_next(&y, &b, err);
        *same_out = r == s && (r != 1 || same_touch(&x, &y));
    } while (r == 1 && s == 1 && *same_out);
    return r < 0 || s < 0 ? -1 : 0;
}

/* Subjects are numbered from 1 on, without gaps; 0 is the whole ledger. */
static int all_activities(bool *same_out, struct store *one, struct store *other, const struct deadline *deadline, struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    int r = 1;

    *same_out = true;
    for (int64_t subject = WHOLE_LEDGER; r == 1 && *same_out; subject++) {
        enum subject_kind kind;
        const char *ref;

        if (deadline_passed(deadline))
            return err_fault(err, "the comparison took longer than it may");
        arena_reset(&arena);
        r = subject ? store_subject_get(&kind, &ref, &arena, one, subject, err) : 1;
        if (r == 1 && same_activities(same_out, one, other, subject, err) < 0)
            return -1;
    }
    return r < 0 ? -1 : 0;
}

static int compare(char differs_out[DEEP_NAME_SIZE], struct store *one, struct store *other, const struct deadline *deadline,
                   struct err *err)
{
    bool same = true;

    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        if (deadline_passed(deadline))
            return err_fault(err, "the comparison took longer than it may");
        if (same_table(&same, one, other, tables[i].rows, err) < 0)
            return -1;
        if (!same) {
            text_copy(differs_out, DEEP_NAME_SIZE, tables[i].name);
            return 0;
        }
    }
    if (all_activities(&same, one, other, deadline, err) < 0)
        return -1;
    if (!same)
        text_copy(differs_out, DEEP_NAME_SIZE, "activity");
    return 0;
}

static int check_in_snapshot(char differs_out[DEEP_NAME_SIZE], struct store *store, int64_t rows_max,
                             const struct deadline *deadline, struct err *err)
{
    _cleanup_store_ struct store *replayed = NULL;
    uint8_t chain[CHAIN_SIZE];
    struct kinds kinds;
    int64_t seq, at;
    int r;

    kinds_init(&kinds);
    r = store_row_last(&seq, &at, chain, store, err) < 0 || store_kinds_load(&kinds, store, err) < 0 ? -1 : 0;
    if (r == 0 && seq > rows_max)
        r = err_say(err, ERR_UNAVAILABLE, "deep",
                    "there are %lld rows, more than the %lld that may be replayed in memory (history_rows): try musterd --rebuild on a copy",
                    "共有 %lld 行，超过可在内存中重放的 %lld 行（history_rows）：请在副本上用 musterd --rebuild", (long long)seq,
                    (long long)rows_max);
    if (r == 0)
        r = ledger_replay(&replayed, store, &kinds, seq, deadline, err);
    if (r == 0)
        r = store_begin_read(replayed, err);
    if (r == 0)
        r = compare(differs_out, store, replayed, deadline, err);
    if (replayed)
        store_rollback(replayed);
    kinds_deinit(&kinds);
    return r;
}

int deep_check(char differs_out[DEEP_NAME_SIZE], struct store *store, int64_t rows_max, const struct deadline *deadline,
               struct err *err)
{
    int r;

    store_forget(store); /* what lies in the file counts, not what memory holds of it */
    r = store_begin_read(store, err);
    differs_out[0] = '\0';
    if (r == 0)
        r = check_in_snapshot(differs_out, store, rows_max, deadline, err);
    store_rollback(store);
    return r;
}
