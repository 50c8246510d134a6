/* board: branches by duty and period of one year: what each cadence rule asks of each branch, and how
 * that stands. */
#include <string.h>

#include "query/alert_view.h"

enum { YEAR_MIN = 1900, YEAR_MAX = 9999, BRANCHES_AT_ONCE = 64 };

static const struct param board_params[] = {
    {"year", PARAM_INT, false, NULL, YEAR_MIN, YEAR_MAX},
    {"area", PARAM_TEXT, false, NULL, 0, 0},
    {"branch", PARAM_REF, false, NULL, 0, 0},
};

struct board {
    struct asking *ask;
    struct alert_filter filter;
    day_t first, last; /* of the year, but not after the day asked for */
    const char *after; /* ref of the branch written last */
    struct err *err;
};

static bool asked_of_branches(const struct rule *rule)
{
    return rule->kind == RULE_CADENCE && rule->subject == SUBJECT_BRANCH;
}

static void write_rules(struct asking *ask)
{
    const struct pack *pack = ask->env->pack;

    json_key(ask->out, "rules");
    json_open(ask->out, '[');
    for (size_t i = 0; i < pack->rule_count; i++) {
        if (!asked_of_branches(&pack->rules[i]))
            continue;
        json_open(ask->out, '{');
        json_kv_str(ask->out, "rule", pack->rules[i].id);
        json_kv_str(ask->out, "title", ask_choose(ask, &pack->rules[i].title));
        json_close(ask->out, '}');
    }
    json_close(ask->out, ']');
}

/* In force on any day of the board. */
static bool on_board(const struct board *b, const struct subject_data *branch)
{
    for (size_t i = 0; b->first <= b->last && i < branch->frame_count; i++) {
        day_t until = i + 1 < branch->frame_count ? branch->frames[i + 1].from : DAY_NEVER;

        if (branch->frames[i].in_force && branch->frames[i].from <= b->last && until > b->first)
            return true;
    }
    return false;
}

static void write_measured(struct json *out, const char *key, const struct rule *rule, int64_t value)
{
    json_key(out, key);
    if (rule->measure == MEASURE_HOURS)
        json_hundredths(out, value);
    else
        json_int(out, value);
}

static void write_duties_of(const struct board *b, const struct rule *rule,
                            const struct subject_data *branch)
{
    _cleanup_free_ struct duty *duties = NULL;
    struct json *out = b->ask->out;
    char text[DAY_TEXT_SIZE];
    size_t n = rule_duties(&duties, rule, b->ask->env->tracking_since, branch, b->first, b->last,
                           b->ask->day);

    for (size_t i = 0; i < n; i++) {
        if (duties[i].state == DUTY_NONE)
            continue;
        json_open(out, '{');
        json_kv_str(out, "rule", rule->id);
        json_kv_str(out, "period", period_format(text, rule->per, duties[i].first));
        json_kv_str(out, "state", duty_state_name(duties[i].state));
        write_measured(out, "counted", rule, duties[i].counted);
        write_measured(out, "at_least", rule, rule->at_least);
        json_kv_day(out, "closes", duties[i].closes);
        json_close(out, '}');
    }
}

static int write_branch(const struct board *b, const struct subject_data *branch)
{
    struct asking *ask = b->ask;
    const struct pack *pack = ask->env->pack;
    struct region region;

    if (ask_region(&region, ask, SUBJECT_BRANCH, branch->key, ask->day, b->err) < 0)
        return -1;
    json_open(ask->out, '{');
    json_kv_str(ask->out, "branch", branch->ref);
    json_kv_str(ask->out, "name", region.name ? region.name : "");
    if (region.area)
        json_kv_str(ask->out, "area", region.area);
    for (size_t i = 0; i < pack->rule_count; i++)
        if (asked_of_branches(&pack->rules[i])) {
            if (write_no_reports(ask, branch->key, &pack->rules[i], b->err) < 0)
                return -1;
            break;
        }
    json_key(ask->out, "duties");
    json_open(ask->out, '[');
    for (size_t i = 0; i < pack->rule_count; i++)
        if (asked_of_branches(&pack->rules[i]))
            write_duties_of(b, &pack->rules[i], branch);
    json_close(ask->out, ']');
    json_close(ask->out, '}');
    page_mark(ask, 'b', "%s", branch->ref);
    return 0;
}

