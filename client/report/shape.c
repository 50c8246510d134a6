/* What lists there are, and what their rows have. */
#include "report/shape.h"

#include <string.h>

#define COLUMNS(name) name, ARRAY_LEN(name)

static const struct list_column figure_columns[] = {
    {"title", N_("Figure"), CELL_TEXT}, {"value", N_("Value"), CELL_NUMBER},
    {"unit", N_("Unit"), CELL_TEXT}, {"met", N_("Met"), CELL_NUMBER},
    {"due", N_("Due"), CELL_NUMBER}, {"figure", N_("Name"), CELL_TEXT},
    {"alliance", N_("Alliance"), CELL_TEXT},
};
static const struct list_column alliance_columns[] = {
    {"alliance", NC_("shape", "Alliance"), CELL_TEXT}, {"name", N_("Name"), CELL_TEXT},
    {"members", N_("Members"), CELL_NUMBER}, {"enterprises", N_("Enterprises"), CELL_NUMBER},
    {"staff", N_("Staff"), CELL_NUMBER},
};
static const struct list_column month_columns[] = {
    {"month", N_("Month"), CELL_TEXT},
    {"meetings", N_("Meetings"), CELL_NUMBER},
    {"meeting_attendances", N_("Attendances at meetings"), CELL_NUMBER},
    {"trainings", N_("Trainings"), CELL_NUMBER},
    {"training_attendances", N_("Attendances at trainings"), CELL_NUMBER},
    {"hours", N_("Hours of training"), CELL_NUMBER},
};
static const struct list_column duty_columns[] = {
    {"title", N_("Duty"), CELL_TEXT}, {"due", N_("Due"), CELL_NUMBER},
    {"met", N_("Met"), CELL_NUMBER}, {"rate", N_("Rate"), CELL_PERCENT},
    {"rule", N_("Rule"), CELL_TEXT},
};
static const struct list_column township_columns[] = {
    {"area", N_("Township"), CELL_TEXT}, {"branches", N_("Branches"), CELL_NUMBER},
    {"met", N_("Met"), CELL_NUMBER}, {"late", N_("Late"), CELL_NUMBER},
    {"missed", N_("Missed"), CELL_NUMBER}, {"excused", N_("Excused"), CELL_NUMBER},
    {"open", N_("Open"), CELL_NUMBER}, {"rate", N_("Rate"), CELL_PERCENT},
};
static const struct list_column help_columns[] = {
    {"rank", N_("No."), CELL_NUMBER}, {"branch", N_("Branch"), CELL_TEXT},
    {"name", NC_("shape", "Name"), CELL_TEXT}, {"area", N_("Area"), CELL_TEXT},
    {"red", N_("Red"), CELL_NUMBER}, {"yellow", N_("Yellow"), CELL_NUMBER},
    {"missed", N_("Missed"), CELL_NUMBER}, {"late", N_("Late"), CELL_NUMBER},
    {"why", N_("Why"), CELL_TEXT},
};
static const struct list_column problem_columns[] = {
    {"title", N_("Problem"), CELL_TEXT}, {"count", NC_("shape", "Open"), CELL_NUMBER},
    {"red", N_("Red"), CELL_NUMBER}, {"yellow", N_("Yellow"), CELL_NUMBER},
    {"notice", N_("Notice"), CELL_NUMBER}, {"rule", N_("Rule"), CELL_TEXT},
};
static const struct list_column alert_columns[] = {
    {"level", N_("Level"), CELL_TEXT}, {"title", N_("Problem"), CELL_TEXT},
    {"subject", N_("Number"), CELL_TEXT}, {"name", N_("Name"), CELL_TEXT},
    {"branch", NC_("shape", "Branch"), CELL_TEXT}, {"branch_name", N_("Branch's name"), CELL_TEXT},
    {"since", N_("Since"), CELL_DATE}, {"what", NC_("shape", "What"), CELL_TEXT},
    {"rule", N_("Rule"), CELL_TEXT},
};
static const struct list_column due_columns[] = {
    {"on", N_("On"), CELL_DATE}, {"level", N_("Level"), CELL_TEXT},
    {"title", N_("What"), CELL_TEXT}, {"subject", N_("Number"), CELL_TEXT},
    {"name", N_("Name"), CELL_TEXT}, {"branch_name", N_("Branch's name"), CELL_TEXT},
    {"branch", NC_("shape", "Branch"), CELL_TEXT}, {"remedy", N_("What to do"), CELL_TEXT},
};
static const struct list_column due_rule_columns[] = {
    {"title", N_("What"), CELL_TEXT}, {"count", N_("How many"), CELL_NUMBER},
    {"first", N_("From"), CELL_DATE}, {"last", N_("To"), CELL_DATE},
    {"rule", N_("Rule"), CELL_TEXT},
};

static const struct list_shape shapes[] = {
    {"figures", N_("Figures"), COLUMNS(figure_columns), rows_of_figures},
    {"alliances", N_("Alliances"), COLUMNS(alliance_columns), rows_of_alliances},
    {"months", N_("By month"), COLUMNS(month_columns), rows_of_months},
    {"duties", N_("Duties"), COLUMNS(duty_columns), rows_of_duties},
    {"townships", N_("Townships"), COLUMNS(township_columns), rows_of_townships},
    {"help", N_("Most in need of help"), COLUMNS(help_columns), rows_of_help},
    {"problems", N_("Problems"), COLUMNS(problem_columns), rows_of_problems},
    {"alerts", N_("Open alerts"), COLUMNS(alert_columns), rows_of_alerts},
    {"due", N_("What falls due"), COLUMNS(due_columns), rows_of_due},
    {"due-by-rule", N_("What falls due, by rule"), COLUMNS(due_rule_columns), rows_of_due_rules},
};
static const struct list_shape rule_shape = {"alerts.", "", COLUMNS(alert_columns), rows_of_rule};

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
