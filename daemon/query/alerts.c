/* alerts: those that are open, worst and oldest first, as recorded; those closed; those that changed.
 * Of another day, or as known at another time, nothing is recorded: they are evaluated. */
#include <inttypes.h>
#include <string.h>

#include "query/alert_view.h"

enum { FILTER_STEPS = 5, ROW_STEPS = 50 }; /* in steps of a walk */

static const char *const level_words[] = {"notice", "yellow", "red", NULL};

static const struct param alerts_params[] = {
    {"level", PARAM_WORD, false, level_words, 0, 0}, {"rule", PARAM_TEXT, false, NULL, 0, 0},
    {"area", PARAM_TEXT, false, NULL, 0, 0},         {"branch", PARAM_REF, false, NULL, 0, 0},
    {"closed", PARAM_BOOL, false, NULL, 0, 0},       {"after_seq", PARAM_INT, false, NULL, 0, INT64_MAX},
};

/* A list of recorded alerts, in an order of its own. */
struct recorded {
    enum sql_id which;
    char sort; /* of its cursors */
    const struct alert_filter *filter;
    bool only_closed;
};

/* Binds the place to begin at: the cursor's, or the beginning. */
static int bind_worst(sqlite3_stmt *s, const char *cursor, struct err *err)
{
    int level = LEVEL_RED + 1, since = 0, used = 0;
    int64_t number = 0;

    if (cursor && (sscanf(cursor, "%d.%d.%" SCNd64 "%n", &level, &since, &number, &used) != 3 ||
                   cursor[used] != '\0'))
        return page_bad_cursor(err);
    sqlite3_bind_int(s, 1, -level);
    sqlite3_bind_int(s, 2, since);
    sqlite3_bind_int64(s, 3, number);
    return 0;
}

static int bind_seq(sqlite3_stmt *s, const char *cursor, int64_t from, struct err *err)
{
    int used = 0;

    if (cursor && (sscanf(cursor, "%" SCNd64 "%n", &from, &used) != 1 || cursor[used] != '\0'))
        return page_bad_cursor(err);
    sqlite3_bind_int64(s, 1, from);
    return 0;
}

static int bind_changed(sqlite3_stmt *s, const char *cursor, int64_t after, struct err *err)
{
    int64_t number = INT64_MAX;
    int used = 0;

    if (cursor && (sscanf(cursor, "%" SCNd64 ".%" SCNd64 "%n", &after, &number, &used) != 2 || cursor[used] != '\0'))
        return page_bad_cursor(err);
    sqlite3_bind_int64(s, 1, after);
    sqlite3_bind_int64(s, 2, number);
    return 0;
}

static int begin(sqlite3_stmt **out, struct asking *ask, const struct recorded *list, struct err *err)
{
    const char *cursor;
    int r = page_cursor(&cursor, ask, list->sort, err);

    *out = store_stmt(ask->store, list->which);
    if (r != 0)
        return r;
    switch (list->sort) {
    case 'w':
        return bind_worst(*out, cursor, err);
    case 'c':
        return bind_seq(*out, cursor, INT64_MAX, err);
    default:
        return bind_changed(*out, cursor, ask_int(ask, "after_seq", 0), err);
    }
}

static void mark(struct asking *ask, const struct recorded *list, const struct alert_item *item)
{
    switch (list->sort) {
    case 'w':
        page_mark(ask, 'w', "%d.%d.%" PRId64, (int)item->level, (int)item->since, item->number);
        break;
    case 'c':
        page_mark(ask, 'c', "%" PRId64, item->closed);
        break;
    default:
        page_mark(ask, list->sort, "%" PRId64 ".%" PRId64, item->changed, item->number);
        break;
    }
}

/* 1: go on; 0: the page is full; -1. */
static int take(struct asking *ask, const struct recorded *list, const struct alert_item *item,
                struct err *err)
{
    enum page_step step = PAGE_COUNT;
    bool passes;

    if (alert_passes(&passes, ask, list->filter, item, err) < 0)
        return -1;
    if (passes && !(list->only_closed && item->closed == 0))
        step = page_step(ask);
    if (step == PAGE_FULL)
        return 0;
    if (step == PAGE_WRITE) {
        ask->budget -= ROW_STEPS;
        if (write_alert(ask, item, err) < 0)
            return -1;
    }
    mark(ask, list, item);
    return 1;
}

static int list_recorded(struct asking *ask, const struct recorded *list, struct err *err)
{
    sqlite3_stmt *s;
    int r = begin(&s, ask, list, err);

    if (r != 0)
        return r;
    page_begin(ask);
    while ((r = store_step(ask->store, s, err)) == 1) {
        struct alert_item item;

        r = ask_spend(ask, FILTER_STEPS, err);
        if (r == 1) {
            page_cut(ask);
            break;
        }
        arena_reset(&ask->scratch);
        alert_item_read(&item, &ask->scratch, ask->env->pack, s);
        if (r == 0)
            r = take(ask, list, &item, err);
        if (r <= 0)
            break;
    }
    sqlite3_reset(s);
    page_end(ask);
    return r < 0 ? -1 : 0;
}

static int answer_recorded(struct asking *ask, const struct alert_filter *f, struct err *err)
{
    bool closed = ask_bool(ask, "closed");
    struct recorded list = {.which = SQL_ALERTS_WORST, .sort = 'w', .filter = f};

    if (ask_field(ask, "after_seq"))
        list = (struct recorded){SQL_ALERTS_CHANGED, 'n', f, closed};
    else if (closed)
        list = (struct recorded){SQL_ALERTS_CLOSED, 'c', f, true};
    return list_recorded(ask, &list, err);
}

static int answer_alerts(struct asking *ask, struct err *err)
{
    bool evaluated = ask->as_of || ask->known_on;
    bool recorded = ask_bool(ask, "closed") || ask_field(ask, "after_seq");
    struct alert_filter filter;
    int r;

    if (evaluated && recorded)
        return ask_malformed(err, ask_bool(ask, "closed") ? "closed" : "after_seq",
                             "what was recorded about alerts cannot be asked as of a day, or as known then",
                             "预警的记录不能按某日或按当时所知查询");
    /* Rules of old are still named by alerts that are closed. */
    r = alert_filter_read(&filter, ask, recorded ? NULL : ask->env->pack, err);
    if (r != 0)
        return r;
    json_kv_int(ask->out, "seq", ask->seq);
    json_kv_day(ask->out, "day", ask->day);
    json_kv_bool(ask->out, "settling", ask->env->settling);
    return evaluated ? list_evaluated(ask, &filter, err) : answer_recorded(ask, &filter, err);
}

const struct verb verb_alerts = {
    .name = "alerts",
    .flags = VERB_PAGED | VERB_AS_OF | VERB_KNOWN_ON | VERB_AS_OF_WALKS | VERB_NEEDS_ALERTS,
    .params = alerts_params,
    .param_count = ARRAY_LEN(alerts_params),
    .answer = answer_alerts,
};
