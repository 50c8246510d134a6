/* The conditions of a rule: { fact, op, value } (rules.md section 1). */
#include <string.h>

#include "base/buf.h"
#include "pack/specs.h"

enum { FACT_NUMBER_MAX = 1000000, AREA_MAX_BYTES = 64 };

static const char *const op_names[] = {
    [OP_EQ] = "=", [OP_NE] = "!=", [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">", [OP_GE] = ">=",
};

static int read_fact(enum fact_id *out, const struct conf_node *node, enum subject_kind subject,
                     struct err *err)
{
    const char *fitting[FACT_COUNT];
    const char *name;
    size_t n = 0;

    if (conf_text(&name, node, 1, CONF_FILE_MAX_BYTES, err) != 0)
        return 1;
    for (int i = 0; i < FACT_COUNT; i++) {
        bool fits = fact_spec((enum fact_id)i).subjects & SUBJECT_BIT(subject);

        if (fits)
            fitting[n++] = fact_name((enum fact_id)i);
        if (strcmp(name, fact_name((enum fact_id)i)) != 0)
            continue;
        if (!fits)
            return conf_fault(err, node, "the fact \"%s\" does not fit a rule about a %s",
                              "事实“%s”不适用于针对 %s 的规则", name,
                              rule_subject_names[subject]);
        *out = (enum fact_id)i;
        return 0;
    }
    return conf_unknown(err, node, name, "fact", "事实", fitting, n);
}

static int read_op(enum fact_op *out, const struct conf_node *node, const struct fact_spec *spec,
                   struct err *err)
{
    int op;

    if (conf_word(&op, node, op_names, ARRAY_LEN(op_names), err) != 0)
        return 1;
    if (spec->type != FACT_NUMBER && op != OP_EQ && op != OP_NE)
        return conf_fault(err, node, "op \"%s\" does not fit the fact \"%s\": only = and != do",
                          "op “%s”不适用于事实“%s”：只能用 = 或 !=", op_names[op], spec->name);
    *out = (enum fact_op)op;
    return 0;
}

static int read_value(struct fact *out, const struct conf_node *node, const struct fact_spec *spec,
                      struct err *err)
{
    const char *text;
    bool yes;
    int word;
    size_t n = 0;

    out->type = spec->type;
    switch (spec->type) {
    case FACT_NUMBER:
        return conf_int(&out->number, node, -FACT_NUMBER_MAX, FACT_NUMBER_MAX, err);
    case FACT_BOOL:
        if (conf_bool(&yes, node, err) != 0)
            return 1;
        out->number = yes;
        return 0;
    case FACT_UNSET:
    case FACT_TEXT:
        break;
    }
    while (spec->words && spec->words[n])
        n++;
    if (spec->words ? conf_word(&word, node, spec->words, n, err) != 0
                    : conf_text(&text, node, 1, AREA_MAX_BYTES, err) != 0)
        return 1;
    out->text = mem_strdup(node->text);
    return 0;
}

static int read_condition(struct condition *out, const struct conf_node *node,
                          enum subject_kind subject, struct err *err)
{
    static const char *const keys[] = {"fact", "op", "value"};
    const struct conf_node *parts[ARRAY_LEN(keys)];
    struct fact_spec spec;

    if (conf_group(node, err) != 0 || conf_check_keys(node, keys, ARRAY_LEN(keys), err) != 0)
        return 1;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        parts[i] = conf_find(node, keys[i]);
        if (!parts[i])
            return conf_fault(err, node, "this condition lacks \"%s\"", "此条件缺少“%s”", keys[i]);
    }
    if (read_fact(&out->fact, parts[0], subject, err) != 0)
        return 1;
    spec = fact_spec(out->fact);
    if (read_op(&out->op, parts[1], &spec, err) != 0)
        return 1;
    return read_value(&out->value, parts[2], &spec, err);
}

int pack_read_when(struct rule *rule, const struct conf_node *node, struct err *err)
{
    if (conf_list(node, 0, CONDITIONS_MAX, err) != 0)
        return 1;
    rule->when = mem_zero(node->count * sizeof *rule->when);
    for (size_t i = 0; i < node->count; i++) {
        rule->when_count = i + 1;
        if (read_condition(&rule->when[i], &node->items[i], rule->subject, err) != 0)
            return 1;
    }
    return 0;
}
