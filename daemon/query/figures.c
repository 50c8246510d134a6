/* figures: the annual summary's figures of a year, what is behind one of them, or whether the
 * roll-forward holds (figures.md). What they are is report/'s affair; this file asks and writes. */
#include <string.h>

#include "base/text.h"
#include "query/answer.h"
#include "query/figures_rows.h"
#include "query/figures_since.h"
#include "query/scope.h"

enum { YEAR_MIN = 1900, YEAR_MAX = 9999 };

static const char *const sectors[] = {"enterprise", "association", NULL};
static const char *const denominators[] = {"operating", "eligible", "above_scale", NULL}; /* as the enum */

static const char *const parts[] = {"month", NULL};

static const struct param figures_params[] = {
    {"year", PARAM_INT, false, NULL, YEAR_MIN, YEAR_MAX},
    {"area", PARAM_TEXT, false, NULL, 0, 0},
    {"sector", PARAM_WORD, false, sectors, 0, 0},
    {"branch", PARAM_REF, false, NULL, 0, 0},
    {"denominator", PARAM_WORD, false, denominators, 0, 0},
    {"explain", PARAM_TEXT, false, NULL, 0, 0},
    {"check", PARAM_BOOL, false, NULL, 0, 0},
    {"by", PARAM_WORD, false, parts, 0, 0},
    {"since_known", PARAM_MOMENT, false, NULL, 0, 0},
};

/* figures.md: D lies in Y, and is by default 31 December of Y, or today if that is earlier. */
static int settle_day(struct asking *ask, struct figures_question *q, struct err *err)
{
    char text[DAY_TEXT_SIZE];
    day_t last;

    /* Also with known_on: what was known then of the whole year. */
    if (!ask->as_of)
        ask->day = ask->env->today;
    q->year = (int)ask_int(ask, "year", day_to_civil(ask->day).year);
    last = day_from_civil(q->year, 12, 31);
    if (!ask->as_of && ask->day > last)
        ask->day = last;
    if (day_to_civil(ask->day).year != q->year && ask->as_of)
        return ask_malformed(err, "as_of", "%s is not a day of %d: give that year, or no as_of",
                             "%s 不在 %d 年内：请改年度，或去掉 as_of", day_format(text, ask->day), q->year);
    if (day_to_civil(ask->day).year != q->year)
        return ask_malformed(err, "year", "%2$d has not begun: today is %1$s", "%2$d 年尚未开始：今天是 %1$s",
                             day_format(text, ask->day), q->year);
    q->day = ask->day;
    return 0;
}

/* Figures over a part of what was asked would be wrong ones: it is a branch, or an area, that lies in scope as
 * a whole. Where the scope is but one of these, that is meant if nothing is said. */
static int check_scope(struct asking *ask, struct figures_question *q, struct err *err)
{
    const struct grant *grant = ask->env->grant;
    size_t n;
    const int64_t *branches = realm_branches(ask->realm, &n);

    if (q->branch) /* ask_key has seen to it */
        return 0;
    if (q->area)
        return grant_has_area(grant, q->area) ? 0 : ask_not_allowed(err);
    if (grant->area_count == 1 && grant->branch_count == 0)
        q->area = grant->areas[0];
    else if (grant->area_count == 0 && n == 1)
        q->branch = branches[0];
    else
        return err_say(err, ERR_NOT_ALLOWED, "area", "figures are of one branch or area of your scope: say which",
                       "数字须针对您范围内的一个支部或区划：请指明");
    return 0;
}

/* Different things to ask about figures: one at a time. */
static int check_one(struct asking *ask, struct err *err)
{
    static const char *const things[] = {"explain", "check", "by", "since_known"};
    const char *first = NULL;

    for (size_t i = 0; i < ARRAY_LEN(things); i++) {
        if (!ask_text(ask, things[i]) && !ask_bool(ask, things[i]))
            continue;
        if (first)
            return ask_malformed(err, things[i], "%s and %s are two questions: ask one", "%s 与 %s 是两个请求：请只给其一",
                                 first, things[i]);
        first = things[i];
    }
    return 0;
}

static int read_question(struct asking *ask, struct figures_question *q, struct err *err)
{
    const char *denominator = ask_text(ask, "denominator");
    int r = settle_day(ask, q, err);

    if (r != 0)
        return r;
    r = check_one(ask, err);
    if (r != 0)
        return r;
    q->area = ask_text(ask, "area");
    q->sector = ask_text(ask, "sector");
    for (int i = 0; denominator && denominators[i]; i++)
        if (strcmp(denominators[i], denominator) == 0)
            q->denominator = (enum figure_denominator)i;
    r = ask_key_of(&q->branch, ask, SUBJECT_BRANCH, "branch", err);
    return r == 0 && ask->realm ? check_scope(ask, q, err) : r;
}

