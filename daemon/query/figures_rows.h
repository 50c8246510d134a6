/* Rows of figures, of what is behind them, and of the roll-forward. */
#ifndef MUSTER_QUERY_FIGURES_ROWS_H
#define MUSTER_QUERY_FIGURES_ROWS_H

#include "query/answer.h"
#include "report/figures.h"

/* "figure", "value", "unit", "title", "alliance"?, "due"?, "met"?. */
void write_figure(struct asking *ask, const struct figure *figure, const struct figure_items *items);
/* One event, register entry or duty period, with its weight: an object. */
int write_figure_item(struct asking *ask, const struct figure *figure, const struct figure_item *item,
                      struct err *err) MUST_CHECK;
/* The same without the braces. */
int write_figure_item_fields(struct asking *ask, const struct figure *figure, const struct figure_item *item,
                             struct err *err) MUST_CHECK;
/* {"by", "of"?, "opening", ..., "balances"} */
void write_roll_group(struct asking *ask, const struct roll_group *group);
/* "broken": [{"member", "name", "on", "why"}] */
int write_roll_breaks(struct asking *ask, const struct roll_check *check, struct err *err) MUST_CHECK;

/* Cursors of these lists: the index written last, -1 without one. 1 with err: of another list. */
int figures_cursor(int64_t *after_out, struct asking *ask, char sort, struct err *err) MUST_CHECK;

#endif
