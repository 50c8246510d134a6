/* Templates: what is filled in, what is refused and where, and that nothing is asked twice or in vain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "report_stage.h"

static void filled(const char *text, const char *wanted)
{
    struct report_stage stage = {0};
    _cleanup_material_ struct material *material = stage_material(&stage, false);
    _cleanup_buf_ struct buf out = {0};

    stage_fill(&out, material, text);
    assert_string_equal(buf_str(&out), wanted);
}

static void values(void **state)
{
    (void)state;
    filled("There are {{units.total}} units on {{day}} of {{year}}.\n", "There are 120 units on 2022-03-31 of 2022.\n");
    filled("{{duty.theme-day}} {{duty.theme-day.met}}/{{duty.theme-day.due}}", "66.7% 2/3\n");
    filled("{{coverage.enterprise}} {{roll.moved_in}}", "— —\n");       /* over nothing; not told */
    filled("{{meetings.lecture}}", "0\n");                                /* did not occur */
    filled("{{alliance.members/A-1}} {{seq}} {{head}}{{scope}}", "38 77 0123456789abcdef\n");
}

static void text(void **state)
{
    (void)state;
    filled("# A {{year}}\n\none\ntwo\n\n- x\n- **y** z\n", "# A 2022\n\none two\n\n- x\n- **y** z\n");
    filled("一\n二\n", "一二\n");
    filled("a_b [c] | d", "a\\_b \\[c\\] \\| d\n");
    filled("{{! nothing }}\n  x  \n", "x\n");
}

static void blocks(void **state)
{
    (void)state;
    filled("{{each alerts}}\n- {{.level}} {{.name}} ({{.subject}}): {{.what}}\n{{end}}\n",
           "- red One (B-1): missed 2022-02\n- yellow Li (M-1): due 2022-02-28\n");
    filled("{{each alerts first 1}}\n- {{.branch_name}}\n{{end}}\n", "- One\n");
    filled("{{each alerts.none?}}\n- {{.name}}\n{{else}}\nnobody\n{{end}}\n", "nobody\n");
    filled("{{if units.enterprise}}\nyes\n{{else}}\nno\n{{end}}", "no\n");
    filled("{{if alerts.away}}\n{{count alerts.away}}: {{names alerts.away}}\n{{end}}", "1: Li (M-1)\n");
    filled("{{names alerts first 1}}", "One (B-1) and 1 more\n");
    filled("{{each alerts}}\n{{if .what}}\n- {{.what}}\n{{end}}\n{{end}}", "- missed 2022-02\n- due 2022-02-28\n");
}

static void tables(void **state)
{
    (void)state;
    filled("{{table alerts first 1 : name since}}", "| Name | Since |\n|---|---|\n| One | 2022-03-11 |\n\n... and 1 more\n");
    filled("{{table townships}}", "| Township | Branches | Met | Late | Missed | Excused | Open | Rate |\n"
                                  "|---|---:|---:|---:|---:|---:|---:|---:|\n|  | 1 | 0 | 1 | 0 | 0 | 1 | 0.0% |\n"
                                  "| 45 | 1 | 1 | 0 | 1 | 0 | 0 | 50.0% |\n");
    filled("{{table alliances : name members}}", "| Name | Members |\n|---|---:|\n| East | 38 |\n");
    filled("{{table due-by-rule : title count first}}", "| What | How many | From |\n|---|---:|---|\n| Theme day | 1 | 2022-04-11 |\n");
    filled("{{chart meetings-by-month}}", "**Meetings by month** (meetings)\n\n| Month | Meetings |\n|---|---:|\n| 2022-01 | 5 |\n"
                                          "| 2022-02 | 0 |\n| 2022-03 | 7 |\n");
}

