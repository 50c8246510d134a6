/* Sums by township, and in what order branches need help. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "report/needs.h"

static json_t *branch(const char *ref, const char *area, const char *states)
{
    json_t *duties = json_array(), *row = json_pack("{s:s, s:s}", "branch", ref, "name", ref);

    for (size_t i = 0; states[i]; i++)
        json_array_append_new(duties, json_pack("{s:s, s:o, s:s}", "rule", "r", "period", json_sprintf("2022-%02zu", i + 1), "state",
                                                states[i] == 'o'   ? "met"
                                                : states[i] == 'X' ? "missed"
                                                : states[i] == 'l' ? "late"
                                                : states[i] == 'e' ? "excused"
                                                                   : "open"));
    if (area)
        json_object_set_new(row, "area", json_string(area));
    json_object_set_new(row, "duties", duties);
    return row;
}

static json_t *alert(const char *rule, const char *branch_ref, const char *level)
{
    return json_pack("{s:s, s:s, s:s, s:s}", "rule", rule, "title", rule, "branch", branch_ref, "level", level);
}

static void townships(void **state)
{
    json_t *board = json_pack("[o, o, o]", branch("B-1", "2", "ooXl"), branch("B-2", "1", "e."), branch("B-3", "2", "o")), *rows;
    _cleanup_free_ char *text = NULL;

    (void)state;
    rows = townships_of(board);
    text = json_dumps(rows, JSON_COMPACT | JSON_REAL_PRECISION(6));
    assert_string_equal(text, "[{\"area\":\"1\",\"branches\":1,\"met\":0,\"late\":0,\"missed\":0,\"excused\":1,\"open\":1},"
                              "{\"area\":\"2\",\"branches\":2,\"met\":3,\"late\":1,\"missed\":1,\"excused\":0,\"open\":0,\"rate\":60.0}]");
    json_decref(rows);
    json_decref(board);
}

/* The refs in their order, and the last one's reasons. */
static void order(const json_t *board, const json_t *alerts, const char *wanted)
{
    json_t *rules = json_pack("[{s:s, s:s}]", "rule", "r", "title", "Theme day"), *rows = needs_of(board, rules, alerts), *row;
    _cleanup_buf_ struct buf found = {0};
    size_t i;

    json_array_foreach(rows, i, row)
        buf_addf(&found, "%s%s: %s", i ? "\n" : "", json_string_value(json_object_get(row, "branch")),
                 json_string_value(json_object_get(row, "why")));
    assert_string_equal(buf_str(&found), wanted);
    json_decref(rows);
    json_decref(rules);
}

static void worst_first(void **state)
{
    json_t *board = json_pack("[o, o, o, o, o, o]", branch("B-1", NULL, "oooo"), branch("B-2", NULL, "XX"),
                              branch("B-3", NULL, "X"), branch("B-4", NULL, "XXXX"), branch("B-5", NULL, "l"),
                              branch("B-6", NULL, "oo"));
    json_t *alerts = json_pack("[o, o, o, o, o]", alert("a", "B-3", "red"), alert("b", "B-2", "yellow"), alert("b", "B-2", "yellow"),
                               alert("c", "B-6", "notice"), alert("d", "B-elsewhere", "red"));

    (void)state;
    order(board, alerts, "B-3: a (red); Theme day missed 2022-01\n"
                         "B-2: b (yellow, 2 times); Theme day missed 2022-01, 2022-02\n"
                         "B-4: Theme day missed 4 (2022-01 to 2022-04)\n"
                         "B-5: ");
    json_decref(alerts);
    json_decref(board);
}

static void ten(void **state)
{
    json_t *board = json_array(), *alerts = json_array(), *rules = json_array(), *rows;
    char ref[16];

    (void)state;
    for (int i = 0; i < 15; i++) {
        snprintf(ref, sizeof ref, "B-%02d", i);
        json_array_append_new(board, branch(ref, NULL, i == 7 ? "XX" : "X"));
    }
    rows = needs_of(board, rules, alerts);
    assert_int_equal(json_array_size(rows), NEEDS_SHOWN);
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "branch")), "B-07");
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 9), "branch")), "B-09");
    json_decref(rows);
    json_decref(rules);
    json_decref(alerts);
    json_decref(board);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(townships), cmocka_unit_test(worst_first), cmocka_unit_test(ten)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
