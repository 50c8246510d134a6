#include "wire/roles.h"

#include <string.h>

#include "base/cleanup.h"

/* recorder, reader, staff, admin */
#define NOBODY   {RIGHT_NO, RIGHT_NO, RIGHT_NO, RIGHT_NO}
#define ALL      {RIGHT_YES, RIGHT_YES, RIGHT_YES, RIGHT_YES}
#define READS    {RIGHT_SCOPE, RIGHT_SCOPE, RIGHT_SCOPE, RIGHT_YES}
#define RECORDS  {RIGHT_SCOPE, RIGHT_NO, RIGHT_SCOPE, RIGHT_YES}
#define STAFF    {RIGHT_NO, RIGHT_NO, RIGHT_SCOPE, RIGHT_YES}
#define DISTRICT {RIGHT_NO, RIGHT_NO, RIGHT_WHOLE, RIGHT_YES}
#define ADMIN    {RIGHT_NO, RIGHT_NO, RIGHT_NO, RIGHT_YES}

struct verb_rights {
    const char *verb;
    enum right rights[KEY_ROLE_COUNT];
    const char *en, *zh;
};

static const struct verb_rights verb_rights[] = {
    {"submit", RECORDS, "each event by its type, below", "各事件按其类型，见下"},
    {"pretend", RECORDS, "each event by its type; alerts within scope", "各事件按其类型；预警限于范围内"},
    {"recent", READS, "", ""},
    {"list", READS, "", ""},
    {"show", READS, "", ""},
    {"alerts", READS, "", ""},
    {"explain", READS, "", ""},
    {"due", READS, "", ""},
    {"board", READS, "", ""},
    {"figures", READS, "of one branch or area that lies in scope as a whole", "须为整体在范围内的一个支部或区划"},
    {"rules", ALL, "rules are no secret; with try, as alerts", "规则公开；带 try 时与 alerts 相同"},
    {"verify", ADMIN, "", ""},
    {"head", ADMIN, "", ""},
    {"export", ADMIN, "", ""},
    {"reads", ADMIN, "", ""},
    {"clock", ADMIN, "", ""},
    {"routes", STAFF, "of an alert in scope", "须为范围内的预警"},
    {"notices", DISTRICT, "", ""},
    {"retry", ADMIN, "", ""},
    {"forget", ADMIN, "", ""},
    {"backup", ADMIN, "on the daemon's machine only", "仅限在服务所在的机器上"},
    {"status", ALL, "counts of alerts within scope", "预警数限于范围内"},
};

static const enum right type_rights[EV_COUNT][KEY_ROLE_COUNT] = {
    [EV_NONE] = NOBODY,
    [EV_LEDGER_OPENED] = NOBODY,
    [EV_ALERT_OPENED] = NOBODY,
    [EV_ALERT_CHANGED] = NOBODY,
    [EV_ALERT_CLOSED] = NOBODY,
    [EV_UNIT_REGISTERED] = STAFF,
    [EV_UNIT_CHANGED] = STAFF,
    [EV_UNIT_CLOSED] = STAFF,
    [EV_BRANCH_FOUNDED] = STAFF,
    [EV_BRANCH_CHANGED] = STAFF,
    [EV_BRANCH_ELECTED] = RECORDS,
    [EV_BRANCH_RATED] = STAFF,
    [EV_BRANCH_DISSOLVED] = STAFF,
    [EV_MEMBER_ADMITTED] = RECORDS,
    [EV_MEMBER_CONVERTED] = RECORDS,
    [EV_MEMBER_EXTENDED] = RECORDS,
    [EV_MEMBER_CHANGED] = RECORDS,
    [EV_MEMBER_MOVED] = RECORDS,
    [EV_MEMBER_LEFT] = RECORDS,
    [EV_OFFICE_TAKEN] = DISTRICT,
    [EV_OFFICE_LEFT] = DISTRICT,
    [EV_ALLIANCE_FORMED] = DISTRICT,
    [EV_ALLIANCE_JOINED] = DISTRICT,
    [EV_ALLIANCE_LEFT] = DISTRICT,
    [EV_MEETING] = RECORDS,
    [EV_TRAINING] = RECORDS,
    [EV_CONTACT] = RECORDS,
    [EV_MEMBER_AWAY] = RECORDS,
    [EV_MEMBER_RETURNED] = RECORDS,
    [EV_TRANSFER_ISSUED] = RECORDS,
    [EV_TRANSFER_RECEIVED] = RECORDS,
    [EV_TRANSFER_RECEIPTED] = RECORDS,
    [EV_TRANSFER_CANCELLED] = RECORDS,
    [EV_EVENT_VOIDED] = RECORDS,
    [EV_EXEMPTION_GRANTED] = STAFF,
    [EV_EXEMPTION_ENDED] = STAFF,
    [EV_ALERT_ACKNOWLEDGED] = STAFF,
    [EV_ALERT_NOTED] = STAFF,
    [EV_KEY_ALLOWED] = ADMIN,
    [EV_KEY_REVOKED] = ADMIN,
    [EV_REPORT_FROZEN] = DISTRICT,
    [EV_EVENT_REDACTED] = ADMIN,
};

