#include "alerts/pretend.h"

#include <string.h>

#include "alerts/alerts_state.h"
#include "alerts/full.h"
#include "base/buf.h"
#include "ledger/ledger_rows.h"
#include "store/alert_table.h"

static void remember_open(void *context, int kind, const char *ref, int64_t count)
{
    struct alerts *a = context;
    int64_t hash = subject_hash((enum subject_kind)kind, ref);

    keymap_set(&a->open, hash, keymap_get(&a->open, hash) + (uintptr_t)count);
}

static void evaluator_deinit(struct alerts *a)
{
    facts_free(a->facts);
    queue_clear(&a->queue);
    keymap_deinit(&a->open);
    arena_deinit(&a->arena);
    free(a->quiet);
}

/* One that listens to nothing and keeps nothing. */
static struct alerts evaluator_like(const struct alerts *model)
{
    struct alerts a = {.ledger = model->ledger, .store = model->store, .pack = model->pack, .tracking_since = model->tracking_since, .quiet_bytes = 64};

    a.facts = facts_new(a.store, ledger_kinds(a.ledger));
    a.quiet = mem_zero(a.quiet_bytes);
    return a;
}

/* Calls back for each row after one; the rows' memory is that of the arena, which is reset between them. */
typedef int row_fn(void *context, struct alerts *a, const struct stored *row, struct err *err);

static int each_row(struct alerts *a, int64_t after, row_fn *take, void *context, struct err *err)
{
    struct reading rd = {a->store, &a->arena, ledger_kinds(a->ledger), false};
    struct store *store = a->store;
    int64_t seq = after;

    for (;;) {
        sqlite3_stmt *rows = store_stmt(store, SQL_ROWS_AFTER);
        struct stored stored = {0};
        int r;

        sqlite3_bind_int64(rows, 1, seq);
        sqlite3_bind_int64(rows, 2, INT64_MAX);
        r = store_step(store, rows, err);
        arena_reset(&a->arena);
        if (r == 1)
            store_row_read(&stored.row, &a->arena, rows);
        sqlite3_reset(rows);
        if (r != 1)
            return r;
        if (stored_from_row(&stored, &rd, err) < 0 || take(context, a, &stored, err) < 0)
            return -1;
        seq = stored.row.seq;
    }
}

static int take_one(void *context, struct alerts *a, const struct stored *row, struct err *err)
{
    int64_t *newest = context;

    *newest = row->row.seq;
    return take_row(a, row, clock_today(ledger_clock(a->ledger)), err);
}

static int evaluate(struct alerts *a, int64_t until_ms, bool *done_out, struct err *err)
{
    day_t today = clock_today(ledger_clock(a->ledger));
    int64_t key;

    while (clock_monotonic_ms() < until_ms) {
        if (!queue_take(&key, &a->queue)) {
            *done_out = true;
            return 0;
        }
        if (evaluate_subject(a, key, today, err) < 0)
            return -1;
        if (facts_size(a->facts) > FACTS_BOUND_BYTES)
            facts_reset(a->facts);
    }
    return 0;
}

struct telling {
    pretended_visit *visit;
    void *context;
};

static const char *text_or_none(const struct event *e, enum field_id field)
{
    const char *text = event_text(e, field);

    return text ? text : "";
}

/* A change and a closing name the alert by its number: rule and subject are those of its opening. */
static int tell_one(void *context, struct alerts *a, const struct stored *row, struct err *err)
{
    struct telling *telling = context;
    struct reading rd = {a->store, &a->arena, ledger_kinds(a->ledger), false};
    const struct event *e = &row->event, *opening = e;
    struct pretended change = {.type = e->type, .level = text_or_none(e, F_LEVEL), .since = text_or_none(e, F_SINCE), .why = text_or_none(e, F_WHY)};
    struct stored *opened;

    if (e->type != EV_ALERT_OPENED) {
        change.alert = event_int(e, F_ALERT, 0);
        if (stored_get(&opened, &rd, change.alert, err) < 0)
            return -1;
        opening = &opened->event;
    }
    change.rule = text_or_none(opening, F_RULE);
    change.kind = opening->values[F_SUBJECT]->subject;
    change.ref = opening->values[F_SUBJECT]->text.s;
    return telling->visit(telling->context, &change, err);
}

int alerts_pretend(const struct alerts *model, int64_t after, int64_t budget_ms, pretended_visit *visit, void *context, bool *done_out,
                   struct err *err)
{
    CLEANUP(evaluator_deinit) struct alerts a = evaluator_like(model);
    struct telling telling = {visit, context};
    int64_t until_ms = clock_monotonic_ms() + budget_ms, newest = after;

    *done_out = false;
    if (store_alert_subjects(a.store, remember_open, &a, err) < 0 || each_row(&a, after, take_one, &newest, err) < 0 ||
        evaluate(&a, until_ms, done_out, err) < 0)
        return -1;
    return each_row(&a, newest, tell_one, &telling, err);
}
