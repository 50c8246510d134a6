/* What there is, what happened, what comes. */
#include "reading.h"

#include "base/cleanup.h"
#include "families.h"

static const struct option_spec recent_options[] = {
    {"branch", OPTION_TEXT, "BRANCH", "branch", "of that branch, or with it", "该支部的，或与其联合的"},
    {"area", OPTION_TEXT, "AREA", "area", "of that area (a prefix)", "该区划（前缀）的"},
    {"member", OPTION_TEXT, "MEMBER", "member", "about that member", "涉及该党员的"},
    {"type", OPTION_TEXT, "TYPE", "type", "of that type; \"any\": everything, the voided marked",
     "该类型的；“any”为全部，作废的有标记"},
    {"kind", OPTION_TEXT, "KIND", "kind", "meetings of that kind", "该类会议"},
    {"since", OPTION_DATE, "D", "since", "from that day on", "自该日起"},
    {"until", OPTION_DATE, "D", "until", "up to that day", "至该日止"},
};
static const struct option_spec list_options[] = {
    {"area", OPTION_TEXT, "AREA", "area", "of that area (a prefix)", "该区划（前缀）的"},
    {"branch", OPTION_TEXT, "BRANCH", "branch", "of that branch", "该支部的"},
    {"sector", OPTION_TEXT, "SECTOR", "sector", "enterprise or association", "enterprise 或 association"},
    {"ever", OPTION_FLAG, NULL, "all", "also those no longer in force", "包括已不在册的"},
};
static const struct option_spec due_options[] = {
    {"within", OPTION_TEXT, "14d", "within", "how far ahead (14d)", "向前看多久（14d）"},
    {"area", OPTION_TEXT, "AREA", "area", "of that area (a prefix)", "该区划（前缀）的"},
    {"branch", OPTION_TEXT, "BRANCH", "branch", "of that branch", "该支部的"},
};
static const struct option_spec board_options[] = {
    {"year", OPTION_NUMBER, "Y", "year", "the year (this one)", "年度（默认本年）"},
    {"area", OPTION_TEXT, "AREA", "area", "of that area (a prefix)", "该区划（前缀）的"},
    {"branch", OPTION_TEXT, "BRANCH", "branch", "that branch", "该支部"},
    {"sums", OPTION_FLAG, NULL, NULL, "only the sums by township", "只列各乡镇合计"},
    {"needs", OPTION_FLAG, NULL, NULL, "only the ten most in need of help, with why", "只列最需帮扶的十个支部及原因"},
};

static const struct verb verbs[] = {
    {.name = "recent", .words = "", .flags = VERB_LISTS | VERB_AS_OF | VERB_KNOWN_ON | VERB_FOLLOWS,
     .options = recent_options, .option_count = ARRAY_LEN(recent_options), .run = recent_run,
     .en = "recent activity, newest first", .zh = "近期活动，最近在前",
     .example = "muster recent --branch B-017 --since -30d\nmuster recent --type any --limit 10\nmuster recent --follow"},
    {.name = "list", .words = "WHAT", .min_words = 1, .max_words = 1,
     .flags = VERB_LISTS | VERB_AS_OF | VERB_KNOWN_ON, .options = list_options,
     .option_count = ARRAY_LEN(list_options), .run = list_run,
     .en = "branches, members, units, transfers, alliances, offices, exemptions",
     .zh = "名册：branches members units transfers alliances offices exemptions",
     .example = "muster list members --branch B-017\nmuster list branches --area 450312 --csv --bom > branches.csv"},
    {.name = "show", .words = "WHAT ID", .min_words = 2, .max_words = 2,
     .flags = VERB_LISTS | VERB_AS_OF | VERB_KNOWN_ON, .run = show_run,
     .en = "one branch, member, unit, transfer, alliance, body, exemption or event, and its history",
     .zh = "查看一个支部、党员、单位、转接、联盟、机构、豁免或事件及其历史",
     .example = "muster show branch B-017\nmuster show event 1234"},
    {.name = "due", .words = "", .flags = VERB_LISTS, .options = due_options,
     .option_count = ARRAY_LEN(due_options), .run = due_run,
     .en = "what has to happen next, before it is late", .zh = "近期须完成的事项",
     .example = "muster due --within 14d\nmuster due --branch B-017 --within 2m"},
    {.name = "board", .words = "", .flags = VERB_LISTS | VERB_AS_OF | VERB_KNOWN_ON, .options = board_options,
     .option_count = ARRAY_LEN(board_options), .run = board_run,
     .en = "branches by duty and period", .zh = "各支部各期任务完成情况",
     .example = "muster board --year 2022\nmuster board --area 450312 --csv --bom > board.csv"},
};

const struct family family_reading = {"Reading", "查询", verbs, ARRAY_LEN(verbs)};
