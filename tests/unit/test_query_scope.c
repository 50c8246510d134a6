/* What a reader of one area is told: as of another day, as known at another time, of who came and went. */
#include "query_stage.h"

#include "access/grant.h"

static struct grant *reader_of(const char *area)
{
    struct grant *grant = grant_new("reader", KEY_ROLE_READER);

    grant_add_area(grant, area);
    return grant;
}

static json_t *asked_by(struct stage *s, const char *area, const char *verb, const char *body)
{
    json_t *reply;

    s->env.grant = reader_of(area);
    reply = stage_ask(s, verb, "%s", body);
    grant_unref(s->env.grant);
    s->env.grant = NULL;
    return reply;
}

static void refused_to(struct stage *s, const char *area, const char *verb, const char *body)
{
    s->env.grant = reader_of(area);
    stage_refused(s, ERR_NOT_ALLOWED, NULL, verb, "%s", body);
    grant_unref(s->env.grant);
    s->env.grant = NULL;
}

/* A branch that goes over to another area takes its history with it: also that of which is asked as known before. */
static void test_branch_gone_over(void **state)
{
    static const char then[] = "{\"branch\":\"B-1\",\"known_on\":\"2023-01-01\"}";
    struct stage *s = *state;
    json_t *reply;

    stage_people(s);
    stage_record(s, "meeting", "2022-03-01", "\"branch\":\"B-1\",\"kinds\":[\"lecture\"],\"present_count\":3");
    stage_day(s, "2023-02-01");
    stage_record(s, "branch.changed", "2022-06-01", "\"branch\":\"B-1\",\"area\":\"450102\"");
    refused_to(s, "450101", "recent", "{\"branch\":\"B-1\"}");
    refused_to(s, "450101", "recent", then);
    refused_to(s, "450101", "show", "{\"what\":\"member\",\"ref\":\"M-1\",\"known_on\":\"2023-01-01\"}");
    reply = asked_by(s, "450101", "list", "{\"what\":\"members\",\"known_on\":\"2023-01-01\"}");
    assert_string_equal(stage_column(reply, "member"), "");
    json_decref(reply);
    reply = asked_by(s, "450102", "recent", then);
    assert_string_equal(stage_column(reply, "branch"), "B-1");
    json_decref(reply);
    reply = asked_by(s, "450102", "list", "{\"what\":\"branches\",\"known_on\":\"2023-01-01\"}");
    assert_string_equal(stage_column(reply, "branch"), "B-1 B-2");
    json_decref(reply);
}

/* One who came: of what was before, what is the other branch's stays there. */
static void test_member_who_came(void **state)
{
    struct stage *s = *state;
    json_t *reply;

    stage_people(s);
    stage_record(s, "contact", "2021-03-01", "\"member\":\"M-4\",\"channel\":\"phone\",\"note\":\"theirs\"");
    stage_record(s, "member.moved", "2022-01-01", "\"member\":\"M-4\",\"branch\":\"B-1\"");
    stage_record(s, "contact", "2022-03-01", "\"member\":\"M-4\",\"channel\":\"visit\",\"note\":\"ours\"");
    reply = asked_by(s, "450101", "recent", "{\"member\":\"M-4\",\"type\":\"contact\"}");
    assert_string_equal(stage_column(reply, "note"), "ours");
    json_decref(reply);
    reply = asked_by(s, "450102", "recent", "{\"branch\":\"B-2\",\"type\":\"contact\"}");
    assert_string_equal(stage_column(reply, "note"), "theirs");
    json_decref(reply);
    refused_to(s, "450102", "show", "{\"what\":\"member\",\"ref\":\"M-4\"}");
    reply = asked_by(s, "450101", "show", "{\"what\":\"member\",\"ref\":\"M-4\"}");
    for (size_t i = 0; i < json_array_size(json_object_get(reply, "history")); i++)
        assert_string_not_equal(json_string_value(json_object_get(json_array_get(json_object_get(reply, "history"), i), "at")),
                                "2021-03-01");
    json_decref(reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_branch_gone_over, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_member_who_came, stage_setup, stage_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
