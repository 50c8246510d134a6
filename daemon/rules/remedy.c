/* The sentence that tells staff what would close an alert (rules.md section 3). */
#include "rules/question.h"

#include <string.h>

struct filling {
    const struct verdict *verdict;
    struct question q;
    const char *branch_ref; /* may be NULL */
    bool zh;
};

/* The missed periods, or the calendar period of the day where none is missed. */
static void add_period(struct buf *out, const struct filling *f)
{
    enum period_unit per = f->q.rule->per;
    bool missed = f->verdict->missed > 0;
    char text[DAY_TEXT_SIZE];

    buf_add_str(out, period_format(text, per, missed ? f->verdict->missed_first : f->q.day));
    if (missed && f->verdict->missed_last != f->verdict->missed_first) {
        buf_add_str(out, f->zh ? " 至 " : " to ");
        buf_add_str(out, period_format(text, per, f->verdict->missed_last));
    }
}

/* What the last missed period lacks: met, it ends the run. */
static void add_need(struct buf *out, const struct filling *f)
{
    const struct rule *rule = f->q.rule;
    struct period p =
        period_of(rule, f->verdict->missed > 0 ? f->verdict->missed_last : f->q.day);
    int64_t need = rule->at_least - activities_sum(&f->q, p.first, p.last);
    struct json j = json_to(out);

    if (need < 0)
        need = 0;
    if (rule->measure == MEASURE_HOURS)
        json_hundredths(&j, need);
    else
        json_int(&j, need);
}

static void add_due(struct buf *out, const struct filling *f)
{
    char text[DAY_TEXT_SIZE];
    day_t due = f->verdict->due;

    if (due == DAY_NONE)
        due = f->verdict->open ? f->verdict->since : f->verdict->next;
    buf_add_str(out, due == DAY_NEVER || due == DAY_NONE ? "-" : day_format(text, due));
}

static void add_branch(struct buf *out, const struct filling *f)
{
    if (f->q.subject->kind == SUBJECT_BRANCH)
        buf_add_str(out, f->q.subject->ref);
    else if (f->branch_ref)
        buf_add_str(out, f->branch_ref);
    else
        buf_add_str(out, f->zh ? "所在支部" : "the branch");
}

/* False when there is no placeholder of that name, or none for this kind of rule. */
static bool add_placeholder(struct buf *out, const struct filling *f, const char *name, size_t len)
{
    bool cadence = f->q.rule->kind == RULE_CADENCE;

    if (len == 7 && memcmp(name, "subject", len) == 0)
        buf_add_str(out, f->q.subject->ref);
    else if (len == 4 && memcmp(name, "name", len) == 0)
        buf_add_str(out, f->q.subject->name ? f->q.subject->name : f->q.subject->ref);
    else if (len == 6 && memcmp(name, "branch", len) == 0)
        add_branch(out, f);
    else if (len == 3 && memcmp(name, "due", len) == 0)
        add_due(out, f);
    else if (cadence && len == 6 && memcmp(name, "period", len) == 0)
        add_period(out, f);
    else if (cadence && len == 4 && memcmp(name, "need", len) == 0)
        add_need(out, f);
    else
        return false;
    return true;
}

void rule_remedy(struct buf *out, const struct rule *rule, const struct verdict *verdict,
                 const struct subject_data *subject, const char *branch_ref, day_t d,
                 const char *lang)
{
    bool zh = lang && strcmp(lang, "zh") == 0;
    const char *text = zh ? rule->remedy.zh : rule->remedy.en;
    struct filling f = {.verdict = verdict, .branch_ref = branch_ref, .zh = zh};

    /* Tracking plays no part in the sentence, so the question need not know its first day. */
    question_init(&f.q, rule, d, subject, d);
    while (text && *text) {
        size_t plain = strcspn(text, "{");
        const char *end;

        buf_add(out, text, plain);
        text += plain;
        if (!*text)
            break;
        end = strchr(text, '}');
        if (end && add_placeholder(out, &f, text + 1, (size_t)(end - text) - 1)) {
            text = end + 1;
        } else {
            buf_add_char(out, '{');
            text++;
        }
    }
}
