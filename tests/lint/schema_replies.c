/* Replies: one definition for each verb, `reply.VERB`, and those of the rows in them.
 *
 * The catalogue knows the events and their rows; the shape of everything else is told here, a line for each, in the manner of docs/protocol.md:
 *
 *   name:type       a member          name?:type   one that may be absent
 *   type            ref text uuid day time int number bool any object hex; a capital: another line of this table
 *   type*           a list of it      type/null    or null
 *   =field          one of the words of that field in the catalogue      a|b|c   one of these words
 *
 * tests/e2e/test_schema.py holds what the daemon really answers against it, in both directions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "schema.h"
#include "wire/roles.h"

struct shape {
    const char *name;
    const char *members;
};

/* Every ok reply has ledger and rehearsal; they are added. */
#define PAGED " cursor?:text more?:int more_at_least?:bool "

static const struct shape shapes[] = {
    {"Error", "code:text message:text field?:text hint?:text clash?:uuid"},
    {"Result", "id:uuid/null status:recorded|duplicate|refused seq?:int out_of_effect?:bool error?:Error"},
    {"Change", "change:opened|changed|closed alert?:int rule:text subject:Subject level?:=level since?:day why?:text"},
    {"Branch", "branch:ref name:text form:=form sector:=sector area?:text units:ref* committee:bool groups:int term_ends?:day stars?:int "
               "members:int full_members:int founded:day dissolved?:day"},
    {"Member", "member:ref name:text branch:ref unit?:ref stage:=stage role:none|secretary|officer presence:home|away since:day left?:day"},
    {"Unit", "unit:ref name:text sector:=sector area?:text staff?:int eligible?:bool above_scale?:bool full_members?:int covered?:bool own_branch?:bool "
             "registered:day closed?:day"},
    {"Transfer", "transfer:ref number?:text member:ref from?:ref from_name?:text to?:ref to_name?:text state:issued|received|receipted|cancelled "
                 "issued?:day valid_until?:day received?:day ended?:day"},
    {"Alliance", "alliance:ref name:text branches:ref* units:ref* formed:day"},
    {"Office", "body:ref office:text person:text since:day left?:day"},
    {"Body", "body:ref offices:Office*"},
    {"Exemption", "exemption:ref subject:Subject rules:text* from:day until:day ended?:day reason:text"},
    {"Key", "key:ref role:recorder|reader|staff|admin branches?:ref* areas?:text* public:text allowed:time allowed_by:text revoked?:time revoked_by?:text"},
    {"Last", "event:uuid type:text at:At"},
    {"Acknowledged", "by:text at:At until?:day note?:text"},
    {"Closed", "at:At why:met|when|exempt|not_in_force|not_tracked|rule_removed"},
    {"Alert", "alert:int/null rule:text subject:Subject name:text branch?:ref level:=level since:day state:open|acknowledged|closed no_reports?:bool due?:day missed?:int "
              "periods?:text* last?:Last basis?:text remedy?:text title?:text acknowledged?:Acknowledged closed?:Closed"},
    {"Counted", "event:uuid seq:int type:text at:At kinds?:text* why:counted|other_kind|other_period|before_window|after_day|out_of_effect|not_present|training_hours"},
    {"Levels", "level:=level on:day/null"},
    {"Span", "from:day to:day"},
    {"Exempted", "exemption:ref from:day to:day branch:bool"},
    {"Period", "period:text first:day last:day closes:day state:met|missed|late|excused|open|none counted:number at_least:number"},
    {"Unexempted", "level:=level since:day"},
    {"Rolls", "needed:int seen:int"},
    {"Due", "on:day rule:text subject:Subject name:text branch?:ref level:=level before?:=level title:text remedy:text due?:day"},
    {"Duty", "rule:text period:text state:met|missed|late|excused|open counted:number at_least:number closes:day"},
    {"DutyRow", "branch:ref name:text area?:text no_reports?:bool duties:Duty*"},
    {"RuleName", "rule:text title:text"},
    {"Figure", "figure:text alliance?:ref value:number/null unit:text title:text due?:number met?:number"},
    {"FigureOfMonth", "month:text figure:text alliance?:ref value:number/null unit:text title:text due?:number met?:number"},
    {"Item", "figure?:text figure_title?:text counted?:then|now event?:uuid seq?:int type?:text at?:At branch?:ref member?:ref unit?:ref name?:text title?:text transfer?:ref body?:ref "
             "office?:text person?:text reason?:text "
             "period?:text on?:day weight?:number part?:number whole?:number"},
    {"Roll", "by:total|sector|area|branch|asked of?:text opening:int admitted:int entered:int received:int moved_in:int gone:int sent:int moved_out:int "
             "closing:int balances:bool"},
    {"Broken", "member:ref name?:text on:day why:text"},
    {"Rule", "id:text subject:branch|member|unit|transfer kind:text title:text basis:text remedy:text levels:object* setting:object"},
    {"Head", "ledger:uuid seq:int chain:hex at:time key:text signature:text"},
    {"Misfit", "row:int found:changed|missing|inserted|reordered message:text"},
    {"Verified", "at:time holds:bool rows:int misfit?:Misfit"},
    {"Queue", "reads:int history:int evaluations:int"},
    {"Levels3", "notice:int yellow:int red:int"},
    {"Notices", "waiting:int sending:int failed:int"},
    {"RouteRow", "to:text by:text* when:text why:route|ladder|told route?:text above?:text after_days?:int from_level?:=level told?:time due?:time"},
    {"Notice", "notice:int alert?:int what:opened|raised|closed|escalated|again|undelivered level?:=level to:text by:text moment:now|daily|weekly|summary route?:text "
               "made:time due:time state:waiting|sending|sent|failed|dropped|listed message?:int key?:text tries?:int next?:time ended?:time error?:text"},
    {"Read", "at:time by:text member:text verb:text"},
};

