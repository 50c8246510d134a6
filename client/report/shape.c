/* What lists there are, and what their rows have. */
#include "report/shape.h"

#include <string.h>

#define COLUMNS(name) name, ARRAY_LEN(name)

static const struct list_column figure_columns[] = {
    {"title", "Figure", "数字", CELL_TEXT},      {"value", "Value", "数值", CELL_NUMBER},
    {"unit", "Unit", "单位", CELL_TEXT},         {"met", "Met", "完成", CELL_NUMBER},
    {"due", "Due", "应完成", CELL_NUMBER},       {"figure", "Name", "名称", CELL_TEXT},
    {"alliance", "Alliance", "联盟", CELL_TEXT},
};
static const struct list_column alliance_columns[] = {
    {"alliance", "Alliance", "编号", CELL_TEXT},  {"name", "Name", "名称", CELL_TEXT},
    {"members", "Members", "党员", CELL_NUMBER},  {"enterprises", "Enterprises", "企业", CELL_NUMBER},
    {"staff", "Staff", "职工", CELL_NUMBER},
};
static const struct list_column month_columns[] = {
    {"month", "Month", "月份", CELL_TEXT},
    {"meetings", "Meetings", "会议", CELL_NUMBER},
    {"meeting_attendances", "Attendances at meetings", "参会人次", CELL_NUMBER},
    {"trainings", "Trainings", "培训场次", CELL_NUMBER},
    {"training_attendances", "Attendances at trainings", "培训人次", CELL_NUMBER},
    {"hours", "Hours of training", "培训学时", CELL_NUMBER},
};
static const struct list_column duty_columns[] = {
    {"title", "Duty", "任务", CELL_TEXT},      {"due", "Due", "应完成", CELL_NUMBER},
    {"met", "Met", "完成", CELL_NUMBER},       {"rate", "Rate", "完成率", CELL_PERCENT},
    {"rule", "Rule", "规则", CELL_TEXT},
};
static const struct list_column township_columns[] = {
    {"area", "Township", "乡镇（区划）", CELL_TEXT}, {"branches", "Branches", "支部", CELL_NUMBER},
    {"met", "Met", "完成", CELL_NUMBER},           {"late", "Late", "补开", CELL_NUMBER},
    {"missed", "Missed", "未完成", CELL_NUMBER},   {"excused", "Excused", "豁免", CELL_NUMBER},
    {"open", "Open", "未到期", CELL_NUMBER},       {"rate", "Rate", "完成率", CELL_PERCENT},
};
static const struct list_column help_columns[] = {
    {"rank", "No.", "序", CELL_NUMBER},       {"branch", "Branch", "编号", CELL_TEXT},
    {"name", "Name", "支部", CELL_TEXT},      {"area", "Area", "区划", CELL_TEXT},
    {"red", "Red", "红", CELL_NUMBER},        {"yellow", "Yellow", "黄", CELL_NUMBER},
    {"missed", "Missed", "未完成", CELL_NUMBER}, {"late", "Late", "补开", CELL_NUMBER},
    {"why", "Why", "原因", CELL_TEXT},
};
static const struct list_column problem_columns[] = {
    {"title", "Problem", "问题", CELL_TEXT},   {"count", "Open", "件数", CELL_NUMBER},
    {"red", "Red", "红", CELL_NUMBER},         {"yellow", "Yellow", "黄", CELL_NUMBER},
    {"notice", "Notice", "提示", CELL_NUMBER}, {"rule", "Rule", "规则", CELL_TEXT},
};
static const struct list_column alert_columns[] = {
    {"level", "Level", "级别", CELL_TEXT},     {"title", "Problem", "问题", CELL_TEXT},
    {"subject", "Number", "编号", CELL_TEXT},  {"name", "Name", "名称", CELL_TEXT},
    {"branch", "Branch", "支部编号", CELL_TEXT}, {"branch_name", "Branch's name", "支部", CELL_TEXT},
    {"since", "Since", "起始", CELL_DATE},     {"what", "What", "情况", CELL_TEXT},
    {"rule", "Rule", "规则", CELL_TEXT},
};
static const struct list_column due_columns[] = {
    {"on", "On", "日期", CELL_DATE},           {"level", "Level", "级别", CELL_TEXT},
    {"title", "What", "事项", CELL_TEXT},      {"subject", "Number", "编号", CELL_TEXT},
    {"name", "Name", "名称", CELL_TEXT},       {"branch_name", "Branch's name", "支部", CELL_TEXT},
    {"branch", "Branch", "支部编号", CELL_TEXT}, {"remedy", "What to do", "办法", CELL_TEXT},
};
static const struct list_column due_rule_columns[] = {
    {"title", "What", "事项", CELL_TEXT},      {"count", "How many", "件数", CELL_NUMBER},
    {"first", "From", "最早", CELL_DATE},      {"last", "To", "最晚", CELL_DATE},
    {"rule", "Rule", "规则", CELL_TEXT},
};

static const struct list_shape shapes[] = {
    {"figures", "Figures", "年度数字", COLUMNS(figure_columns), rows_of_figures},
    {"alliances", "Alliances", "党建联盟", COLUMNS(alliance_columns), rows_of_alliances},
    {"months", "By month", "按月统计", COLUMNS(month_columns), rows_of_months},
    {"duties", "Duties", "任务完成", COLUMNS(duty_columns), rows_of_duties},
    {"townships", "Townships", "按乡镇统计", COLUMNS(township_columns), rows_of_townships},
    {"help", "Most in need of help", "最需帮扶的支部", COLUMNS(help_columns), rows_of_help},
    {"problems", "Problems", "问题汇总", COLUMNS(problem_columns), rows_of_problems},
    {"alerts", "Open alerts", "未了预警", COLUMNS(alert_columns), rows_of_alerts},
    {"due", "What falls due", "近期到期事项", COLUMNS(due_columns), rows_of_due},
    {"due-by-rule", "What falls due, by rule", "近期到期事项（按规则）", COLUMNS(due_rule_columns), rows_of_due_rules},
};
static const struct list_shape rule_shape = {"alerts.", "", "", COLUMNS(alert_columns), rows_of_rule};

const struct list_shape *list_shape_find(const struct material *m, const char *name)
{
    size_t prefix = strlen(rule_shape.name), i;
    json_t *rule;

    for (i = 0; i < ARRAY_LEN(shapes); i++)
        if (strcmp(shapes[i].name, name) == 0)
            return &shapes[i];
    if (strncmp(name, rule_shape.name, prefix) != 0)
        return NULL;
    json_array_foreach(material_rules(m), i, rule)
        if (strcmp(row_text(rule, "id"), name + prefix) == 0)
            return &rule_shape;
    return NULL;
}

size_t list_shape_names(const char **out, size_t most)
{
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(shapes) && n < most; i++)
        out[n++] = shapes[i].name;
    return n;
}

int material_list_shape(const struct list_column **columns_out, size_t *count_out, const struct material *m,
                        const char *name)
{
    const struct list_shape *shape = list_shape_find(m, name);

    if (!shape)
        return 1;
    *columns_out = shape->columns;
    *count_out = shape->column_count;
    return 0;
}
