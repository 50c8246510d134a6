/* The figures of the annual summary (figures.md): each a named function of the ledger, with what is
 * behind it.
 *
 * A figure is made of items: events, register entries, duty periods, each with a weight. Its value is the
 * sum of the weights, or of one sum over another; nothing computes a value in any other way, so a
 * figure and its explanation cannot differ.
 *
 * A `struct figures` answers one question about one snapshot. It is called by query, on a reader's store
 * or a replayed one; it knows no clock but the bound it is given.
 */
#ifndef MUSTER_REPORT_FIGURES_H
#define MUSTER_REPORT_FIGURES_H

#include "pack/pack.h"
#include "store/store.h"

enum figure_denominator { DENOMINATOR_OPERATING, DENOMINATOR_ELIGIBLE, DENOMINATOR_ABOVE_SCALE };

struct figures_question {
    int year;
    day_t day;            /* D, a day of the year */
    const char *area;     /* a prefix; NULL: everywhere */
    const char *sector;   /* NULL: both */
    int64_t branch;       /* key; 0: all */
    enum figure_denominator denominator;
};

struct figures_source {
    struct store *store; /* within a snapshot */
    const struct kinds *kinds;
    const struct pack *pack;
    day_t tracking_since;
    const struct deadline *deadline; /* NULL: none */
};

struct figures;
/* All must outlive it. -1: the store failed, or the deadline passed. */
int figures_new(struct figures **out, const struct figures_source *source,
                const struct figures_question *question, struct err *err) MUST_CHECK;
void figures_free(struct figures *figures);
DEFINE_CLEANUP(figures);
#define _cleanup_figures_ CLEANUP(figures_cleanup)

/* --- what figures there are --- */

enum figure_kind { FIGURE_COUNT, FIGURE_HOURS, FIGURE_PERCENT };

struct figure {
    const struct figure_def *def;
    const char *name;        /* "units.enterprise"; of one alliance "alliance.members" too */
    const char *full_name;   /* "alliance.members/A-1" */
    enum figure_kind kind;
    struct bilingual unit, title, formula;
    const char *sector;      /* of a figure by sector, else NULL */
    int meeting_kind;        /* bit, of meetings.K; else -1 */
    const struct rule *rule; /* of duty.R */
    int alliance;            /* index, -1: all together */
    const char *alliance_ref; /* NULL: all together, or none of alliances */
    bool only_if_any;        /* not listed while it is 0: a kind of meeting that did not occur */
};

/* In the order of figures.md. */
size_t figures_list(const struct figure **out, const struct figures *figures);
/* By full name, listed or not; NULL. */
const struct figure *figures_find(const struct figures *figures, const char *full_name);

/* Figures that there are, but not for what is asked about: of an area, of the whole. How many. */
enum { FIGURES_NOT_TOLD_MAX = 16 };
size_t figures_not_told(const char *out[FIGURES_NOT_TOLD_MAX], const struct figures *figures);

/* --- values --- */

enum figure_item_kind {
    ITEM_EVENT,   /* seq, dated `day` (offices: not told) */
    ITEM_SUBJECT, /* subject, on `day` */
    ITEM_DUTY,    /* subject: a branch; the duty period first..day */
    ITEM_CHANGE,  /* subject: a member that changed place on `day`; seq of what did it, 0 if unknown */
};

struct figure_item {
    enum figure_item_kind kind;
    int64_t seq;
    int64_t subject;   /* key; of an event: the member it is about, 0 for others */
    day_t first, day;
    int64_t part;      /* weight, in hundredths; of a percentage: in the numerator */
    int64_t whole;     /* of a percentage: in the denominator */
};

/* What a collector yields. With `keep` unset only the sums are kept. */
struct figure_items {
    bool keep;
    struct figure_item *items;
    size_t n, cap;
    int64_t part, whole; /* sums */
};
void figure_items_deinit(struct figure_items *items);
#define _cleanup_figure_items_ CLEANUP(figure_items_deinit)

/* Fills `out` (zeroed but for `keep`). */
void figure_collect(struct figure_items *out, const struct figures *figures, const struct figure *figure);
/* In hundredths: a count, hours, or per cent to one decimal, half away from zero. False: none, the
 * denominator is 0. */
bool figure_value(int64_t *hundredths_out, const struct figure *figure, const struct figure_items *items);

/* Whether each item belongs to a day of the year, so that twelve months add up to the figure. */
bool figure_has_months(const struct figure *figure);
/* The sums of those items that lie in a month, 1 to 12. `items` must have been kept. */
void figure_month(struct figure_items *out, const struct figure_items *items, int month);

/* --- the roll-forward, held against the register --- */

enum roll_column {
    ROLL_OPENING, ROLL_ADMITTED, ROLL_ENTERED, ROLL_RECEIVED, ROLL_MOVED_IN,
    ROLL_GONE, ROLL_SENT, ROLL_MOVED_OUT, ROLL_CLOSING, ROLL_COLUMNS
};
const char *roll_column_name(enum roll_column column); /* "opening" ... */

/* The total, a sector, an area, a branch, or what the question asks about. */
struct roll_group {
    const char *by; /* "total", "sector", "area", "branch", "asked" */
    const char *of; /* NULL for the total; area: "" for those in none */
    int64_t columns[ROLL_COLUMNS];
};
bool roll_balances(const struct roll_group *group);

/* A day on which the events of a member and the register of where it belonged do not agree. */
struct roll_break {
    int64_t member;
    day_t day;
    const char *en, *zh;
};

enum { ROLL_BREAKS_MAX = 100 };
struct roll_check {
    struct roll_group *groups;
    size_t group_count;
    struct roll_break breaks[ROLL_BREAKS_MAX];
    size_t break_count;
};
/* Of the whole ledger; where the question asks about a part, that part comes last. It lives in `figures`. */
const struct roll_check *figures_check(struct figures *figures);

#endif
