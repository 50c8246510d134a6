#include "words.h"

#include <string.h>

#include "base/cleanup.h"
#include "say.h"

static const struct term {
    const char *word, *zh;
} terms[] = {
    {"general_meeting", "党员大会"}, {"committee_meeting", "支委会"}, {"group_meeting", "党小组会"},
    {"lecture", "党课"}, {"theme_day", "主题党日"}, {"life_meeting", "组织生活会"},
    {"annual_review", "民主评议"}, {"talk", "谈心谈话"}, {"service", "志愿服务"}, {"forum", "论坛"},
    {"meeting", "会议"}, {"training", "培训"}, {"contact", "联系"},
    {"member.away", "流出"}, {"member.returned", "返回"}, {"member.moved", "调整支部"},
    {"member.admitted", "入册"}, {"member.converted", "转正"}, {"member.extended", "延长预备期"},
    {"member.changed", "党员变更"}, {"member.left", "出册"},
    {"transfer.issued", "开出介绍信"}, {"transfer.received", "接收"}, {"transfer.receipted", "回执"},
    {"transfer.cancelled", "撤销转接"},
    {"unit.registered", "单位登记"}, {"unit.changed", "单位变更"}, {"unit.closed", "单位注销"},
    {"branch.founded", "支部成立"}, {"branch.changed", "支部变更"}, {"branch.elected", "换届"},
    {"branch.rated", "星级评定"}, {"branch.dissolved", "支部撤销"},
    {"office.taken", "任职"}, {"office.left", "离任"},
    {"alliance.formed", "联盟成立"}, {"alliance.joined", "加入联盟"}, {"alliance.left", "退出联盟"},
    {"event.voided", "作废"}, {"event.redacted", "删除个人信息"}, {"exemption.granted", "豁免"}, {"exemption.ended", "豁免终止"},
    {"alert.acknowledged", "预警签收"}, {"alert.noted", "预警备注"}, {"alert.opened", "预警发出"},
    {"alert.changed", "预警变化"}, {"alert.closed", "预警解除"}, {"ledger.opened", "建账"}, {"report.frozen", "发布存档"},
    {"notice", "提示"}, {"yellow", "黄牌"}, {"red", "红牌"},
    {"open", "未了"}, {"acknowledged", "已签收"}, {"closed", "已解除"},
    {"met", "完成"}, {"missed", "未完成"}, {"late", "逾期补开"}, {"excused", "豁免期"},
    {"own", "单独"}, {"joint", "联合"}, {"mobile", "流动"}, {"general", "总支"},
    {"enterprise", "企业"}, {"association", "社会组织"},
    {"probationary", "预备"}, {"full", "正式"}, {"secretary", "书记"}, {"officer", "支委"},
    {"home", "在册"}, {"away", "流出"}, {"issued", "已开出"}, {"received", "已接收"},
    {"receipted", "已回执"}, {"cancelled", "已撤销"},
    {"visit", "走访"}, {"phone", "电话"}, {"message", "消息"}, {"letter", "信函"},
    {"dormant", "僵尸"}, {"hollow", "空壳"}, {"merged", "合并"}, {"unit_closed", "单位注销"},
    {"removed", "除名"}, {"lapsed", "自行脱党"}, {"resigned", "退党"}, {"died", "去世"},
    {"branch", "支部"}, {"member", "党员"}, {"unit", "单位"}, {"transfer", "转接"},
    {"opened", "发出"}, {"raised", "升级"}, {"escalated", "上报"}, {"again", "再次提醒"}, {"undelivered", "未送达"},
    {"waiting", "等待中"}, {"sending", "发送中"}, {"sent", "已送达"}, {"failed", "失败"}, {"dropped", "无须再通知"},
    {"listed", "仅列出"},
    {"forgotten", "不再处理"},
    {"recorded", "已登记"}, {"duplicate", "已存在"}, {"refused", "被拒绝"}, {"corrected", "已更正"}, {"skipped", "已跳过"},
};

/* Names of fields and facts, and words that are no one's to type. */
static const struct term labels[] = {
    {"level", "级别"}, {"since", "起始"}, {"until", "至"}, {"note", "备注"}, {"why", "原因"},
    {"recorded_by", "登记人"}, {"by", "签收人"}, {"at", "时间"},
    {"form", "形式"}, {"sector", "类别"}, {"area", "区划"}, {"committee", "设支委会"}, {"groups", "党小组数"},
    {"members", "党员数"}, {"full_members", "正式党员数"}, {"units", "单位数"}, {"stars", "星级"},
    {"stage", "阶段"}, {"role", "职务"}, {"presence", "在否"}, {"fixed", "地点固定"}, {"branch_form", "支部形式"},
    {"staff", "职工数"}, {"eligible", "具备条件"}, {"above_scale", "规模以上"}, {"covered", "已覆盖"},
    {"own_branch", "单独组建"}, {"state", "状态"}, {"outside", "账外"},
    {"id", "编号"}, {"type", "类型"}, {"seq", "序号"}, {"recorded_at", "登记时间"}, {"name", "名称"}, {"kinds", "类别"},
    {"term_ends", "任期至"}, {"founded", "成立"}, {"dissolved", "撤销"}, {"registered", "登记"}, {"closed", "注销"},
    {"left", "离开"}, {"number", "信号"}, {"from_name", "转出单位"}, {"to_name", "转入单位"}, {"issued", "开出"},
    {"valid_until", "有效至"}, {"received", "接收"}, {"ended", "结束"}, {"formed", "组建"}, {"alliance", "联盟"},
    {"branches", "支部"}, {"exemption", "豁免"}, {"subject", "对象"}, {"rules", "规则"}, {"reason", "原因"},
    {"body", "机构"}, {"office", "职务"}, {"person", "姓名"},
    {"when", "不再适用"}, {"exempt", "豁免"}, {"not_in_force", "不再存续"}, {"not_tracked", "未到起算日"},
    {"rule_removed", "规则已取消"}, {"none", "无"},
};

static const char *find(const struct term *list, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].word, word) == 0)
            return list[i].zh;
    return NULL;
}

const char *word_shown(const char *word)
{
    const char *zh = strcmp(say_language(), "zh") == 0 ? find(terms, ARRAY_LEN(terms), word) : NULL;

    return zh ? zh : word;
}

const char *label_shown(const char *name)
{
    const char *zh = strcmp(say_language(), "zh") == 0 ? find(labels, ARRAY_LEN(labels), name) : NULL;

    return zh ? zh : word_shown(name);
}

const char *word_typed(const char *text)
{
    for (size_t i = 0; i < ARRAY_LEN(terms); i++)
        if (strcmp(terms[i].zh, text) == 0)
            return terms[i].word;
    return text;
}
