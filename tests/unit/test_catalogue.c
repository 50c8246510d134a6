/* The catalogue: every name is found, and tables fit together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/catalogue.h"
#include "wire/kinds.h"
#include "wire/subject.h"

static void test_every_type_is_found(void **state)
{
    (void)state;
    for (int i = EV_NONE + 1; i < EV_COUNT; i++) {
        const char *name = catalogue_type((enum event_type)i)->name;

        assert_non_null(name);
        assert_int_equal(catalogue_find_type(name, strlen(name)), i);
        assert_int_equal(catalogue_find_type(name, strlen(name) - 1), EV_NONE);
    }
    assert_int_equal(catalogue_find_type("", 0), EV_NONE);
    assert_int_equal(catalogue_find_type("Meeting", 7), EV_NONE);
}

static void check_field(enum event_type type, const struct field_spec *f)
{
    const char *name = field_name(f->id);

    assert_non_null(name);
    assert_ptr_equal(catalogue_find_field(type, name, strlen(name)), f);
    assert_ptr_equal(catalogue_field(type, f->id), f);
    assert_true((f->kind == VALUE_ENUM) == (f->words != NULL));
    if (f->kind == VALUE_INT)
        assert_true(f->min <= f->max);
}

static void test_every_field_is_found(void **state)
{
    (void)state;
    for (int i = EV_NONE + 1; i < EV_COUNT; i++) {
        const struct type_spec *t = catalogue_type((enum event_type)i);

        for (size_t k = 0; k < t->field_count; k++)
            check_field((enum event_type)i, &t->fields[k]);
        assert_null(catalogue_find_field((enum event_type)i, "", 0));
        assert_null(catalogue_find_field((enum event_type)i, "nothing", 7));
    }
    for (int f = 0; f + 1 < F_COUNT; f++)
        assert_true(strcmp(field_name((enum field_id)f), field_name((enum field_id)(f + 1))) != 0);
}

static void test_near_names(void **state)
{
    (void)state;
    assert_string_equal(catalogue_nearest_type("meetings"), "meeting");
    assert_string_equal(catalogue_nearest_type("member.admited"), "member.admitted");
    assert_string_equal(catalogue_nearest_field(EV_MEETING, "titel"), "title");
    assert_string_equal(catalogue_nearest_field(EV_MEETING, "replace"), "replaces");
    assert_null(catalogue_nearest_field(EV_MEETING, "zzzzzz"));
}

static void test_kinds(void **state)
{
    struct kinds k;

    (void)state;
    kinds_init(&k);
    for (int i = 0; i <= KIND_CONTACT; i++)
        assert_int_equal(kinds_find(&k, k.names[i], strlen(k.names[i])), i);
    assert_int_equal(kinds_find(&k, "foru", 4), -1);
    assert_int_equal(kinds_find(&k, "", 0), -1);
    assert_int_equal(kinds_add(&k, "picnic", -1), KIND_CUSTOM);
    assert_int_equal(kinds_add(&k, "picnic", -1), KIND_CUSTOM);
    assert_int_equal(kinds_find(&k, "picnic", 6), KIND_CUSTOM);
    kinds_deinit(&k);
}

static void test_subjects(void **state)
{
    enum subject_kind found;

    (void)state;
    for (int i = 0; i < SUBJECT_KIND_COUNT; i++) {
        const char *name = subject_kind_name((enum subject_kind)i);

        assert_true(subject_kind_parse(&found, name, strlen(name)));
        assert_int_equal(found, i);
    }
    assert_false(subject_kind_parse(&found, "branches", 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_is_found), cmocka_unit_test(test_every_field_is_found),
        cmocka_unit_test(test_near_names),          cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_subjects),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
