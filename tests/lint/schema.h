/* The JSON Schemas of docs/schema, printed from the catalogue (wire/catalogue.h). */
#ifndef MUSTER_LINT_SCHEMA_H
#define MUSTER_LINT_SCHEMA_H

#include <jansson.h>

#include "wire/catalogue.h"

/* {"$ref": "#/$defs/NAME"} */
json_t *schema_ref(const char *name);

/* The kinds of values as definitions: "ref", "text", "uuid", ... The caller decrefs. */
json_t *schema_values(void);

/* A field of an event as submitted; as stored where `stored` is set (the daemon's alerts are about letters too). */
json_t *schema_field(const struct field_spec *field, int stored);

/* The words of a field, as {"enum": [...]}; of a list of kinds, its items' words. */
json_t *schema_words(enum field_id field);

/* A definition that finds the right one by `type`: adds another to it. Starts with NULL. */
void schema_add_choice(json_t **choice, const char *type, const char *definition);

/* Adds what every event has to `properties`: id, type, at, replaces, extra. */
void schema_add_common(json_t *properties, const char *type);

/* The two documents. The caller decrefs. */
json_t *schema_events(void);
json_t *schema_replies(void);

#endif
