/* Answers that leave the service, and what it says of itself. */
#include <string.h>

#include "base/json.h"
#include "service/answer.h"
#include "service/service_state.h"

void service_answer(struct service *s, const struct address *to, bool ok, struct buf *body)
{
    count(&s->counters, ok ? COUNT_OK : COUNT_ERROR);
    switch (net_answer(s->net, to, ok, body)) {
    case NET_SENT:
        break;
    case NET_DROPPED_SLOW:
        count(&s->counters, COUNT_DROPPED_SLOW);
        break;
    case NET_DROPPED_GONE:
        count(&s->counters, COUNT_DROPPED_GONE);
        break;
    }
}

void service_refuse(struct service *s, const struct address *to, const struct err *err,
                    const char *lang)
{
    _cleanup_buf_ struct buf body = {0};
    struct json out = json_to(&body);

    answer_error(&out, err, lang);
    count_error(&s->counters, err->code);
    service_answer(s, to, false, &body);
}

char *service_status(struct service *s)
{
    _cleanup_buf_ struct buf text = {0};
    struct json out = json_to(&text);
    char started[CLOCK_TEXT_SIZE];
    int64_t lag = alerts_lag(s->evaluation.alerts);

    json_kv_str(&out, "version", MUSTER_VERSION);
    json_kv_str(&out, "started", clock_format_us(started, s->started_us));
    json_kv_int(&out, "events", ledger_events(s->ledger));
    json_kv_int(&out, "transfer_valid_days", s->policy->settings->transfer_valid_days);
    json_kv_bool(&out, "settling", evaluation_settling(&s->evaluation));
    json_kv_int(&out, "lag", lag);
    json_key(&out, "queue");
    json_open(&out, '{');
    json_kv_int(&out, "reads", (int64_t)s->reads.in_flight[LINE_LOOKUP]);
    json_kv_int(&out, "history", (int64_t)s->reads.in_flight[LINE_HISTORY]);
    json_kv_int(&out, "evaluations", lag);
    json_close(&out, '}');
    json_key(&out, "verified");
    if (s->verified)
        json_raw(&out, s->verified, strlen(s->verified));
    else
        json_nil(&out);
    counters_write(&out, &s->counters, net_held(s->net));
    return mem_strdup(buf_str(&text));
}
