/* Values: what a field may hold, as far as JSON Schema can say it. Lengths are in bytes for the daemon and in characters here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "schema.h"
#include "wire/kinds.h"

#define DAY_PATTERN "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
#define TIME_PATTERN "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
/* Newline and tab are the only control characters. */
#define TEXT_PATTERN "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]*$"
/* Of ASCII letters, digits, - _ . alone; beyond it letters and digits of any script, which the daemon tells apart. */
#define REF_PATTERN "^[^\\u0000-,/:-@\\[-^`{-\\u009f\\s]+$"

/* Definitions as JSON text: that is what they are. */
static const char values[] =
    "{\"ref\": {\"type\": \"string\", \"minLength\": 1, \"maxLength\": 64, \"pattern\": \"%s\","
    "  \"description\": \"an id of a register entry: letters of any script, digits, - _ . in Unicode normal form C, at most 64 bytes\"},"
    " \"text\": {\"type\": \"string\", \"maxLength\": 4096, \"pattern\": \"%s\", \"description\": \"at most 4 KiB\"},"
    " \"name\": {\"type\": \"string\", \"minLength\": 1, \"maxLength\": 4096, \"pattern\": \"%s\"},"
    " \"uuid\": {\"type\": \"string\", \"pattern\": \"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$\"},"
    " \"day\": {\"type\": \"string\", \"format\": \"date\", \"pattern\": \"^" DAY_PATTERN "$\"},"
    " \"time\": {\"type\": \"string\", \"pattern\": \"^" DAY_PATTERN "T" TIME_PATTERN "$\"},"
    " \"at\": {\"anyOf\": [{\"$ref\": \"#/$defs/day\"}, {\"$ref\": \"#/$defs/time\"}]},"
    " \"key\": {\"type\": \"string\", \"pattern\": \"^[0-9a-zA-Z.\\\\-:+=^!/*?&<>()\\\\[\\\\]{}@%%$#]{40}$\","
    "  \"description\": \"a public key, Z85\"},"
    " \"hours\": {\"type\": \"number\", \"exclusiveMinimum\": 0, \"maximum\": 1000, \"description\": \"at most 2 decimals\"},"
    " \"refs\": {\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"$ref\": \"#/$defs/ref\"}},"
    " \"texts\": {\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"$ref\": \"#/$defs/text\"}},"
    " \"all_or_some\": {\"type\": \"array\", \"minItems\": 1, \"uniqueItems\": true, \"items\": {\"$ref\": \"#/$defs/name\"},"
    "  \"if\": {\"contains\": {\"const\": \"*\"}}, \"then\": {\"maxItems\": 1}},"
    " \"absent\": {\"type\": \"array\", \"items\": {\"type\": \"object\", \"required\": [\"member\", \"reason\"],"
    "  \"properties\": {\"member\": {\"$ref\": \"#/$defs/ref\"}, \"reason\": {\"$ref\": \"#/$defs/text\"}},"
    "  \"additionalProperties\": false}, \"description\": \"no member twice\"},"
    " \"subject\": {\"type\": \"object\", \"minProperties\": 1, \"maxProperties\": 1, \"additionalProperties\": false,"
    "  \"properties\": {\"branch\": {\"$ref\": \"#/$defs/ref\"}, \"member\": {\"$ref\": \"#/$defs/ref\"},"
    "   \"unit\": {\"$ref\": \"#/$defs/ref\"}}},"
    " \"any_subject\": {\"type\": \"object\", \"minProperties\": 1, \"maxProperties\": 1, \"additionalProperties\": false,"
    "  \"properties\": {\"branch\": {\"$ref\": \"#/$defs/ref\"}, \"member\": {\"$ref\": \"#/$defs/ref\"},"
    "   \"unit\": {\"$ref\": \"#/$defs/ref\"}, \"transfer\": {\"$ref\": \"#/$defs/ref\"}}},"
    " \"extra\": {\"type\": \"object\", \"description\": \"fields of your own\"}}";

static json_t *standard_kinds(void)
{
    json_t *words = json_array();
    struct kinds kinds;

    kinds_init(&kinds);
    for (int i = 0; i < KIND_STANDARD; i++)
        json_array_append_new(words, json_string(kinds.names[i]));
    kinds_deinit(&kinds);
    return json_pack("{s:s, s:o, s:s}", "type", "string", "enum", words, "description",
                     "and the kinds that a deployment adds: `kinds` of the reply to status has them all");
}

/* A pattern within JSON text: its backslashes doubled. */
static void escape(char out[256], const char *pattern)
{
    for (; *pattern; pattern++) {
        if (*pattern == '\\')
            *out++ = '\\';
        *out++ = *pattern;
    }
    *out = '\0';
}

