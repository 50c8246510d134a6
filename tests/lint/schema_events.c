/* Events as clients send them: one definition for each type, and one that finds the right one by `type`. */
#include <string.h>

#include "base/cleanup.h"
#include "schema.h"

/* What fields say together, beyond the catalogue's table: common/wire/event.c and event_check.c. The rest of it compares values, which JSON Schema
 * cannot, and is told in words. */
static const struct {
    enum event_type type;
    const char *rule; /* members of the schema, as JSON text */
} together[] = {
    {EV_TRANSFER_ISSUED, "{\"oneOf\": [{\"required\": [\"to\"]}, {\"required\": [\"to_name\"]}]}"},
    {EV_ALLIANCE_JOINED, "{\"oneOf\": [{\"required\": [\"branch\"]}, {\"required\": [\"unit\"]}]}"},
    {EV_ALLIANCE_LEFT, "{\"oneOf\": [{\"required\": [\"branch\"]}, {\"required\": [\"unit\"]}]}"},
    {EV_TRANSFER_RECEIVED,
     "{\"dependentRequired\": {\"from_name\": [\"member\", \"name\", \"stage\", \"branch\"], \"member\": [\"from_name\"],"
     " \"name\": [\"from_name\"], \"stage\": [\"from_name\"], \"branch\": [\"from_name\"], \"number\": [\"from_name\"],"
     " \"unit\": [\"from_name\"], \"role\": [\"from_name\"], \"admitted_on\": [\"from_name\"]}}"},
    {EV_KEY_ALLOWED,
     "{\"if\": {\"properties\": {\"role\": {\"const\": \"admin\"}}},"
     " \"then\": {\"properties\": {\"branches\": false, \"areas\": false}},"
     " \"else\": {\"anyOf\": [{\"required\": [\"branches\"]}, {\"required\": [\"areas\"]}]}}"},
    {EV_EVENT_REDACTED, "{\"properties\": {\"kept\": false, \"replaces\": false}}"},
    {EV_MEETING, "{\"$comment\": \"present_count is not less than present; nobody is both present and absent; with does not name branch\"}"},
    {EV_TRAINING, "{\"$comment\": \"present_count is not less than present; nobody is both present and absent; with does not name branch\"}"},
    {EV_BRANCH_DISSOLVED, "{\"$comment\": \"into is not branch\"}"},
    {EV_EXEMPTION_GRANTED, "{\"$comment\": \"until is not before at\"}"},
    {EV_ALERT_ACKNOWLEDGED, "{\"$comment\": \"until is not before at; word is one that a message of this daemon held\"}"},
};

static int changes_something(enum event_type type)
{
    return type == EV_UNIT_CHANGED || type == EV_BRANCH_CHANGED || type == EV_MEMBER_CHANGED;
}

/* At least one of the fields behind the first. */
static json_t *any_but_first(const struct type_spec *spec)
{
    json_t *any = json_array();

    for (size_t i = 1; i < spec->field_count; i++)
        json_array_append_new(any, json_pack("{s:[s]}", "required", field_name(spec->fields[i].id)));
    return any;
}

static void add_together(json_t *schema, enum event_type type)
{
    if (changes_something(type))
        json_object_set_new(schema, "anyOf", any_but_first(catalogue_type(type)));
    for (size_t i = 0; i < ARRAY_LEN(together); i++) {
        json_t *rule, *value;
        const char *key;

        if (together[i].type != type)
            continue;
        rule = json_loads(together[i].rule, 0, NULL);
        json_object_foreach(rule, key, value)
            if (strcmp(key, "properties") == 0)
                json_object_update(json_object_get(schema, "properties"), value);
            else
                json_object_set(schema, key, value);
        json_decref(rule);
    }
}

static json_t *event_schema(enum event_type type)
{
    const struct type_spec *spec = catalogue_type(type);
    json_t *properties = json_object(), *required = json_pack("[s, s, s]", "id", "type", "at"), *schema;

    schema_add_common(properties, spec->name);
    for (size_t i = 0; i < spec->field_count; i++) {
        json_object_set_new(properties, field_name(spec->fields[i].id), schema_field(&spec->fields[i], 0));
        if (spec->fields[i].flags & FIELD_REQUIRED)
            json_array_append_new(required, json_string(field_name(spec->fields[i].id)));
    }
    schema = json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties, "required", required,
                       "additionalProperties", 0);
    add_together(schema, type);
    return schema;
}

json_t *schema_events(void)
{
    json_t *defs = schema_values(), *choice = NULL;

    for (int type = EV_NONE + 1; type < EV_COUNT; type++) {
        const char *name = catalogue_type((enum event_type)type)->name;

        if (catalogue_type((enum event_type)type)->daemon_only)
            continue;
        json_object_set_new(defs, name, event_schema((enum event_type)type));
        schema_add_choice(&choice, name, name);
    }
    json_object_set_new(defs, "event", choice);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "$schema", "https://json-schema.org/draft/2020-12/schema", "$id",
                     "urn:muster:1:events", "title", "An event, as a client submits it to musterd", "description",
                     "Printed from the catalogue of events (docs/catalogue.md says what the fields mean). An event that fits may still be refused: lengths are in "
                     "bytes, dates may contradict each other, and whether what it names is there is known to the ledger alone. A field that "
                     "is null is the same as an absent one for the daemon; leave it out.",
                     "$ref", "#/$defs/event", "$defs", defs);
}
