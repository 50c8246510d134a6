#include "query_stage.h"

#include <stdio.h>
#include <unistd.h>

#include "base/text.h"
#include "base/zone.h"

static const char *const kinds[] = {"walk"};

static const char pack_text[] =
    "{\"rules\":[{\"id\":\"theme-day\",\"subject\":\"branch\",\"kind\":\"cadence\",\"kinds\":[\"theme_day\"],"
    "\"at_least\":1,\"per\":\"month\",\"grace\":\"10d\",\"measure\":\"count\","
    "\"when\":[{\"fact\":\"form\",\"op\":\"!=\",\"value\":\"general\"}],"
    "\"levels\":[{\"missed\":1,\"level\":\"yellow\"},{\"missed\":3,\"level\":\"red\"}],"
    "\"title\":{\"en\":\"Theme day every month\",\"zh\":\"每月主题党日\"},"
    "\"basis\":{\"en\":\"custom\",\"zh\":\"惯例\"},\"remedy\":{\"en\":\"hold one\",\"zh\":\"补开\"}}]}";

void stage_day(struct stage *s, const char *day)
{
    day_t today;

    assert_true(day_parse(&today, day, strlen(day)));
    s->clock.fake_us = zone_instant(today, 43200) * 1000000;
    s->env.today = today;
    s->env.now_us = s->clock.fake_us;
}

