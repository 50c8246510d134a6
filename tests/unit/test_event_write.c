/* The stored form: what goes where, and that it comes back as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "event_stage.h"

static const char meeting[] =
    EVENT("meeting") ",'extra':{'b' : [1.50 , 'x y'],\n'a':'\\\\ \\' c'},'branch':'B-1','kinds':['talk'],'title':'a\\u0009\\/b','present_count':8.0,"
                     "'topics':['t'],'tags':['g'],'guests':null}";

static void test_two_parts(void **state)
{
    _cleanup_buf_ struct buf body = {0}, personal = {0}, whole = {0};
    struct event_stage s;

    (void)state;
    event_stage_init(&s);
    assert_int_equal(event_stage_read(&s, meeting, EVENT_SUBMITTED), 0);
    event_write(&body, &personal, &s.event);
    assert_string_equal(buf_str(&body), "{\"id\":\"" ID_1 "\",\"type\":\"meeting\",\"at\":\"2022-11-05\",\"branch\":\"B-1\","
                                        "\"kinds\":[\"talk\"],\"tags\":[\"g\"],\"present_count\":8}");
    assert_string_equal(buf_str(&personal), "{\"title\":\"a\\t/b\",\"topics\":[\"t\"],\"extra\":{\"b\":[1.50,\"x y\"],\"a\":\"\\\\ \\\" c\"}}");
    event_join(&whole, body.data, body.len, personal.data, personal.len);
    assert_int_equal(whole.len, body.len + personal.len - 3);
    assert_int_equal(whole.data[0], '"');
    buf_clear(&whole);
    event_join(&whole, body.data, body.len, NULL, 0);
    assert_int_equal(whole.len, body.len - 2);
    event_stage_deinit(&s);
}

static void test_nothing_personal(void **state)
{
    _cleanup_buf_ struct buf body = {0}, personal = {0};
    struct event_stage s;

    (void)state;
    event_stage_init(&s);
    assert_int_equal(event_stage_read(&s, EVENT("member.converted") ",'member':'1'}", EVENT_SUBMITTED), 0);
    event_write(&body, &personal, &s.event);
    assert_int_equal(personal.len, 0);
    event_stage_deinit(&s);
}

static void test_every_kind_of_value_comes_back(void **state)
{
    static const char *const texts[] = {
        meeting,
        EVENT("exemption.granted") ",'exemption':'E','subject':{'unit':'U-1'},'rules':['a','b'],'until':'2022-12-31','reason':''}",
        EVENT("branch.rated") ",'branch':'B','cycle':2022,'stars':5,'score':-87.50e0}",
        EVENT("training") ",'title':'题','hours':1.25,'absent':[{'member':'1','reason':'\\ud83d\\ude00'}],'extra':{}}",
        EVENT("event.voided") ",'event':'" ID_2 "','reason':'r','replaces':'" ID_2 "'}",
        EVENT("unit.changed") ",'unit':'U','eligible':false}",
        EVENT("member.admitted") ",'member':'1','name':'n','branch':'B','stage':'full','new':true,'role':'officer','admitted_on':'2019-07-01'}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        _cleanup_buf_ struct buf body = {0}, personal = {0}, whole = {0};
        struct event_stage s;
        struct event again;

        event_stage_init(&s);
        assert_int_equal(event_stage_read(&s, texts[i], EVENT_SUBMITTED), 0);
        event_write(&body, &personal, &s.event);
        buf_add_char(&whole, '{');
        event_join(&whole, body.data, body.len, personal.data, personal.len);
        buf_add_char(&whole, '}');
        assert_int_equal(event_read(&again, &s.arena, whole.data, whole.len, EVENT_STORED, &s.kinds, &s.err), 0);
        memset(whole.data, 'x', whole.len); /* nothing points into what it was read from */
        assert_true(event_same(&s.event, &again));
        event_stage_deinit(&s);
    }
}

static void test_number_as_written(void **state)
{
    _cleanup_buf_ struct buf body = {0}, personal = {0};
    struct event_stage s;

    (void)state;
    event_stage_init(&s);
    assert_int_equal(event_stage_read(&s, EVENT("branch.rated") ",'branch':'B','cycle':2.022e3,'stars':5,'score':87.50}", EVENT_SUBMITTED), 0);
    event_write(&body, &personal, &s.event);
    assert_non_null(strstr(buf_str(&body), "\"cycle\":2022,\"stars\":5,\"score\":87.50}"));
    event_stage_deinit(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_parts), cmocka_unit_test(test_nothing_personal),
        cmocka_unit_test(test_every_kind_of_value_comes_back), cmocka_unit_test(test_number_as_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
