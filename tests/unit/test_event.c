/* Reading one event: the first code in the order of the wire wins; fields, types, ranges, contradictions.
 * (Much more of it, against the oracle: tests/fuzz/event_oracle.py.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "event_stage.h"

#define MEETING EVENT("meeting") ",'branch':'B-1','kinds':['talk']"
#define RECEIVED EVENT("transfer.received") ",'transfer':'T-1'"

struct refusal {
    const char *text;
    enum err_code code;
    const char *field, *hint;
};

static void assert_refused(const struct refusal *c)
{
    struct event_stage s;

    event_stage_init(&s);
    if (event_stage_read(&s, c->text, EVENT_SUBMITTED) == 0)
        fail_msg("taken: %s", c->text);
    if (s.err.code != c->code || strcmp(s.err.field, c->field) != 0 || strcmp(s.err.hint, c->hint ? c->hint : "") != 0)
        fail_msg("%s: %s %s hint %s: %s", c->text, err_code_name(s.err.code), s.err.field, s.err.hint, s.err.en);
    assert_true(s.err.en[0] && s.err.zh[0]);
    event_stage_deinit(&s);
}

static void test_first_code_wins(void **state)
{
    static const struct refusal cases[] = {
        {"{'id':1", ERR_INVALID_VALUE, "", NULL},
        {"[]", ERR_INVALID_VALUE, "", NULL},
        {"{'type':'meetings','type':'x'}", ERR_INVALID_VALUE, "", NULL},
        {"{'id':1,'x':2}", ERR_MISSING_FIELD, "type", NULL},
        {"{'type':null,'x':2}", ERR_MISSING_FIELD, "type", NULL},
        {"{'type':5,'x':2}", ERR_UNKNOWN_TYPE, "type", NULL},
        {"{'x':2,'id':7,'type':'meetings'}", ERR_UNKNOWN_TYPE, "type", "meeting"},
        {"{'type':'alert.opened'}", ERR_UNKNOWN_TYPE, "type", NULL},
        {"{'titel':2,'id':7,'type':'meeting'}", ERR_UNKNOWN_FIELD, "titel", "title"},
        {"{'a\\n\\u0085b\\u0007':2,'type':'meeting'}", ERR_UNKNOWN_FIELD, "a   b ", NULL}, /* fit to be shown */
        {"{'id':7,'type':'meeting','kinds':5}", ERR_MISSING_FIELD, "at", NULL},
        {EVENT("meeting") ",'branch':5,'kinds':null}", ERR_MISSING_FIELD, "kinds", NULL},
        {MEETING ",'guests':-1}", ERR_INVALID_VALUE, "guests", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_refused(&cases[i]);
}

