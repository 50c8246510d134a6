/* A small rule pack, and the recorded alerts, for the tests of reads about alerts. */
#ifndef MUSTER_TEST_QUERY_RULES_H
#define MUSTER_TEST_QUERY_RULES_H

#include "alerts/alerts.h"
#include "query_stage.h"

#define PROSE(en) "{\"en\":\"" en "\",\"zh\":\"" en " zh\"}"
#define SENTENCES                                                                                       \
    "\"title\":" PROSE("title") ",\"basis\":" PROSE("basis") ",\"remedy\":" PROSE("see to {subject}")

#define RULE_THEME_DAY                                                                                  \
    "{\"id\":\"theme-day\",\"subject\":\"branch\",\"kind\":\"cadence\",\"kinds\":[\"theme_day\"],"      \
    "\"per\":\"month\",\"grace\":\"10d\",\"levels\":[{\"missed\":1,\"level\":\"yellow\"},"              \
    "{\"missed\":3,\"level\":\"red\"}],\"title\":" PROSE("theme day") ",\"basis\":" PROSE("custom") "," \
    "\"remedy\":" PROSE("record {period}") "}"
#define RULE_AWAY                                                                                       \
    "{\"id\":\"away\",\"subject\":\"member\",\"kind\":\"silence\",\"kinds\":[\"contact\"],"             \
    "\"scope\":\"attendance\",\"when\":[{\"fact\":\"presence\",\"op\":\"=\",\"value\":\"away\"}],"      \
    "\"levels\":[{\"after\":\"10d\",\"level\":\"notice\"},{\"after\":\"40d\",\"level\":\"red\"}],"      \
    SENTENCES "}"
#define RULE_LETTER                                                                                     \
    "{\"id\":\"letter\",\"subject\":\"transfer\",\"kind\":\"expiry\",\"date\":\"valid_until\","         \
    "\"when\":[{\"fact\":\"state\",\"op\":\"=\",\"value\":\"issued\"}],"                                \
    "\"levels\":[{\"from\":\"-7d\",\"level\":\"yellow\"}]," SENTENCES "}"
#define RULE_COVERED                                                                                    \
    "{\"id\":\"covered\",\"subject\":\"unit\",\"kind\":\"state\","                                      \
    "\"when\":[{\"fact\":\"covered\",\"op\":\"=\",\"value\":false}],"                                   \
    "\"levels\":[{\"after\":\"30d\",\"level\":\"notice\"}]," SENTENCES "}"
#define RULES_ALL "{\"rules\":[" RULE_THEME_DAY "," RULE_AWAY "," RULE_LETTER "," RULE_COVERED "]}"

static inline void stage_rules(struct stage *s, const char *text)
{
    json_t *root = json_loads(text, 0, NULL);
    struct err err = {0};

    assert_non_null(root);
    pack_free(s->pack);
    s->pack = NULL;
    if (pack_read_json(&s->pack, root, NULL, &err) != 0)
        fail_msg("%s", err.en);
    s->env.pack = s->pack;
    s->env.tracking_since = day_from_civil(2023, 1, 1);
    json_decref(root);
}

/* The clock goes to `day`, and the recorded alerts with it. */
static inline void stage_evaluate(struct stage *s, const char *day)
{
    _cleanup_alerts_ struct alerts *alerts = NULL;
    struct err err = {0};
    bool done = false;

    stage_day(s, day);
    assert_int_equal(alerts_new(&alerts, s->ledger, s->pack, s->env.tracking_since, &err), 0);
    while (!done)
        assert_int_equal(alerts_step(alerts, 1000, &done, &err), 0);
}

/* stage_column of a reply that is let go. */
static inline const char *stage_rows(struct stage *s, const char *verb, const char *body, const char *member)
{
    json_t *reply = stage_ask(s, verb, "%s", body);
    const char *text = stage_column(reply, member);

    json_decref(reply);
    return text;
}

static inline json_t *row_of(json_t *reply, size_t i)
{
    json_t *row = json_array_get(json_object_get(reply, "rows"), i);

    assert_non_null(row);
    return row;
}

static inline const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "-";
}

#endif
