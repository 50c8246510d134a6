/* Templates and the forms of a message: what is filled in stays in its place, what may not be told is not told, the
 * installed templates say all there is, and each mistake in a template has its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/zone.h"
#include "channels/form.h"
#include "channels/template.h"
#include "leaks.h"

#define FOLDER SOURCE_DIR "/config/templates/notices"

static const char *const names[] = {"a", "b", "rows", "x"};

static struct template *parsed(const char *text)
{
    struct template *t = NULL;
    struct err err = {0};

    if (template_parse(&t, "t", text, strlen(text), names, ARRAY_LEN(names), &err) != 0)
        fail_msg("%s", err.en);
    return t;
}

static void fills(const char *text, const char *json, enum template_form form, const char *expected)
{
    _cleanup_template_ struct template *t = parsed(text);
    _cleanup_buf_ struct buf out = {0};
    json_t *object = json_loads(json, 0, NULL);

    assert_non_null(object);
    template_fill(&out, t, form, object);
    assert_string_equal(buf_str(&out), expected);
    json_decref(object);
}

static void test_filling(void **state)
{
    (void)state;
    fills("a{{a}}, {{ b }}.", "{\"a\": \"x\", \"b\": -7}", TEMPLATE_TEXT, "ax, -7.");
    fills("{{a}}{{b}}", "{\"b\": 1.5}", TEMPLATE_TEXT, "");
    fills("{{#rows}}{{a}}{{x}};{{/rows}}", "{\"x\": \"!\", \"rows\": [{\"a\": 1}, {\"a\": 2, \"x\": \"?\"}]}", TEMPLATE_TEXT, "1!;2?;");
    fills("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\": 0}", TEMPLATE_TEXT, "no");
    fills("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\": \"\"}", TEMPLATE_TEXT, "no");
    fills("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\": []}", TEMPLATE_TEXT, "no");
    fills("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\": true}", TEMPLATE_TEXT, "yes");
    fills("1\n {{#a}} \n2 {{a}}\n{{/a}}\n3{{! remark }}\n{{! remark }}\n4", "{\"a\": 9}", TEMPLATE_TEXT, "1\n2 9\n3\n4");
    fills("{{#a}}\r\nx\r\n{{/a}}\r\n", "{\"a\": 9}", TEMPLATE_TEXT, "x\r\n");
    fills("}} {a}", "{}", TEMPLATE_TEXT, "}} {a}");
}

static void test_nothing_gets_out_of_its_place(void **state)
{
    static const char *const json = "{\"a\": \"<b>&\\\"'@\\nBcc: x\\t{{b}}\", \"b\": \"no\"}";

    (void)state;
    fills("{{a}}", json, TEMPLATE_TEXT, "<b>&\"'@ Bcc: x {{b}}");
    fills("<{{a}}>", json, TEMPLATE_HTML, "<&lt;b&gt;&amp;&quot;&#39;@ Bcc: x {{b}}>");
    fills("{{a}}", json, TEMPLATE_ROBOT, "＜b＞&\"'＠ Bcc: x {{b}}");
}

static void mistake(const char *text, const char *sentence)
{
    struct template *t = NULL;
    struct err err = {0};

    assert_int_equal(template_parse(&t, "t", text, strlen(text), names, ARRAY_LEN(names), &err), 1);
    assert_null(t);
    assert_string_equal(err.en, sentence);
    assert_true(err.zh[0] != '\0');
}

static void test_mistakes(void **state)
{
    (void)state;
    mistake("x\n{{rowss}}", "t:2: there is nothing called {{rowss}}");
    mistake("{{#a}}\n{{#b}}\n{{/a}}", "t:3: {{/a}} closes nothing that is open here");
    mistake("{{/a}}", "t:1: {{/a}} closes nothing that is open here");
    mistake("\n\n{{#a}}", "t:3: {{#a}} is never closed");
    mistake("\n{{a", "t:2: {{ without }}");
    mistake("{{}}", "t:1: there is nothing called {{}}");
    mistake("{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}", "t:1: more than 7 sections in each other");
    mistake("\xff", "t:1: is no text (UTF-8) of at most 65536 bytes");
}

/* ---- the installed templates -------------------------------------------------------------------- */

