/* `muster list WHAT`: the registers. */
#include <string.h>

#include "base/text.h"
#include "cells.h"
#include "page.h"
#include "reading.h"
#include "say.h"

/* Ids of rules as they are: one may be a word that means something else. */
static void rules_text(struct buf *out, const json_t *row)
{
    cell_plain(out, json_object_get(row, "rules"));
}

static const struct column branches[] = {
    {"branch", "BRANCH", "支部", 0, 0, NULL},       {"name", "NAME", "名称", COLUMN_CUT, 0, NULL},
    {"form", "FORM", "形式", 0, 0, NULL},           {"sector", "SECTOR", "类别", 0, 0, NULL},
    {"area", "AREA", "区划", 0, 0, NULL},           {"units", "UNITS", "单位", COLUMN_CUT_FIRST | COLUMN_SPARE, 0, NULL},
    {"committee", "COMMITTEE", "支委会", COLUMN_SPARE_FIRST, 0, NULL}, {"groups", "GROUPS", "小组", COLUMN_RIGHT | COLUMN_SPARE_FIRST, 0, NULL},
    {"members", "MEMBERS", "党员", COLUMN_RIGHT, 0, NULL}, {"full_members", "FULL", "正式", COLUMN_RIGHT, 0, NULL},
    {"stars", "STARS", "星级", COLUMN_RIGHT, 0, NULL}, {"term_ends", "TERM ENDS", "任期至", 0, 0, NULL},
    {"founded", "FOUNDED", "成立", COLUMN_SPARE_FIRST, 0, NULL}, {"dissolved", "DISSOLVED", "撤销", COLUMN_SPARE, 0, NULL},
};
static const struct column members[] = {
    {"member", "MEMBER", "党员", 0, 0, NULL}, {"name", "NAME", "姓名", COLUMN_CUT, 0, NULL},
    {"branch", "BRANCH", "支部", 0, 0, NULL}, {"unit", "UNIT", "单位", 0, 0, NULL},
    {"stage", "STAGE", "阶段", 0, 0, NULL},   {"role", "ROLE", "职务", 0, 0, NULL},
    {"presence", "PRESENCE", "在否", 0, 0, NULL}, {"since", "SINCE", "起始", 0, 0, NULL},
    {"left", "LEFT", "出册", 0, 0, NULL},
};
static const struct column units[] = {
    {"unit", "UNIT", "单位", 0, 0, NULL},     {"name", "NAME", "名称", COLUMN_CUT, 0, NULL},
    {"sector", "SECTOR", "类别", 0, 0, NULL}, {"area", "AREA", "区划", 0, 0, NULL},
    {"staff", "STAFF", "职工", COLUMN_RIGHT, 0, NULL}, {"eligible", "ELIGIBLE", "具备条件", COLUMN_SPARE, 0, NULL},
    {"above_scale", "ABOVE SCALE", "规模以上", COLUMN_SPARE_FIRST, 0, NULL}, {"full_members", "FULL MEMBERS", "正式党员", COLUMN_RIGHT, 0, NULL},
    {"covered", "COVERED", "已覆盖", 0, 0, NULL}, {"own_branch", "OWN BRANCH", "单独组建", 0, 0, NULL},
    {"registered", "REGISTERED", "登记", COLUMN_SPARE_FIRST, 0, NULL}, {"closed", "CLOSED", "注销", COLUMN_SPARE, 0, NULL},
};
static const struct column transfers[] = {
    {"transfer", "TRANSFER", "转接", 0, 0, NULL}, {"number", "NUMBER", "信号", COLUMN_CUT | COLUMN_SPARE_FIRST, 0, NULL},
    {"member", "MEMBER", "党员", 0, 0, NULL},     {"from", "FROM", "转出", 0, 0, NULL},
    {"from_name", "FROM NAME", "转出单位", COLUMN_CUT, 0, NULL}, {"to", "TO", "转入", 0, 0, NULL},
    {"to_name", "TO NAME", "转入单位", COLUMN_CUT, 0, NULL}, {"state", "STATE", "状态", 0, 0, NULL},
    {"issued", "ISSUED", "开出", COLUMN_SPARE, 0, NULL},     {"valid_until", "VALID UNTIL", "有效至", 0, 0, NULL},
    {"received", "RECEIVED", "接收", 0, 0, NULL}, {"ended", "ENDED", "结束", COLUMN_SPARE, 0, NULL},
};
static const struct column alliances[] = {
    {"alliance", "ALLIANCE", "联盟", 0, 0, NULL}, {"name", "NAME", "名称", COLUMN_CUT, 0, NULL},
    {"branches", "BRANCHES", "支部", COLUMN_CUT, 0, NULL}, {"units", "UNITS", "单位", COLUMN_CUT, 0, NULL},
    {"formed", "FORMED", "组建", 0, 0, NULL},
};
static const struct column offices[] = {
    {"body", "BODY", "机构", 0, 0, NULL},     {"office", "OFFICE", "职务", 0, 0, NULL},
    {"person", "PERSON", "姓名", 0, 0, NULL}, {"since", "SINCE", "起始", 0, 0, NULL},
    {"left", "LEFT", "离任", 0, 0, NULL},
};
static const struct column exemptions[] = {
    {"exemption", "EXEMPTION", "豁免", 0, 0, NULL}, {"subject", "SUBJECT", "对象", 0, 0, NULL},
    {"rules", "RULES", "规则", COLUMN_CUT, 0, rules_text}, {"from", "FROM", "自", 0, 0, NULL},
    {"until", "UNTIL", "至", 0, 0, NULL},           {"ended", "ENDED", "终止", 0, 0, NULL},
    {"reason", "REASON", "原因", COLUMN_CUT, 0, NULL},
};

