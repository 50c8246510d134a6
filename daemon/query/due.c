/* due: what will open or rise within some days if nothing more is recorded, soonest first.
 *
 * Candidates are the subjects whose deadline comes until then (alerts keep it up to date); all others
 * are fine beyond, and are not looked at. A candidate is evaluated on the days on which its verdicts
 * may change. */
#include <string.h>

#include "base/buf.h"
#include "query/alert_view.h"

enum { WITHIN_DAYS = 14, WITHIN_DAYS_MAX = 3660 };

static const struct param due_params[] = {
    {"within", PARAM_DURATION, false, NULL, 0, 0},
    {"area", PARAM_TEXT, false, NULL, 0, 0},
    {"branch", PARAM_REF, false, NULL, 0, 0},
};

struct candidate {
    int64_t subject;
    day_t day;
};

struct coming {
    struct alert_place place; /* day: on which it opens or rises; level: to which */
    enum level before;
    const struct rule *rule;
    int64_t subject;
};

struct looking {
    struct asking *ask;
    struct alert_filter filter;
    day_t until;
    bool has_after;
    struct alert_place after; /* the cursor's */
    struct candidate *candidates;
    size_t candidate_count, candidate_cap;
    struct coming *items;
    size_t n, cap;
    struct err *err;
};

static void looking_deinit(struct looking *l)
{
    free(l->candidates);
    free(l->items);
}

static int place_order(const struct alert_place *a, const struct alert_place *b)
{
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->level != b->level)
        return a->level > b->level ? -1 : 1;
    return alert_place_compare(a, b);
}

static int order(const void *a, const void *b)
{
    return place_order(&((const struct coming *)a)->place, &((const struct coming *)b)->place);
}

static int read_within(struct looking *l)
{
    struct asking *ask = l->ask;
    struct duration within = {WITHIN_DAYS, DURATION_DAYS};

    ask_duration(&within, ask, "within");
    if (within.count > WITHIN_DAYS_MAX / (within.unit == DURATION_DAYS ? 1 : 30))
        return ask_malformed(l->err, "within", "within must not be more than ten years",
                             "within 不能超过十年");
    l->until = day_add(ask->day, within);
    return 0;
}

static int read_candidates(struct looking *l)
{
    struct store *store = l->ask->store;
    sqlite3_stmt *s = store_stmt(store, SQL_QUERY_DEADLINES);
    int r;

    sqlite3_bind_int(s, 1, l->until);
    while ((r = store_step(store, s, l->err)) == 1) {
        ARRAY_GROW(l->candidates, l->candidate_count, l->candidate_cap);
        l->candidates[l->candidate_count++] =
            (struct candidate){sqlite3_column_int64(s, 0), (day_t)sqlite3_column_int(s, 1)};
    }
    return r;
}

static void add(struct looking *l, const struct subject_data *subject, const struct rule *rule,
                const struct verdict *verdict, day_t day, enum level before)
{
    struct arena *arena = &l->ask->arena;

    ARRAY_GROW(l->items, l->n, l->cap);
    l->items[l->n++] = (struct coming){
        .place = {day, verdict->level, subject->kind, rule->id,
                  arena_strndup(arena, subject->ref, strlen(subject->ref))},
        .before = before,
        .rule = rule,
        .subject = subject->key,
    };
}

/* From today's verdict on, day by day on which it may be another. */
static void look_at_rule(struct looking *l, const struct subject_data *subject, const struct rule *rule)
{
    day_t tracking_since = l->ask->env->tracking_since, day = l->ask->day;
    enum level before = LEVEL_NONE;
    struct verdict verdict;

    rule_evaluate(&verdict, rule, tracking_since, subject, day);
    while (verdict.next > day && verdict.next <= l->until) {
        before = verdict.open ? verdict.level : LEVEL_NONE;
        day = verdict.next;
        rule_evaluate(&verdict, rule, tracking_since, subject, day);
        if (verdict.open && verdict.level > before)
            add(l, subject, rule, &verdict, day, before);
    }
}

static int look_at(struct looking *l, const struct candidate *candidate)
{
    struct asking *ask = l->ask;
    const struct pack *pack = ask->env->pack;
    const struct subject_data *subject;
    bool passes;
    int r;

    if (ask_patience(ask, l->err) < 0 ||
        alert_subject_passes(&passes, ask, &l->filter, candidate->subject, l->err) < 0)
        return -1;
    if (!passes)
        return 0;
    ask_facts_bound(ask);
    r = facts_subject(&subject, ask->facts, candidate->subject, false, l->err);
    for (size_t i = 0; r == 1 && i < pack->rule_count; i++)
        if (pack->rules[i].subject == subject->kind)
            look_at_rule(l, subject, &pack->rules[i]);
    return r < 0 ? -1 : facts_check(ask->facts, l->err);
}

