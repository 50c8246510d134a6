#include "bulk.h"

#include <stdio.h>
#include <string.h>

#include "ledger/ledger.h"
#include "prepare.h"
#include "store/upkeep.h"

enum { BATCH_ROWS = 20000, UPKEEP_ALL_MS = 1 << 30 };

struct bulk {
    struct store *store;
    const struct world *world;
    int64_t seq; /* of the newest row */
};

/* Units, branches and members come in this order, and get their keys in it. */
static int64_t unit_key(const struct bulk *b, int64_t unit)
{
    (void)b;
    return 1 + unit;
}

static int64_t branch_key(const struct bulk *b, int64_t branch)
{
    return 1 + b->world->branches + branch;
}

static int64_t member_key(const struct bulk *b, int64_t member)
{
    return 1 + 2 * b->world->branches + member;
}

static int add_subject(struct bulk *b, enum subject_kind kind, const char *ref, int64_t key,
                       struct err *err)
{
    sqlite3_stmt *s = store_stmt(b->store, SQL_SUBJECT_ADD);

    sqlite3_bind_int(s, 1, (int)kind);
    sqlite3_bind_text(s, 2, ref, -1, SQLITE_STATIC);
    if (store_run(b->store, s, err) < 0)
        return -1;
    if (sqlite3_last_insert_rowid(store_db(b->store)) != key)
        return err_fault(err, "%s has not the number %lld", ref, (long long)key);
    return 0;
}

/* The new subject of a register event, and what its fold comes to: one entry, never ended. */
static int add_register(struct bulk *b, const struct prepared *p, struct err *err)
{
    const struct subjects *about = &p->about;
    day_t day = p->touch.place.day;
    char ref[REF_BUF];

    if (p->row.type == EV_UNIT_REGISTERED) {
        int64_t key = unit_key(b, about->unit);

        if (add_subject(b, SUBJECT_UNIT, unit_ref(ref, about->unit), key, err) < 0)
            return -1;
        return store_standing_set(b->store, key, day, DAY_NEVER, err);
    }
    if (p->row.type == EV_BRANCH_FOUNDED) {
        int64_t key = branch_key(b, about->branch);

        if (add_subject(b, SUBJECT_BRANCH, branch_ref(ref, about->branch), key, err) < 0)
            return -1;
        return store_standing_set(b->store, key, day, DAY_NEVER, err);
    }
    if (p->row.type == EV_MEMBER_ADMITTED) {
        struct stint stint = {
            .member = member_key(b, about->member),
            .branch = branch_key(b, about->branch),
            .unit = unit_key(b, about->unit),
            .from = day,
            .to = DAY_NEVER,
            .full = p->full,
        };

        if (add_subject(b, SUBJECT_MEMBER, member_ref(ref, about->member), stint.member, err) < 0)
            return -1;
        return store_stint_add(b->store, &stint, err);
    }
    return 0;
}

static size_t touch_subjects(struct touching *out, const struct bulk *b, enum event_type type,
                             const struct subjects *about)
{
    uint32_t list = about->present_count ? ROLE_HAS_LIST | ROLE_HAS_ROLL : 0;
    size_t n = 0;

    if (type == EV_UNIT_REGISTERED)
        out[n++] = (struct touching){unit_key(b, about->unit), ROLE_SELF};
    if (about->member >= 0)
        out[n++] = (struct touching){member_key(b, about->member), ROLE_SELF};
    if (type == EV_MEMBER_ADMITTED)
        out[n++] = (struct touching){unit_key(b, about->unit), ROLE_MENTION};
    if (about->branch >= 0)
        out[n++] = (struct touching){branch_key(b, about->branch),
                                     type == EV_BRANCH_FOUNDED    ? ROLE_SELF
                                     : type == EV_MEMBER_ADMITTED ? ROLE_MENTION
                                                                     : ROLE_HOST | list};
    if (type == EV_BRANCH_FOUNDED)
        out[n++] = (struct touching){unit_key(b, about->unit), ROLE_MENTION};
    for (int i = 0; i < about->present_count; i++)
        out[n++] = (struct touching){member_key(b, about->present[i]), ROLE_PRESENT | list};
    return n;
}

static int add_row(struct bulk *b, const struct prepared *p, struct err *err)
{
    struct touching subjects[ROLL_MAX + 4];
    size_t n = touch_subjects(subjects, b, p->row.type, &p->about);

    b->seq = p->row.seq;
    if (store_row_insert(b->store, &p->row, err) < 0 || add_register(b, p, err) < 0)
        return -1;
    return store_event_add(b->store, &p->touch, subjects, n, 0, err);
}