static const struct {
    const char *what;
    const struct column *columns;
    size_t count;
} registers[] = {
    {"branches", branches, ARRAY_LEN(branches)},    {"members", members, ARRAY_LEN(members)},
    {"units", units, ARRAY_LEN(units)},             {"transfers", transfers, ARRAY_LEN(transfers)},
    {"alliances", alliances, ARRAY_LEN(alliances)}, {"offices", offices, ARRAY_LEN(offices)},
    {"exemptions", exemptions, ARRAY_LEN(exemptions)},
};

static enum exit_status no_such_register(const char *what)
{
    const char *names[ARRAY_LEN(registers)];
    const char *near;

    for (size_t i = 0; i < ARRAY_LEN(registers); i++)
        names[i] = registers[i].what;
    near = text_nearest(what, names, ARRAY_LEN(names));
    if (near)
        say(tr("no register \"%s\" (did you mean \"%s\"?)", "没有名册“%s”（是否指“%s”？）"), what, near);
    else
        say(tr("no register \"%s\": branches, members, units, transfers, alliances, offices or exemptions",
               "没有名册“%s”：可选 branches members units transfers alliances offices exemptions"), what);
    return EXIT_USAGE;
}

int list_run(struct cli *cli, const struct arguments *args)
{
    const char *what = args->words[0];
    _cleanup_json_ json_t *body = NULL;
    _cleanup_pages_ struct pages pages = {.limit = page_limit(cli)};
    _cleanup_rows_ struct rows *rows = NULL;
    enum exit_status status;
    size_t which = 0;

    while (which < ARRAY_LEN(registers) && strcmp(registers[which].what, what) != 0)
        which++;
    if (which == ARRAY_LEN(registers))
        return no_such_register(what);
    status = cli_body(cli, args, &body);
    if (status != EXIT_DONE)
        return status;
    json_object_set_new(body, "what", json_string(what));
    rows = rows_new(cli, registers[which].columns, registers[which].count);
    return page_print(cli, "list", body, &pages, rows, tr("none", "无"));
}