/* Whether the page can be filled from what is found: nothing found later comes before `day`. */
static bool enough(const struct looking *l, day_t day)
{
    int64_t ready = 0;

    if (l->ask->page.count)
        return false;
    for (size_t i = 0; i < l->n; i++)
        ready += l->items[i].place.day < day &&
                 (!l->has_after || place_order(&l->items[i].place, &l->after) > 0);
    return ready > l->ask->page.limit;
}

static int look(struct looking *l)
{
    for (size_t i = 0; i < l->candidate_count; i++) {
        if (i > 0 && l->candidates[i].day != l->candidates[i - 1].day && enough(l, l->candidates[i].day))
            break;
        if (look_at(l, &l->candidates[i]) < 0)
            return -1;
    }
    if (l->n > 1)
        qsort(l->items, l->n, sizeof *l->items, order);
    return 0;
}

/* The remedy, and the date that an expiry rule watches, are those of the day on which it opens. */
static int write_sentences(struct asking *ask, const struct coming *c, const char *branch,
                           struct err *err)
{
    _cleanup_buf_ struct buf remedy = {0};
    const struct subject_data *subject;
    struct verdict verdict;
    int r;

    ask_facts_bound(ask);
    r = facts_subject(&subject, ask->facts, c->subject, false, err);
    if (r != 1)
        return r;
    rule_evaluate(&verdict, c->rule, ask->env->tracking_since, subject, c->place.day);
    if (facts_check(ask->facts, err) < 0)
        return -1;
    rule_remedy(&remedy, c->rule, &verdict, subject, branch, c->place.day, ask->lang);
    json_kv_str(ask->out, "title", ask_choose(ask, &c->rule->title));
    json_kv_str(ask->out, "remedy", buf_str(&remedy));
    if (verdict.due != DAY_NONE)
        json_kv_day(ask->out, "due", verdict.due);
    return 0;
}

static int write_coming(struct asking *ask, const struct coming *c, struct err *err)
{
    const char *branch;

    arena_reset(&ask->scratch);
    json_open(ask->out, '{');
    json_kv_day(ask->out, "on", c->place.day);
    if (write_alert_subject(&branch, ask, c->rule->id, c->subject, err) < 0)
        return -1;
    json_kv_str(ask->out, "level", level_name(c->place.level));
    if (c->before != LEVEL_NONE)
        json_kv_str(ask->out, "before", level_name(c->before));
    if (write_sentences(ask, c, branch, err) < 0)
        return -1;
    json_close(ask->out, '}');
    alert_place_mark(ask, 'd', &c->place);
    return 0;
}

static int write_page(const struct looking *l)
{
    struct asking *ask = l->ask;

    page_begin(ask);
    for (size_t i = 0; i < l->n; i++) {
        enum page_step step;

        if (l->has_after && place_order(&l->items[i].place, &l->after) <= 0)
            continue;
        step = page_step(ask);
        if (step == PAGE_FULL)
            break;
        if (step == PAGE_WRITE &&
            (ask_patience(ask, l->err) < 0 || write_coming(ask, &l->items[i], l->err) < 0))
            return -1;
    }
    page_end(ask);
    return 0;
}

static int answer_due(struct asking *ask, struct err *err)
{
    CLEANUP(looking_deinit) struct looking l = {.ask = ask, .err = err};
    int r = read_within(&l);

    if (r == 0)
        r = alert_filter_read(&l.filter, ask, NULL, err);
    if (r == 0)
        r = alert_place_read(&l.after, &l.has_after, ask, 'd', err);
    if (r != 0)
        return r;
    json_kv_day(ask->out, "day", ask->day);
    json_kv_day(ask->out, "until", l.until);
    json_kv_bool(ask->out, "settling", ask->env->settling);
    if (read_candidates(&l) < 0 || look(&l) < 0)
        return -1;
    return write_page(&l);
}

/* Among history: the candidates of two weeks may be a whole district at the end of a month. */
const struct verb verb_due = {
    .name = "due",
    .flags = VERB_PAGED | VERB_HISTORY | VERB_NEEDS_ALERTS,
    .params = due_params,
    .param_count = ARRAY_LEN(due_params),
    .answer = answer_due,
};
