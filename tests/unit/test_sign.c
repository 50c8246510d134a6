/* Signatures, against values computed with Python's hmac. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "channels/sign.h"

static void test_known_values(void **state)
{
    char text[SIGN_TEXT_SIZE];

    (void)state;
    sign_webhook(text, "密钥", 1672444800, "{\"a\":1}");
    assert_string_equal(text, "ca6c387bcd099371704962c689b001d7a621c4e092e6c694273883f51e4e7788");
    sign_dingtalk(text, "SECabc", INT64_C(1672444800123));
    assert_string_equal(text, "Lsim8OIpTd8o8wCz5uXIq2B2pvSK/a791AphB7Z/NVk=");
    sign_feishu(text, "SECabc", 1599360473);
    assert_string_equal(text, "KjJCRpeZcpDq6nFA4wlSAm5ZsE3Y8HuB1O1Sgv2Y9xA=");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_known_values)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
