#include "pack/specs.h"

#include <string.h>

#include "wire/catalogue.h"

#define BRANCH SUBJECT_BIT(SUBJECT_BRANCH)
#define MEMBER SUBJECT_BIT(SUBJECT_MEMBER)
#define UNIT SUBJECT_BIT(SUBJECT_UNIT)
#define TRANSFER SUBJECT_BIT(SUBJECT_TRANSFER)

static const char *const presence_words[] = {"home", "away", NULL};
static const char *const state_words[] = {"issued", "received", NULL};

static const struct fact_spec facts[FACT_COUNT] = {
    [FACT_FORM] = {"form", BRANCH, FACT_TEXT, NULL},
    [FACT_SECTOR] = {"sector", BRANCH | MEMBER | UNIT, FACT_TEXT, NULL},
    [FACT_AREA] = {"area", BRANCH | MEMBER | UNIT, FACT_TEXT, NULL},
    [FACT_COMMITTEE] = {"committee", BRANCH, FACT_BOOL, NULL},
    [FACT_GROUPS] = {"groups", BRANCH, FACT_NUMBER, NULL},
    [FACT_MEMBERS] = {"members", BRANCH, FACT_NUMBER, NULL},
    [FACT_FULL_MEMBERS] = {"full_members", BRANCH | UNIT, FACT_NUMBER, NULL},
    [FACT_UNITS] = {"units", BRANCH, FACT_NUMBER, NULL},
    [FACT_STARS] = {"stars", BRANCH, FACT_NUMBER, NULL},
    [FACT_STAGE] = {"stage", MEMBER, FACT_TEXT, NULL},
    [FACT_ROLE] = {"role", MEMBER, FACT_TEXT, NULL},
    [FACT_PRESENCE] = {"presence", MEMBER, FACT_TEXT, presence_words},
    [FACT_FIXED] = {"fixed", MEMBER, FACT_BOOL, NULL},
    [FACT_BRANCH_FORM] = {"branch_form", MEMBER, FACT_TEXT, NULL},
    [FACT_STAFF] = {"staff", UNIT, FACT_NUMBER, NULL},
    [FACT_ELIGIBLE] = {"eligible", UNIT, FACT_BOOL, NULL},
    [FACT_ABOVE_SCALE] = {"above_scale", UNIT, FACT_BOOL, NULL},
    [FACT_COVERED] = {"covered", UNIT, FACT_BOOL, NULL},
    [FACT_OWN_BRANCH] = {"own_branch", UNIT, FACT_BOOL, NULL},
    [FACT_STATE] = {"state", TRANSFER, FACT_TEXT, state_words},
    [FACT_OUTSIDE] = {"outside", TRANSFER, FACT_BOOL, NULL},
};

const struct date_spec date_specs[DATE_COUNT] = {
    [DATE_TERM_ENDS] = {"term_ends", SUBJECT_BRANCH},
    [DATE_PROBATION_ENDS] = {"probation_ends", SUBJECT_MEMBER},
    [DATE_AWAY_SINCE] = {"away_since", SUBJECT_MEMBER},
    [DATE_VALID_UNTIL] = {"valid_until", SUBJECT_TRANSFER},
    [DATE_RECEIVED] = {"received", SUBJECT_TRANSFER},
};

const char *const rule_subject_names[RULE_SUBJECTS] = {"branch", "member", "unit", "transfer"};
const char *const rule_kind_names[RULE_KINDS] = {"cadence", "silence", "expiry", "state"};
const char *const level_names[] = {"notice", "yellow", "red"};

const unsigned rule_kind_subjects[RULE_KINDS] = {
    [RULE_CADENCE] = BRANCH | MEMBER,
    [RULE_SILENCE] = BRANCH | MEMBER,
    [RULE_EXPIRY] = BRANCH | MEMBER | TRANSFER,
    [RULE_STATE] = BRANCH | MEMBER | UNIT | TRANSFER,
};

/* The words of an event's field are those of the fact made of it. */
static const char *const *field_words(enum event_type type, enum field_id field)
{
    const struct field_spec *spec = catalogue_field(type, field);

    return spec ? spec->words : NULL;
}

struct fact_spec fact_spec(enum fact_id fact)
{
    struct fact_spec spec = facts[fact];

    if (fact == FACT_FORM || fact == FACT_BRANCH_FORM)
        spec.words = field_words(EV_BRANCH_FOUNDED, F_FORM);
    else if (fact == FACT_SECTOR)
        spec.words = field_words(EV_UNIT_REGISTERED, F_SECTOR);
    else if (fact == FACT_STAGE)
        spec.words = field_words(EV_MEMBER_ADMITTED, F_STAGE);
    else if (fact == FACT_ROLE)
        spec.words = field_words(EV_MEMBER_ADMITTED, F_ROLE);
    return spec;
}

const char *fact_name(enum fact_id fact)
{
    return facts[fact].name;
}

const char *date_name(enum date_id date)
{
    return date_specs[date].name;
}

const char *rule_kind_name(enum rule_kind kind)
{
    return rule_kind_names[kind];
}

const char *level_name(enum level level)
{
    return level == LEVEL_NONE ? "none" : level_names[level - LEVEL_NOTICE];
}

bool level_parse(enum level *out, const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(level_names); i++)
        if (strcmp(name, level_names[i]) == 0) {
            *out = (enum level)((int)LEVEL_NOTICE + (int)i);
            return true;
        }
    return false;
}
