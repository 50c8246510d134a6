#include "words.h"

#include <string.h>

#include "base/cleanup.h"
#include "say.h"

static const struct {
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
    {"event.voided", "作废"}, {"exemption.granted", "豁免"}, {"exemption.ended", "豁免终止"},
    {"alert.acknowledged", "预警签收"}, {"alert.noted", "预警备注"}, {"alert.opened", "预警发出"},
    {"alert.changed", "预警变化"}, {"alert.closed", "预警解除"}, {"ledger.opened", "建账"},
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
    {"recorded", "已登记"}, {"duplicate", "已存在"}, {"refused", "被拒绝"},
};

const char *word_shown(const char *word)
{
    if (strcmp(say_language(), "zh") != 0)
        return word;
    for (size_t i = 0; i < ARRAY_LEN(terms); i++)
        if (strcmp(terms[i].word, word) == 0)
            return terms[i].zh;
    return word;
}

const char *word_typed(const char *text)
{
    for (size_t i = 0; i < ARRAY_LEN(terms); i++)
        if (strcmp(terms[i].zh, text) == 0)
            return terms[i].word;
    return text;
}
