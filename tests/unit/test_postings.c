/* The stored form of touches: what goes in comes out, and damaged bytes are noticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store/postings.h"

static const struct touch samples[] = {
    {{-36500, -1, 1}, EV_MEETING, ROLE_HOST, 1, 0, 0},
    {{0, 0, 2}, EV_TRAINING, ROLE_WITH | ROLE_HAS_LIST, KIND_BIT(KIND_TRAINING), 100000, 77},
    {{19300, 54000000000000, INT64_MAX / 4}, EV_CONTACT, ROLE_SELF, KIND_BIT(KIND_CONTACT), 0, 0},
    {{19300, 54000123456789, 9}, EV_MEETING, ROLE_PRESENT, KIND_BIT(KIND_MAX), 0, INT64_MAX / 2},
};

static void test_round_trip(void **state)
{
    _cleanup_buf_ struct buf out = {0};
    struct place previous = {0, 0, 0};
    struct postings postings;
    struct touch t;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(samples); i++)
        postings_add(&out, &samples[i], &previous);
    postings = postings_over(out.data, out.len);
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        assert_int_equal(postings_next(&t, &postings), 1);
        assert_int_equal(place_compare(&t.place, &samples[i].place), 0);
        assert_int_equal(t.type, samples[i].type);
        assert_int_equal(t.role, samples[i].role);
        assert_true(t.kinds == samples[i].kinds);
        assert_int_equal(t.hours, samples[i].hours);
        assert_true(t.out_by == samples[i].out_by);
    }
    assert_int_equal(postings_next(&t, &postings), 0);
}

static void test_cut_short(void **state)
{
    _cleanup_buf_ struct buf out = {0};
    struct place previous = {0, 0, 0};

    (void)state;
    postings_add(&out, &samples[1], &previous);
    for (size_t len = 1; len < out.len; len++) {
        struct postings postings = postings_over(out.data, len);
        struct touch t;

        assert_int_equal(postings_next(&t, &postings), -1);
    }
}

static void test_varints(void **state)
{
    static const uint64_t values[] = {0, 1, 127, 128, 16383, 16384, UINT64_MAX};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        _cleanup_buf_ struct buf out = {0};
        const uint8_t *p;
        uint64_t v;

        varint_add(&out, values[i]);
        p = (const uint8_t *)out.data;
        assert_true(varint_next(&v, &p, p + out.len));
        assert_true(v == values[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_varints),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
