#include "report/charts.h"

#include <string.h>

static const struct chart charts[] = {
    {"meetings-by-month", N_("Meetings by month"), N_("meetings"), "months", "month", {"meetings", NULL, NULL}, false, 5},
    {"trainings-by-month", N_("Trainings by month"), N_("sessions"), "months", "month", {"trainings", NULL, NULL}, false, 5},
    {"duties-by-township", N_("Duty periods by township"), N_("duty periods"), "townships", "area",
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
