/* The catalogue of events: every type, every field, declared once (ledger.md section 3).
 *
 * Parsing, validation, storage, the command's options and the documents all follow this table.
 */
#ifndef MUSTER_WIRE_CATALOGUE_H
#define MUSTER_WIRE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stored in the ledger: numbers are never reused, new types go to the end. */
enum event_type {
    EV_NONE,
    EV_LEDGER_OPENED, EV_ALERT_OPENED, EV_ALERT_CHANGED, EV_ALERT_CLOSED, /* the daemon's own */
    EV_UNIT_REGISTERED, EV_UNIT_CHANGED, EV_UNIT_CLOSED,
    EV_BRANCH_FOUNDED, EV_BRANCH_CHANGED, EV_BRANCH_ELECTED, EV_BRANCH_RATED, EV_BRANCH_DISSOLVED,
    EV_MEMBER_ADMITTED, EV_MEMBER_CONVERTED, EV_MEMBER_EXTENDED, EV_MEMBER_CHANGED, EV_MEMBER_MOVED, EV_MEMBER_LEFT,
    EV_OFFICE_TAKEN, EV_OFFICE_LEFT,
    EV_ALLIANCE_FORMED, EV_ALLIANCE_JOINED, EV_ALLIANCE_LEFT,
    EV_MEETING, EV_TRAINING, EV_CONTACT,
    EV_MEMBER_AWAY, EV_MEMBER_RETURNED,
    EV_TRANSFER_ISSUED, EV_TRANSFER_RECEIVED, EV_TRANSFER_RECEIPTED, EV_TRANSFER_CANCELLED,
    EV_EVENT_VOIDED, EV_EXEMPTION_GRANTED, EV_EXEMPTION_ENDED, EV_ALERT_ACKNOWLEDGED, EV_ALERT_NOTED,
    EV_KEY_ALLOWED, EV_KEY_REVOKED,
    EV_REPORT_FROZEN,
    EV_EVENT_REDACTED,
    EV_COUNT
};

enum field_id {
    F_ABOVE_SCALE, F_ABSENT, F_ADMITTED_ON, F_ALERT, F_ALLIANCE, F_AREA, F_AREAS, F_AS_OF, F_AUDIENCE, F_BODY, F_BRANCH,
    F_BRANCHES, F_CHANNEL, F_COMMITTEE, F_COUNTED, F_CYCLE, F_DENOMINATOR, F_DESTINATION, F_DUE_COUNT, F_DURATION_MIN, F_ELIGIBLE,
    F_EVENT, F_EXEMPTION, F_FIGURES, F_FIXED, F_FORM, F_FROM_NAME, F_GROUPS, F_GUESTS, F_HEAD, F_HOST, F_HOST_BRANCH,
    F_HOURS, F_INTO, F_KEY, F_KEPT, F_KINDS, F_KNOWN_ON, F_LEDGER, F_LEVEL, F_MEMBER, F_NAME, F_NEW, F_NOTE, F_NUMBER, F_OFFICE, F_PACK,
    F_PERSON, F_PLACE, F_PRESENT, F_PRESENT_COUNT, F_PRESENTER, F_PUBLIC, F_REASON, F_REHEARSAL, F_ROLE, F_RUBRIC, F_RULE, F_RULES,
    F_SCORE, F_SECTOR, F_SINCE, F_STAFF, F_STAGE, F_STARS, F_SUBJECT, F_TAGS, F_TERM_STARTED, F_TERM_YEARS,
    F_TIMEZONE, F_TITLE, F_TO, F_TO_NAME, F_TOPICS, F_TRAINER, F_TRANSFER, F_UNIT, F_UNITS, F_UNTIL, F_VALID_DAYS,
    F_WHY, F_WITH, F_WORD, F_YEAR,
    F_COUNT
};

enum value_kind {
    VALUE_REF,      /* an id of a register entry */
    VALUE_NAME,     /* text, not empty */
    VALUE_TEXT,     /* text */
    VALUE_ENUM,     /* one of `words` */
    VALUE_KINDS,    /* a non-empty list of meeting kinds */
    VALUE_BOOL,
    VALUE_INT,      /* min..max */
    VALUE_HOURS,    /* above 0, at most 1,000, 2 decimals; held in hundredths */
    VALUE_NUMBER,   /* any finite number; kept as written */
    VALUE_DATE,     /* civil date */
    VALUE_UUID,
    VALUE_REFS,     /* list of refs, no item twice */
    VALUE_TEXTS,    /* list of texts, no item twice */
    VALUE_ABSENT,   /* list of {member, reason} */
    VALUE_SUBJECT,  /* {branch|member|unit: ref} (the daemon's alerts: transfer too) */
    VALUE_RULES,    /* non-empty list of rule ids, or ["*"] */
    VALUE_AREAS,    /* non-empty list of area codes, or ["*"]: the whole district */
    VALUE_KEY,      /* a public key: 40 characters of Z85 */
};

enum field_flag {
    FIELD_REQUIRED = 1 << 0,
    FIELD_PERSONAL = 1 << 1, /* a person's name or free text: stored apart, so that it can be erased */
    FIELD_ITEMS = 1 << 2,    /* the list must not be empty */
};

struct field_spec {
    enum field_id id;
    enum value_kind kind;
    unsigned flags;
    const char *const *words; /* ENUM: NULL-terminated */
    int64_t min, max;         /* INT */
};

struct type_spec {
    const char *name;
    bool daemon_only;
    const struct field_spec *fields;
    size_t field_count;
};

const struct type_spec *catalogue_type(enum event_type type);
/* EV_NONE when there is no type of that name. */
enum event_type catalogue_find_type(const char *name, size_t len_bytes);
const char *catalogue_nearest_type(const char *name);
const char *field_name(enum field_id id);
/* The type's field of that name, or NULL. */
const struct field_spec *catalogue_find_field(enum event_type type, const char *name, size_t len_bytes);
const struct field_spec *catalogue_field(enum event_type type, enum field_id id);
/* The nearest field name of the type (with id, type, at, replaces, extra), or NULL. */
const char *catalogue_nearest_field(enum event_type type, const char *name);

#endif
