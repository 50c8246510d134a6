/* Which items of figures are others than they were known to be at an earlier time. */
#ifndef MUSTER_QUERY_FIGURES_SINCE_H
#define MUSTER_QUERY_FIGURES_SINCE_H

#include "query/answer.h"
#include "report/figures.h"

/* "then_seq", and rows + paging, against `now`, which answers the question. */
int write_figures_since(struct asking *ask, const struct figures *now, const struct figures_source *source,
                        const struct figures_question *question, struct err *err) MUST_CHECK;

#endif
