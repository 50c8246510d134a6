/* Every mistake of a rule pack is told with file and line: each file of tests/data/packs begins with
 * `# expect LINE: SENTENCE`. The same tree as JSON is refused with the same sentence. */
#include <glob.h>
#include <stdarg.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include "leaks.h"
#include "pack/pack.h"

enum { FILES_AT_LEAST = 90, LINE_MAX_BYTES = 512 };

static struct kinds kinds;

static void expectation(char *line_out, char *sentence_out, const char *path)
{
    _cleanup_file_ FILE *f = fopen(path, "re");
    char first[LINE_MAX_BYTES];

    assert_non_null(f);
    assert_non_null(fgets(first, sizeof first, f));
    first[strcspn(first, "\n")] = '\0';
    if (sscanf(first, "# expect %15[0-9]: %400[^\n]", line_out, sentence_out) != 2)
        fail_msg("%s does not begin with an expectation", path);
}

static void check_file(const char *path, size_t *syntax_mistakes)
{
    _cleanup_pack_ struct pack *pack = NULL;
    char line[16], sentence[LINE_MAX_BYTES], whole[2 * LINE_MAX_BYTES];
    struct err err = {0}, again = {0};
    json_t *json = NULL;

    expectation(line, sentence, path);
    snprintf(whole, sizeof whole, "%s:%s: %s", path, line, sentence);
    assert_int_equal(pack_read_file(&pack, path, &kinds, &err), 1);
    assert_int_equal(err.code, ERR_INVALID_VALUE);
    assert_string_equal(err.en, whole);
    assert_true(strlen(err.zh) > 0 && strncmp(err.zh, path, strlen(path)) == 0);
    if (pack_file_to_json(&json, path, &again) != 0) {
        assert_string_equal(again.en, whole);
        ++*syntax_mistakes;
        return;
    }
    assert_int_equal(pack_read_json(&pack, json, &kinds, &again), 1);
    json_decref(json);
    if (!strstr(path, "id-twice")) /* names a line there, a rule's number here */
        assert_non_null(strstr(again.en, sentence));
}

static void every_mistake_is_told_with_its_line(void **state)
{
    glob_t found;
    size_t syntax_mistakes = 0;

    (void)state;
    kinds_init(&kinds);
    assert_int_equal(glob(SOURCE_DIR "/tests/data/packs/*.cfg", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= FILES_AT_LEAST);
    for (size_t i = 0; i < found.gl_pathc; i++)
        check_file(found.gl_pathv[i], &syntax_mistakes);
    assert_int_equal(syntax_mistakes, 8);
    globfree(&found);
}

static void refused(const char *path, const char *part)
{
    _cleanup_pack_ struct pack *pack = NULL;
    struct err err = {0};

    assert_int_equal(pack_read_file(&pack, path, &kinds, &err), 1);
    assert_null(pack);
    assert_non_null(strstr(err.en, path));
    assert_non_null(strstr(err.en, part));
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    refused("/nonexistent/pack.cfg", "cannot be read");
    refused("/tmp", "not a regular file");
    refused("/dev/zero", "not a regular file");
}

static const char *text_mistake(struct err *err, const char *text, size_t len)
{
    struct pack *pack = NULL;

    memset(err, 0, sizeof *err);
    assert_int_equal(pack_read_text(&pack, text, len, "p.cfg", &kinds, err), 1);
    return err->en;
}

static void characters_that_are_no_text(void **state)
{
    struct err err;
    char deep[200] = "rules = ";

    (void)state;
    assert_string_equal(text_mistake(&err, "# \n# \xff\n", 6), "p.cfg:2: this is not UTF-8");
    assert_string_equal(text_mistake(&err, "\0\0", 2), "p.cfg:1: this is not a text file");
    assert_string_equal(text_mistake(&err, "a = 1;\n  @include \"x\"\n", 22),
                        "p.cfg:2: @include is not supported: write everything in one file");
    memset(deep + 8, '(', 150);
    assert_string_equal(text_mistake(&err, deep, strlen(deep)),
                        "p.cfg:1: the brackets are nested too deep");
    assert_string_equal(text_mistake(&err, "a = 1e999;", 10), "p.cfg:1: this number is too large");
    assert_string_equal(text_mistake(&err, "a = 99999999999999999999L;", 26),
                        "p.cfg:1: this number is too large");
    assert_string_equal(text_mistake(&err, "a = 0xFFFFFFFFF;", 16),
                        "p.cfg:1: this number is too large");
}

static void json_places(void **state)
{
    struct pack *pack = NULL;
    struct err err = {0};
    json_t *root = json_pack("{s:[{s:s,s:s,s:n}]}", "rules", "subject", "branch", "kind", "state",
                             "id");

    (void)state;
    assert_int_equal(pack_read_json(&pack, root, NULL, &err), 1);
    assert_string_equal(err.en, "rules[0]: this state rule lacks \"levels\"");
    json_decref(root);
    root = json_pack("{s:[{s:s,s:s,s:[{s:n}]}]}", "rules", "subject", "branch", "kind", "state",
                     "levels", "le\nvel");
    memset(&err, 0, sizeof err);
    assert_int_equal(pack_read_json(&pack, root, NULL, &err), 1);
    json_decref(root);
    root = json_string("a\tb");
    memset(&err, 0, sizeof err);
    assert_int_equal(pack_read_json(&pack, root, NULL, &err), 1);
    json_decref(root);
}

static void json_is_bounded(void **state)
{
    struct pack *pack = NULL;
    struct err err = {0};
    json_t *many = json_array(), *deep = json_array();

    (void)state;
    for (int i = 0; i < 40000; i++)
        json_array_append_new(many, json_integer(1));
    assert_int_equal(pack_read_json(&pack, many, NULL, &err), 1);
    assert_non_null(strstr(err.en, "too many settings"));
    json_decref(many);
    for (int i = 0; i < 100; i++) {
        json_t *outer = json_array();

        json_array_append_new(outer, deep);
        deep = outer;
    }
    memset(&err, 0, sizeof err);
    assert_int_equal(pack_read_json(&pack, deep, NULL, &err), 1);
    assert_non_null(strstr(err.en, "nested too deep"));
    json_decref(deep);
}

static void a_long_path_keeps_its_end(void **state)
{
    char path[2000];
    struct pack *pack = NULL;
    struct err err = {0};

    (void)state;
    memset(path, 'd', sizeof path);
    strcpy(path + sizeof path - 10, "/name.cfg");
    assert_int_equal(pack_read_text(&pack, "x = 1;", 6, path, NULL, &err), 1);
    assert_non_null(strstr(err.en, "/name.cfg:1: unknown key \"x\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_told_with_its_line),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(characters_that_are_no_text),
        cmocka_unit_test(json_places),
        cmocka_unit_test(json_is_bounded),
        cmocka_unit_test(a_long_path_keeps_its_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
