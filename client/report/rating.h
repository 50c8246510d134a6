/* An aid for rating branches: a score by configured weights (config/rating.cfg), with the sums it is made of.
 *
 * It decides nothing and records nothing. Weights and bands are local; every number comes from the board, the
 * register and the events as the daemon tells them.
 */
#ifndef MUSTER_CLIENT_REPORT_RATING_H
#define MUSTER_CLIENT_REPORT_RATING_H

#include "base/arena.h"
#include "base/date.h"
#include "report/material.h"

enum rating_source { RATING_DUTIES, RATING_HOURS, RATING_REPORTS, RATING_SOURCES };
enum { RULES_MAX = 64, BANDS_MAX = 8, CRITERIA_MAX = 8 };

struct criterion {
    enum rating_source source;
    const char *en, *zh;
    double points;
    const char *rules[RULES_MAX]; /* DUTIES */
    size_t rule_count;
    double late;                  /* DUTIES: what a period held late counts */
    double target;                /* HOURS: for each member */
    struct duration within;       /* REPORTS */
};

struct band {
    double from;
    int stars;
};

struct rubric {
    const char *name;
    struct criterion criteria[CRITERIA_MAX];
    size_t criterion_count;
    struct band bands[BANDS_MAX]; /* best first */
    size_t band_count;
    struct arena arena;
};

/* Reads a file like config/rating.cfg. 0, or 1 with "file:line: ...". */
int rubric_read(struct rubric *out, const char *file, struct err *err) MUST_CHECK;
void rubric_deinit(struct rubric *rubric);
#define _cleanup_rubric_ CLEANUP(rubric_deinit)

/* What a branch's score is made of. */
struct rating_facts {
    const json_t *duties;   /* the branch's duties of the board */
    int64_t members;
    double hours;           /* hours times attendances of its trainings */
    const json_t *delays;   /* days from being held to being entered, of its meetings and trainings */
};

/* {score, stars, parts: [{source, title, points, share, of, text}]}; `score` and `stars` are left out where no criterion had
 * anything to go by. `text` says the sum in words. Pure. The caller decrefs. */
json_t *rating_of(const struct rubric *rubric, const struct rating_facts *facts);

/* Rows {branch, name, area, recorded?, score?, stars?, parts} of the branches in force, best first. 0, -1. */
int rating_rows(json_t **rows_out, struct material *material, const struct rubric *rubric) MUST_CHECK;

#endif