/* What a figure is a figure of: so that it can be had again, and what came later can be told. */
static int write_question(struct asking *ask, const struct figures_question *q, struct err *err)
{
    uint8_t chain[CHAIN_SIZE];
    char hex[CHAIN_SIZE * 2 + 1] = "";
    int64_t seq = 0, recorded_at = 0;

    json_kv_int(ask->out, "year", q->year);
    json_kv_day(ask->out, "day", q->day);
    if (store_row_last(&seq, &recorded_at, chain, ask->store, err) < 0)
        return -1;
    for (size_t i = 0; seq && i < CHAIN_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", chain[i]);
    json_kv_int(ask->out, "seq", seq);
    json_kv_str(ask->out, "head", hex);
    write_instant(ask->out, "recorded_at", recorded_at);
    json_kv_str(ask->out, "pack", ask->env->pack->hash);
    return 0;
}

/* Figures that there are, but not for what is asked about. */
static void write_not_told(struct asking *ask, const struct figures *figures)
{
    const char *names[FIGURES_NOT_TOLD_MAX];
    size_t n = figures_not_told(names, figures);

    json_key(ask->out, "not_told");
    json_open(ask->out, '[');
    for (size_t i = 0; i < n; i++)
        json_str(ask->out, names[i]);
    json_close(ask->out, ']');
}

/* Few enough for one reply, so no limit holds but one that is asked for. */
static int write_list(struct asking *ask, const struct figures *figures, struct err *err)
{
    const struct figure *list;
    size_t n = figures_list(&list, figures);
    int64_t after = -1;
    int r = figures_cursor(&after, ask, 'f', err);

    if (r != 0)
        return r;
    if (!ask_field(ask, "limit"))
        ask->page.limit = INT64_MAX;
    page_begin(ask);
    for (size_t i = 0; i < n; i++) {
        CLEANUP(figure_items_deinit) struct figure_items items = {.keep = false};
        enum page_step step;

        if ((int64_t)i <= after)
            continue;
        if (ask_patience(ask, err) < 0)
            return -1;
        figure_collect(&items, figures, &list[i]);
        if (list[i].only_if_any && items.part == 0)
            continue;
        step = page_step(ask);
        if (step == PAGE_FULL)
            break;
        if (step != PAGE_WRITE)
            continue;
        json_open(ask->out, '{');
        write_figure(ask, &list[i], &items);
        json_close(ask->out, '}');
        page_mark(ask, 'f', "%zu", i);
    }
    page_end(ask);
    return 0;
}

/* "2022-03" */
static const char *month_text(char out[DAY_TEXT_SIZE], day_t day, int month)
{
    snprintf(out, DAY_TEXT_SIZE, "%04d-%02d", (int)day_to_civil(day).year, month);
    return out;
}

/* What of a figure lies in each month; months of nothing are left out. */
static int write_months(struct asking *ask, const struct figures *figures, const struct figure *figure,
                        struct err *err)
{
    CLEANUP(figure_items_deinit) struct figure_items items = {.keep = true};

    if (ask_patience(ask, err) < 0)
        return -1;
    figure_collect(&items, figures, figure);
    for (int month = 1; month <= 12; month++) {
        struct figure_items part = {.keep = false};
        char text[DAY_TEXT_SIZE];

        figure_month(&part, &items, month);
        if (part.part == 0 && part.whole == 0)
            continue;
        json_open(ask->out, '{');
        json_kv_str(ask->out, "month", month_text(text, ask->day, month));
        write_figure(ask, figure, &part);
        json_close(ask->out, '}');
    }
    return 0;
}

/* Some forty figures in twelve months: one reply. */
static int write_by_month(struct asking *ask, const struct figures *figures, struct err *err)
{
    const struct figure *list;
    size_t n = figures_list(&list, figures);

    json_key(ask->out, "rows");
    json_open(ask->out, '[');
    for (size_t i = 0; i < n; i++)
        if (figure_has_months(&list[i]) && write_months(ask, figures, &list[i], err) < 0)
            return -1;
    json_close(ask->out, ']');
    return 0;
}

static int no_such_figure(const struct figures *figures, const char *name, struct err *err)
{
    const struct figure *list;
    size_t n = figures_list(&list, figures);
    const char **names = mem_alloc((n + 1) * sizeof *names);
    const char *nearest;

    for (size_t i = 0; i < n; i++)
        names[i] = list[i].full_name;
    nearest = text_nearest(name, names, n);
    ask_malformed(err, "explain", "there is no figure \"%s\" for what is asked", "所问范围内没有“%s”这一数字",
                  excerpt_of(name).text);
    if (nearest)
        err_hint(err, nearest);
    free(names);
    return 1;
}

static int write_explanation(struct asking *ask, const struct figures *figures, struct err *err)
{
    CLEANUP(figure_items_deinit) struct figure_items items = {.keep = true};
    const char *name = ask_text(ask, "explain");
    const struct figure *figure = figures_find(figures, name);
    int64_t after = -1;
    int r = figures_cursor(&after, ask, 'e', err);

    if (!figure)
        return no_such_figure(figures, name, err);
    if (r != 0)
        return r;
    /* Each page counts the year anew: as much in one as a reply may hold. */
    if (!ask_field(ask, "limit"))
        ask->page.limit = INT64_MAX;
    figure_collect(&items, figures, figure);
    write_figure(ask, figure, &items);
    json_kv_str(ask->out, "formula", ask_choose(ask, &figure->formula));
    json_kv_int(ask->out, "items", (int64_t)items.n);
    page_begin(ask);
    for (size_t i = (size_t)(after + 1); i < items.n; i++) {
        enum page_step step = page_step(ask);

        if (step == PAGE_FULL)
            break;
        if (step == PAGE_WRITE &&
            (ask_patience(ask, err) < 0 || write_figure_item(ask, figure, &items.items[i], err) < 0))
            return -1;
        if (step == PAGE_WRITE)
            page_mark(ask, 'e', "%zu", i);
    }
    page_end(ask);
    return 0;
}

/* The whole, its sectors, and what lies elsewhere are not for who may see but a part. */
static int group_is_seen(bool *out, struct asking *ask, const struct roll_group *group, struct err *err)
{
    int64_t key = 0;

    *out = ask->realm == NULL || strcmp(group->by, "asked") == 0;
    if (*out || !group->of)
        return 0;
    if (strcmp(group->by, "area") == 0)
        *out = grant_has_area(ask->env->grant, group->of);
    if (strcmp(group->by, "branch") != 0)
        return 0;
    if (store_subject_find(&key, ask->store, SUBJECT_BRANCH, group->of, err) < 0)
        return -1;
    *out = realm_has(ask->realm, key);
    return 0;
}

/* Whether everything holds that the asker may see. */
static int write_holds(struct asking *ask, const struct roll_check *check, struct err *err)
{
    bool holds = true, seen;

    for (size_t i = 0; i < check->break_count; i++) {
        if (scope_has_subject(&seen, ask, SUBJECT_MEMBER, check->breaks[i].member, err) < 0)
            return -1;
        holds = holds && !seen;
    }
    for (size_t i = 0; i < check->group_count; i++) {
        if (group_is_seen(&seen, ask, &check->groups[i], err) < 0)
            return -1;
        holds = holds && (!seen || roll_balances(&check->groups[i]));
    }
    json_kv_bool(ask->out, "holds", holds);
    return 0;
}

static int write_check(struct asking *ask, struct figures *figures, struct err *err)
{
    const struct roll_check *check = figures_check(figures);
    int64_t after = -1;
    int r = figures_cursor(&after, ask, 'g', err);

    if (r != 0)
        return r;
    if (write_holds(ask, check, err) < 0)
        return -1;
    if (write_roll_breaks(ask, check, err) < 0)
        return -1;
    if (!ask_field(ask, "limit"))
        ask->page.limit = INT64_MAX;
    page_begin(ask);
    for (size_t i = (size_t)(after + 1); i < check->group_count; i++) {
        enum page_step step;
        bool seen;

        if (group_is_seen(&seen, ask, &check->groups[i], err) < 0)
            return -1;
        step = seen ? page_step(ask) : PAGE_COUNT;
        if (step == PAGE_FULL)
            break;
        if (step != PAGE_WRITE)
            continue;
        write_roll_group(ask, &check->groups[i]);
        page_mark(ask, 'g', "%zu", i);
    }
    page_end(ask);
    return 0;
}

static int answer_figures(struct asking *ask, struct err *err)
{
    _cleanup_figures_ struct figures *figures = NULL;
    struct figures_question q = {0};
    struct figures_source source = {
        .store = ask->store,
        .kinds = ask->kinds,
        .pack = ask->env->pack,
        .tracking_since = ask->env->tracking_since,
        .deadline = &ask->deadline,
    };
    int r = read_question(ask, &q, err);

    if (r != 0)
        return r;
    if (figures_new(&figures, &source, &q, err) < 0)
        return -1;
    if (write_question(ask, &q, err) < 0)
        return -1;
    if (ask_text(ask, "by"))
        return write_by_month(ask, figures, err);
    if (ask_text(ask, "explain"))
        return write_explanation(ask, figures, err);
    if (ask_bool(ask, "check"))
        return write_check(ask, figures, err);
    if (ask_text(ask, "since_known"))
        return write_figures_since(ask, figures, &source, &q, err);
    write_not_told(ask, figures);
    return write_list(ask, figures, err);
}

const struct verb verb_figures = {
    .name = "figures",
    .flags = VERB_PAGED | VERB_AS_OF | VERB_KNOWN_ON | VERB_HISTORY,
    .params = figures_params,
    .param_count = ARRAY_LEN(figures_params),
    .answer = answer_figures,
};