static const struct message_item items[] = {
    {.kind = ITEM_RAISED, .alert = 71, .count = 1, .level = "red", .level_before = "yellow", .rule = "theme-day",
     .title = "Theme day", .subject_kind = "branch", .subject = "B-1", .name = "第一<支部>", .branch = "B-1", .area = "4503",
     .since = 18993, .remedy = "hold one", .word = "wordone"},
    {.kind = ITEM_OPENED, .alert = 72, .count = 1, .level = "yellow", .level_before = "", .rule = "mobile-no-contact",
     .title = "No contact", .subject_kind = "member", .subject = "M-9", .name = "李\nBcc: 娜", .branch = "B-2", .area = "4503",
     .since = 18993, .remedy = "call", .word = ""},
    {.kind = ITEM_CLOSED, .alert = 60, .count = 1, .level = "red", .level_before = "", .rule = "lecture", .title = "Lecture",
     .subject_kind = "branch", .subject = "B-3", .name = "", .branch = "B-3", .area = "", .since = DAY_NONE, .remedy = "held",
     .word = ""},
    {.kind = ITEM_CAUSE, .count = 12, .level = "yellow", .level_before = "", .rule = "", .title = "unit closed",
     .subject_kind = "unit", .subject = "U-1", .name = "", .branch = "", .area = "", .since = 18993, .remedy = "", .word = ""},
    {.kind = ITEM_NO_REPORTS, .count = 1, .level = "", .level_before = "", .rule = "", .title = "No reports", .subject_kind = "area",
     .subject = "450303", .name = "", .branch = "", .area = "450303", .since = 18900, .remedy = "", .word = ""},
    {.kind = ITEM_ESCALATED, .alert = 59, .count = 1, .level = "red", .level_before = "", .rule = "lecture", .title = "Lecture",
     .subject_kind = "branch", .subject = "B-4", .name = "", .branch = "B-4", .area = "", .since = 18993, .remedy = "", .word = ""},
    {.kind = ITEM_UNDELIVERED, .count = 3, .level = "", .level_before = "", .rule = "mail", .title = "550 unknown",
     .subject_kind = "recipient", .subject = "zhang", .name = "", .branch = "", .area = "", .since = DAY_NONE, .remedy = "",
     .word = ""},
};

static struct message sample(const char *lang)
{
    return (struct message){.key = "k-1", .recipient = "王干事", .address = "w@x.org", .lang = lang, .ledger = "北城",
                            .kind = MESSAGE_NOW, .made_at_us = INT64_C(1672444800000000), .red = 2, .yellow = 13, .closed = 1,
                            .items = items, .item_count = ARRAY_LEN(items)};
}

static const struct discretion all = {true, true}, nothing = {false, false};

static struct forms *installed(void)
{
    struct forms *forms = NULL;
    struct err err = {0};

    if (forms_load(&forms, FOLDER, &err) != 0)
        fail_msg("%s", err.en);
    return forms;
}

static void has(const struct buf *text, const char *part)
{
    if (!memmem(text->data, text->len, part, strlen(part)))
        fail_msg("\"%s\" is not in: %.*s", part, (int)text->len, text->data);
}

static void has_not(const struct buf *text, const char *part)
{
    if (memmem(text->data, text->len, part, strlen(part)))
        fail_msg("\"%s\" is in: %.*s", part, (int)text->len, text->data);
}

static void test_mail(void **state)
{
    _cleanup_forms_ struct forms *forms = installed();
    _cleanup_buf_ struct buf subject = {0}, text = {0}, html = {0}, zh = {0};
    struct message en_message = sample("en"), zh_message = sample("zh");

    (void)state;
    form_subject(&subject, forms, &en_message, all);
    assert_string_equal(buf_str(&subject), "北城: 15 open, 2 of them red; 1 closed");
    form_text(&text, forms, &en_message, all);
    has(&text, "1. [red, was yellow] Theme day: B-1 第一<支部>\n   alert 71, area 4503, since 2022-01-01\n   hold one\n"
               "   Acknowledge: muster alert ack --word wordone\n");
    has(&text, "2. [yellow] No contact: M-9 李 Bcc: 娜\n   alert 72, branch B-2, area 4503, since 2022-01-01\n   call\n");
    has(&text, "3. [closed] Lecture: B-3\n   alert 60\n   held\n");
    has(&text, "4. [yellow] unit closed: U-1 (12 alerts), since 2022-01-01\n");
    has(&text, "5. [no reports] No reports: 450303\n   Nothing was recorded since 2021-09-30.");
    has(&text, "6. [red, not acknowledged] Lecture: B-4\n");
    has(&text, "7. to zhang by mail (3): 550 unknown\n");
    has(&text, "A word works once, and only for you.");
    has_not(&text, "REHEARSAL");
    form_html(&html, forms, &en_message, all);
    has(&html, "第一&lt;支部&gt;");
    has(&html, "<code>muster alert ack --word wordone</code>");
    has_not(&html, "<支部>");
    form_text(&zh, forms, &zh_message, all);
    has(&zh, "【红牌，原为黄牌】");
    has(&zh, "北城台账有以下变化");
}

