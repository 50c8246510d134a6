/* head: the newest row's chain value, or that of a row asked for, signed (chain/head.h). */
#include <string.h>

#include "base/text.h"
#include "proof/head_key.h"
#include "query/answer.h"
#include "store/chain_rows.h"

static const struct param params[] = {
    {"seq", PARAM_INT, false, NULL, 1, INT64_MAX},
};

static int answer_head(struct asking *ask, struct err *err)
{
    int64_t seq = ask_int(ask, "seq", ask->seq);
    struct head head = {.seq = seq};
    struct chain_row row;
    sqlite3_stmt *rows;
    int r;

    if (!ask->env->head_key)
        return err_say(err, ERR_UNAVAILABLE, NULL, "this daemon has no key to sign with", "此服务没有签名密钥");
    if (seq > ask->seq)
        return err_say(err, ERR_UNKNOWN_REF, "seq", "there is no row %lld: the newest is %lld", "没有第 %lld 行：最新为第 %lld 行",
                       (long long)seq, (long long)ask->seq);
    rows = store_chain_rows(ask->store, seq - 1, 1);
    r = store_chain_row(&row, &ask->scratch, ask->store, rows, err);
    sqlite3_reset(rows);
    if (r < 0)
        return -1;
    if (r == 0 || row.seq != seq || row.broken)
        return err_say(err, ERR_UNAVAILABLE, NULL, "row %lld is damaged: muster verify says more", "第 %lld 行已损坏：请用 muster verify 查看",
                       (long long)seq);
    text_copy(head.ledger, sizeof head.ledger, ask->opened->uuid);
    memcpy(head.chain, row.chain, CHAIN_SIZE);
    clock_format_us(head.at, ask->env->now_us);
    head_key_sign(&head, ask->env->head_key);
    json_key(ask->out, "head");
    json_open(ask->out, '{');
    head_write(ask->out->out, &head);
    json_close(ask->out, '}');
    return 0;
}

const struct verb verb_head = {.name = "head", .params = params, .param_count = ARRAY_LEN(params), .answer = answer_head};
