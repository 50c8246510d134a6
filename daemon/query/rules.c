/* rules: the rules in force, in the words and numbers of the pack; or what another pack would say. */
#include "query/alert_view.h"

static const char *const op_names[] = {
    [OP_EQ] = "=", [OP_NE] = "!=", [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">", [OP_GE] = ">=",
};
static const char *const period_names[] = {
    [PERIOD_MONTH] = "month", [PERIOD_QUARTER] = "quarter", [PERIOD_YEAR] = "year"};

static void write_duration(struct json *out, const char *key, struct duration d)
{
    char text[DAY_TEXT_SIZE];

    json_kv_str(out, key, duration_format(text, d));
}

static void write_levels(struct json *out, const struct rule *rule)
{
    json_key(out, "levels");
    json_open(out, '[');
    for (size_t i = 0; i < rule->level_count; i++) {
        const struct threshold *t = &rule->levels[i];

        json_open(out, '{');
        switch (rule->kind) {
        case RULE_CADENCE:
            json_kv_int(out, "missed", t->missed);
            break;
        case RULE_SILENCE:
        case RULE_STATE:
            write_duration(out, "after", t->after);
            break;
        case RULE_EXPIRY:
            write_duration(out, "from", t->after);
            break;
        }
        json_kv_str(out, "level", level_name(t->level));
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void write_fact(struct json *out, const char *key, const struct fact *fact)
{
    json_key(out, key);
    switch (fact->type) {
    case FACT_UNSET:
        json_nil(out);
        break;
    case FACT_NUMBER:
        json_int(out, fact->number);
        break;
    case FACT_BOOL:
        json_bool(out, fact->number != 0);
        break;
    case FACT_TEXT:
        json_str(out, fact->text);
        break;
    }
}

static void write_when(struct json *out, const struct rule *rule)
{
    if (rule->when_count == 0)
        return;
    json_key(out, "when");
    json_open(out, '[');
    for (size_t i = 0; i < rule->when_count; i++) {
        const struct condition *c = &rule->when[i];

        json_open(out, '{');
        json_kv_str(out, "fact", fact_name(c->fact));
        json_kv_str(out, "op", op_names[c->op]);
        write_fact(out, "value", &c->value);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void write_rule_kinds(struct json *out, const struct rule *rule, const struct kinds *kinds)
{
    json_key(out, "kinds");
    json_open(out, '[');
    if ((rule->kinds & KINDS_ANY) == KINDS_ANY)
        json_str(out, "any");
    for (int i = 0; i <= KIND_MAX; i++)
        if (kinds->names[i] && (rule->kinds & KIND_BIT(i)) &&
            ((rule->kinds & KINDS_ANY) != KINDS_ANY || i == KIND_CONTACT))
            json_str(out, kinds->names[i]);
    json_close(out, ']');
}

static void write_cadence(struct json *out, const struct rule *rule)
{
    json_key(out, "at_least");
    if (rule->measure == MEASURE_HOURS)
        json_hundredths(out, rule->at_least);
    else
        json_int(out, rule->at_least);
    json_kv_str(out, "per", period_names[rule->per]);
    write_duration(out, "grace", rule->grace);
    json_kv_str(out, "measure", rule->measure == MEASURE_HOURS ? "hours" : "count");
}

/* What the pack says of the rule, under its own keys. */
static void write_setting(struct json *out, const struct rule *rule, const struct kinds *kinds)
{
    json_key(out, "setting");
    json_open(out, '{');
    if (rule->kind == RULE_CADENCE || rule->kind == RULE_SILENCE) {
        write_rule_kinds(out, rule, kinds);
        json_kv_str(out, "scope", rule->scope == SCOPE_BRANCH ? "branch" : "attendance");
        if (rule->needs_rolls)
            json_kv_int(out, "needs_rolls", rule->needs_rolls);
    }
    if (rule->kind == RULE_CADENCE)
        write_cadence(out, rule);
    if (rule->kind == RULE_EXPIRY) {
        json_kv_str(out, "date", date_name(rule->date));
        write_duration(out, "plus", rule->plus);
    }
    write_when(out, rule);
    json_close(out, '}');
}

static void write_rule(struct asking *ask, const struct rule *rule)
{
    struct json *out = ask->out;

    json_open(out, '{');
    json_kv_str(out, "id", rule->id);
    json_kv_str(out, "subject", subject_kind_name(rule->subject));
    json_kv_str(out, "kind", rule_kind_name(rule->kind));
    json_kv_str(out, "title", ask_choose(ask, &rule->title));
    json_kv_str(out, "basis", ask_choose(ask, &rule->basis));
    json_kv_str(out, "remedy", ask_choose(ask, &rule->remedy));
    write_levels(out, rule);
    write_setting(out, rule, ask->kinds);
    json_close(out, '}');
}

static const char *const level_words[] = {"notice", "yellow", "red", NULL};

/* All but `try` narrow what the pack to try would say. */
static const struct param rules_params[] = {
    {"try", PARAM_OBJECT, false, NULL, 0, 0},        {"rule", PARAM_TEXT, false, NULL, 0, 0},
    {"level", PARAM_WORD, false, level_words, 0, 0}, {"area", PARAM_TEXT, false, NULL, 0, 0},
    {"branch", PARAM_REF, false, NULL, 0, 0},
};

static int answer_rules(struct asking *ask, struct err *err)
{
    const struct pack *pack = ask->env->pack;
    struct json *out = ask->out;

    if (ask_field(ask, "try"))
        return answer_try(ask, err);
    json_kv_str(out, "pack", pack->hash);
    json_kv_day(out, "tracking_since", ask->env->tracking_since);
    write_kinds(out, "kinds", ask->kinds, ~(uint64_t)0);
    json_key(out, "rules");
    json_open(out, '[');
    for (size_t i = 0; i < pack->rule_count; i++)
        write_rule(ask, &pack->rules[i]);
    json_close(out, ']');
    return 0;
}

const struct verb verb_rules = {
    .name = "rules",
    .flags = VERB_PAGED | VERB_AS_OF | VERB_LARGE,
    .params = rules_params,
    .param_count = ARRAY_LEN(rules_params),
    .answer = answer_rules,
};
