/* The table of rights: nothing is left out of it, and no role has more than it is said to have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/roles.h"

static void test_every_type_has_a_line(void **state)
{
    struct right_row row;
    size_t events = 0, i = 0;

    (void)state;
    for (; roles_row(&row, i); i++) {
        enum event_type type = catalogue_find_type(row.name, strlen(row.name));

        if (strcmp(row.kind, "event") != 0)
            continue;
        events++;
        print_message("%s\n", row.name);
        assert_true(type != EV_NONE);
        assert_false(catalogue_type(type)->daemon_only);
        assert_int_equal(row.rights[KEY_ROLE_ADMIN], RIGHT_YES);
        for (int role = 0; role < KEY_ROLE_COUNT; role++)
            assert_int_equal(role_may_record((enum key_role)role, type), row.rights[role]);
    }
    for (int type = EV_NONE + 1; type < EV_COUNT; type++)
        if (!catalogue_type((enum event_type)type)->daemon_only)
            events--;
        else
            for (int role = 0; role < KEY_ROLE_COUNT; role++)
                assert_int_equal(role_may_record((enum key_role)role, (enum event_type)type), RIGHT_NO);
    assert_int_equal(events, 0);
    assert_false(roles_row(&row, i + 1));
}

/* reader records nothing; nobody but an admin has more than his scope over events; a recorder nothing that staff has not. */
static void test_order_of_roles(void **state)
{
    (void)state;
    for (int type = EV_NONE + 1; type < EV_COUNT; type++) {
        enum right recorder = role_may_record(KEY_ROLE_RECORDER, (enum event_type)type);
        enum right staff = role_may_record(KEY_ROLE_STAFF, (enum event_type)type);

        assert_int_equal(role_may_record(KEY_ROLE_READER, (enum event_type)type), RIGHT_NO);
        assert_true(recorder != RIGHT_YES && staff != RIGHT_YES);
        assert_true(recorder == RIGHT_NO || recorder == staff);
    }
}

static void test_verbs(void **state)
{
    (void)state;
    assert_int_equal(role_may_ask(KEY_ROLE_READER, "submit"), RIGHT_NO);
    assert_int_equal(role_may_ask(KEY_ROLE_READER, "recent"), RIGHT_SCOPE);
    assert_int_equal(role_may_ask(KEY_ROLE_STAFF, "no_such_verb"), RIGHT_NO);
    assert_int_equal(role_may_ask(KEY_ROLE_ADMIN, "no_such_verb"), RIGHT_YES); /* told that there is none */
    assert_int_equal(role_may_ask(KEY_ROLE_STAFF, ""), RIGHT_NO);
}

static void test_names(void **state)
{
    enum key_role role;

    (void)state;
    for (int i = 0; i < KEY_ROLE_COUNT; i++) {
        const struct field_spec *field = catalogue_field(EV_KEY_ALLOWED, F_ROLE);

        assert_true(key_role_parse(&role, key_role_name((enum key_role)i)));
        assert_int_equal(role, i);
        assert_string_equal(field->words[i], key_role_name((enum key_role)i)); /* the number of a word is the role */
    }
    assert_false(key_role_parse(&role, "boss"));
    assert_string_equal(right_name(RIGHT_WHOLE), "whole");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_has_a_line),
        cmocka_unit_test(test_order_of_roles),
        cmocka_unit_test(test_verbs),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
