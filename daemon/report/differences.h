/* What differs between two answers to one question, as things were known earlier and as they are known now: items that
 * one side counts and the other does not, or with another weight. Called by query. */
#ifndef MUSTER_REPORT_DIFFERENCES_H
#define MUSTER_REPORT_DIFFERENCES_H

#include "report/figures.h"

struct figure_difference {
    const struct figure *figure; /* of the side that has it; where both do, of now */
    bool then;                   /* counted so then; else now */
    struct figure_item item;     /* its subject by the key of now's store */
};

struct figure_differences {
    struct figure_difference *items; /* by figure, in the order of the list of now; those that there were only then come last */
    size_t n, cap;
};
void figure_differences_deinit(struct figure_differences *differences);
#define _cleanup_differences_ CLEANUP(figure_differences_deinit)

/* Every row that `then` knows is known to `now` as well. Both must outlive what is put out. `then` may be NULL: nothing was
 * there to be counted. -1: the store failed, or the deadline passed. */
int figures_differ(struct figure_differences *out, const struct figures *then, const struct figures *now,
                   struct err *err) MUST_CHECK;

#endif
