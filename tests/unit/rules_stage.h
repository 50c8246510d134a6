/* A subject built by hand for the tests of the rules: frames, activities, exemptions and rolls in
 * fixed arrays. Days are texts, "2022-01-31"; lists of them are texts with blanks between. */
#ifndef MUSTER_TEST_RULES_STAGE_H
#define MUSTER_TEST_RULES_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/evaluate.h"

enum { STAGE_MOST = 400, STAGE_BRANCHES = 3 };

struct stage {
    struct subject_data subject;
    struct frame frames[STAGE_MOST];
    struct activity activities[STAGE_MOST];
    struct exemption_span exemptions[STAGE_MOST];
    struct activity held[STAGE_BRANCHES][STAGE_MOST];
    struct activity attended[STAGE_BRANCHES][STAGE_MOST];
    struct branch_rolls rolls[STAGE_BRANCHES];
    int64_t seq;
};

/* A rule owns its texts; those of a test are literals that nobody changes. */
#define OWN(text) ((char *)(text))

enum { KIND_GENERAL = 0, KIND_COMMITTEE = 1, KIND_GROUP = 2, KIND_THEME = 4 };

day_t day_at(const char *text);

/* A subject in force from that day, with no facts. */
void stage_init(struct stage *s, enum subject_kind kind, const char *from);
/* A further frame, a copy of the last, and whether the subject is in force in it. */
struct frame *stage_frame(struct stage *s, const char *from, bool in_force);
static inline struct frame *stage_last(struct stage *s)
{
    return &s->frames[s->subject.frame_count - 1];
}

struct fact fact_int(int64_t number);
struct fact fact_yes_no(bool yes);
struct fact fact_of(const char *text);

/* Activities of the subject itself; each list by day. */
void stage_act(struct stage *s, const char *days, uint64_t kinds, uint32_t flags);
void stage_train(struct stage *s, const char *day, int32_t hours_hundredths, uint32_t flags);
/* Rolls of a branch (1..STAGE_BRANCHES). */
void stage_held(struct stage *s, int branch, const char *days, uint64_t kinds, uint32_t flags);
void stage_attended(struct stage *s, int branch, const char *days, uint64_t kinds);
/* `rule` is one rule id or "*". */
void stage_exempt(struct stage *s, const char *from, const char *to, const char *rule);

/* The rule as it is in the default pack, to be altered. */
struct rule rule_theme_day(void);
struct rule rule_general_meeting(void);
struct rule rule_training_hours(void);
struct rule rule_inactive(void);
struct rule rule_not_taking_part(void);
struct rule rule_no_contact(void);
struct rule rule_term_ends(void);
struct rule rule_too_small(void);

/* What is open on a day, as one line: "red since 2022-01-11 missed 2", "yellow since ... due ...",
 * "exempt ..." or "-". Tracking begins on 2022-01-01. */
const char *verdict_on(struct stage *s, const struct rule *rule, const char *day);
const char *verdict_tracked(struct stage *s, const struct rule *rule, const char *since,
                            const char *day);
/* The verdict's `next` as a text, "never" for none. */
const char *next_on(struct stage *s, const struct rule *rule, const char *day);

/* A table of days and lines, each checked; a failure names the case. */
struct expect {
    const char *day;
    const char *line;
};
#define EXPECT(s, rule, ...)                                                                       \
    do {                                                                                           \
        static const struct expect cases_[] = {__VA_ARGS__};                                       \
        for (size_t i_ = 0; i_ < ARRAY_LEN(cases_); i_++)                                          \
            expect_one((s), (rule), &cases_[i_], __FILE__, __LINE__);                              \
    } while (0)
void expect_one(struct stage *s, const struct rule *rule, const struct expect *e, const char *file,
                int line);

#endif
