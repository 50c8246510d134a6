/* Cadence: at least so much in every calendar period (rules.md section 2). */
#include "rules/question.h"

/* How many periods to come are looked at for one that might be missed. Only exemptions and records
 * that are there already can make one of them none, so few are needed; the bound keeps an exemption
 * without end from costing anything. */
enum { PERIODS_AHEAD = 64 };

struct period period_of(const struct rule *rule, day_t day)
{
    struct period p = {.first = period_first(rule->per, day), .last = period_last(rule->per, day)};

    p.closes = day_add(p.last, rule->grace) + 1;
    return p;
}

struct period period_before(const struct rule *rule, struct period p)
{
    return period_of(rule, p.first - 1);
}

struct period period_after(const struct rule *rule, struct period p)
{
    return period_of(rule, p.last + 1);
}

bool period_met(const struct question *q, struct period p)
{
    return activities_sum(q, p.first, p.last) >= q->rule->at_least;
}

enum period_duty period_duty(const struct question *q, struct period p)
{
    day_t seen = day_min(p.last, q->day); /* facts later than the day are not known on it */
    const struct frame *frame;
    int64_t named;

    if (p.first < q->start || !facts_in_force_throughout(q, day_min(p.first, seen), seen))
        return PERIOD_NO_DUTY;
    frame = frame_on(q->subject, seen);
    if (!rule_when_holds(q->rule, frame))
        return PERIOD_NO_DUTY;
    if (q->rule->needs_rolls > 0 && !rolls_kept(q, frame->branch, p.first, p.last, &named))
        return PERIOD_NO_DUTY;
    return exemption_on(q, p.last) ? PERIOD_EXCUSED : PERIOD_DUTY;
}

/* The run of missed duty periods that ends with the latest closed one, from its end. Empty also
 * where a calendar period after that is met: then the missed ones are forgiven. */
static void find_run(struct verdict *out, const struct question *q)
{
    for (struct period p = period_of(q->rule, q->day); p.first >= q->start;
         p = period_before(q->rule, p)) {
        bool met = period_met(q, p);

        if (met && out->missed == 0)
            return;
        if (p.closes > q->day || period_duty(q, p) != PERIOD_DUTY)
            continue;
        if (met)
            return;
        if (out->missed++ == 0)
            out->missed_last = p.first;
        out->missed_first = p.first;
        out->since = p.closes;
    }
}

static struct period first_unclosed(const struct question *q)
{
    struct period p = period_of(q->rule, q->day);

    while (p.first > q->start) {
        struct period before = period_before(q->rule, p);

        if (before.closes <= q->day)
            break;
        p = before;
    }
    return p;
}

/* The next day on which a period closes that is missed as things stand: nothing else moves the
 * verdict of a subject whose facts stay. With needs_rolls, no period to come is a duty period until
 * something is recorded. */
static day_t next_missed(const struct question *q)
{
    struct period p = first_unclosed(q);

    for (int ahead = 0; ahead < PERIODS_AHEAD; p = period_after(q->rule, p)) {
        if (p.first > q->day) {
            if (q->rule->needs_rolls > 0)
                return DAY_NEVER;
            ahead++;
        }
        if (!period_met(q, p) && period_duty(q, p) == PERIOD_DUTY)
            return p.closes;
    }
    return p.closes;
}

static enum level level_of(const struct rule *rule, int32_t missed)
{
    enum level level = LEVEL_NONE;

    for (size_t i = 0; i < rule->level_count; i++)
        if (missed >= rule->levels[i].missed)
            level = rule->levels[i].level;
    return level;
}

void cadence_evaluate(struct verdict *out, const struct question *q)
{
    const struct activity *latest = activities_latest(q);

    if (latest) {
        out->last = latest->day;
        out->last_seq = latest->seq;
    }
    find_run(out, q);
    if (out->missed > 0)
        out->level = level_of(q->rule, out->missed);
    out->open = out->level != LEVEL_NONE;
    if (!out->open)
        out->since = DAY_NONE;
    out->next = next_missed(q);
}

day_t cadence_window(const struct question *q, const struct verdict *verdict)
{
    if (verdict->missed > 0)
        return verdict->missed_first;
    for (struct period p = period_of(q->rule, q->day); p.first >= q->start;
         p = period_before(q->rule, p))
        if (p.closes <= q->day && period_duty(q, p) == PERIOD_DUTY)
            return p.first;
    return period_first(q->rule->per, q->day);
}

day_t cadence_reaches(const struct question *q, int32_t missed)
{
    day_t reached = DAY_NONE;
    int32_t run = 0;
    int ahead = 0;

    if (!question_applies(q))
        return DAY_NONE;
    for (struct period p = period_of(q->rule, q->start); ahead < PERIODS_AHEAD;
         p = period_after(q->rule, p)) {
        bool met = period_met(q, p);

        if (p.first > q->day) {
            if (reached != DAY_NONE || q->rule->needs_rolls > 0)
                return reached;
            ahead++;
        }
        if (met)
            reached = DAY_NONE;
        if (period_duty(q, p) != PERIOD_DUTY)
            continue;
        run = met ? 0 : run + 1;
        if (run >= missed && reached == DAY_NONE)
            reached = p.closes;
    }
    return reached;
}
