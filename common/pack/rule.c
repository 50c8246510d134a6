/* One rule: which keys it may have, and the ones of its kind (rules.md section 2). */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "pack/specs.h"

enum { AT_LEAST_MAX = 10000, NEEDS_ROLLS_MAX = 1000, HUNDREDTHS = 100 };

#define CADENCE (1u << RULE_CADENCE)
#define SILENCE (1u << RULE_SILENCE)
#define EXPIRY (1u << RULE_EXPIRY)
#define STATE (1u << RULE_STATE)
#define EVERY (CADENCE | SILENCE | EXPIRY | STATE)

static const struct {
    const char *name;
    unsigned fits, needed; /* kinds of rule */
} keys[] = {
    {"id", EVERY, EVERY},
    {"subject", EVERY, EVERY},
    {"kind", EVERY, EVERY},
    {"kinds", CADENCE | SILENCE, CADENCE | SILENCE},
    {"at_least", CADENCE, 0},
    {"per", CADENCE, CADENCE},
    {"grace", CADENCE, 0},
    {"measure", CADENCE, 0},
    {"scope", CADENCE | SILENCE, 0},
    {"needs_rolls", CADENCE | SILENCE, 0},
    {"date", EXPIRY, EXPIRY},
    {"plus", EXPIRY, 0},
    {"when", EVERY, 0},
    {"levels", EVERY, EVERY},
    {"title", EVERY, EVERY},
    {"basis", EVERY, EVERY},
    {"remedy", EVERY, EVERY},
};

static const char *kind_list(struct buf *out, unsigned kinds)
{
    for (int k = 0; k < RULE_KINDS; k++)
        if (kinds & (1u << k))
            buf_addf(out, "%s%s", out->len ? ", " : "", rule_kind_names[k]);
    return buf_str(out);
}

static int check_known_keys(const struct conf_node *node, struct err *err)
{
    const char *names[ARRAY_LEN(keys)];

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        names[i] = keys[i].name;
    return conf_check_keys(node, names, ARRAY_LEN(names), err);
}

static int check_fitting_keys(const struct conf_node *node, enum rule_kind kind, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        const struct conf_node *found = conf_find(node, keys[i].name);
        _cleanup_buf_ struct buf kinds = {0};

        if (found && !(keys[i].fits & (1u << kind)))
            return conf_fault(err, found, "\"%s\" does not belong in a rule of kind \"%s\", only in: %s",
                              "“%s”不能用于 %s 规则，只能用于：%s", keys[i].name,
                              rule_kind_names[kind], kind_list(&kinds, keys[i].fits));
        if (!found && keys[i].needed & (1u << kind))
            return conf_fault(err, node, "this %s rule lacks \"%s\"", "此 %s 规则缺少“%s”",
                              rule_kind_names[kind], keys[i].name);
    }
    return 0;
}

static int read_id(struct rule *rule, const struct conf_node *node, struct err *err)
{
    struct shown shown;
    const char *id;

    if (conf_text(&id, node, 1, CONF_FILE_MAX_BYTES, err) != 0)
        return 1;
    if (text_ref_check(id, strlen(id)) != REF_OK)
        return conf_fault(err, node,
                          "\"%s\" cannot be a rule's id: 1 to 64 bytes of letters, digits, -, _ and .",
                          "“%s”不能作为规则 id：应为 1 至 64 字节的字母、数字、-、_、.",
                          conf_shown(&shown, id));
    rule->id = mem_strdup(id);
    return 0;
}

static int read_subject_and_kind(struct rule *rule, const struct conf_node *node, struct err *err)
{
    const struct conf_node *subject = conf_find(node, "subject"), *kind = conf_find(node, "kind");
    int s, k;

    if (!kind || !subject)
        return conf_fault(err, node, "this rule lacks \"%s\"", "此规则缺少“%s”",
                          kind ? "subject" : "kind");
    if (conf_word(&s, subject, rule_subject_names, RULE_SUBJECTS, err) != 0 ||
        conf_word(&k, kind, rule_kind_names, RULE_KINDS, err) != 0)
        return 1;
    if (!(rule_kind_subjects[k] & SUBJECT_BIT(s)))
        return conf_fault(err, kind, "the kind \"%s\" does not fit the subject \"%s\"",
                          "类别“%s”不适用于对象“%s”", rule_kind_names[k], rule_subject_names[s]);
    rule->subject = (enum subject_kind)s;
    rule->kind = (enum rule_kind)k;
    return 0;
}

/* ---- keys of one or two kinds ---------------------------------------------------------------- */

static int read_measure(struct rule *rule, const struct conf_node *node, struct err *err)
{
    static const char *const words[] = {"count", "hours"};
    int word = MEASURE_COUNT;

    if (!node)
        return 0;
    if (conf_word(&word, node, words, ARRAY_LEN(words), err) != 0)
        return 1;
    rule->measure = (enum measure)word;
    if (rule->measure == MEASURE_HOURS && !(rule->kinds & KIND_BIT(KIND_TRAINING)))
        return conf_fault(err, node,
                          "measure \"hours\" counts trainings only: kinds must name \"training\"",
                          "measure “hours”只计培训：kinds 必须包含“training”");
    return 0;
}

