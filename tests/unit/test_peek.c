/* What figures take from a stored meeting without reading all of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "report/peek.h"

static bool peek(struct peeked *out, const char *body)
{
    return peek_meeting(out, body, strlen(body));
}

static void members(void **state)
{
    struct span list, ref;
    struct peeked p;

    (void)state;
    assert_true(peek(&p, "{\"id\":\"x\",\"type\":\"meeting\",\"branch\":\"支部-1\",\"kinds\":[\"lecture\"],\"with\":[\"B-2\",\"B_3\"],"
                         "\"present\":[\"M1\",\"M2\",\"M3\"],\"due_count\":9}"));
    assert_int_equal(p.branch.len, strlen("支部-1"));
    assert_memory_equal(p.branch.s, "支部-1", p.branch.len);
    assert_false(p.counted);
    assert_int_equal(p.present, 3);
    list = p.with;
    assert_true(peek_next_ref(&ref, &list) && ref.len == 3 && memcmp(ref.s, "B-2", 3) == 0);
    assert_true(peek_next_ref(&ref, &list) && ref.len == 3 && memcmp(ref.s, "B_3", 3) == 0);
    assert_false(peek_next_ref(&ref, &list));
    assert_true(peek(&p, "{\"present\":[],\"present_count\":1000000,\"branch\":\"B\"}"));
    assert_true(p.counted && p.present_count == 1000000 && p.present == 0);
    assert_true(peek(&p, "{}"));
    assert_true(p.branch.len == 0 && !p.counted);
}

/* A text or an object that looks like a member is none. */
static void lookalikes(void **state)
{
    struct peeked p;

    (void)state;
    assert_true(peek(&p, "{\"title\":\"\\\"present_count\\\":7,\\\"branch\\\":\\\"X\\\"\",\"extra\":{\"present_count\":8,\"branch\":\"Y\"},"
                         "\"branch\":\"B-1\",\"present\":[\"M1\"]}"));
    assert_int_equal(p.branch.len, 3);
    assert_false(p.counted);
    assert_int_equal(p.present, 1);
}

static void refused(void **state)
{
    static const char *const bodies[] = {
        "", "[]", "{", "{\"branch\"", "{\"branch\":}", "{\"branch\":\"\"}", "{\"present_count\":-1}", "{\"present_count\":\"7\"}",
        "{\"present\":7}", "{\"with\":\"B-1\"}", "{\"branch\":\"B-1\"", "{branch:1}", "{\"a\":1}x", "{\"present_count\":99999999999}",
    };
    struct peeked p;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
        if (peek(&p, bodies[i]))
            fail_msg("taken: %s", bodies[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(members), cmocka_unit_test(lookalikes), cmocka_unit_test(refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