/* 1: go on; 0: the page is full; -1. */
static int take_branch(const struct board *b, int64_t key)
{
    struct asking *ask = b->ask;
    const struct subject_data *branch;
    enum page_step step;
    bool passes;
    int r;

    if (ask_patience(ask, b->err) < 0 || alert_subject_passes(&passes, ask, &b->filter, key, b->err) < 0)
        return -1;
    if (!passes)
        return 1;
    ask_facts_bound(ask);
    r = facts_subject(&branch, ask->facts, key, false, b->err);
    if (r < 0 || facts_check(ask->facts, b->err) < 0)
        return -1;
    if (r == 0 || !on_board(b, branch))
        return 1;
    step = page_step(ask);
    if (step == PAGE_WRITE && write_branch(b, branch) < 0)
        return -1;
    return step != PAGE_FULL;
}

static size_t next_branches(int64_t keys[BRANCHES_AT_ONCE], struct board *b, int *r_out)
{
    struct asking *ask = b->ask;
    sqlite3_stmt *s = store_stmt(ask->store, SQL_SUBJECTS_OF_KIND);
    const char *ref = b->after;
    size_t n = 0;

    sqlite3_bind_int(s, 1, SUBJECT_BRANCH);
    sqlite3_bind_text(s, 2, b->after, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int(s, 3, BRANCHES_AT_ONCE);
    while (n < BRANCHES_AT_ONCE && (*r_out = store_step(ask->store, s, b->err)) == 1) {
        const char *text = (const char *)sqlite3_column_text(s, 1);

        keys[n++] = sqlite3_column_int64(s, 0);
        ref = arena_strndup(&ask->arena, text, strlen(text));
    }
    sqlite3_reset(s);
    b->after = ref;
    return n;
}

static int write_board(struct board *b)
{
    int64_t keys[BRANCHES_AT_ONCE];
    size_t n;
    int r = 1;

    page_begin(b->ask);
    do {
        n = next_branches(keys, b, &r);
        for (size_t i = 0; r >= 0 && i < n; i++) {
            r = take_branch(b, keys[i]);
            if (r <= 0)
                n = 0;
        }
    } while (r >= 0 && n == BRANCHES_AT_ONCE);
    page_end(b->ask);
    return r < 0 ? -1 : 0;
}

static int write_one(struct board *b)
{
    page_begin(b->ask);
    if (take_branch(b, b->filter.branch) < 0)
        return -1;
    page_end(b->ask);
    return 0;
}

static int answer_board(struct asking *ask, struct err *err)
{
    struct board b = {.ask = ask, .after = "", .err = err};
    int year = (int)ask_int(ask, "year", day_to_civil(ask->day).year);
    const char *cursor;
    int r = alert_filter_read(&b.filter, ask, NULL, err);

    if (r == 0)
        r = page_cursor(&cursor, ask, 'b', err);
    if (r != 0)
        return r;
    if (cursor)
        b.after = cursor;
    b.first = day_from_civil(year, 1, 1);
    b.last = day_from_civil(year, 12, 31);
    if (b.last > ask->day)
        b.last = ask->day;
    json_kv_day(ask->out, "day", ask->day);
    json_kv_int(ask->out, "year", year);
    write_rules(ask);
    return b.filter.branch ? write_one(&b) : write_board(&b);
}

const struct verb verb_board = {
    .name = "board",
    .flags = VERB_PAGED | VERB_AS_OF | VERB_KNOWN_ON | VERB_HISTORY,
    .params = board_params,
    .param_count = ARRAY_LEN(board_params),
    .answer = answer_board,
};
