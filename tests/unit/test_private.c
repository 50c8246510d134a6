/* What looks like a number of a card or a telephone, or an address; and what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/private.h"

static const struct {
    const char *text;
    enum private_kind kind;
} texts[] = {
    {"身份证450302199003071234", PRIVATE_ID_CARD},
    {"45030219900307123X", PRIVATE_ID_CARD},
    {"４５０３０２１９９００３０７１２３Ｘ", PRIVATE_ID_CARD},
    {"450302 19900307 1234", PRIVATE_ID_CARD},
    {"old: 450302900307123", PRIVATE_ID_CARD},
    {"450302199013071234", PRIVATE_NONE},  /* no thirteenth month */
    {"950302199003071234", PRIVATE_NONE},  /* no such province */
    {"4503021990030712345", PRIVATE_NONE}, /* one more: another number */
    {"X450302199003071234", PRIVATE_ID_CARD},
    {"call 13812345678", PRIVATE_PHONE},
    {"138 1234 5678", PRIVATE_PHONE},
    {"138-1234-5678", PRIVATE_PHONE},
    {"+86 13812345678", PRIVATE_PHONE},
    {"８６１３８１２３４５６７８", PRIVATE_PHONE},
    {"0772-3456789", PRIVATE_PHONE},
    {"(010)12345678", PRIVATE_PHONE},
    {"12812345678", PRIVATE_NONE},
    {"1381234567", PRIVATE_NONE},
    {"2022-11-05 15:00", PRIVATE_NONE},
    {"2022-11-05 10 people", PRIVATE_NONE},
    {"12 of 15 present, 3 excused", PRIVATE_NONE},
    {"住在中山路12号", PRIVATE_ADDRESS},
    {"幸福小区3栋2单元501室", PRIVATE_ADDRESS},
    {"红星村５号", PRIVATE_ADDRESS},
    {"第12号文件", PRIVATE_NONE},
    {"学习了十二号文件", PRIVATE_NONE},
    {"", PRIVATE_NONE},
    {"身体好，五月回来", PRIVATE_NONE},
    {"\xff\xfe 13812345678", PRIVATE_NONE}, /* no text */
};

static void test_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (private_in_text(texts[i].text, strlen(texts[i].text)) != texts[i].kind)
            print_error("%s\n", texts[i].text);
        assert_int_equal(private_in_text(texts[i].text, strlen(texts[i].text)), texts[i].kind);
    }
}

static enum private_kind in_event(const char *json, const char **field)
{
    *field = "";
    return private_in_event(field, json, strlen(json));
}

static void test_events(void **state)
{
    const char *field;

    (void)state;
    assert_int_equal(in_event("{\"type\":\"contact\",\"note\":\"13812345678\"}", &field), PRIVATE_PHONE);
    assert_string_equal(field, "note");
    assert_int_equal(in_event("{\"extra\":{\"a\":[1,{\"b\":13812345678}]}}", &field), PRIVATE_PHONE);
    assert_string_equal(field, "extra");
    assert_int_equal(in_event("{\"absent\":[{\"member\":\"M\",\"reason\":\"住中山路12号\"}]}", &field), PRIVATE_ADDRESS);
    assert_int_equal(in_event("{\"place\":\"中山路12号\",\"transfer\":\"13812345678\",\"note\":\"well\"}", &field), PRIVATE_NONE);
    assert_int_equal(in_event("{\"note\":13", &field), PRIVATE_NONE);
    assert_int_equal(in_event("[]", &field), PRIVATE_NONE);
    assert_string_equal(private_kind_text(PRIVATE_PHONE, "zh"), "电话号码");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_events),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
