#include "service/counters.h"

#include <string.h>

#include "net/accept.h"

static const char *const names[COUNT_COUNT] = {
    [COUNT_REQUESTS] = "requests",
    [COUNT_OK] = "answers_ok",
    [COUNT_ERROR] = "answers_error",
    [COUNT_LOST] = "unanswerable",
    [COUNT_DROPPED_SLOW] = "answers_dropped_slow",
    [COUNT_DROPPED_GONE] = "answers_dropped_gone",
    [COUNT_RECORDED] = "recorded",
    [COUNT_DUPLICATE] = "duplicate",
    [COUNT_REFUSED] = "refused",
    [COUNT_BATCHES] = "batches",
    [COUNT_FAULTS] = "store_faults",
    [COUNT_HELD] = "reads_held",
    [COUNT_LATE] = "reads_held_in_vain",
    [COUNT_RELOADS] = "reloads",
    [COUNT_RELOADS_REFUSED] = "reloads_refused",
};

static const char *const verbs[VERBS_COUNTED] = {
    "submit", "recent", "list", "show", "alerts", "explain", "due", "board", "figures", "rules", "status", "other",
};

void count_verb(struct counters *c, const char *verb)
{
    size_t i = 0;

    while (i < VERBS_COUNTED - 1 && strcmp(verbs[i], verb) != 0)
        i++;
    c->verbs[i]++;
    count(c, COUNT_REQUESTS);
}

void count_error(struct counters *c, enum err_code code)
{
    c->errors[code]++;
}

void counters_write(struct json *out, const struct counters *c, const struct counted_elsewhere *others)
{
    struct accept_counts connections = accept_counts();

    json_key(out, "counters");
    json_open(out, '{');
    for (size_t i = 0; i < COUNT_COUNT; i++)
        json_kv_int(out, names[i], c->values[i]);
    json_kv_int(out, "connections_accepted", connections.accepted);
    json_kv_int(out, "connections_refused", connections.refused);
    json_kv_int(out, "answer_bytes_held", others->bytes_held);
    json_kv_int(out, "keys_unknown", others->keys_unknown);
    json_kv_int(out, "keys_revoked", others->keys_revoked);
    json_kv_int(out, "keys_hurried", others->keys_hurried);
    json_kv_int(out, "handshakes_failed", others->handshakes_failed);
    json_kv_int(out, "strangers", others->strangers);
    json_kv_int(out, "not_admitted", others->not_admitted);
    json_key(out, "verbs");
    json_open(out, '{');
    for (size_t i = 0; i < VERBS_COUNTED; i++)
        json_kv_int(out, verbs[i], c->verbs[i]);
    json_close(out, '}');
    json_close(out, '}');
    json_key(out, "errors");
    json_open(out, '{');
    for (int code = ERR_NONE + 1; code < ERR_CODE_COUNT; code++)
        if (c->errors[code] > 0)
            json_kv_int(out, err_code_name((enum err_code)code), c->errors[code]);
    json_close(out, '}');
}
