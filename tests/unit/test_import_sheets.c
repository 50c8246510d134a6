/* Headings, names, registers, and the ids of rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "import/directory.h"
#include "import/ids.h"
#include "import/plain.h"
#include "import/sheet.h"

static void expect_column(enum sheet_kind kind, const char *heading, enum column_id id)
{
    struct arena arena = {0};
    const struct column_spec *column = sheet_recognise(kind, heading, &arena);

    print_message("%s\n", heading);
    assert_int_equal(column ? column->id : COL_NONE, id);
    arena_deinit(&arena);
}

static void test_headings(void **state)
{
    (void)state;
    expect_column(SHEET_MEETINGS, "会议类型", COL_KINDS);
    expect_column(SHEET_MEETINGS, " 会 议\n类型 ", COL_KINDS);
    expect_column(SHEET_MEETINGS, "时长（分钟）", COL_DURATION_MIN);
    expect_column(SHEET_MEETINGS, "Present Count", COL_PRESENT_COUNT);
    expect_column(SHEET_MEETINGS, "present_count", COL_PRESENT_COUNT);
    expect_column(SHEET_MEETINGS, "联系电话", COL_PRIVATE);
    expect_column(SHEET_MEETINGS, "序号", COL_IGNORED);
    expect_column(SHEET_MEETINGS, "天气", COL_NONE);
    expect_column(SHEET_MEETINGS, "", COL_NONE);
    expect_column(SHEET_MEMBERS, "党员编号", COL_MEMBER);
    expect_column(SHEET_BRANCHES, "任期(年)", COL_TERM_YEARS);
    expect_column(SHEET_TRANSFERS, "有效期(天)", COL_VALID_DAYS);
}

/* Every name can be used with --map, no heading means two columns of one sheet, and headings are in the form in which they are compared. */
static void test_tables_are_sound(void **state)
{
    (void)state;
    for (int k = 0; k < SHEET_COUNT; k++) {
        const struct sheet_spec *sheet = sheet_spec((enum sheet_kind)k);

        for (size_t i = 0; i < sheet->column_count; i++) {
            struct arena arena = {0};
            char *headings = arena_strndup(&arena, sheet->columns[i].headings, strlen(sheet->columns[i].headings));

            assert_ptr_equal(sheet_column_named((enum sheet_kind)k, sheet->columns[i].name), &sheet->columns[i]);
            assert_ptr_equal(sheet_column((enum sheet_kind)k, sheet->columns[i].id), &sheet->columns[i]);
            for (char *word = strtok(headings, "|"); word; word = strtok(NULL, "|")) {
                print_message("%s: %s\n", sheet->name, word);
                assert_ptr_equal(sheet_recognise((enum sheet_kind)k, word, &arena), &sheet->columns[i]);
            }
            arena_deinit(&arena);
        }
    }
}

static void test_plain(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_string_equal(plain_text(&arena, "　Ｂ－０１７（一）\n"), "B-017(一)");
    assert_string_equal(plain_text(&arena, "\xFF"), "\xFF");
    assert_string_equal(plain_name(&arena, "张　三"), "张三");
    assert_string_equal(plain_name(&arena, " Li   Si "), "Li Si");
    assert_string_equal(plain_name(&arena, "买买提·吐尔逊"), "买买提·吐尔逊");
    assert_true(plain_is_blank(" \t　\n"));
    assert_false(plain_is_blank(" .　"));
    assert_int_equal(plain_distance("陈晨晨", "陈晨辰", 3), 1);
    assert_int_equal(plain_distance("张三", "张小三", 3), 1);
    assert_int_equal(plain_distance("张三", "李四光", 1), 2);
    arena_deinit(&arena);
}

static struct directory *people(void)
{
    static const struct entry members[] = {{"M-1", "张伟", "B-1", 0}, {"M-2", "张 伟", "B-2", 0}, {"M-3", "陈晨晨", "B-1", 0}, {"M-4", "王芳", "B-1", 0}};
    static const struct entry branches[] = {{"B-1", "第一支部", NULL, 3}, {"B-2", "第二支部", NULL, 1}};
    struct directory *d = directory_new();

    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        directory_add(d, DIRECTORY_MEMBER, &members[i]);
    for (size_t i = 0; i < ARRAY_LEN(branches); i++)
        directory_add(d, DIRECTORY_BRANCH, &branches[i]);
    directory_ready(d);
    return d;
}

