#include "ledger/word_check.h"

#include <string.h>

#include "access/word.h"
#include "store/store.h"

static bool read_claim(struct word_claim *out, const struct word_rules *rules, const struct event *event)
{
    return rules->key && word_read(out, rules->key, event_text(event, F_WORD)) &&
           out->alert == event_int(event, F_ALERT, 0);
}

bool word_gives_right(const struct word_rules *rules, const struct event *event)
{
    struct word_claim claim;

    return event->type == EV_ALERT_ACKNOWLEDGED && event_has(event, F_WORD) && read_claim(&claim, rules, event) &&
           rules->today <= claim.until;
}

/* Also by an acknowledgement that was taken out of effect: once is once. */
static int check_unspent(struct reading *rd, const struct event *event, struct err *err)
{
    sqlite3_stmt *s = store_stmt(rd->store, SQL_ALERT_ROWS_OF);
    int64_t used = 0;
    int r;

    sqlite3_bind_int64(s, 1, event_int(event, F_ALERT, 0));
    while (used == 0 && (r = store_step(rd->store, s, err)) == 1) {
        int64_t seq = sqlite3_column_int64(s, 0);
        struct stored *row;

        if (stored_get(&row, rd, seq, err) < 0) {
            r = -1;
            break;
        }
        if (event_has(&row->event, F_WORD) && strcmp(event_text(&row->event, F_WORD), event_text(event, F_WORD)) == 0)
            used = seq;
    }
    sqlite3_reset(s);
    if (used == 0)
        return r;
    return err_say(err, ERR_EXISTS, "word", "this word was used already (row %lld): each works once",
                   "该签收码已使用过（第 %lld 行）：每个只能用一次", (long long)used);
}

static int check_level(struct reading *rd, const struct word_claim *claim, struct err *err)
{
    int level = 0;
    bool open;
    int r = store_alert_state(&open, &level, rd->store, claim->alert, err);

    if (r < 0 || level <= claim->level)
        return r < 0 ? -1 : 0;
    return err_say(err, ERR_NOT_IN_FORCE, "word",
                   "alert %lld has become worse since this word was sent: see the newer message, or acknowledge it by its number",
                   "签收码发出后，%lld 号预警的级别已升高：请看更新的通知，或按预警号签收", (long long)claim->alert);
}

int word_check(const struct word_rules *rules, struct reading *rd, const struct event *event, struct err *err)
{
    struct word_claim claim;
    char text[DAY_TEXT_SIZE];
    int r;

    if (event->type != EV_ALERT_ACKNOWLEDGED || !event_has(event, F_WORD))
        return 0;
    if (!read_claim(&claim, rules, event))
        return err_say(err, ERR_INVALID_VALUE, "word", "this is no word for alert %lld: copy it whole from the message",
                       "这不是 %lld 号预警的签收码：请从通知中完整复制", (long long)event_int(event, F_ALERT, 0));
    r = check_unspent(rd, event, err);
    if (r != 0)
        return r;
    if (rules->today > claim.until)
        return err_say(err, ERR_NOT_IN_FORCE, "word", "this word was good until %s", "该签收码的有效期至 %s",
                       day_format(text, claim.until));
    return check_level(rd, &claim, err);
}