static void test_every_kind_in_both_languages(void **state)
{
    _cleanup_forms_ struct forms *forms = installed();

    (void)state;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++)
        for (int zh = 0; zh < 2; zh++) {
            _cleanup_buf_ struct buf subject = {0}, text = {0}, robot = {0};
            struct message m = sample(zh ? "zh" : "en");

            m.kind = (enum message_kind)kind;
            m.off_days = 40;
            m.rehearsal = true;
            form_subject(&subject, forms, &m, all);
            form_text(&text, forms, &m, all);
            form_robot(&robot, forms, &m, nothing, 100000);
            assert_true(subject.len > 10 && !memchr(subject.data, '\n', subject.len));
            has(&subject, zh ? "演练" : "REHEARSAL");
            has(&text, zh ? "演练" : "REHEARSAL");
            has(&robot, zh ? "演练" : "REHEARSAL");
            if (kind == MESSAGE_SUMMARY)
                has(&text, zh ? "停止 40 天" : "was off for 40 days");
        }
}

static void test_what_may_not_be_told(void **state)
{
    _cleanup_forms_ struct forms *forms = installed();
    _cleanup_buf_ struct buf robot = {0}, named = {0};
    struct message m = sample("zh");
    json_t *json = form_json(&m, nothing);
    _cleanup_free_ char *written = json_dumps(json, 0);
    _cleanup_buf_ struct buf bytes = {0};

    (void)state;
    json_decref(json);
    buf_add_str(&bytes, written);
    has(&bytes, "\"M-9\"");
    has_not(&bytes, "wordone");
    has_not(&bytes, "支部");
    form_robot(&robot, forms, &m, nothing, 100000);
    has(&robot, "71 theme-day B-1");
    has_not(&robot, "wordone");
    has_not(&robot, "第一");
    has_not(&robot, "娜");
    form_robot(&named, forms, &m, (struct discretion){.names = true}, 100000);
    has(&named, "第一＜支部＞");
    has_not(&named, "wordone");
}

static void test_a_robot_has_little_room(void **state)
{
    _cleanup_forms_ struct forms *forms = installed();
    static struct message_item many[MESSAGE_ITEMS_MAX];
    struct message m = sample("en");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(many); i++)
        many[i] = items[0];
    m.items = many;
    m.item_count = ARRAY_LEN(many);
    m.more = 5;
    for (size_t bound = 2048; bound > 8; bound /= 2) {
        _cleanup_buf_ struct buf robot = {0};

        form_robot(&robot, forms, &m, nothing, bound);
        assert_true(robot.len <= bound);
        if (bound >= 256)
            has(&robot, " more: muster alerts");
    }
}

static void test_a_copy_owns_itself(void **state)
{
    struct message m = sample("en");
    char title[] = "Gone";
    struct message_item item = items[0];
    _cleanup_message_ struct message *copy = NULL;

    (void)state;
    item.title = title;
    m.items = &item;
    m.item_count = 1;
    copy = message_copy(&m);
    title[0] = 'D';
    item.alert = 0;
    assert_string_equal(copy->items[0].title, "Gone");
    assert_int_equal(copy->items[0].alert, 71);
    assert_string_equal(copy->ledger, "北城");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filling),
        cmocka_unit_test(test_nothing_gets_out_of_its_place),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_mail),
        cmocka_unit_test(test_every_kind_in_both_languages),
        cmocka_unit_test(test_what_may_not_be_told),
        cmocka_unit_test(test_a_robot_has_little_room),
        cmocka_unit_test(test_a_copy_owns_itself),
    };
    struct err err = {0};

    if (zone_set("Asia/Shanghai", &err) != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
