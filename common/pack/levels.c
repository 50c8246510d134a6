/* The levels of a rule: thresholds strictly rising, and levels with them (rules.md section 2). */
#include <string.h>

#include "base/buf.h"
#include "pack/specs.h"

enum { MISSED_MAX = 1000 };

/* By what the levels of each kind of rule go. */
static const char *const threshold_keys[RULE_KINDS] = {
    [RULE_CADENCE] = "missed",
    [RULE_SILENCE] = "after",
    [RULE_EXPIRY] = "from",
    [RULE_STATE] = "after",
};

/* Durations in different units are compared from every day of a span that has months and years of
 * every length (2100 is no leap year): "30d" does not always come before "1m". */
static bool always_before(struct duration a, struct duration b)
{
    if (a.unit == b.unit)
        return a.count < b.count;
    for (day_t day = day_from_civil(2095, 1, 1); day < day_from_civil(2105, 1, 1); day++)
        if (day_add(day, a) >= day_add(day, b))
            return false;
    return true;
}

/* A key of another kind of rule is told as such: `after` and `from` are easily confused. */
static int check_keys(const struct conf_node *node, enum rule_kind kind, struct err *err)
{
    const char *const keys[] = {threshold_keys[kind], "level"};

    for (size_t i = 0; i < node->count; i++)
        for (int k = 0; k < RULE_KINDS; k++)
            if (strcmp(node->items[i].key, threshold_keys[k]) == 0 &&
                strcmp(threshold_keys[k], keys[0]) != 0)
                return conf_fault(err, &node->items[i],
                                  "the levels of kind \"%s\" go by \"%s\", not by \"%s\"",
                                  "%s 规则的级别按“%s”，而不是“%s”", rule_kind_names[kind], keys[0],
                                  threshold_keys[k]);
    if (conf_check_keys(node, keys, ARRAY_LEN(keys), err) != 0)
        return 1;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (!conf_find(node, keys[i]))
            return conf_fault(err, node, "this level lacks \"%s\"", "此级别缺少“%s”", keys[i]);
    return 0;
}

static int read_level(struct threshold *out, const struct conf_node *node, enum rule_kind kind,
                      struct err *err)
{
    const struct conf_node *threshold;
    int64_t missed = 0;
    int level;

    if (conf_group(node, err) != 0 || check_keys(node, kind, err) != 0)
        return 1;
    threshold = conf_find(node, threshold_keys[kind]);
    if (kind == RULE_CADENCE ? conf_int(&missed, threshold, 1, MISSED_MAX, err) != 0
                             : conf_duration(&out->after, threshold, kind == RULE_EXPIRY, err) != 0)
        return 1;
    if (conf_word(&level, conf_find(node, "level"), level_names, LEVEL_RED, err) != 0)
        return 1;
    out->missed = (int32_t)missed;
    out->level = (enum level)((int)LEVEL_NOTICE + level);
    return 0;
}

static int check_order(const struct threshold *before, const struct threshold *now,
                       const struct conf_node *node, enum rule_kind kind, struct err *err)
{
    const char *key = threshold_keys[kind];

    if (kind == RULE_CADENCE ? now->missed <= before->missed
                             : !always_before(before->after, now->after))
        return conf_fault(err, node,
                          "the levels are out of order: each \"%s\" must be later than the one before",
                          "级别次序有误：每个“%s”必须大于前一个", key);
    if (now->level <= before->level)
        return conf_fault(err, node,
                          "the levels are out of order: \"%s\" does not come after \"%s\" (notice, "
                          "yellow, red)",
                          "级别次序有误：“%s”不能排在“%s”之后（依次为 notice、yellow、red）",
                          level_name(now->level), level_name(before->level));
    return 0;
}

int pack_read_levels(struct rule *rule, const struct conf_node *node, struct err *err)
{
    if (conf_list(node, 1, CONDITIONS_MAX, err) != 0)
        return 1;
    rule->levels = mem_zero(node->count * sizeof *rule->levels);
    rule->level_count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        if (read_level(&rule->levels[i], &node->items[i], rule->kind, err) != 0)
            return 1;
        if (i > 0 && check_order(&rule->levels[i - 1], &rule->levels[i], &node->items[i],
                                 rule->kind, err) != 0)
            return 1;
    }
    return 0;
}
