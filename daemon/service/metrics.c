/* What is measured, in Prometheus' text format. Counters since the start; no name, id or text of anything recorded. */
#include <inttypes.h>

#include "pack/pack.h"
#include "service/pulse.h"
#include "service/service_state.h"
#include "store/notices.h"

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_addf(out, "# HELP muster_%s %s\n# TYPE muster_%s %s\n", name, help, name, type);
}

static void one(struct buf *out, const char *name, const char *type, const char *help, int64_t value)
{
    head(out, name, type, help);
    buf_addf(out, "muster_%s %" PRId64 "\n", name, value);
}

static void labelled(struct buf *out, const char *name, const char *label, const char *value, int64_t number)
{
    buf_addf(out, "muster_%s{%s=\"%s\"} %" PRId64 "\n", name, label, value, number);
}

static int write_alerts(struct buf *out, struct service *s, struct err *err)
{
    sqlite3_stmt *stmt = store_stmt(ledger_store(s->ledger), SQL_ALERTS_COUNT);
    int64_t open[LEVEL_RED + 1] = {0};
    int r;

    while ((r = store_step(ledger_store(s->ledger), stmt, err)) == 1) {
        int level = sqlite3_column_int(stmt, 0);

        if (level >= LEVEL_NOTICE && level <= LEVEL_RED)
            open[level] = sqlite3_column_int64(stmt, 1);
    }
    head(out, "alerts_open", "gauge", "Open alerts by level.");
    for (int level = LEVEL_NOTICE; level <= LEVEL_RED; level++)
        labelled(out, "alerts_open", "level", level_name((enum level)level), open[level]);
    return r;
}

static int write_notices(struct buf *out, struct service *s, struct err *err)
{
    struct teller_counts tries = teller_counts(s->teller);
    struct notice_counts counts;

    if (store_notice_counts(&counts, ledger_store(s->ledger), err) < 0)
        return -1;
    head(out, "notices", "gauge", "What people are to be told: lines that wait, messages being sent, messages that failed.");
    labelled(out, "notices", "state", "waiting", counts.waiting);
    labelled(out, "notices", "state", "sending", counts.sending);
    labelled(out, "notices", "state", "failed", counts.failed);
    head(out, "notice_tries_total", "counter", "Tries to send a message by how they ended.");
    labelled(out, "notice_tries_total", "outcome", "sent", tries.sent);
    labelled(out, "notice_tries_total", "outcome", "later", tries.later);
    labelled(out, "notice_tries_total", "outcome", "never", tries.never);
    return 0;
}

static void write_traffic(struct buf *out, const struct service *s)
{
    const int64_t *values = s->counters.values;

    head(out, "replies_total", "counter", "Answers by their outcome.");
    labelled(out, "replies_total", "outcome", "ok", values[COUNT_OK]);
    labelled(out, "replies_total", "outcome", "error", values[COUNT_ERROR]);
    head(out, "events_total", "counter", "Submitted events by their verdict.");
    labelled(out, "events_total", "verdict", "recorded", values[COUNT_RECORDED]);
    labelled(out, "events_total", "verdict", "duplicate", values[COUNT_DUPLICATE]);
    labelled(out, "events_total", "verdict", "refused", values[COUNT_REFUSED]);
    one(out, "commits_total", "counter", "Commits of submitted events.", values[COUNT_BATCHES]);
    one(out, "store_faults_total", "counter", "Failures of the store.", values[COUNT_FAULTS]);
}

int metrics_write(struct buf *out, struct service *s, struct err *err)
{
    head(out, "info", "gauge", "The daemon.");
    buf_addf(out, "muster_info{version=\"" MUSTER_VERSION "\",ledger=\"%s\"} 1\n", ledger_uuid(s->ledger));
    one(out, "start_time_seconds", "gauge", "When it was started, in seconds since 1970.", s->started_us / 1000000);
    one(out, "rehearsal", "gauge", "1: the ledger is a rehearsal.", ledger_rehearsal(s->ledger));
    one(out, "recording", "gauge", "0: nothing is recorded, as the clock is in doubt or the disk fails.",
        !s->leapt && !s->failing);
    one(out, "settling", "gauge", "1: alerts wait for what senders have kept.", evaluation_settling(&s->evaluation));
    one(out, "ledger_rows", "gauge", "Rows of the ledger.", ledger_seq(s->ledger));
    one(out, "evaluation_lag_rows", "gauge", "Rows that alerts do not know of yet.", alerts_lag(s->evaluation.alerts));
    write_traffic(out, s);
    if (write_alerts(out, s, err) < 0)
        return -1;
    return write_notices(out, s, err);
}
