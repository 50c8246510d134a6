/* From options to an event: every field of every type of the catalogue can be given.
 *
 * The options of a recording verb are the fields of its type, under the names that fields.c gives
 * them. What a value may be is the daemon's to judge; here it only has to fit JSON.
 */
#ifndef MUSTER_CLI_FIELDS_H
#define MUSTER_CLI_FIELDS_H

#include "args.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"

/* Adds the options of the verb's type, with --at, --replaces, --extra and --id. */
void fields_options(struct option_set *set, const struct verb *verb);

/* How the help calls a field: "BRANCH". */
const char *field_word(enum field_id id);
/* The option of a field, without the dashes. */
const char *field_option(enum field_id id);

/* What an event is made of. Strings belong to the caller. */
struct draft {
    const struct arguments *args;
    const char *id;
    const char *at;       /* as for the wire */
    const char *replaces; /* NULL: none */
    const char *made_ref; /* for the first word where it is missing (VERB_MAKES_REF); else NULL */
    day_t today;          /* for dates among the fields */
};

/* Writes the event's JSON. Returns 0, or 1 with a sentence in err about an option. */
int fields_write(struct buf *out, const struct draft *draft, struct err *err) MUST_CHECK;

#endif