int stage_setup(void **state)
{
    struct stage *s = calloc(1, sizeof *s);
    struct ledger_options options = {s->path, "Asia/Shanghai", false, 90, kinds, 1, NULL};
    struct err err = {0};
    json_t *pack = json_loads(pack_text, 0, NULL);
    int fd;

    strcpy(s->path, "/tmp/muster-query-XXXXXX");
    fd = mkstemp(s->path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(zone_set("Asia/Shanghai", &err), 0);
    clock_init(&s->clock, 0);
    stage_day(s, "2023-01-01");
    assert_int_equal(ledger_open(&s->ledger, &options, &s->clock, &err), 0);
    assert_int_equal(query_new(&s->query, s->path, &err), 0);
    assert_int_equal(pack_read_json(&s->pack, pack, NULL, &err), 0);
    json_decref(pack);
    s->env.pack = s->pack;
    s->env.tracking_since = day_from_civil(2022, 1, 1);
    s->env.history_ms = 60000;
    s->env.history_rows = 100000;
    s->env.status = "\"version\":\"test\",\"events\":0";
    *state = s;
    return 0;
}

int stage_teardown(void **state)
{
    struct stage *s = *state;
    char name[80];

    query_free(s->query);
    ledger_free(s->ledger);
    pack_free(s->pack);
    unlink(s->path);
    snprintf(name, sizeof name, "%s-wal", s->path);
    unlink(name);
    snprintf(name, sizeof name, "%s-shm", s->path);
    unlink(name);
    free(s);
    return 0;
}

void stage_begin(struct stage *s)
{
    struct err err = {0};

    assert_int_equal(ledger_begin(s->ledger, &err), 0);
    s->batch = true;
}

void stage_commit(struct stage *s)
{
    struct err err = {0};

    assert_int_equal(ledger_commit(s->ledger, &err), 0);
    s->batch = false;
}

__attribute__((format(printf, 4, 0))) static struct submit_result
submit(struct stage *s, const char *type, const char *at, const char *rest, va_list args)
{
    char fields[8192], event[9000];
    struct submit_result result;
    struct err err = {0};

    vsnprintf(fields, sizeof fields, rest, args);
    snprintf(s->last_id, sizeof s->last_id, "0185a000-0000-7000-8000-%012x", ++s->ids);
    snprintf(event, sizeof event, "{\"id\":\"%s\",\"type\":\"%s\",\"at\":\"%s\"%s%s}", s->last_id, type, at,
             *fields ? "," : "", fields);
    if (!s->batch)
        assert_int_equal(ledger_begin(s->ledger, &err), 0);
    assert_int_equal(ledger_submit(s->ledger, event, strlen(event), "clerk", &result, &err), 0);
    if (!s->batch)
        assert_int_equal(ledger_commit(s->ledger, &err), 0);
    return result;
}

int64_t stage_record(struct stage *s, const char *type, const char *at, const char *rest, ...)
{
    struct submit_result result;
    va_list args;

    va_start(args, rest);
    result = submit(s, type, at, rest, args);
    va_end(args);
    if (result.status != SUBMIT_RECORDED)
        fail_msg("%s: %s of %s, %s", result.err.en, type, at, rest);
    return result.seq;
}

void stage_not_recorded(struct stage *s, enum err_code code, const char *field, const char *type, const char *at,
                        const char *rest, ...)
{
    struct submit_result result;
    va_list args;

    va_start(args, rest);
    result = submit(s, type, at, rest, args);
    va_end(args);
    assert_int_equal(result.status, SUBMIT_REFUSED);
    assert_string_equal(err_code_name(result.err.code), err_code_name(code));
    assert_string_equal(result.err.field, field);
}

void stage_people(struct stage *s)
{
    stage_begin(s);
    for (int i = 1; i <= 3; i++)
        stage_record(s, "unit.registered", "2020-01-01",
                     "\"unit\":\"U-%d\",\"name\":\"unit %d\",\"sector\":\"enterprise\",\"area\":\"45010%d\"", i,
                     i, i);
    stage_record(s, "branch.founded", "2020-01-02",
                 "\"branch\":\"B-1\",\"name\":\"one\",\"form\":\"own\",\"sector\":\"enterprise\","
                 "\"area\":\"450101\",\"units\":[\"U-1\"],\"term_started\":\"2021-02-28\"");
    stage_record(s, "branch.founded", "2020-01-02",
                 "\"branch\":\"B-2\",\"name\":\"two\",\"form\":\"joint\",\"sector\":\"association\","
                 "\"area\":\"450102\",\"units\":[\"U-1\",\"U-2\"],\"committee\":true");
    for (int i = 1; i <= 5; i++)
        stage_record(s, "member.admitted", "2020-01-03",
                     "\"member\":\"M-%d\",\"name\":\"member %d\",\"branch\":\"B-%d\",\"stage\":\"%s\","
                     "\"new\":false,\"unit\":\"U-1\"",
                     i, i, i <= 3 ? 1 : 2, i == 5 ? "probationary" : "full");
    stage_commit(s);
}

__attribute__((format(printf, 5, 0))) static int
ask(struct stage *s, struct buf *reply, struct err *err, const char *verb, const char *body,
               va_list args)
{
    char text[4096];

    vsnprintf(text, sizeof text, body, args);
    return query_answer(s->query, &s->env, verb, text, strlen(text), reply, err);
}

json_t *stage_ask(struct stage *s, const char *verb, const char *body, ...)
{
    _cleanup_buf_ struct buf reply = {0};
    struct err err = {0};
    json_t *root;
    va_list args;
    int r;

    va_start(args, body);
    r = ask(s, &reply, &err, verb, body, args);
    va_end(args);
    if (r != 0)
        fail_msg("%s %s: %s: %s", verb, body, err_code_name(err.code), err.en);
    root = json_loadb(reply.data, reply.len, JSON_REJECT_DUPLICATES, NULL);
    if (!root)
        fail_msg("%s %s: no JSON, or a key twice: %s", verb, body, buf_str(&reply));
    assert_string_equal(json_string_value(json_object_get(root, "ledger")), ledger_uuid(s->ledger));
    assert_true(json_is_false(json_object_get(root, "rehearsal")));
    return root;
}

struct err stage_refused(struct stage *s, enum err_code code, const char *field, const char *verb,
                         const char *body, ...)
{
    _cleanup_buf_ struct buf reply = {0};
    struct err err = {0};
    va_list args;
    int r;

    va_start(args, body);
    r = ask(s, &reply, &err, verb, body, args);
    va_end(args);
    if (r != 1)
        fail_msg("%s %s was answered: %s", verb, body, buf_str(&reply));
    if (err.code != code || strcmp(err.field, field ? field : "") != 0)
        fail_msg("%s %s: %s of \"%s\": %s", verb, body, err_code_name(err.code), err.field, err.en);
    assert_true(err.en[0] != '\0' && err.zh[0] != '\0');
    assert_true(text_utf8_valid(err.en, strlen(err.en)) && text_utf8_valid(err.zh, strlen(err.zh)));
    assert_int_equal(reply.len, 0);
    return err;
}

const char *stage_column(json_t *reply, const char *member)
{
    static char text[65536];
    json_t *rows = json_object_get(reply, "rows"), *row;
    size_t i, len = 0;

    if (!rows)
        rows = json_object_get(reply, "history");
    text[0] = '\0';
    json_array_foreach(rows, i, row)
    {
        json_t *value = json_object_get(row, member);

        if (json_is_integer(value))
            len += (size_t)snprintf(text + len, sizeof text - len, "%s%lld", i ? " " : "",
                                    (long long)json_integer_value(value));
        else
            len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i ? " " : "",
                                    value ? json_string_value(value) : "-");
        assert_true(len < sizeof text);
    }
    return text;
}
