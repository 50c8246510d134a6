/* What each role of a key may do: one table, declared once. The daemon decides by it, `muster key roles`
 * prints it, and a test tries every line of it over the wire.
 *
 * A right is one of four. `scope` asks that everything the request names lies in the key's scope: branches,
 * members (by their branch), units, letters (both ends), exemptions and alerts (by their subject), and, of a
 * correction, what it corrects. So whoever moves a member across scopes needs both ends in scope.
 */
#ifndef MUSTER_WIRE_ROLES_H
#define MUSTER_WIRE_ROLES_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/catalogue.h"

/* In the order of the words of key.allowed's field `role`. Stored: new ones go to the end. */
enum key_role { KEY_ROLE_RECORDER, KEY_ROLE_READER, KEY_ROLE_STAFF, KEY_ROLE_ADMIN, KEY_ROLE_COUNT };

enum right {
    RIGHT_NO,
    RIGHT_SCOPE, /* within the key's scope */
    RIGHT_WHOLE, /* only where the key's scope is the whole district */
    RIGHT_YES,
};

/* What is neither a verb nor a type of event. */
enum deed {
    DEED_VOID_OTHERS,   /* void or replace what another has recorded */
    DEED_READ_WHOLE,    /* alliances, offices, trainings without a branch: they belong to the whole district only */
    DEED_READ_KEYS,     /* the keys, and the rows about them */
    DEED_READ_COUNTERS, /* in `status`: counters, errors, the number of events */
    DEED_COUNT
};

enum right role_may_ask(enum key_role role, const char *verb); /* an unknown verb: RIGHT_NO, an admin RIGHT_YES */
enum right role_may_record(enum key_role role, enum event_type type);
enum right role_may(enum key_role role, enum deed deed);

const char *key_role_name(enum key_role role);
bool key_role_parse(enum key_role *out, const char *name);
const char *right_name(enum right right); /* "no" "scope" "whole" "yes" */

/* The table, to be printed: row `i`, or false past the last. */
struct right_row {
    const char *kind; /* "verb" "event" "deed" */
    const char *name;
    const enum right *rights; /* by enum key_role */
    const char *en, *zh;      /* a remark, or "" */
};
bool roles_row(struct right_row *out, size_t i);

#endif
