#include "report_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static json_t *figures(void)
{
    return json_pack("{s:i, s:s, s:i, s:s, s:s, s:s, s:[s], s:[{s:s,s:i,s:s,s:s},{s:s,s:n,s:s,s:s},{s:s,s:f,s:s,s:s,s:i,s:i},"
                     "{s:s,s:s,s:i,s:s,s:s},{s:s,s:i,s:s,s:s}]}",
                     "year", 2022, "day", "2022-03-31", "seq", 77, "head", "0123456789abcdef0123", "recorded_at",
                     "2022-04-01T00:00:00Z", "pack", "p1", "not_told", "roll.moved_in", "rows", "figure", "units.total", "value", 120,
                     "unit", "units", "title", "Units", "figure", "coverage.enterprise", "value", "unit", "%", "title",
                     "Coverage: enterprises", "figure", "duty.theme-day", "value", 66.7, "unit", "%", "title",
                     "Duty met: Theme day", "due", 3, "met", 2, "figure", "alliance.members", "alliance", "A-1", "value", 38, "unit",
                     "people", "title", "Alliance members: East", "figure", "units.enterprise", "value", 0, "unit", "units", "title",
                     "Units: enterprises");
}

static json_t *board(const struct report_stage *stage)
{
    return json_pack("{s:[{s:s,s:s,s:s,s:[{s:s,s:s,s:s},{s:s,s:s,s:s}]},{s:s,s:s,s:[{s:s,s:s,s:s},{s:s,s:s,s:s}]}], s:[{s:s,s:s}]}",
                     "rows", "branch", "B-1", "name", stage->name, "area", "45", "duties", "rule", "theme-day", "period", "2022-01",
                     "state", "met", "rule", "theme-day", "period", "2022-02", "state", "missed", "branch", "B-2", "name", "Two",
                     "duties", "rule", "theme-day", "period", "2022-01", "state", "late", "rule", "theme-day", "period", "2022-02",
                     "state", "open", "rules", "rule", "theme-day", "title", "Theme day");
}

static json_t *alerts(const struct report_stage *stage)
{
    return json_pack("{s:[{s:s,s:{s:s},s:s,s:s,s:s,s:s,s:s,s:[s]},{s:s,s:{s:s},s:s,s:s,s:s,s:s,s:s,s:s}]}", "rows", "rule", "theme-day",
                     "subject", "branch", "B-1", "name", stage->name, "branch", "B-1", "level", "red", "since", "2022-03-11", "title",
                     "Theme day", "periods", "2022-02", "rule", "away", "subject", "member", "M-1", "name", "Li", "branch", "B-2",
                     "level", "yellow", "since", "2022-03-01", "title", "Not contacted", "due", "2022-02-28");
}

static json_t *due(void)
{
    return json_pack("{s:[{s:s,s:s,s:{s:s},s:s,s:s,s:s,s:s}]}", "rows", "on", "2022-04-11", "rule", "theme-day", "subject", "branch",
                     "B-2", "name", "Two", "level", "notice", "title", "Theme day", "remedy", "hold one");
}

static json_t *branches(const struct report_stage *stage)
{
    return json_pack("{s:[{s:s,s:s},{s:s,s:s}]}", "rows", "branch", "B-1", "name", stage->name, "branch", "B-2", "name", "Two");
}

static int answer(void *context, const char *verb, const json_t *body, json_t **reply_out)
{
    struct report_stage *s = context;
    bool first = strcmp(verb, "figures") == 0 || strcmp(verb, "rules") == 0 || strcmp(verb, "status") == 0;

    *reply_out = NULL;
    if (s->fails && (!first || s->figures > 0))
        return -1;
    s->others++;
    if (strcmp(verb, "figures") == 0) {
        s->figures++;
        *reply_out = json_object_get(body, "by") ? json_pack("{s:[{s:s,s:s,s:i},{s:s,s:s,s:i}]}", "rows", "month", "2022-01",
                                                             "figure", "meetings.total", "value", 5, "month", "2022-03", "figure",
                                                             "meetings.total", "value", 7)
                                                 : figures();
    } else if (strcmp(verb, "rules") == 0) {
        *reply_out = json_pack("{s:[{s:s},{s:s}]}", "rules", "id", "theme-day", "id", "away");
    } else if (strcmp(verb, "status") == 0) {
        *reply_out = json_pack("{s:s, s:[s,s]}", "today", "2022-04-01", "kinds", "theme_day", "lecture");
    } else if (strcmp(verb, "board") == 0) {
        s->board++;
        *reply_out = board(s);
    } else if (strcmp(verb, "alerts") == 0) {
        s->alerts++;
        *reply_out = alerts(s);
    } else if (strcmp(verb, "due") == 0) {
        *reply_out = due();
    } else if (strcmp(json_string_value(json_object_get(body, "what")), "alliances") == 0) {
        *reply_out = json_pack("{s:[{s:s,s:s}]}", "rows", "alliance", "A-1", "name", "East");
    } else {
        *reply_out = branches(s);
    }
    assert_non_null(*reply_out);
    return 0;
}

struct material *stage_material(struct report_stage *stage, bool zh)
{
    struct report_source source = {answer, stage};
    struct material *material = NULL;
    json_t *question = json_pack("{s:i}", "year", 2022);

    say_set_language(zh ? "zh" : "en");
    if (!stage->name)
        stage->name = "One";
    assert_int_equal(material_new(&material, &source, question), 0);
    json_decref(question);
    return material;
}

void stage_fill(struct buf *out, struct material *material, const char *template_text)
{
    _cleanup_template_ struct template template = {0};
    _cleanup_document_ struct document document = {0};
    struct err err = {0};
    int r = template_parse(&template, "t.md", template_text, &err);

    buf_clear(out);
    if (r == 0)
        r = document_fill(&document, material, &template, &err);
    if (r == 0)
        write_md(out, &document);
    else if (r > 0)
        buf_addf(out, "%s%s%s", err.en, *err.hint ? " ~ " : "", err.hint);
    else
        buf_add_str(out, "asking failed");
}