json_t *schema_values(void)
{
    char ref[256], text[256], document[8192];
    json_error_t error;
    json_t *made;

    escape(ref, REF_PATTERN);
    escape(text, TEXT_PATTERN);
    snprintf(document, sizeof document, values, ref, text, text);
    made = json_loads(document, JSON_REJECT_DUPLICATES, &error);
    if (!made) {
        fprintf(stderr, "schema_values: %s at %d\n", error.text, error.position);
        exit(1);
    }
    json_object_set_new(made, "kind", standard_kinds());
    json_object_set_new(made, "kinds", json_pack("{s:s, s:i, s:b, s:o}", "type", "array", "minItems", 1, "uniqueItems", 1,
                                                 "items", schema_ref("kind")));
    return made;
}

json_t *schema_ref(const char *name)
{
    return json_pack("{s:o}", "$ref", json_sprintf("#/$defs/%s", name));
}

static json_t *words_of(const char *const *words)
{
    json_t *list = json_array();

    for (; *words; words++)
        json_array_append_new(list, json_string(*words));
    return json_pack("{s:o}", "enum", list);
}

json_t *schema_words(enum field_id field)
{
    for (int type = EV_NONE + 1; type < EV_COUNT; type++) {
        const struct field_spec *spec = catalogue_field((enum event_type)type, field);

        if (spec && spec->kind == VALUE_ENUM)
            return words_of(spec->words);
    }
    fprintf(stderr, "schema: the field %s has no words\n", field_name(field));
    exit(1);
}

static json_t *whole_number(const struct field_spec *field)
{
    json_t *made = json_pack("{s:s, s:I}", "type", "integer", "minimum", (json_int_t)field->min);

    if (field->max != INT64_MAX)
        json_object_set_new(made, "maximum", json_integer(field->max));
    return made;
}

json_t *schema_field(const struct field_spec *field, int stored)
{
    static const char *const names[] = {
        [VALUE_REF] = "ref", [VALUE_NAME] = "name", [VALUE_TEXT] = "text", [VALUE_KINDS] = "kinds", [VALUE_HOURS] = "hours",
        [VALUE_DATE] = "day", [VALUE_UUID] = "uuid", [VALUE_REFS] = "refs", [VALUE_TEXTS] = "texts", [VALUE_ABSENT] = "absent",
        [VALUE_SUBJECT] = "subject", [VALUE_RULES] = "all_or_some", [VALUE_AREAS] = "all_or_some", [VALUE_KEY] = "key",
    };
    json_t *made;

    switch (field->kind) {
    case VALUE_ENUM:
        return words_of(field->words);
    case VALUE_BOOL:
        return json_pack("{s:s}", "type", "boolean");
    case VALUE_INT:
        return whole_number(field);
    case VALUE_NUMBER:
        return json_pack("{s:s}", "type", "number");
    case VALUE_REF: case VALUE_NAME: case VALUE_TEXT: case VALUE_KINDS: case VALUE_HOURS: case VALUE_DATE: case VALUE_UUID:
    case VALUE_REFS: case VALUE_TEXTS: case VALUE_ABSENT: case VALUE_SUBJECT: case VALUE_RULES: case VALUE_AREAS: case VALUE_KEY:
        break;
    }
    made = schema_ref(stored && field->kind == VALUE_SUBJECT ? "any_subject" : names[field->kind]);
    if (field->flags & FIELD_ITEMS)
        json_object_set_new(made, "minItems", json_integer(1));
    return made;
}

/* "if the type is this, then that": an error is told of the one that is meant, and looking is quick. */
void schema_add_choice(json_t **choice, const char *type, const char *definition)
{
    if (!*choice)
        *choice = json_pack("{s:s, s:[s], s:{s:{s:[]}}, s:[]}", "type", "object", "required", "type", "properties", "type", "enum", "allOf");
    json_array_append_new(json_object_get(json_object_get(json_object_get(*choice, "properties"), "type"), "enum"), json_string(type));
    json_array_append_new(json_object_get(*choice, "allOf"),
                          json_pack("{s:{s:{s:{s:s}}}, s:o}", "if", "properties", "type", "const", type, "then", schema_ref(definition)));
}

void schema_add_common(json_t *properties, const char *type)
{
    json_object_set_new(properties, "id", schema_ref("uuid"));
    json_object_set_new(properties, "type", json_pack("{s:s}", "const", type));
    json_object_set_new(properties, "at", schema_ref("at"));
    json_object_set_new(properties, "replaces", schema_ref("uuid"));
    json_object_set_new(properties, "extra", schema_ref("extra"));
}
