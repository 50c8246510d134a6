#include "rules_stage.h"

#include <stdio.h>
#include <string.h>

day_t day_at(const char *text)
{
    day_t day;

    if (!day_parse(&day, text, 10))
        fail_msg("not a date: %s", text);
    return day;
}

static const struct branch_rolls *rolls_of(void *ctx, int64_t branch)
{
    struct stage *s = ctx;

    return branch >= 1 && branch <= STAGE_BRANCHES ? &s->rolls[branch - 1] : NULL;
}

void stage_init(struct stage *s, enum subject_kind kind, const char *from)
{
    memset(s, 0, sizeof *s);
    s->subject = (struct subject_data){
        .kind = kind,
        .key = 1,
        .ref = "S-1",
        .name = "Subject",
        .frames = s->frames,
        .frame_count = 1,
        .activities = s->activities,
        .exemptions = s->exemptions,
        .rolls = kind == SUBJECT_MEMBER ? rolls_of : NULL,
        .rolls_ctx = s,
    };
    for (int i = 0; i < STAGE_BRANCHES; i++)
        s->rolls[i] = (struct branch_rolls){.held = s->held[i], .attended = s->attended[i]};
    s->frames[0].from = day_at(from);
    s->frames[0].in_force = true;
    s->frames[0].branch = kind == SUBJECT_MEMBER ? 1 : 0;
    for (int i = 0; i < DATE_COUNT; i++)
        s->frames[0].dates[i] = DAY_NONE;
}

struct frame *stage_frame(struct stage *s, const char *from, bool in_force)
{
    struct frame *frame = &s->frames[s->subject.frame_count++];

    assert_true(s->subject.frame_count <= STAGE_MOST);
    *frame = frame[-1];
    frame->from = day_at(from);
    frame->in_force = in_force;
    assert_true(frame->from > frame[-1].from);
    return frame;
}

struct fact fact_int(int64_t number)
{
    return (struct fact){.type = FACT_NUMBER, .number = number};
}

struct fact fact_yes_no(bool yes)
{
    return (struct fact){.type = FACT_BOOL, .number = yes};
}

struct fact fact_of(const char *text)
{
    return (struct fact){.type = FACT_TEXT, .text = text};
}

/* Puts an activity into its place by day, after others of the day. */
static void insert(struct activity *list, size_t *count, struct activity a)
{
    size_t at = *count;

    assert_true(*count < STAGE_MOST);
    for (; at > 0 && list[at - 1].day > a.day; at--)
        list[at] = list[at - 1];
    list[at] = a;
    ++*count;
}

static void insert_all(struct stage *s, struct activity *list, size_t *count, const char *days,
                       struct activity a)
{
    for (const char *p = days; *p;) {
        a.day = day_at(p);
        a.seq = ++s->seq;
        insert(list, count, a);
        p += 10;
        p += strspn(p, " ");
    }
}

void stage_act(struct stage *s, const char *days, uint64_t kinds, uint32_t flags)
{
    insert_all(s, s->activities, &s->subject.activity_count, days,
               (struct activity){.kinds = kinds, .flags = flags});
}

void stage_train(struct stage *s, const char *day, int32_t hours_hundredths, uint32_t flags)
{
    insert_all(s, s->activities, &s->subject.activity_count, day,
               (struct activity){.kinds = KIND_BIT(KIND_TRAINING),
                                 .hours_hundredths = hours_hundredths,
                                 .flags = flags | ACTIVITY_TRAINING});
}

void stage_held(struct stage *s, int branch, const char *days, uint64_t kinds, uint32_t flags)
{
    insert_all(s, s->held[branch - 1], &s->rolls[branch - 1].held_count, days,
               (struct activity){.kinds = kinds, .flags = flags});
}

void stage_attended(struct stage *s, int branch, const char *days, uint64_t kinds)
{
    insert_all(s, s->attended[branch - 1], &s->rolls[branch - 1].attended_count, days,
               (struct activity){.kinds = kinds, .flags = ACTIVITY_HAS_LIST | ACTIVITY_HAS_ROLL});
}

void stage_exempt(struct stage *s, const char *from, const char *to, const char *rule)
{
    static char *all[] = {OWN("*")}, *other[] = {OWN("other")};
    static char *theme_day[] = {OWN("other"), OWN("theme-day")};
    struct exemption_span *span = &s->exemptions[s->subject.exemption_count++];

    *span = (struct exemption_span){.from = day_at(from), .to = day_at(to), .ref = "X-1"};
    span->rules = strcmp(rule, "*") == 0 ? all : strcmp(rule, "theme-day") == 0 ? theme_day : other;
    span->rule_count = span->rules == theme_day ? 2 : 1;
}

const char *verdict_tracked(struct stage *s, const struct rule *rule, const char *since,
                            const char *day)
{
    static char line[128];
    struct verdict v;
    char text[DAY_TEXT_SIZE];
    int len;

    rule_evaluate(&v, rule, day_at(since), &s->subject, day_at(day));
    if (!v.open && !v.exempt)
        return "-";
    len = snprintf(line, sizeof line, "%s%s since %s", v.exempt ? "exempt " : "",
                   (const char *[]){"none", "notice", "yellow", "red"}[v.level],
                   day_format(text, v.since));
    if (v.due != DAY_NONE)
        len += snprintf(line + len, sizeof line - (size_t)len, " due %s", day_format(text, v.due));
    if (v.missed)
        snprintf(line + len, sizeof line - (size_t)len, " missed %d", (int)v.missed);
    return line;
}

const char *verdict_on(struct stage *s, const struct rule *rule, const char *day)
{
    return verdict_tracked(s, rule, "2022-01-01", day);
}

