/* Files into rows: encodings, delimiters, headers, and what a row becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/zone.h"
#include "import/table.h"
#include "import_stage.h"

static void expect_text(const char *bytes, size_t len, enum encoding encoding, const char *expected)
{
    _cleanup_fd_ int fd = file_of(bytes, len);
    _cleanup_buf_ struct buf text = {0};
    struct decoder decoder;
    struct err err = {0};
    int r = 1;

    assert_int_equal(decoder_open(&decoder, fd, &err), 0);
    assert_int_equal(decoder.encoding, encoding);
    while (r == 1) {
        _cleanup_buf_ struct buf piece = {0};

        r = decoder_next(&piece, &decoder, &err);
        assert_true(r >= 0);
        buf_add_str(&text, buf_str(&piece));
    }
    assert_string_equal(buf_str(&text), expected);
    decoder_close(&decoder);
}

#define EXPECT_TEXT(bytes, encoding, expected) expect_text(bytes, sizeof(bytes) - 1, encoding, expected)

static void test_encodings(void **state)
{
    (void)state;
    EXPECT_TEXT("", ENCODING_UTF8, "");
    EXPECT_TEXT("plain", ENCODING_UTF8, "plain");
    EXPECT_TEXT("支部", ENCODING_UTF8, "支部");
    EXPECT_TEXT("\xEF\xBB\xBF支部", ENCODING_UTF8_MARK, "支部");
    EXPECT_TEXT("\xD6\xA7\xB2\xBF", ENCODING_GB18030, "支部");
    EXPECT_TEXT("\xD6\xA7\x95\x32\x82\x36", ENCODING_GB18030, "支𠀀"); /* four bytes */
    EXPECT_TEXT("\xD6\xA7\xFF\xB2\xBF", ENCODING_GB18030, "支\xFF部");
    EXPECT_TEXT("\xD6\xA7\xB2", ENCODING_GB18030, "支\xFF");
    EXPECT_TEXT("\xFF\xFE\x2F\x65\xE8\x90", ENCODING_UTF16LE, "支部");
    EXPECT_TEXT("\xFE\xFF\x65\x2F\x90\xE8", ENCODING_UTF16BE, "支部");
}

/* Characters that lie across two blocks. */
static void test_long_text(void **state)
{
    _cleanup_buf_ struct buf gb = {0}, utf8 = {0};

    (void)state;
    buf_add_char(&gb, 'x');
    buf_add_char(&utf8, 'x');
    for (int i = 0; i < 70000; i++) {
        buf_add_str(&gb, "\xD6\xA7\xB2\xBF");
        buf_add_str(&utf8, "支部");
    }
    expect_text(gb.data, gb.len, ENCODING_GB18030, buf_str(&utf8));
    expect_text(utf8.data, utf8.len, ENCODING_UTF8, buf_str(&utf8));
}

static void expect_no_text(const char *bytes, size_t len, const char *words)
{
    _cleanup_fd_ int fd = file_of(bytes, len);
    struct decoder decoder;
    struct err err = {0};

    assert_int_equal(decoder_open(&decoder, fd, &err), 1);
    assert_non_null(strstr(err.en, words));
}

static void test_no_text(void **state)
{
    (void)state;
    expect_no_text("PK\3\4....", 8, "CSV UTF-8");
    expect_no_text("ab\0cd", 5, "zero bytes");
}

static void expect_rows(const char *text, char delimiter, const char *expected)
{
    _cleanup_fd_ int fd = file_of(text, strlen(text));
    _cleanup_buf_ struct buf out = {0};
    struct decoder decoder;
    struct table table;
    struct table_row row;
    struct err err = {0};
    int r;

    assert_int_equal(decoder_open(&decoder, fd, &err), 0);
    table_open(&table, &decoder, delimiter);
    while ((r = table_next(&row, &table, &err)) == 1) {
        buf_addf(&out, "%lld", (long long)row.number);
        for (size_t i = 0; i < row.count; i++)
            buf_addf(&out, "[%s]", row.cells[i]);
    }
    buf_add_str(&out, r < 0 ? "!" : "");
    assert_string_equal(buf_str(&out), expected);
    table_close(&table);
    decoder_close(&decoder);
}

