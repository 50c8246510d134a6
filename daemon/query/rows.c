/* Rows that several verbs write. */
#include <string.h>

#include "base/clock.h"
#include "query/answer.h"

static int write_out_of_effect(struct asking *ask, const struct row *row, struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    char id[UUID_TEXT_SIZE];
    struct row by;
    int r;

    if (row->out_by == 0)
        return 0;
    r = store_row_get(&by, &arena, ask->store, row->out_by, err);
    if (r != 1)
        return r < 0 ? -1 : err_fault(err, "row %lld of the ledger is missing", (long long)row->out_by);
    json_kv_str(ask->out, by.type == EV_EVENT_VOIDED ? "voided_by" : "replaced_by",
                uuid_format(id, by.id));
    return 0;
}

void write_instant(struct json *out, const char *key, int64_t us)
{
    char text[CLOCK_TEXT_SIZE];

    json_kv_str(out, key, clock_format_us(text, us));
}

int write_event(struct asking *ask, const struct row *row, struct err *err)
{
    struct json *out = ask->out;

    json_open(out, '{');
    event_join(out->out, row->body.s, row->body.len, row->personal.s, row->personal.len);
    out->comma = true;
    json_kv_int(out, "seq", row->seq);
    write_instant(out, "recorded_at", row->recorded_at);
    json_kv_str(out, "recorded_by", row->recorded_by);
    if (row->erased)
        json_kv_bool(out, "erased", true);
    if (write_out_of_effect(ask, row, err) < 0)
        return -1;
    json_close(out, '}');
    return 0;
}

int write_event_of(struct asking *ask, int64_t seq, struct err *err)
{
    struct row row;
    int r = store_row_get(&row, &ask->scratch, ask->store, seq, err);

    if (r != 1)
        return r < 0 ? -1 : err_fault(err, "row %lld of the ledger is missing", (long long)seq);
    return write_event(ask, &row, err);
}

int write_event_at(struct asking *ask, const struct touch *touch, struct err *err)
{
    int64_t seq = touch->place.seq;
    struct row row;
    int r = store_row_told(&row, &ask->scratch, ask->store, seq, err);

    if (r != 1)
        return r < 0 ? -1 : err_fault(err, "row %lld of the ledger is missing", (long long)seq);
    row.out_by = touch->out_by;
    return write_event(ask, &row, err);
}

void write_subject(struct json *out, enum subject_kind kind, const char *ref)
{
    json_open(out, '{');
    json_kv_str(out, subject_kind_name(kind), ref);
    json_close(out, '}');
}

void write_kinds(struct json *out, const char *key, const struct kinds *kinds, uint64_t which)
{
    json_key(out, key);
    json_open(out, '[');
    for (int i = 0; i <= KIND_MAX; i++)
        if (kinds->names[i] && (which & KIND_BIT(i)))
            json_str(out, kinds->names[i]);
    json_close(out, ']');
}
