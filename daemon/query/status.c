/* status: what this room knows of it; the service's own members come as text (query.h). */
#include <string.h>

#include "query/scope.h"
#include "store/notices.h"

static int write_head(struct asking *ask, struct err *err)
{
    uint8_t chain[CHAIN_SIZE];
    char hex[CHAIN_SIZE * 2 + 1];
    int64_t seq, recorded_at;
    int r = store_row_last(&seq, &recorded_at, chain, ask->store, err);

    if (r < 0)
        return -1;
    json_key(ask->out, "head");
    if (r == 0) {
        json_nil(ask->out);
        return 0;
    }
    for (size_t i = 0; i < CHAIN_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", chain[i]);
    json_str(ask->out, hex);
    return 0;
}

static int write_alert_counts(struct asking *ask, struct err *err)
{
    sqlite3_stmt *s = store_stmt(ask->store, SQL_ALERTS_COUNT);
    int64_t counts[LEVEL_RED + 1] = {0};
    int r;

    while ((r = store_step(ask->store, s, err)) == 1) {
        int level = sqlite3_column_int(s, 0);

        if (level > LEVEL_NONE && level <= LEVEL_RED)
            counts[level] = sqlite3_column_int64(s, 1);
    }
    json_key(ask->out, "alerts");
    json_open(ask->out, '{');
    for (int level = LEVEL_NOTICE; level <= LEVEL_RED; level++)
        json_kv_int(ask->out, level_name((enum level)level), counts[level]);
    json_close(ask->out, '}');
    return r;
}

/* Of a scope: one by one, as many as one request may look at. */
static int write_alert_counts_within(struct asking *ask, struct err *err)
{
    sqlite3_stmt *s = store_stmt(ask->store, SQL_ALERTS_WORST);
    int64_t counts[LEVEL_RED + 1] = {0};
    int r, more = 0;

    sqlite3_bind_int(s, 1, -(LEVEL_RED + 1));
    sqlite3_bind_int(s, 2, 0);
    sqlite3_bind_int64(s, 3, 0);
    while ((r = store_step(ask->store, s, err)) == 1 && (more = ask_spend(ask, 1, err)) == 0) {
        int level = sqlite3_column_int(s, 3);
        bool within;

        if (scope_has_key(&within, ask, sqlite3_column_int64(s, 2), err) < 0) {
            more = -1;
            break;
        }
        counts[level] += within;
    }
    sqlite3_reset(s);
    if (r < 0 || more < 0)
        return -1;
    json_key(ask->out, "alerts");
    json_open(ask->out, '{');
    for (int level = LEVEL_NOTICE; level <= LEVEL_RED; level++)
        json_kv_int(ask->out, level_name((enum level)level), counts[level]);
    json_close(ask->out, '}');
    return 0;
}

/* What people are still to be told, and what they could not be. */
static int write_notices(struct asking *ask, struct err *err)
{
    struct notice_counts counts;

    if (store_notice_counts(&counts, ask->store, err) < 0)
        return -1;
    json_key(ask->out, "notices");
    json_open(ask->out, '{');
    json_kv_int(ask->out, "waiting", counts.waiting);
    json_kv_int(ask->out, "sending", counts.sending);
    json_kv_int(ask->out, "failed", counts.failed);
    json_close(ask->out, '}');
    return 0;
}

static int answer_status(struct asking *ask, struct err *err)
{
    struct json *out = ask->out;
    const char *members = ask->env->status;

    json_kv_str(out, "timezone", ask->opened->timezone);
    json_kv_day(out, "tracking_since", ask->env->tracking_since);
    write_kinds(out, "kinds", ask->kinds, ~(KIND_BIT(KIND_TRAINING) | KIND_BIT(KIND_CONTACT)));
    json_kv_int(out, "seq", ask->seq);
    if (write_head(ask, err) < 0)
        return -1;
    json_kv_day(out, "today", ask->env->today);
    write_instant(out, "now", ask->env->now_us);
    if ((ask->realm ? write_alert_counts_within(ask, err) : write_alert_counts(ask, err)) < 0)
        return -1;
    if (ask_may(ask, DEED_READ_COUNTERS) && write_notices(ask, err) < 0)
        return -1;
    if (members && *members)
        json_raw(out, members, strlen(members));
    return 0;
}

const struct verb verb_status = {.name = "status", .answer = answer_status};