const char *next_on(struct stage *s, const struct rule *rule, const char *day)
{
    static char text[DAY_TEXT_SIZE];
    struct verdict v;

    rule_evaluate(&v, rule, day_at("2022-01-01"), &s->subject, day_at(day));
    return v.next == DAY_NEVER ? "never" : day_format(text, v.next);
}

void expect_one(struct stage *s, const struct rule *rule, const struct expect *e, const char *file,
                int line)
{
    const char *got = verdict_on(s, rule, e->day);

    if (strcmp(got, e->line) != 0)
        fail_msg("%s:%d: on %s: expected \"%s\", got \"%s\"", file, line, e->day, e->line, got);
}

/* ---- rules of the default pack ---- */

static struct threshold three_levels[][3] = {
    {{.missed = 1, .level = LEVEL_YELLOW}, {.missed = 3, .level = LEVEL_RED}},
    {{.missed = 1, .level = LEVEL_YELLOW}, {.missed = 2, .level = LEVEL_RED}},
    {{.missed = 1, .level = LEVEL_YELLOW}},
    {{.after = {90, DURATION_DAYS}, .level = LEVEL_YELLOW},
     {.after = {180, DURATION_DAYS}, .level = LEVEL_RED}},
    {{.after = {3, DURATION_MONTHS}, .level = LEVEL_YELLOW},
     {.after = {6, DURATION_MONTHS}, .level = LEVEL_RED}},
    {{.after = {90, DURATION_DAYS}, .level = LEVEL_YELLOW},
     {.after = {6, DURATION_MONTHS}, .level = LEVEL_RED}},
    {{.after = {-6, DURATION_MONTHS}, .level = LEVEL_NOTICE},
     {.after = {1, DURATION_DAYS}, .level = LEVEL_RED}},
    {{.after = {30, DURATION_DAYS}, .level = LEVEL_YELLOW},
     {.after = {180, DURATION_DAYS}, .level = LEVEL_RED}},
};

struct rule rule_theme_day(void)
{
    return (struct rule){
        .id = OWN("theme-day"),
        .subject = SUBJECT_BRANCH,
        .kind = RULE_CADENCE,
        .kinds = KIND_BIT(KIND_THEME),
        .at_least = 1,
        .per = PERIOD_MONTH,
        .grace = {10, DURATION_DAYS},
        .levels = three_levels[0],
        .level_count = 2,
        .remedy = {OWN("Theme day of {branch} in {period}, {need} missing"),
                   OWN("{branch} 在 {period}")},
    };
}

struct rule rule_general_meeting(void)
{
    struct rule rule = rule_theme_day();

    rule.id = OWN("general-meeting");
    rule.kinds = KIND_BIT(KIND_GENERAL);
    rule.per = PERIOD_QUARTER;
    rule.levels = three_levels[1];
    return rule;
}

struct rule rule_training_hours(void)
{
    return (struct rule){
        .id = OWN("training-hours"),
        .subject = SUBJECT_MEMBER,
        .kind = RULE_CADENCE,
        .kinds = KIND_BIT(KIND_TRAINING),
        .at_least = 3200,
        .per = PERIOD_YEAR,
        .grace = {10, DURATION_DAYS},
        .measure = MEASURE_HOURS,
        .scope = SCOPE_ATTENDANCE,
        .needs_rolls = 1,
        .levels = three_levels[2],
        .level_count = 1,
        .remedy = {OWN("{name} ({subject}): {need} hours in {period}"),
                   OWN("{name}：{need}")},
    };
}

struct rule rule_inactive(void)
{
    return (struct rule){
        .id = OWN("branch-inactive"),
        .subject = SUBJECT_BRANCH,
        .kind = RULE_SILENCE,
        .kinds = KINDS_ANY,
        .levels = three_levels[3],
        .level_count = 2,
    };
}

struct rule rule_not_taking_part(void)
{
    return (struct rule){
        .id = OWN("not-taking-part"),
        .subject = SUBJECT_MEMBER,
        .kind = RULE_SILENCE,
        .kinds = KINDS_ANY,
        .scope = SCOPE_ATTENDANCE,
        .needs_rolls = 3,
        .levels = three_levels[4],
        .level_count = 2,
    };
}

struct rule rule_no_contact(void)
{
    static struct condition away = {FACT_PRESENCE, OP_EQ, {.type = FACT_TEXT, .text = "away"}};

    return (struct rule){
        .id = OWN("mobile-no-contact"),
        .subject = SUBJECT_MEMBER,
        .kind = RULE_SILENCE,
        .kinds = KINDS_ANY | KIND_BIT(KIND_CONTACT),
        .scope = SCOPE_ATTENDANCE,
        .when = &away,
        .when_count = 1,
        .levels = three_levels[5],
        .level_count = 2,
    };
}

struct rule rule_term_ends(void)
{
    return (struct rule){
        .id = OWN("term-ends"),
        .subject = SUBJECT_BRANCH,
        .kind = RULE_EXPIRY,
        .date = DATE_TERM_ENDS,
        .levels = three_levels[6],
        .level_count = 2,
        .remedy = {OWN("The term of {branch} runs until {due}: {need} {unknown} {"),
                   OWN("{due}")},
    };
}

struct rule rule_too_small(void)
{
    static struct condition few = {FACT_FULL_MEMBERS, OP_LT, {.type = FACT_NUMBER, .number = 3}};

    return (struct rule){
        .id = OWN("branch-too-small"),
        .subject = SUBJECT_BRANCH,
        .kind = RULE_STATE,
        .when = &few,
        .when_count = 1,
        .levels = three_levels[7],
        .level_count = 2,
    };
}
