/* Why an alert is open or not (rules.md section 3): the figures behind a verdict, as JSON. */
#include "rules/question.h"

#include <stdlib.h>

enum { PERIODS_TOLD = 12 };

/* The first day of what the rule looked at. */
static day_t window_of(const struct question *q, const struct verdict *verdict)
{
    day_t from = q->start;

    switch (q->rule->kind) {
    case RULE_CADENCE:
        return cadence_window(q, verdict);
    case RULE_SILENCE:
    case RULE_STATE:
        if (verdict->base != DAY_NONE)
            from = verdict->base;
        break;
    case RULE_EXPIRY:
        if (q->frame && q->frame->dates[q->rule->date] != DAY_NONE)
            from = q->frame->dates[q->rule->date];
        break;
    }
    return day_min(from, q->day);
}

/* The last day of the exemptions that are in force on the question's day, one after the other;
 * DAY_NONE without one. */
static day_t exempt_until(const struct question *q)
{
    day_t until = q->day - 1;
    bool further = true;

    while (further) {
        further = false;
        for (size_t i = 0; i < q->subject->exemption_count; i++) {
            const struct exemption_span *span = &q->subject->exemptions[i];

            if (!exemption_names(span, q->rule) || span->to <= until || span->from > until + 1)
                continue;
            until = span->to;
            further = until != DAY_NEVER;
        }
    }
    return until >= q->day ? until : DAY_NONE;
}

static void add_level(struct json *j, const struct verdict *verdict)
{
    json_kv_str(j, "level", level_name(verdict->level));
    json_kv_day(j, "since", verdict->since);
}

static void add_exempt(struct json *j, const struct question *q, const struct verdict *verdict)
{
    day_t until = exempt_until(q);

    json_kv_bool(j, "exempt", until != DAY_NONE);
    if (until == DAY_NONE)
        return;
    json_kv_day(j, "exempt_until", until == DAY_NEVER ? DAY_NONE : until);
    if (!verdict->exempt)
        return;
    json_key(j, "without_exemption");
    json_open(j, '{');
    add_level(j, verdict);
    json_close(j, '}');
}

static void add_outcome(struct json *j, const struct question *q, const struct verdict *verdict)
{
    json_kv_bool(j, "open", verdict->open);
    if (verdict->open)
        add_level(j, verdict);
    if (verdict->due != DAY_NONE)
        json_kv_day(j, "due", verdict->due);
    if (verdict->missed > 0)
        json_kv_int(j, "missed", verdict->missed);
    add_exempt(j, q, verdict);
}

static void add_measured(struct json *j, const struct rule *rule, const char *key, int64_t value)
{
    json_key(j, key);
    if (rule->measure == MEASURE_HOURS)
        json_hundredths(j, value);
    else
        json_int(j, value);
}

static void add_periods(struct json *j, const struct question *q)
{
    _cleanup_free_ struct duty *duties = NULL;
    struct period first = period_of(q->rule, q->day);
    char text[DAY_TEXT_SIZE];
    size_t count;

    for (int i = 1; i < PERIODS_TOLD && first.first > q->start; i++)
        first = period_before(q->rule, first);
    count = rule_duties(&duties, q->rule, q->tracking_since, q->subject, first.first, q->day,
                        q->day);
    json_key(j, "periods");
    json_open(j, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(j, '{');
        json_kv_str(j, "period", period_format(text, q->rule->per, duties[i].first));
        json_kv_day(j, "first", duties[i].first);
        json_kv_day(j, "last", duties[i].last);
        json_kv_day(j, "closes", duties[i].closes);
        json_kv_str(j, "state", duty_state_name(duties[i].state));
        add_measured(j, q->rule, "counted", duties[i].counted);
        add_measured(j, q->rule, "at_least", q->rule->at_least);
        json_close(j, '}');
    }
    json_close(j, ']');
}

/* What is peculiar to the kind of rule. */
static void add_kind(struct json *j, const struct question *q, const struct verdict *verdict)
{
    switch (q->rule->kind) {
    case RULE_CADENCE:
        add_periods(j, q);
        json_kv_day(j, "last", verdict->last);
        break;
    case RULE_SILENCE:
        json_kv_day(j, "base", verdict->base);
        json_kv_day(j, "last", verdict->last);
        break;
    case RULE_EXPIRY:
        json_kv_day(j, "date", q->frame ? q->frame->dates[q->rule->date] : DAY_NONE);
        break;
    case RULE_STATE:
        json_kv_day(j, "base", verdict->base);
        break;
    }
}

