/* Which lists there are, and what each row has. */
#ifndef MUSTER_CLIENT_REPORT_SHAPE_H
#define MUSTER_CLIENT_REPORT_SHAPE_H

#include "report/inside.h"

/* Makes the rows of a list (of alerts.RULE, `rule` is that rule). 0, or -1 when asking failed. */
typedef int list_rows_fn(json_t **rows_out, struct material *m, const char *rule);
list_rows_fn rows_of_figures, rows_of_alliances, rows_of_months, rows_of_duties, rows_of_townships, rows_of_help,
    rows_of_problems, rows_of_alerts, rows_of_rule, rows_of_due, rows_of_due_rules;

struct list_shape {
    const char *name, *en;
    const struct list_column *columns;
    size_t column_count;
    list_rows_fn *rows;
};

/* Of a list's name, also of alerts.RULE for a rule that there is; NULL. */
const struct list_shape *list_shape_find(const struct material *m, const char *name);
/* The names but those of alerts.RULE, at most `most`; how many. */
size_t list_shape_names(const char **out, size_t most);

#endif
