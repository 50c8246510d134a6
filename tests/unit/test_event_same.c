/* Which two events are the same content (ledger.md section 2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "event_stage.h"

#define T EVENT("training") ",'title':'t','hours':8"

static const struct {
    const char *a, *b;
    bool same;
} cases[] = {
    {T "}", T "}", true},
    {T "}", T ".0}", true},
    {T "}", T "e0}", true},
    {T "}", T "1}", false},
    {T "}", "{ 'hours' : 8, 'at':'2022-11-05' ,'title':'\\u0074','type':'training','id':'" ID_1 "' } ", true},
    {T ",'host':null}", T "}", true},
    {T ",'nothing':null}", T "}", true},
    {T ",'host':''}", T "}", false},
    {T ",'topics':[]}", T "}", false},
    {T ",'topics':['a','b']}", T ",'topics':['b','a']}", false},
    {T ",'extra':{}}", T "}", false},
    {T ",'extra':{'a':1,'b':[2,{'c':null}]}}", T ",'extra':{ 'b':[2.0,{'\\u0063':null}],'a':1e0}}", true},
    {T ",'extra':{'a':null}}", T ",'extra':{}}", false},
    {T ",'extra':{'a':[1,2]}}", T ",'extra':{'a':[2,1]}}", false},
    {T ",'extra':{'a':[1,2]}}", T ",'extra':{'a':[1,2,3]}}", false},
    {T ",'extra':{'a':[]}}", T ",'extra':{'a':{}}}", false},
    {T ",'extra':{'a':true}}", T ",'extra':{'a':1}}", false},
    {T ",'extra':{'a':'1'}}", T ",'extra':{'a':1}}", false},
    {T ",'extra':{'a':1,'b':2}}", T ",'extra':{'a':1,'c':2}}", false},
    {T ",'extra':{'a':0.1}}", T ",'extra':{'a':0.1000000000000000000001}}", false},
    {T ",'absent':[{'member':'1','reason':'r'}]}", T ",'absent':[{'reason':'r','member':'1'}]}", true},
    {T ",'absent':[{'member':'1','reason':'r'}]}", T ",'absent':[{'member':'1','reason':'s'}]}", false},
    {T ",'replaces':'" ID_2 "'}", T "}", false},
    {"{'id':'" ID_1 "','type':'member.converted','at':'2022-11-05T08:00:00Z','member':'1'}",
     "{'id':'" ID_1 "','type':'member.converted','at':'2022-11-05T16:00:00+08:00','member':'1'}", false},
    {EVENT("unit.closed") ",'unit':'U'}", EVENT("member.returned") ",'member':'U'}", false},
};

static void test_same(void **state)
{
    struct event_stage s;

    (void)state;
    event_stage_init(&s);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct event a;

        assert_int_equal(event_stage_read(&s, cases[i].a, EVENT_SUBMITTED), 0);
        a = s.event;
        assert_int_equal(event_stage_read(&s, cases[i].b, EVENT_SUBMITTED), 0);
        if (event_same(&a, &s.event) != cases[i].same || event_same(&s.event, &a) != cases[i].same)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
    }
    event_stage_deinit(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