static void test_rows(void **state)
{
    (void)state;
    expect_rows("a,b\n1,2\n", ',', "1[a][b]2[1][2]");
    expect_rows("a,b\r\n\r\n1,2", ',', "1[a][b]3[1][2]");
    expect_rows("a,b\r1,2\r", ',', "1[a][b]2[1][2]");
    expect_rows("a;\"x;\"\"y\"\"\"\n", ';', "1[a][x;\"y\"]");
    expect_rows("\"one\ntwo\r\nthree\rfour\",b\nc,d\n", ',', "1[one\ntwo\nthree\nfour][b]2[c][d]");
    expect_rows(" a , b\n", ',', "1[ a ][ b]");
    expect_rows("say \"hi\", b\n", ',', "1[say \"hi\"][ b]");
    expect_rows(",\n,,\n", ',', "1[][]2[][][]");
    expect_rows("", ',', "");
    expect_rows("a\n\"b", ',', "1[a]!");
}

/* "3+{members}<flag>": each row by its outcome, the members of its events, and its flags. */
static void rows_of(struct buf *out, const char *text, struct fake *fake)
{
    _cleanup_fd_ int fd = file_of(text, strlen(text));
    struct import_asking asking = fake_asking(fake);
    struct head_options options = {0};
    _cleanup_importer_ struct importer *importer = NULL;
    struct err err = {0};
    int r;

    assert_int_equal(importer_open(&importer, fd, &options, &asking, &err), 0);
    for (;;) {
        _cleanup_row_ struct row *row = NULL;

        r = importer_next(&row, importer, &err);
        if (r != 1)
            break;
        buf_addf(out, "%lld%c", (long long)row->number, row->outcome == ROW_MADE ? '+' : row->outcome == ROW_SKIPPED ? '-' : '!');
        for (size_t i = 0; i < row->event_count; i++)
            buf_addf(out, "{%s}", buf_str(&row->events[i].members));
        for (size_t i = 0; i < row->flag_count; i++)
            buf_addf(out, "<%s>", row->flags[i].name);
        buf_add_char(out, '\n');
    }
    assert_int_equal(r, 0);
}

static void test_rows_of_meetings(void **state)
{
    _cleanup_buf_ struct buf out = {0};
    struct fake fake = {0};

    (void)state;
    rows_of(&out,
            "台账\n支部,会议类型,时间,到会人员\n第一支部,主题党日,2022/11/5,张伟、王芳\nB-1,党课,2022.5.5,王芳、赵敏\nB-1,党课,2022-07-05,赵敏\n"
            "B-1,野餐,2022-07-05,\n合计,,,\nB-1,党课,2022.5.5,王芳、赵敏\n", &fake);
    assert_string_equal(buf_str(&out),
                        "3+{\"type\":\"meeting\",\"at\":\"2022-11-05\",\"branch\":\"B-1\",\"kinds\":[\"theme_day\"],\"present\":[\"M-1\",\"M-2\"]}\n"
                        "4+{\"type\":\"meeting\",\"at\":\"2022-05-05\",\"branch\":\"B-1\",\"kinds\":[\"lecture\"],\"present\":[\"M-2\",\"M-3\"]}\n"
                        "5!\n6!\n7-\n8-\n");
}

static void test_rows_of_letters(void **state)
{
    static const char sheet[] = "介绍信编号,党员编号,转入支部,开具日期\nT-1,M-1,第二支部,2022-05-01\nT-2,M-2,B-l,2022-05-01\nT-3,M-2,南宁市某某街道,2022-05-01\n";
    _cleanup_buf_ struct buf refused = {0}, taken = {0};
    struct fake fake = {0};

    (void)state;
    rows_of(&refused, sheet, &fake);
    assert_int_equal(fake.asked, 1);
    assert_non_null(strstr(buf_str(&refused), "\n3!\n4+"));
    fake.outside = true;
    rows_of(&taken, sheet, &fake);
    assert_non_null(strstr(buf_str(&taken), "\"to_name\":\"B-l\""));
}

static int set_zone(void **state)
{
    struct err err = {0};

    (void)state;
    return zone_set("Asia/Shanghai", &err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encodings), cmocka_unit_test(test_long_text), cmocka_unit_test(test_no_text), cmocka_unit_test(test_rows),
        cmocka_unit_test(test_rows_of_meetings), cmocka_unit_test(test_rows_of_letters),
    };

    return cmocka_run_group_tests(tests, set_zone, NULL);
}
