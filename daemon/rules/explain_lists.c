/* Each activity, and why it counts or not (rules.md section 3). */
#include "rules/question.h"

/* A list for reading: beyond it only a number is told. What lies longer before the window than a
 * year says nothing about it. */
enum { LIST_MOST = 200, LIST_AFTER_MOST = 20, LIST_BEFORE_DAYS = 366 };

static const char *why_name(const struct question *q, const struct activity *a, day_t window_from)
{
    switch (activity_judge(q, a)) {
    case WHY_OUT_OF_EFFECT:
        return "out_of_effect";
    case WHY_AFTER_DAY:
        return "after_day";
    case WHY_OTHER_KIND:
        return "other_kind";
    case WHY_TRAINING_HOURS:
        return "training_hours";
    case WHY_NOT_PRESENT:
        return "not_present";
    case WHY_COUNTED:
        break;
    }
    if (a->day >= window_from)
        return NULL;
    return q->rule->kind == RULE_CADENCE ? "other_period" : "before_window";
}

static void add_one(struct json *j, const struct activity *a, const char *why)
{
    json_open(j, '{');
    json_kv_int(j, "seq", a->seq);
    json_kv_day(j, "at", a->day);
    json_kv_str(j, "why", why);
    json_close(j, '}');
}

struct list {
    size_t *indices; /* of activities, falling */
    size_t count, cap;
    size_t more;
};

static void list_deinit(struct list *list)
{
    free(list->indices);
}

static void list_take(struct list *list, size_t index, size_t most)
{
    if (list->count >= most) {
        list->more++;
        return;
    }
    ARRAY_GROW(list->indices, list->count, list->cap);
    list->indices[list->count++] = index;
}

static void add_list(struct json *j, const struct question *q, const char *key,
                     const struct list *list, day_t window_from)
{
    json_key(j, key);
    json_open(j, '[');
    for (size_t i = list->count; i-- > 0;) {
        const struct activity *a = &q->subject->activities[list->indices[i]];
        const char *why = why_name(q, a, window_from);

        add_one(j, a, why ? why : "counted");
    }
    json_close(j, ']');
}

/* Writes "counted", "not_counted" (each by day, the latest LIST_MOST) and "more", the number of
 * those left out. */
void explain_activities(struct json *j, const struct question *q, day_t window_from)
{
    const struct activity *all = q->subject->activities;
    size_t count = q->subject->activity_count;
    size_t after = activities_from(all, count, q->day + 1);
    size_t after_told = after + LIST_AFTER_MOST < count ? after + LIST_AFTER_MOST : count;
    CLEANUP(list_deinit) struct list counted = {0};
    CLEANUP(list_deinit) struct list not_counted = {0};

    if (q->rule->kind == RULE_CADENCE || q->rule->kind == RULE_SILENCE) {
        not_counted.more = count - after_told;
        for (size_t i = after_told; i-- > 0;) {
            if (!why_name(q, &all[i], window_from))
                list_take(&counted, i, LIST_MOST);
            else if (all[i].day < window_from - LIST_BEFORE_DAYS)
                not_counted.more++;
            else
                list_take(&not_counted, i, LIST_MOST);
        }
    }
    add_list(j, q, "counted", &counted, window_from);
    add_list(j, q, "not_counted", &not_counted, window_from);
    json_kv_int(j, "more", (int64_t)(counted.more + not_counted.more));
}