static void add_exemptions(struct json *j, const struct question *q, day_t window_from)
{
    json_key(j, "exemptions");
    json_open(j, '[');
    for (size_t i = 0; i < q->subject->exemption_count; i++) {
        const struct exemption_span *span = &q->subject->exemptions[i];

        if (!exemption_names(span, q->rule) || span->to < window_from || span->from > q->day)
            continue;
        json_open(j, '{');
        json_kv_str(j, "exemption", span->ref);
        json_kv_day(j, "from", span->from);
        json_kv_day(j, "to", span->to);
        json_kv_bool(j, "branch", span->by_branch);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void add_fact(struct json *j, const struct fact *fact)
{
    switch (fact->type) {
    case FACT_UNSET:
        json_nil(j);
        break;
    case FACT_NUMBER:
        json_int(j, fact->number);
        break;
    case FACT_BOOL:
        json_bool(j, fact->number != 0);
        break;
    case FACT_TEXT:
        json_str(j, fact->text);
        break;
    }
}

static bool asked_before(const struct rule *rule, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (rule->when[i].fact == rule->when[index].fact)
            return true;
    return false;
}

static void add_facts(struct json *j, const struct question *q)
{
    const bool in_force = q->frame && q->frame->in_force;

    json_key(j, "facts");
    json_open(j, '{');
    for (size_t i = 0; i < q->rule->when_count; i++) {
        enum fact_id fact = q->rule->when[i].fact;

        if (asked_before(q->rule, i))
            continue;
        json_key(j, fact_name(fact));
        if (in_force)
            add_fact(j, &q->frame->facts[fact]);
        else
            json_nil(j);
    }
    json_kv_bool(j, "holds", in_force && rule_when_holds(q->rule, q->frame));
    json_close(j, '}');
}

static void add_rolls(struct json *j, const struct question *q, const struct verdict *verdict,
                      day_t window_from)
{
    int64_t seen = 0;
    day_t nth;

    if (q->rule->needs_rolls <= 0)
        return;
    if (q->rule->kind == RULE_SILENCE && verdict->base != DAY_NONE)
        seen = rolls_after(q, verdict->base, &nth);
    else if (q->rule->kind == RULE_CADENCE && q->frame)
        rolls_kept(q, q->frame->branch, window_from, q->day, &seen);
    json_key(j, "rolls");
    json_open(j, '{');
    json_kv_int(j, "needed", q->rule->needs_rolls);
    json_kv_int(j, "seen", seen);
    json_close(j, '}');
}

/* The day a threshold is reached if nothing more is recorded; DAY_NONE where nobody can tell. */
static day_t level_day(const struct question *q, const struct verdict *verdict,
                       const struct threshold *level)
{
    day_t nth = DAY_NONE;

    if (!question_applies(q))
        return DAY_NONE;
    switch (q->rule->kind) {
    case RULE_CADENCE:
        return cadence_reaches(q, level->missed);
    case RULE_SILENCE:
        if (q->rule->needs_rolls > 0) {
            rolls_after(q, verdict->base, &nth);
            if (nth == DAY_NONE)
                return DAY_NONE;
        }
        return day_max(day_add(verdict->base, level->after), nth);
    case RULE_EXPIRY:
        if (verdict->due == DAY_NONE)
            return DAY_NONE;
        return day_max(day_add(verdict->due, level->after), q->first_in_force);
    case RULE_STATE:
        return day_add(verdict->base, level->after);
    }
    return DAY_NONE;
}

static void add_levels(struct json *j, const struct question *q, const struct verdict *verdict)
{
    json_key(j, "levels");
    json_open(j, '[');
    for (size_t i = 0; i < q->rule->level_count; i++) {
        json_open(j, '{');
        json_kv_str(j, "level", level_name(q->rule->levels[i].level));
        json_kv_day(j, "on", level_day(q, verdict, &q->rule->levels[i]));
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void add_clears(struct json *j, const struct question *q, const struct verdict *verdict)
{
    static const char *const langs[] = {"en", "zh"};

    json_key(j, "clears");
    json_open(j, '{');
    for (size_t i = 0; i < ARRAY_LEN(langs); i++) {
        _cleanup_buf_ struct buf text = {0};

        rule_remedy(&text, q->rule, verdict, q->subject, NULL, q->day, langs[i]);
        json_kv_str(j, langs[i], buf_str(&text));
    }
    json_close(j, '}');
}

void rule_explain(struct json *j, const struct rule *rule, day_t tracking_since,
                  const struct subject_data *subject, day_t d, const struct kinds *kinds)
{
    struct verdict verdict;
    struct question q;
    day_t window_from;

    (void)kinds; /* activities are told by seq; who has the events names their kinds */
    rule_evaluate(&verdict, rule, tracking_since, subject, d);
    question_init(&q, rule, tracking_since, subject, d);
    window_from = window_of(&q, &verdict);
    add_outcome(j, &q, &verdict);
    json_key(j, "window");
    json_open(j, '{');
    json_kv_day(j, "from", window_from);
    json_kv_day(j, "to", d);
    json_close(j, '}');
    json_kv_day(j, "start", q.start == DAY_NEVER ? DAY_NONE : q.start);
    add_kind(j, &q, &verdict);
    explain_activities(j, &q, window_from);
    add_exemptions(j, &q, window_from);
    add_facts(j, &q);
    add_rolls(j, &q, &verdict, window_from);
    add_levels(j, &q, &verdict);
    add_clears(j, &q, &verdict);
}