static const struct shape replies[] = {
    {"submit", "results:Result*"},
    {"pretend", "results:Result* settling:bool alerts:Change* alerts_complete:bool"},
    {"recent", "rows:Row* seq:int" PAGED},
    {"list", "rows:Branch|Member|Unit|Transfer|Alliance|Office|Exemption|Key*" PAGED},
    {"show", "row:Branch|Member|Unit|Transfer|Alliance|Body|Exemption|Row/null history:Row*" PAGED},
    {"alerts", "rows:Alert* seq:int day:day settling:bool" PAGED},
    {"explain", "day:day alert?:int/null rule:text subject:Subject name:text branch?:ref level?:=level since?:day state?:open|acknowledged|closed|none due?:day "
                "missed?:int periods?:Period* last?:Last/null basis?:text remedy?:text title?:text acknowledged?:Acknowledged closed?:Closed open?:bool exempt?:bool "
                "exempt_until?:day without_exemption?:Unexempted window?:Span start?:day base?:day/null date?:day/null counted?:Counted* not_counted?:Counted* more?:int "
                "exemptions?:Exempted* facts?:object rolls?:Rolls levels?:Levels* clears?:text history?:Row*"},
    {"due", "rows:Due* day:day until:day settling:bool" PAGED},
    {"board", "rows:DutyRow* day:day year:int rules:RuleName*" PAGED},
    {"figures", "year:int day:day seq:int head:hex recorded_at:time pack:hex not_told?:text* rows:Figure|FigureOfMonth|Item|Roll* figure?:text alliance?:ref "
                "value?:number/null unit?:text title?:text due?:number met?:number formula?:text items?:int then_seq?:int holds?:bool broken?:Broken*" PAGED},
    {"rules", "pack:hex tracking_since?:day kinds?:text* rules?:Rule* rows?:Alert* day?:day settling?:bool only_now?:int only_then?:int" PAGED},
    {"status", "version:text timezone:text tracking_since:day transfer_valid_days:int kinds:text* events?:int verified?:Verified/null seq:int head:hex/null today:day "
               "now:time settling:bool started:time lag:int recording:bool server_key:text tcp:text* queue?:Queue alerts:Levels3 notices?:Notices telling?:bool counters?:object errors?:object"},
    {"verify", "run:int state:waits|runs|done|failed done:int all:int holds?:bool rows?:int erased?:int head?:hex misfit?:Misfit differs?:text error?:Error"},
    {"backup", "run:int state:waits|runs|done|failed done:int all:int holds?:bool rows?:int erased?:int head?:hex misfit?:Misfit bytes?:int error?:Error"},
    {"head", "head:Head"},
    {"export", "seq:int lines:text* after_seq?:int"},
    {"reads", "rows:Read*" PAGED},
    {"routes", "alert:int rule:text level:=level state:open|closed rows:RouteRow*"},
    {"notices", "rows:Notice*" PAGED},
    {"retry", "retried:int"},
    {"forget", "forgotten:int"},
    {"clock", "now:time system:time recording:bool"},
};

