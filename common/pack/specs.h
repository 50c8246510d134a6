/* What fits what: facts, dates and kinds of rule by subject (rules.md sections 1 and 2). Inside the
 * pack room only. */
#ifndef MUSTER_PACK_SPECS_H
#define MUSTER_PACK_SPECS_H

#include "pack/conf.h"
#include "pack/pack.h"

enum {
    RULE_KINDS = RULE_STATE + 1,
    RULE_SUBJECTS = SUBJECT_TRANSFER + 1, /* the first kinds of subject.h: those that rules are about */
    RULES_MAX = 200,      /* each is evaluated for every subject it fits; the default pack has 23 */
    CONDITIONS_MAX = 16,  /* more than there are facts of one subject */
    TITLE_MAX_BYTES = 200,
    PROSE_MAX_BYTES = 2000, /* basis and remedy: told whole in every answer about an alert */
};

#define SUBJECT_BIT(s) (1u << (s))

struct fact_spec {
    const char *name;
    unsigned subjects;        /* SUBJECT_BITs */
    enum fact_type type;
    const char *const *words; /* TEXT: NULL-terminated; NULL where any text will do (area) */
};

/* With words filled in. */
struct fact_spec fact_spec(enum fact_id fact);

struct date_spec {
    const char *name;
    enum subject_kind subject;
};
extern const struct date_spec date_specs[DATE_COUNT];

extern const char *const rule_subject_names[RULE_SUBJECTS];
extern const char *const rule_kind_names[RULE_KINDS];
extern const char *const level_names[]; /* without LEVEL_NONE: notice is 0 */
/* Which subjects a kind of rule fits, as SUBJECT_BITs. */
extern const unsigned rule_kind_subjects[RULE_KINDS];

/* Parts of a rule, each read from its node into the rule: 0, or 1 with err set. What was read before
 * a mistake is freed with the rule. */
int pack_read_rule(struct rule *rule, const struct conf_node *node, const struct kinds *kinds,
                   struct err *err) MUST_CHECK;
int pack_read_when(struct rule *rule, const struct conf_node *node, struct err *err) MUST_CHECK;
int pack_read_levels(struct rule *rule, const struct conf_node *node, struct err *err) MUST_CHECK;
int pack_read_kinds(struct rule *rule, const struct conf_node *node, const struct kinds *kinds,
                    struct err *err) MUST_CHECK;
int pack_read_prose(struct bilingual *out, const struct conf_node *node, size_t max_bytes,
                    bool placeholders, struct err *err) MUST_CHECK;

#endif
