/* The name of a peer, from what libzmq says of its address. */
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "net/users.h"

static void test_names(void **state)
{
    struct users users = {0};
    char address[64];

    (void)state;
    snprintf(address, sizeof address, "localhost:%u:%u:%d", getuid(), getgid(), getpid());
    assert_string_equal(users_name(&users, address), getpwuid(getuid())->pw_name);
    assert_string_equal(users_name(&users, address), getpwuid(getuid())->pw_name);
    assert_int_equal(users.count, 1);
    assert_string_equal(users_name(&users, "localhost:3999999999:0:1"), "uid-3999999999");
}

static void test_no_name(void **state)
{
    static const char *const others[] = {NULL, "", "127.0.0.1", "::1", "localhost", "localhost:", "localhost:x:1:1",
                                         "localhost:0", "localhost:99999999999999999999:0:1"};
    struct users users = {0};

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_string_equal(users_name(&users, others[i]), "local");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(users_uid(others[i]), -1);
    assert_int_equal(users_uid("localhost::1:1"), -1); /* nobody, and not root */
    assert_int_equal(users_uid("localhost:4294967296:1:1"), -1);
    assert_int_equal(users_uid("localhost:0:0:1"), 0);
    assert_int_equal(users_uid("localhost:1000:0:1"), 1000);
    assert_int_equal(users.count, 0);
}

static void test_remembers_so_many(void **state)
{
    struct users users = {0};
    char address[64], name[64];

    (void)state;
    for (unsigned uid = 3000000000u; uid < 3000000000u + 3 * USERS_REMEMBERED; uid++) {
        snprintf(address, sizeof address, "localhost:%u:0:1", uid);
        snprintf(name, sizeof name, "uid-%u", uid);
        assert_string_equal(users_name(&users, address), name);
    }
    assert_int_equal(users.count, USERS_REMEMBERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_no_name),
        cmocka_unit_test(test_remembers_so_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