static void fail(const char *what, const char *about)
{
    fprintf(stderr, "schema_replies.c: %s: %s\n", what, about);
    exit(1);
}

/* A type in the reply, in the words of the table above. */
static json_t *plain_type(const char *name)
{
    static const struct {
        const char *name, *schema;
    } plain[] = {
        {"text", "{\"type\": \"string\"}"},     {"int", "{\"type\": \"integer\"}"}, {"number", "{\"type\": \"number\"}"},
        {"bool", "{\"type\": \"boolean\"}"},    {"any", "true"},                    {"object", "{\"type\": \"object\"}"},
        {"hex", "{\"type\": \"string\", \"pattern\": \"^[0-9a-f]+$\"}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        if (strcmp(plain[i].name, name) == 0)
            return json_loads(plain[i].schema, JSON_DECODE_ANY, NULL);
    if (strcmp(name, "ref") == 0 || strcmp(name, "uuid") == 0 || strcmp(name, "day") == 0 || strcmp(name, "time") == 0)
        return schema_ref(name);
    if (strcmp(name, "Subject") == 0)
        return schema_ref("any_subject");
    if (strcmp(name, "At") == 0)
        return schema_ref("at");
    if (strcmp(name, "Row") == 0)
        return schema_ref("row");
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
        if (strcmp(shapes[i].name, name) == 0)
            return schema_ref(name);
    fail("no such type", name);
    return NULL;
}

static json_t *words_of_field(const char *name)
{
    for (int field = 0; field < F_COUNT; field++)
        if (strcmp(field_name((enum field_id)field), name) == 0)
            return schema_words((enum field_id)field);
    fail("no such field", name);
    return NULL;
}

/* "a|b|c": words, or other shapes. */
static json_t *one_of(char *names)
{
    bool shape = names[0] >= 'A' && names[0] <= 'Z';
    json_t *list = json_array();
    char *rest = names;

    for (char *name; (name = strsep(&rest, "|"));)
        json_array_append_new(list, shape ? plain_type(name) : json_string(name));
    return json_pack("{s:o}", shape ? "anyOf" : "enum", list);
}

static json_t *type_of(const char *text)
{
    _cleanup_free_ char *name = mem_strdup(text);
    char *null = strstr(name, "/null");
    json_t *made;
    size_t len;

    if (null) {
        *null = '\0';
        return json_pack("{s:[o, {s:s}]}", "anyOf", type_of(name), "type", "null");
    }
    len = strlen(name);
    if (name[len - 1] == '*') {
        name[len - 1] = '\0';
        return json_pack("{s:s, s:o}", "type", "array", "items", type_of(name));
    }
    made = name[0] == '=' ? words_of_field(name + 1) : strchr(name, '|') ? one_of(name) : plain_type(name);
    return made;
}

static json_t *object_of(const char *members, bool reply)
{
    _cleanup_free_ char *copy = mem_strdup(members);
    json_t *properties = json_object(), *required = json_array();
    char *rest = copy;

    if (reply) {
        json_object_set_new(properties, "ledger", schema_ref("uuid"));
        json_object_set_new(properties, "rehearsal", plain_type("bool"));
        json_array_append_new(required, json_string("ledger"));
        json_array_append_new(required, json_string("rehearsal"));
    }
    for (char *member; (member = strsep(&rest, " "));) {
        char *colon = strchr(member, ':');
        bool optional = colon && colon > member && colon[-1] == '?';

        if (!colon)
            continue;
        colon[optional ? -1 : 0] = '\0';
        json_object_set_new(properties, member, type_of(colon + 1));
        if (!optional)
            json_array_append_new(required, json_string(member));
    }
    return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties, "required", required,
                     "additionalProperties", 0);
}

/* An event as it stands in the ledger. Its personal texts may have been erased. */
static json_t *row_schema(enum event_type type)
{
    const struct type_spec *spec = catalogue_type(type);
    json_t *properties = json_object(), *required = json_pack("[s, s, s, s, s, s]", "id", "type", "at", "seq", "recorded_at", "recorded_by");

    schema_add_common(properties, spec->name);
    for (size_t i = 0; i < spec->field_count; i++) {
        const struct field_spec *field = &spec->fields[i];
        const char *name = field_name(field->id);

        /* Kinds that a deployment added once stay in what was recorded with them. */
        json_object_set_new(properties, name, field->kind == VALUE_KINDS ? type_of("text*") : schema_field(field, 1));
        if ((field->flags & FIELD_REQUIRED) && !(field->flags & FIELD_PERSONAL))
            json_array_append_new(required, json_string(name));
    }
    json_object_set_new(properties, "seq", plain_type("int"));
    json_object_set_new(properties, "recorded_at", schema_ref("time"));
    json_object_set_new(properties, "recorded_by", plain_type("text"));
    json_object_set_new(properties, "voided_by", schema_ref("uuid"));
    json_object_set_new(properties, "replaced_by", schema_ref("uuid"));
    json_object_set_new(properties, "erased", json_pack("{s:b}", "const", 1));
    return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties, "required", required,
                     "additionalProperties", 0);
}