/* Remarks on types: what lies in scope where that does not say itself. */
static const struct {
    enum event_type type;
    const char *en, *zh;
} remarks[] = {
    {EV_UNIT_REGISTERED, "its area in scope", "其区划须在范围内"},
    {EV_UNIT_CHANGED, "a new area too", "新区划亦须在范围内"},
    {EV_BRANCH_FOUNDED, "its area in scope", "其区划须在范围内"},
    {EV_BRANCH_CHANGED, "a new area too", "新区划亦须在范围内"},
    {EV_MEMBER_MOVED, "both branches in scope", "两个支部均须在范围内"},
    {EV_TRAINING, "without a branch: the whole district", "无支部者须为全区"},
    {EV_TRANSFER_ISSUED, "both ends in scope, as far as in this ledger", "账内两端均须在范围内"},
    {EV_TRANSFER_RECEIVED, "both ends in scope, as far as in this ledger", "账内两端均须在范围内"},
    {EV_ALERT_ACKNOWLEDGED, "with a good word, a recorder too", "凭有效签收码，录入员亦可"},
    {EV_EVENT_VOIDED, "whoever may record it; see void_others", "须可登记该事件；另见 void_others"},
};

static const struct {
    const char *name;
    enum right rights[KEY_ROLE_COUNT];
    const char *en, *zh;
} deeds[DEED_COUNT] = {
    [DEED_VOID_OTHERS] = {"void_others", STAFF, "void or replace what another has recorded", "作废或更正他人所登记的事件"},
    [DEED_READ_WHOLE] = {"read_whole", {RIGHT_WHOLE, RIGHT_WHOLE, RIGHT_WHOLE, RIGHT_YES},
                         "alliances, offices, trainings without a branch", "联盟、职务、无支部的培训"},
    [DEED_READ_KEYS] = {"read_keys", ADMIN, "list of keys, rows about them", "密钥列表及其记录"},
    [DEED_READ_COUNTERS] = {"read_counters", {RIGHT_WHOLE, RIGHT_WHOLE, RIGHT_WHOLE, RIGHT_YES},
                            "in status: counters, errors, number of events", "status 中的计数、错误与事件数"},
};

static const char *const role_names[KEY_ROLE_COUNT] = {
    [KEY_ROLE_RECORDER] = "recorder", [KEY_ROLE_READER] = "reader", [KEY_ROLE_STAFF] = "staff", [KEY_ROLE_ADMIN] = "admin"};

enum right role_may_ask(enum key_role role, const char *verb)
{
    for (size_t i = 0; i < ARRAY_LEN(verb_rights); i++)
        if (strcmp(verb_rights[i].verb, verb) == 0)
            return verb_rights[i].rights[role];
    return role == KEY_ROLE_ADMIN ? RIGHT_YES : RIGHT_NO;
}

enum right role_may_record(enum key_role role, enum event_type type)
{
    return type_rights[type][role];
}

enum right role_may(enum key_role role, enum deed deed)
{
    return deeds[deed].rights[role];
}

const char *key_role_name(enum key_role role)
{
    return role_names[role];
}

bool key_role_parse(enum key_role *out, const char *name)
{
    for (int i = 0; i < KEY_ROLE_COUNT; i++)
        if (strcmp(role_names[i], name) == 0) {
            *out = (enum key_role)i;
            return true;
        }
    return false;
}

const char *right_name(enum right right)
{
    static const char *const names[] = {
        [RIGHT_NO] = "no", [RIGHT_SCOPE] = "scope", [RIGHT_WHOLE] = "whole", [RIGHT_YES] = "yes"};

    return names[right];
}

static void set_type_row(struct right_row *out, enum event_type type)
{
    *out = (struct right_row){"event", catalogue_type(type)->name, type_rights[type], "", ""};
    for (size_t i = 0; i < ARRAY_LEN(remarks); i++)
        if (remarks[i].type == type) {
            out->en = remarks[i].en;
            out->zh = remarks[i].zh;
        }
}

bool roles_row(struct right_row *out, size_t i)
{
    enum { FIRST_TYPE = EV_UNIT_REGISTERED }; /* those before are the daemon's own */
    const size_t verbs = ARRAY_LEN(verb_rights), types = EV_COUNT - FIRST_TYPE;

    if (i < verbs) {
        *out = (struct right_row){"verb", verb_rights[i].verb, verb_rights[i].rights, verb_rights[i].en, verb_rights[i].zh};
        return true;
    }
    if (i < verbs + types) {
        set_type_row(out, (enum event_type)(FIRST_TYPE + i - verbs));
        return true;
    }
    i -= verbs + types;
    if (i >= DEED_COUNT)
        return false;
    *out = (struct right_row){"deed", deeds[i].name, deeds[i].rights, deeds[i].en, deeds[i].zh};
    return true;
}
