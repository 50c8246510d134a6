/* UUIDs: text both ways, version 7 in time order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/uuid.h"

static void test_text(void **state)
{
    static const char *const bad[] = {"",
                                      "0185a000-0000-7000-8000-00000000000",
                                      "0185a000-0000-7000-8000-0000000000011",
                                      "0185A000-0000-7000-8000-000000000001",
                                      "0185a00000000-7000-8000-000000000001",
                                      "0185a000-0000-7000-8000-00000000000g",
                                      "{185a000-0000-7000-8000-00000000000}"};
    static const char good[] = "0185a0ff-1234-7abc-8def-000000000001";
    uint8_t uuid[UUID_SIZE];
    char text[UUID_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(uuid_parse(uuid, bad[i], strlen(bad[i])));
    assert_true(uuid_parse(uuid, good, strlen(good)));
    assert_int_equal(uuid[0], 0x01);
    assert_int_equal(uuid[15], 0x01);
    assert_string_equal(uuid_format(text, uuid), good);
}

static void test_version_7(void **state)
{
    uint8_t a[UUID_SIZE], b[UUID_SIZE], again[UUID_SIZE];

    (void)state;
    uuid_make(a, 1667635200000);
    uuid_make(again, 1667635200000);
    uuid_make(b, 1667635200001);
    assert_int_equal(a[6] >> 4, 7);
    assert_int_equal(a[8] >> 6, 2);
    assert_true(memcmp(a, b, UUID_SIZE) < 0);
    assert_memory_equal(a, again, 6);
    assert_memory_not_equal(a, again, UUID_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_text), cmocka_unit_test(test_version_7)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
