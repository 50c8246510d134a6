/* export: the rows as they lie there, as lines of an export, page by page (chain/line.h). */
#include "chain/line.h"
#include "query/answer.h"
#include "store/chain_rows.h"

enum {
    ROWS_A_PAGE = 5000,
    PAGE_BYTES = 2 * 1024 * 1024, /* a reply ends after the row with which it is longer */
};

static const struct param params[] = {
    {"after_seq", PARAM_INT, false, NULL, 0, INT64_MAX},
};

static int write_lines(struct asking *ask, sqlite3_stmt *rows, int64_t *last_out, struct err *err)
{
    _cleanup_buf_ struct buf line = {0};
    struct chain_row row;
    int r;

    for (;;) {
        arena_reset(&ask->scratch);
        r = store_chain_row(&row, &ask->scratch, ask->store, rows, err);
        if (r != 1)
            return r;
        buf_clear(&line);
        if (line_write(&line, &row, err) != 0)
            return 1;
        json_strn(ask->out, line.data, line.len);
        *last_out = row.seq;
        if (ask->out->out->len > PAGE_BYTES)
            return 0;
    }
}

static int answer_export(struct asking *ask, struct err *err)
{
    int64_t last = ask_int(ask, "after_seq", 0);
    sqlite3_stmt *rows = store_chain_rows(ask->store, last, ROWS_A_PAGE);
    int r;

    json_kv_int(ask->out, "seq", ask->seq);
    json_key(ask->out, "lines");
    json_open(ask->out, '[');
    r = write_lines(ask, rows, &last, err);
    sqlite3_reset(rows);
    json_close(ask->out, ']');
    if (last < ask->seq)
        json_kv_int(ask->out, "after_seq", last);
    return r;
}

const struct verb verb_export = {
    .name = "export", .flags = VERB_HISTORY, .params = params, .param_count = ARRAY_LEN(params), .answer = answer_export};