static void test_directory(void **state)
{
    struct directory *d = people();
    const struct entry *near[4];

    (void)state;
    assert_int_equal(directory_count(d, DIRECTORY_MEMBER), 4);
    assert_int_equal(directory_by_name(d, DIRECTORY_MEMBER, "张伟").count, 2);
    assert_int_equal(directory_by_name(d, DIRECTORY_MEMBER, "张").count, 0);
    assert_null(directory_find(d, DIRECTORY_MEMBER, "张伟"));
    assert_string_equal(directory_find(d, DIRECTORY_MEMBER, "王芳"), "M-4");
    assert_string_equal(directory_find(d, DIRECTORY_MEMBER, "M-2"), "M-2");
    assert_string_equal(directory_find(d, DIRECTORY_BRANCH, "第二支部"), "B-2");
    assert_null(directory_find(d, DIRECTORY_UNIT, "B-1"));
    assert_int_equal(directory_near_members(near, ARRAY_LEN(near), d, "B-1", "陈晨辰"), 1);
    assert_string_equal(near[0]->ref, "M-3");
    assert_int_equal(directory_near_members(near, ARRAY_LEN(near), d, "B-1", "王方"), 0);
    assert_int_equal(directory_near_members(near, ARRAY_LEN(near), d, "B-2", "陈晨辰"), 0);
    directory_free(d);
}

static void make(uint8_t out[UUID_SIZE], const char *a, const char *b, day_t day)
{
    struct id_maker m;

    id_begin(&m, "meeting");
    id_add(&m, a);
    id_add(&m, b);
    if (day != DAY_NONE)
        id_add_day(&m, day);
    id_end(out, &m);
}

static void test_ids(void **state)
{
    uint8_t one[UUID_SIZE], other[UUID_SIZE];
    char text[UUID_TEXT_SIZE], ref[MADE_REF_SIZE], again[MADE_REF_SIZE];
    const char *parts[] = {"B-1", "张三"};

    (void)state;
    make(one, "B-1", "theme_day", day_from_civil(2022, 11, 5));
    make(other, "B-1", "theme_day", day_from_civil(2022, 11, 5));
    assert_memory_equal(one, other, UUID_SIZE);
    assert_true(id_is_ours(one));
    /* For ever: what was imported once is known by it, and another way of making ids would record all of it again. */
    assert_string_equal(uuid_format(text, one), "01844516-4c00-87f5-9d7b-2ce5c0299443");
    make(other, "B-1t", "heme_day", day_from_civil(2022, 11, 5));
    assert_memory_not_equal(one, other, UUID_SIZE);
    make(other, "B-1", "theme_day", day_from_civil(2022, 11, 6));
    assert_true(memcmp(one, other, UUID_SIZE) < 0);
    make(other, "B-1", "theme_day", DAY_NONE);
    assert_true(id_is_ours(other));
    assert_string_equal(id_made_ref(ref, 'M', parts, 2), id_made_ref(again, 'M', parts, 2));
    assert_int_equal(strlen(ref), 12);
    uuid_make(other, 0);
    assert_false(id_is_ours(other));
}

static void test_seen(void **state)
{
    struct seen *seen = seen_new();
    uint8_t key[UUID_SIZE] = {0};
    int64_t same;

    (void)state;
    for (int i = 0; i < 5000; i++) {
        memcpy(key + 8, &i, sizeof i);
        assert_int_equal(seen_add(seen, key, 7, i + 1, &same), 0);
        assert_int_equal(same, 0);
    }
    assert_int_equal(seen_add(seen, key, 8, 6000, &same), 1);
    assert_int_equal(same, 0);
    assert_int_equal(seen_add(seen, key, 7, 6001, &same), 2);
    assert_int_equal(same, 5000);
    assert_int_equal(seen_add(seen, key, 9, 6002, &same), 2);
    seen_free(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headings), cmocka_unit_test(test_tables_are_sound), cmocka_unit_test(test_plain),
        cmocka_unit_test(test_directory), cmocka_unit_test(test_ids), cmocka_unit_test(test_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