static void add_rows(json_t *defs)
{
    json_t *choice = NULL;

    for (int type = EV_NONE + 1; type < EV_COUNT; type++) {
        char name[80];

        snprintf(name, sizeof name, "row.%s", catalogue_type((enum event_type)type)->name);
        json_object_set_new(defs, name, row_schema((enum event_type)type));
        schema_add_choice(&choice, catalogue_type((enum event_type)type)->name, name);
    }
    json_object_set_new(defs, "row", choice);
}

static void check_verbs(void)
{
    struct right_row row;

    for (size_t i = 0; roles_row(&row, i); i++) {
        bool found = strcmp(row.kind, "verb") != 0;

        for (size_t v = 0; v < ARRAY_LEN(replies); v++)
            found = found || strcmp(replies[v].name, row.name) == 0;
        if (!found)
            fail("a verb without a reply: add its line to `replies`, and see tests/e2e/test_schema.py", row.name);
    }
}

json_t *schema_replies(void)
{
    json_t *defs = schema_values();
    char name[80];

    check_verbs();
    add_rows(defs);
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
        json_object_set_new(defs, shapes[i].name, object_of(shapes[i].members, false));
    for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
        snprintf(name, sizeof name, "reply.%s", replies[i].name);
        json_object_set_new(defs, name, object_of(replies[i].members, true));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "$schema", "https://json-schema.org/draft/2020-12/schema", "$id", "urn:muster:1:replies",
                     "title", "What musterd answers", "description",
                     "One definition for each verb, #/$defs/reply.VERB, for `ok` replies; `error` replies are #/$defs/Error. docs/protocol.md says what the "
                     "members mean. A newer daemon may add members, and brings its own copy of this file.",
                     "$defs", defs);
}
