/* The rating aid: sums, bands, what is left out, and mistakes in its configuration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "leaks.h"
#include "report/rating.h"

static void read_example(struct rubric *rubric)
{
    struct err err = {0};

    assert_int_equal(rubric_read(rubric, SOURCE_DIR "/config/rating.cfg", &err), 0);
    assert_int_equal(rubric->criterion_count, 3);
}

static json_t *duties(const char *states)
{
    json_t *list = json_array();

    for (; *states; states++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "rule", *states == 'x' ? "of-members" : "theme-day", "state",
                                              *states == 'o' ? "met" : *states == 'l' ? "late" : *states == 'X' ? "missed" : "open"));
    return list;
}

static void check_score(const char *states, int64_t members, double hours, const char *delays_json, double score, int stars)
{
    _cleanup_rubric_ struct rubric rubric = {0};
    json_t *list = duties(states), *delays = json_loads(delays_json, 0, NULL), *rating;
    struct rating_facts facts = {list, members, hours, delays};

    read_example(&rubric);
    rating = rating_of(&rubric, &facts);
    if (stars >= 0) {
        assert_true(fabs(json_number_value(json_object_get(rating, "score")) - score) < 0.001);
        assert_int_equal(json_integer_value(json_object_get(rating, "stars")), stars);
    } else {
        assert_null(json_object_get(rating, "score"));
        assert_null(json_object_get(rating, "stars"));
    }
    assert_int_equal(json_array_size(json_object_get(rating, "parts")), 3);
    json_decref(rating);
    json_decref(list);
    json_decref(delays);
}

static void sums(void **state)
{
    (void)state;
    check_score("oooo", 10, 320, "[0, 14]", 100, 5);
    check_score("oool", 10, 320, "[0, 14]", 92.5, 4);        /* 60 x 3.5/4 + 40 */
    check_score("oXl.", 10, 160, "[15, 14]", 50, 1);         /* 60 x 1.5/3 + 20 x 0.5 + 20 x 0.5; open does not count */
    check_score("oxxx", 10, 640, "[1]", 100, 5);             /* another rule's; hours at most once */
    check_score("oX", 0, 0, "[]", 50, 1);                    /* two criteria left out: 30 of 60 */
    check_score("", 0, 0, "[]", 0, -1);                      /* nothing to go by */
    check_score("ooo", 3, 86.4, "[3]", 98, 5);               /* 60 + 20 x 0.9 + 20 */
}

static void refused(const char *text, const char *says)
{
    char path[] = "/tmp/muster-rating-XXXXXX";
    _cleanup_rubric_ struct rubric rubric = {0};
    struct err err = {0};
    _cleanup_file_ FILE *file = NULL;
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    file = fdopen(fd, "w");
    fputs(text, file);
    fflush(file);
    assert_int_equal(rubric_read(&rubric, path, &err), 1);
    remove(path);
    if (!strstr(err.en, says))
        fail_msg("\"%s\" does not say \"%s\"", err.en, says);
}

#define CRITERION "criteria = ( { source = \"hours\"; points = 10; target = 32; title = { en = \"h\"; zh = \"h\"; }; } );\n"

static void mistakes(void **state)
{
    (void)state;
    refused("rubric = \"r\";\n" CRITERION, "lacks \"bands\"");
    refused("rubric = \"r\";\n" CRITERION "bands = ( { from = 50; stars = 6; } );", ":3: ");
    refused("rubric = \"r\";\n" CRITERION "bands = ( { from = 50; stars = 1; }, { from = 60; stars = 2; } );", "best down");
    refused("rubric = \"r\";\n" CRITERION "bands = ( { from = 150; stars = 1; } );", "between 0 and 100");
    refused("rubric = \"r\";\ncriteria = ( { source = \"stars\"; } );\nbands = ( { from = 0; stars = 1; } );", ":2: ");
    refused("rubric = \"r\";\ncriteria = ( { source = \"hours\"; points = 1; target = 0; title = { en = \"h\"; zh = \"h\"; }; } );\n"
            "bands = ( { from = 0; stars = 1; } );", "above 0");
    refused("rubric = \"r\";\ncriteria = ( { source = \"hours\"; points = 1; tarket = 1; title = { en = \"h\"; zh = \"h\"; }; } );\n"
            "bands = ( { from = 0; stars = 1; } );", "tarket");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums), cmocka_unit_test(mistakes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