/* How many meetings, or how many hours in hundredths. */
static int read_at_least(struct rule *rule, const struct conf_node *node, struct err *err)
{
    int64_t whole = 1;
    double hundredths;

    if (node && node->type == CONF_REAL && rule->measure == MEASURE_HOURS) {
        hundredths = node->real * HUNDREDTHS;
        if (!(hundredths > 0.5 && hundredths <= (double)AT_LEAST_MAX * HUNDREDTHS) ||
            fabs(hundredths - round(hundredths)) > 1e-6)
            return conf_fault(err, node, "at_least should be hours up to %d with at most 2 decimals",
                              "at_least 应为不超过 %d 的学时数，至多两位小数", AT_LEAST_MAX);
        rule->at_least = llround(hundredths);
        return 0;
    }
    if (node && conf_int(&whole, node, 1, AT_LEAST_MAX, err) != 0)
        return 1;
    rule->at_least = rule->measure == MEASURE_HOURS ? whole * HUNDREDTHS : whole;
    return 0;
}

static int read_scope(struct rule *rule, const struct conf_node *node, struct err *err)
{
    static const char *const words[] = {"branch", "attendance"};
    int fitting = rule->subject == SUBJECT_MEMBER ? SCOPE_ATTENDANCE : SCOPE_BRANCH;
    int word = fitting;

    if (node && conf_word(&word, node, words, ARRAY_LEN(words), err) != 0)
        return 1;
    if (word != fitting)
        return conf_fault(err, node, "scope \"%s\" does not fit the subject \"%s\": it is \"%s\"",
                          "scope “%s”不适用于对象“%s”：应为“%s”", words[word],
                          rule_subject_names[rule->subject], words[fitting]);
    rule->scope = (enum scope)word;
    return 0;
}

static int read_needs_rolls(struct rule *rule, const struct conf_node *node, struct err *err)
{
    int64_t rolls;

    if (!node)
        return 0;
    if (rule->subject != SUBJECT_MEMBER)
        return conf_fault(err, node, "needs_rolls does not fit the subject \"%s\": only \"member\"",
                          "needs_rolls 不适用于对象“%s”：只适用于“member”",
                          rule_subject_names[rule->subject]);
    /* A period either has its rolls or not; only silence counts them. */
    if (conf_int(&rolls, node, 0, rule->kind == RULE_CADENCE ? 1 : NEEDS_ROLLS_MAX, err) != 0)
        return 1;
    rule->needs_rolls = (int32_t)rolls;
    return 0;
}

static int read_cadence(struct rule *rule, const struct conf_node *node, struct err *err)
{
    static const char *const units[] = {"month", "quarter", "year"};
    const struct conf_node *grace = conf_find(node, "grace");
    int unit;

    if (conf_word(&unit, conf_find(node, "per"), units, ARRAY_LEN(units), err) != 0)
        return 1;
    rule->per = (enum period_unit)unit;
    rule->grace = (struct duration){10, DURATION_DAYS}; /* rules.md section 2 */
    if (grace && conf_duration(&rule->grace, grace, false, err) != 0)
        return 1;
    if (read_measure(rule, conf_find(node, "measure"), err) != 0)
        return 1;
    return read_at_least(rule, conf_find(node, "at_least"), err);
}

static int read_expiry(struct rule *rule, const struct conf_node *node, struct err *err)
{
    const struct conf_node *date = conf_find(node, "date"), *plus = conf_find(node, "plus");
    const char *names[DATE_COUNT];
    int word;

    for (int i = 0; i < DATE_COUNT; i++)
        names[i] = date_specs[i].name;
    if (conf_word(&word, date, names, DATE_COUNT, err) != 0)
        return 1;
    if (date_specs[word].subject != rule->subject)
        return conf_fault(err, date, "the date \"%s\" does not fit a rule about a %s, only a %s",
                          "日期“%s”不适用于针对 %s 的规则，只适用于 %s", names[word],
                          rule_subject_names[rule->subject],
                          rule_subject_names[date_specs[word].subject]);
    rule->date = (enum date_id)word;
    return plus ? conf_duration(&rule->plus, plus, false, err) : 0;
}

static int read_settings(struct rule *rule, const struct conf_node *node,
                         const struct kinds *kinds, struct err *err)
{
    switch (rule->kind) {
    case RULE_CADENCE:
    case RULE_SILENCE:
        if (pack_read_kinds(rule, conf_find(node, "kinds"), kinds, err) != 0 ||
            read_scope(rule, conf_find(node, "scope"), err) != 0 ||
            read_needs_rolls(rule, conf_find(node, "needs_rolls"), err) != 0)
            return 1;
        return rule->kind == RULE_CADENCE ? read_cadence(rule, node, err) : 0;
    case RULE_EXPIRY:
        return read_expiry(rule, node, err);
    case RULE_STATE:
        break;
    }
    return 0;
}

int pack_read_rule(struct rule *rule, const struct conf_node *node, const struct kinds *kinds,
                   struct err *err)
{
    const struct conf_node *when;

    if (conf_group(node, err) != 0 || check_known_keys(node, err) != 0 ||
        read_subject_and_kind(rule, node, err) != 0 ||
        check_fitting_keys(node, rule->kind, err) != 0 ||
        read_id(rule, conf_find(node, "id"), err) != 0 ||
        read_settings(rule, node, kinds, err) != 0)
        return 1;
    when = conf_find(node, "when");
    if (when && pack_read_when(rule, when, err) != 0)
        return 1;
    if (pack_read_levels(rule, conf_find(node, "levels"), err) != 0 ||
        pack_read_prose(&rule->title, conf_find(node, "title"), TITLE_MAX_BYTES, false, err) != 0 ||
        pack_read_prose(&rule->basis, conf_find(node, "basis"), PROSE_MAX_BYTES, false, err) != 0)
        return 1;
    return pack_read_prose(&rule->remedy, conf_find(node, "remedy"), PROSE_MAX_BYTES, true, err);
}
