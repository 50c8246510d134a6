#include "report/charts.h"

#include <string.h>

static const struct chart charts[] = {
    {"meetings-by-month", "Meetings by month", "各月会议", "meetings", "次", "months", "month", {"meetings", NULL, NULL}, false, 5},
    {"trainings-by-month", "Trainings by month", "各月培训", "sessions", "场", "months", "month", {"trainings", NULL, NULL}, false, 5},
    {"duties-by-township", "Duty periods by township", "各乡镇任务完成情况", "duty periods", "期", "townships", "area",
     {"met", "late", "missed"}, true, 0},
};

const struct chart *chart_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(charts); i++)
        if (strcmp(charts[i].name, name) == 0)
            return &charts[i];
    return NULL;
}

size_t charts_all(const struct chart **out)
{
    *out = charts;
    return ARRAY_LEN(charts);
}