static void mistakes(void **state)
{
    (void)state;
    filled("x\n{{units.totl}}", "t.md:2: there is no figure or list \"units.totl\" ~ units.total");
    filled("{{if units.enterprise}}\nx\n{{each alerts}}\n{{.nam}}\n{{end}}\n{{end}}", "t.md:4: there is no column \"nam\" ~ name");
    filled("{{table alrts}}", "t.md:1: there is no list \"alrts\" ~ alerts");
    filled("{{table alerts : titel}}", "t.md:1: there is no column \"titel\" ~ title");
    filled("{{.name}}", "t.md:1: there is no row here for column \"name\"");
    filled("{{chart pie}}", "t.md:1: there is no chart \"pie\"");
    filled("\n{{each alerts}}\n", "t.md:2: this has no {{end}}");
    filled("{{end}}", "t.md:1: nothing is open here for \"end\"");
    filled("{{if units.total}}\n{{else}}\n{{else}}\n{{end}}", "t.md:3: nothing is open here for \"else\"");
    filled("{{units.total", "t.md:1: {{ has no }}");
    filled("{{ }}", "t.md:1: nothing stands in {{ }}");
    filled("{{table alerts first none}}", "t.md:1: first needs a number");
    filled("{{units.total units.total}}", "t.md:1: there is no place for \"units.total\"");
    filled("\xff", "t.md:1: not UTF-8");
}

/* What the ledger says is text in every form. */
static void harmless(void **state)
{
    struct report_stage stage = {.name = "<b>*&|\xEF\xBF\xBE"}; /* and U+FFFE, which XML cannot have */
    _cleanup_material_ struct material *material = stage_material(&stage, false);
    _cleanup_template_ struct template template = {0};
    _cleanup_document_ struct document document = {0};
    _cleanup_buf_ struct buf out = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(template_parse(&template, "t.md", "{{table help : name}}\n", &err), 0);
    assert_int_equal(document_fill(&document, material, &template, &err), 0);
    write_md(&out, &document);
    assert_non_null(strstr(buf_str(&out), "| \\<b\\>\\*\\&\\|"));
    buf_clear(&out);
    write_html(&out, &document);
    assert_non_null(strstr(buf_str(&out), "&lt;b&gt;*&amp;|\xEF\xBF\xBD</td>"));
    assert_null(strstr(buf_str(&out), "<b>"));
}

static void asked_once(void **state)
{
    struct report_stage stage = {0};
    _cleanup_material_ struct material *material = stage_material(&stage, false);
    _cleanup_buf_ struct buf out = {0};

    (void)state;
    stage_fill(&out, material, "{{units.total}} {{units.enterprise}}\n");
    assert_int_equal(stage.others, 3); /* figures, rules, status: nothing in vain */
    stage_fill(&out, material, "{{table alerts}}\n{{table help}}\n{{table problems}}\n{{table townships}}\n{{count alerts.away}}\n");
    assert_int_equal(stage.alerts, 1);
    assert_int_equal(stage.board, 1);
    assert_int_equal(stage.figures, 1);
    stage.fails = true;
    stage_fill(&out, material, "{{table due}}\n");
    assert_string_equal(buf_str(&out), "asking failed");
}

static void chinese(void **state)
{
    struct report_stage stage = {0};
    _cleanup_material_ struct material *material = stage_material(&stage, true);
    _cleanup_buf_ struct buf out = {0};

    (void)state;
    stage_fill(&out, material, "{{each alerts}}\n- {{.level}}：{{.what}}\n{{end}}\n{{units.totl}}\n");
    stage_fill(&out, material, "{{each alerts}}\n- {{.level}}：{{.what}}\n{{end}}\n");
    assert_string_equal(buf_str(&out), "- 红：缺 2022-02\n- 黄：期限 2022-02-28\n");
    stage_fill(&out, material, "{{names alerts first 1}}");
    assert_string_equal(buf_str(&out), "One（B-1）等，另有 1 个\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),   cmocka_unit_test(text),       cmocka_unit_test(blocks),  cmocka_unit_test(tables),
        cmocka_unit_test(mistakes), cmocka_unit_test(harmless),   cmocka_unit_test(asked_once), cmocka_unit_test(chinese),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