static void test_values(void **state)
{
    static const struct refusal cases[] = {
        {MEETING ",'present_count':true}", ERR_INVALID_VALUE, "present_count", NULL},
        {MEETING ",'present_count':1000001}", ERR_INVALID_VALUE, "present_count", NULL},
        {MEETING ",'present_count':1.5}", ERR_INVALID_VALUE, "present_count", NULL},
        {MEETING ",'title':'a\\u0007'}", ERR_INVALID_VALUE, "title", NULL},
        {MEETING ",'title':'a\\u0000'}", ERR_INVALID_VALUE, "title", NULL},
        {MEETING ",'title':'\\ud800'}", ERR_INVALID_VALUE, "title", NULL},
        {MEETING ",'with':'B-2'}", ERR_INVALID_VALUE, "with", NULL},
        {MEETING ",'with':['B-2','B-2']}", ERR_INVALID_VALUE, "with", NULL},
        {MEETING ",'with':['B-2',null]}", ERR_INVALID_VALUE, "with", NULL},
        {MEETING ",'with':['B 2']}", ERR_INVALID_VALUE, "with", NULL},
        {MEETING ",'absent':[{'member':'1'}]}", ERR_INVALID_VALUE, "absent", NULL},
        {MEETING ",'absent':[{'member':'1','reason':'r','x':1}]}", ERR_INVALID_VALUE, "absent", NULL},
        {MEETING ",'extra':[]}", ERR_INVALID_VALUE, "extra", NULL},
        {MEETING ",'extra':{'a':'\\u0000'}}", ERR_INVALID_VALUE, "extra", NULL},
        {MEETING ",'extra':{'a':[1e999]}}", ERR_INVALID_VALUE, "extra", NULL},
        {MEETING ",'extra':{'a':{'b':1,'b':2}}}", ERR_INVALID_VALUE, "", NULL},
        {MEETING ",'replaces':'x'}", ERR_INVALID_VALUE, "replaces", NULL},
        {EVENT("meeting") ",'branch':'B','kinds':[]}", ERR_INVALID_VALUE, "kinds", NULL},
        {EVENT("meeting") ",'branch':'B','kinds':['talks']}", ERR_INVALID_VALUE, "kinds", "talk"},
        {EVENT("meeting") ",'branch':'B','kinds':['training']}", ERR_INVALID_VALUE, "kinds", NULL},
        {EVENT("training") ",'title':'','hours':0}", ERR_INVALID_VALUE, "hours", NULL},
        {EVENT("training") ",'title':'','hours':1.005}", ERR_INVALID_VALUE, "hours", NULL},
        {EVENT("training") ",'title':'','hours':1000.01}", ERR_INVALID_VALUE, "hours", NULL},
        {EVENT("unit.registered") ",'unit':'U','name':'','sector':'enterprise'}", ERR_INVALID_VALUE, "name", NULL},
        {EVENT("unit.registered") ",'unit':'U','name':'n','sector':'enterprize'}", ERR_INVALID_VALUE, "sector", "enterprise"},
        {EVENT("member.extended") ",'member':'1','until':'2022-02-29'}", ERR_INVALID_VALUE, "until", NULL},
        {EVENT("member.extended") ",'member':'1','until':'0000-01-01'}", ERR_INVALID_VALUE, "until", NULL},
        {EVENT("alert.noted") ",'alert':0,'note':'n'}", ERR_INVALID_VALUE, "alert", NULL},
        {EVENT("branch.rated") ",'branch':'B','cycle':2022,'stars':1,'score':'5'}", ERR_INVALID_VALUE, "score", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_refused(&cases[i]);
}

#define EXEMPTION(subject, rules, until)                                                           \
    EVENT("exemption.granted")                                                                     \
    ",'exemption':'E','subject':" subject ",'rules':" rules ",'until':'" until "','reason':'r'}"

static void test_contradictions(void **state)
{
    static const struct refusal cases[] = {
        {MEETING ",'present':['1','2'],'present_count':1}", ERR_INVALID_VALUE, "present_count", NULL},
        {MEETING ",'present':['1'],'absent':[{'member':'1','reason':''}]}", ERR_INVALID_VALUE, "absent", NULL},
        {MEETING ",'absent':[{'member':'1','reason':'a'},{'member':'1','reason':'b'}]}", ERR_INVALID_VALUE, "absent", NULL},
        {MEETING ",'with':['B-1']}", ERR_INVALID_VALUE, "with", NULL},
        {MEETING ",'replaces':'" ID_1 "'}", ERR_INVALID_VALUE, "replaces", NULL},
        {EVENT("transfer.issued") ",'transfer':'T','member':'1'}", ERR_MISSING_FIELD, "to", NULL},
        {EVENT("transfer.issued") ",'transfer':'T','member':'1','to':'B','to_name':'x'}", ERR_INVALID_VALUE, "to_name", NULL},
        {EVENT("alliance.joined") ",'alliance':'A'}", ERR_MISSING_FIELD, "branch", NULL},
        {EVENT("alliance.left") ",'alliance':'A','unit':'U','branch':'B'}", ERR_INVALID_VALUE, "unit", NULL},
        {RECEIVED ",'member':'1'}", ERR_INVALID_VALUE, "member", NULL},
        {RECEIVED ",'from_name':'x','member':'1','name':'n','stage':'full'}", ERR_MISSING_FIELD, "branch", NULL},
        {EVENT("unit.changed") ",'unit':'U','extra':{}}", ERR_MISSING_FIELD, "", NULL},
        {EVENT("branch.dissolved") ",'branch':'B','reason':'merged','into':'B'}", ERR_INVALID_VALUE, "into", NULL},
        {EVENT("member.admitted") ",'member':'1','name':'n','branch':'B','stage':'full','new':true,'admitted_on':'2022-11-06'}",
         ERR_INVALID_VALUE, "admitted_on", NULL},
        {EXEMPTION("{'branch':'B'}", "['*']", "2022-11-04"), ERR_INVALID_VALUE, "until", NULL},
        {EVENT("alert.acknowledged") ",'alert':1,'until':'2022-11-04'}", ERR_INVALID_VALUE, "until", NULL},
        {EXEMPTION("{'branch':'B','unit':'U'}", "['*']", "2022-12-01"), ERR_INVALID_VALUE, "subject", NULL},
        {EXEMPTION("{'transfer':'T'}", "['*']", "2022-12-01"), ERR_INVALID_VALUE, "subject", NULL},
        {EXEMPTION("{}", "['*']", "2022-12-01"), ERR_INVALID_VALUE, "subject", NULL},
        {EXEMPTION("{'branch':'B'}", "['*','x']", "2022-12-01"), ERR_INVALID_VALUE, "rules", NULL},
        {EXEMPTION("{'branch':'B'}", "[]", "2022-12-01"), ERR_INVALID_VALUE, "rules", NULL},
        {EXEMPTION("{'branch':'B'}", "['']", "2022-12-01"), ERR_INVALID_VALUE, "rules", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_refused(&cases[i]);
}

static void test_what_is_read(void **state)
{
    struct event_stage s;
    const struct value *v;

    (void)state;
    event_stage_init(&s);
    assert_int_equal(event_stage_read(&s,
                                      " {'present_count':8e0,'kinds':['talk','forum'],'absent':[{'reason':'ill','member':'3'}],"
                                      "'type':'meeting','nothing':null,'title':'\\u4e2d\\n','id':'" ID_1 "','at':'2022-11-05T16:30:00.25Z',"
                                      "'present':['1','2'],'branch':'B-1','extra':{'a': 1},'replaces':'" ID_2 "'} ",
                                      EVENT_SUBMITTED),
                     0);
    assert_int_equal(s.event.type, EV_MEETING);
    assert_true(s.event.has_id && s.event.has_replaces);
    assert_int_equal(s.event.day, day_from_civil(2022, 11, 6));
    assert_int_equal(s.event.tod_ns, 1800250000000);
    assert_int_equal(event_int(&s.event, F_PRESENT_COUNT, -1), 8);
    assert_int_equal(event_int(&s.event, F_GUESTS, -1), -1);
    assert_string_equal(event_text(&s.event, F_TITLE), "中\n");
    assert_string_equal(s.event.extra.s, "{\"a\": 1}");
    v = s.event.values[F_KINDS];
    assert_int_equal(v->kinds, KIND_BIT(7) | KIND_BIT(9));
    assert_string_equal(v->items[1].s, "forum");
    v = s.event.values[F_ABSENT];
    assert_int_equal(v->count, 1);
    assert_string_equal(v->items[0].s, "3");
    assert_string_equal(v->reasons[0].s, "ill");
    event_stage_deinit(&s);
}

static void test_id_of_a_refused_event(void **state)
{
    struct event_stage s;
    _cleanup_buf_ struct buf large = {0};

    (void)state;
    event_stage_init(&s);
    assert_int_equal(event_stage_read(&s, "{'id':'" ID_1 "','type':'nothing'}", EVENT_SUBMITTED), 1);
    assert_true(s.event.has_id);
    assert_int_equal(event_stage_read(&s, "{'id':'" ID_1 "','type':tru", EVENT_SUBMITTED), 1);
    assert_true(s.event.has_id);
    assert_int_equal(event_stage_read(&s, "{'id':'" ID_1 "x','type':'nothing'}", EVENT_SUBMITTED), 1);
    assert_false(s.event.has_id);
    buf_add_str(&large, "{\"id\":\"" ID_1 "\",\"extra\":{\"x\":\"");
    while (large.len <= EVENT_MAX_BYTES)
        buf_add_char(&large, 'y');
    err_clear(&s.err);
    assert_int_equal(event_read(&s.event, &s.arena, large.data, large.len, EVENT_SUBMITTED, &s.kinds, &s.err), 1);
    assert_int_equal(s.err.code, ERR_TOO_LARGE);
    assert_true(s.event.has_id);
    event_stage_deinit(&s);
}

/* "at most 64 KiB as sent": that very size is taken. */
static void test_largest_event(void **state)
{
    struct event_stage s;
    _cleanup_buf_ struct buf b = {0};

    (void)state;
    event_stage_init(&s);
    buf_add_str(&b, "{\"id\":\"" ID_1 "\",\"type\":\"member.converted\",\"at\":\"2022-11-05\",\"member\":\"1\",\"extra\":{\"x\":\"");
    while (b.len < EVENT_MAX_BYTES - 3)
        buf_add_char(&b, 'y');
    buf_add_str(&b, "\"}}");
    assert_int_equal(event_read(&s.event, &s.arena, b.data, b.len, EVENT_SUBMITTED, &s.kinds, &s.err), 0);
    event_stage_deinit(&s);
}

static void test_custom_kinds(void **state)
{
    static const char picnic[] = EVENT("meeting") ",'branch':'B','kinds':['picnic']}";
    struct event_stage s;
    int bit;

    (void)state;
    event_stage_init(&s);
    assert_int_equal(event_stage_read(&s, picnic, EVENT_SUBMITTED), 1);
    bit = kinds_add(&s.kinds, "picnic", -1);
    s.kinds.allowed[bit] = true;
    assert_int_equal(event_stage_read(&s, picnic, EVENT_SUBMITTED), 0);
    s.kinds.allowed[bit] = false; /* no longer in the configuration; the ledger still has some */
    assert_int_equal(event_stage_read(&s, picnic, EVENT_SUBMITTED), 1);
    assert_int_equal(event_stage_read(&s, picnic, EVENT_STORED), 0);
    assert_int_equal(s.event.values[F_KINDS]->kinds, KIND_BIT(bit));
    event_stage_deinit(&s);
}

static void test_daemon_rows(void **state)
{
    struct event_stage s;

    (void)state;
    event_stage_init(&s);
    assert_int_equal(event_stage_read(&s,
                                      EVENT("alert.opened") ",'rule':'r','subject':{'transfer':'T'},'level':'red',"
                                                            "'since':'2022-11-01','pack':'abc'}",
                                      EVENT_STORED),
                     0);
    assert_int_equal(s.event.values[F_SUBJECT]->subject, SUBJECT_TRANSFER);
    assert_int_equal(event_int(&s.event, F_LEVEL, -1), 2);
    /* a name that was erased */
    assert_int_equal(event_stage_read(&s, EVENT("member.admitted") ",'member':'1','branch':'B','stage':'full','new':true}", EVENT_STORED), 0);
    event_stage_deinit(&s);
}

static void test_rank(void **state)
{
    static const struct {
        const char *text;
        int rank;
    } cases[] = {
        {EVENT("unit.closed") ",'unit':'U'}", 2}, {EVENT("member.converted") ",'member':'1'}", 1},
        {EVENT("office.taken") ",'body':'b','office':'o','person':'p'}", 0}, {RECEIVED "}", 1},
        {RECEIVED ",'from_name':'x','member':'1','name':'n','stage':'full','branch':'B'}", 0},
    };
    struct event_stage s;

    (void)state;
    event_stage_init(&s);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(event_stage_read(&s, cases[i].text, EVENT_SUBMITTED), 0);
        assert_int_equal(event_rank(&s.event), cases[i].rank);
    }
    event_stage_deinit(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_code_wins), cmocka_unit_test(test_values),
        cmocka_unit_test(test_contradictions),  cmocka_unit_test(test_what_is_read),
        cmocka_unit_test(test_id_of_a_refused_event), cmocka_unit_test(test_largest_event),
        cmocka_unit_test(test_custom_kinds),    cmocka_unit_test(test_daemon_rows),
        cmocka_unit_test(test_rank),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