/* After a transaction: what the daemon does between commits, and the WAL kept small. */
static int tidy(struct store *store, struct err *err)
{
    bool more;

    if (store_upkeep(store, UPKEEP_ALL_MS, &more, err) < 0)
        return -1;
    store_checkpoint(store);
    return 0;
}

/* One transaction. *more_out: there may be another. */
static int fill_batch(bool *more_out, struct bulk *b, struct preparer *preparer, struct err *err)
{
    const struct prepared *next = NULL;
    char count[64];

    if (store_begin(b->store, err) < 0)
        return -1;
    for (int i = 0; i < BATCH_ROWS && (next = preparer_next(preparer, err)); i++)
        if (add_row(b, next, err) < 0)
            return -1;
    if (err->code != ERR_NONE)
        return -1;
    *more_out = next != NULL;
    snprintf(count, sizeof count, "%lld %lld", (long long)b->seq, (long long)b->seq - 1);
    if (store_meta_set(b->store, "events_counted", count, err) < 0 || store_commit(b->store, err) < 0)
        return -1;
    return tidy(b->store, err);
}

static int fill_in_bulk(struct ledger *ledger, struct stream *stream, struct err *err)
{
    struct bulk b = {.store = ledger_store(ledger), .world = &stream->world};
    uint8_t chain[CHAIN_SIZE];
    struct preparer *preparer;
    int64_t recorded_at;
    bool more = true;
    int r = 0;

    if (store_row_last(&b.seq, &recorded_at, chain, b.store, err) != 1)
        return -1;
    preparer = preparer_new(stream, ledger_kinds(ledger), b.seq, chain);
    while (more && r == 0)
        r = fill_batch(&more, &b, preparer, err);
    preparer_free(preparer);
    if (r < 0)
        store_rollback(b.store);
    return r;
}

static int fill_checked(struct ledger *ledger, struct stream *stream, struct err *err)
{
    struct streamed next = {0};
    struct submit_result result = {.status = SUBMIT_RECORDED};
    int r = 0;

    for (bool more = true; more && r == 0;) {
        r = ledger_begin(ledger, err);
        for (int i = 0; r == 0 && i < BATCH_ROWS && (more = stream_next(&next, stream)); i++) {
            ledger_clock(ledger)->fake_us = next.recorded_us;
            r = ledger_submit(ledger, next.json.data, next.json.len, "bench", &result, err);
            if (r == 0 && result.status != SUBMIT_RECORDED) {
                *err = result.err;
                r = -1;
            }
        }
        if (r == 0)
            r = ledger_commit(ledger, err);
        if (r == 0)
            r = tidy(ledger_store(ledger), err);
    }
    buf_deinit(&next.json);
    return r;
}

/* While it is being filled nobody relies on it: nothing is synced. */
static int set_sync(struct store *store, const char *mode, struct err *err)
{
    char pragma[64];

    snprintf(pragma, sizeof pragma, "PRAGMA synchronous = %s", mode);
    if (sqlite3_exec(store_db(store), pragma, NULL, NULL, NULL) != SQLITE_OK)
        return err_fault(err, "cannot set %s: %s", pragma, sqlite3_errmsg(store_db(store)));
    return 0;
}

/* One file, with nothing left in the WAL, so that it can be copied. */
static int seal_file(struct store *store, struct err *err)
{
    if (set_sync(store, "FULL", err) < 0)
        return -1;
    if (sqlite3_wal_checkpoint_v2(store_db(store), NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) !=
        SQLITE_OK)
        return err_fault(err, "cannot checkpoint: %s", sqlite3_errmsg(store_db(store)));
    return 0;
}

int bulk_fill(int64_t *rows_out, const struct bulk_options *options, struct stream *stream,
              struct err *err)
{
    struct ledger_options ledger_options = {
        .path = options->path,
        .timezone = "Asia/Shanghai",
        .rehearsal = !options->real,
        .transfer_valid_days = 90,
    };
    _cleanup_ledger_ struct ledger *ledger = NULL;
    uint8_t chain[CHAIN_SIZE];
    int64_t recorded_at;
    struct clock clock;

    clock_init(&clock, 0);
    clock.fake_us = stream_start_us(stream);
    if (ledger_open(&ledger, &ledger_options, &clock, err) != 0 ||
        set_sync(ledger_store(ledger), "OFF", err) < 0)
        return -1;
    if ((options->checked ? fill_checked : fill_in_bulk)(ledger, stream, err) < 0)
        return -1;
    if (store_row_last(rows_out, &recorded_at, chain, ledger_store(ledger), err) < 0)
        return -1;
    return seal_file(ledger_store(ledger), err);
}
