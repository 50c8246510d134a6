/* The table of ledger.md section 3. */
#include "wire/catalogue.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* "Counts are 0 to 1,000,000" (ledger.md section 3). */
#define COUNT_MAX 1000000

static const char *const sector_words[] = {"enterprise", "association", NULL};
static const char *const form_words[] = {"own", "joint", "mobile", "general", NULL};
static const char *const dissolved_words[] = {"dormant", "hollow", "merged", "unit_closed", "other", NULL};
static const char *const stage_words[] = {"probationary", "full", NULL};
static const char *const role_words[] = {"none", "secretary", "officer", NULL};
static const char *const left_words[] = {"removed", "lapsed", "resigned", "died", "other", NULL};
static const char *const channel_words[] = {"visit", "phone", "message", "letter", "other", NULL};
/* In the order of enum key_role (roles.h). */
static const char *const key_role_words[] = {"recorder", "reader", "staff", "admin", NULL};
static const char *const denominator_words[] = {"operating", "eligible", "above_scale", NULL};
static const char *const level_words[] = {"notice", "yellow", "red", NULL};

static const struct field_spec ledger_opened_fields[] = {
    {F_LEDGER, VALUE_UUID, FIELD_REQUIRED, NULL, 0, 0},
    {F_TIMEZONE, VALUE_TEXT, FIELD_REQUIRED, NULL, 0, 0},
    {F_REHEARSAL, VALUE_BOOL, FIELD_REQUIRED, NULL, 0, 0},
};

static const struct field_spec alert_opened_fields[] = {
    {F_RULE, VALUE_TEXT, FIELD_REQUIRED, NULL, 0, 0},
    {F_SUBJECT, VALUE_SUBJECT, FIELD_REQUIRED, NULL, 0, 0},
    {F_LEVEL, VALUE_ENUM, FIELD_REQUIRED, level_words, 0, 0},
    {F_SINCE, VALUE_DATE, FIELD_REQUIRED, NULL, 0, 0},
    {F_PACK, VALUE_TEXT, FIELD_REQUIRED, NULL, 0, 0},
};

static const struct field_spec alert_changed_fields[] = {
    {F_ALERT, VALUE_INT, FIELD_REQUIRED, NULL, 1, INT64_MAX},
    {F_LEVEL, VALUE_ENUM, FIELD_REQUIRED, level_words, 0, 0},
    {F_SINCE, VALUE_DATE, FIELD_REQUIRED, NULL, 0, 0},
};

static const struct field_spec alert_closed_fields[] = {
    {F_ALERT, VALUE_INT, FIELD_REQUIRED, NULL, 1, INT64_MAX},
    {F_WHY, VALUE_TEXT, FIELD_REQUIRED, NULL, 0, 0},
};

static const struct field_spec unit_registered_fields[] = {
    {F_UNIT, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_NAME, VALUE_NAME, FIELD_REQUIRED, NULL, 0, 0},
    {F_SECTOR, VALUE_ENUM, FIELD_REQUIRED, sector_words, 0, 0},
    {F_AREA, VALUE_TEXT, 0, NULL, 0, 0},
    {F_STAFF, VALUE_INT, 0, NULL, 0, COUNT_MAX},
    {F_ELIGIBLE, VALUE_BOOL, 0, NULL, 0, 0},
    {F_ABOVE_SCALE, VALUE_BOOL, 0, NULL, 0, 0},
};

static const struct field_spec unit_changed_fields[] = {
    {F_UNIT, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_NAME, VALUE_NAME, 0, NULL, 0, 0},
    {F_SECTOR, VALUE_ENUM, 0, sector_words, 0, 0},
    {F_AREA, VALUE_TEXT, 0, NULL, 0, 0},
    {F_STAFF, VALUE_INT, 0, NULL, 0, COUNT_MAX},
    {F_ELIGIBLE, VALUE_BOOL, 0, NULL, 0, 0},
    {F_ABOVE_SCALE, VALUE_BOOL, 0, NULL, 0, 0},
};

static const struct field_spec unit_closed_fields[] = {
    {F_UNIT, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_REASON, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
};

static const struct field_spec branch_founded_fields[] = {
    {F_BRANCH, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_NAME, VALUE_NAME, FIELD_REQUIRED, NULL, 0, 0},
    {F_FORM, VALUE_ENUM, FIELD_REQUIRED, form_words, 0, 0},
    {F_SECTOR, VALUE_ENUM, FIELD_REQUIRED, sector_words, 0, 0},
    {F_AREA, VALUE_TEXT, 0, NULL, 0, 0},
    {F_UNITS, VALUE_REFS, 0, NULL, 0, 0},
    {F_COMMITTEE, VALUE_BOOL, 0, NULL, 0, 0},
    {F_GROUPS, VALUE_INT, 0, NULL, 0, COUNT_MAX},
    {F_TERM_STARTED, VALUE_DATE, 0, NULL, 0, 0},
    {F_TERM_YEARS, VALUE_INT, 0, NULL, 1, 99},
};

static const struct field_spec branch_changed_fields[] = {
    {F_BRANCH, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_NAME, VALUE_NAME, 0, NULL, 0, 0},
    {F_FORM, VALUE_ENUM, 0, form_words, 0, 0},
    {F_SECTOR, VALUE_ENUM, 0, sector_words, 0, 0},
    {F_AREA, VALUE_TEXT, 0, NULL, 0, 0},
    {F_UNITS, VALUE_REFS, 0, NULL, 0, 0},
    {F_COMMITTEE, VALUE_BOOL, 0, NULL, 0, 0},
    {F_GROUPS, VALUE_INT, 0, NULL, 0, COUNT_MAX},
    {F_TERM_STARTED, VALUE_DATE, 0, NULL, 0, 0},
    {F_TERM_YEARS, VALUE_INT, 0, NULL, 1, 99},
};

static const struct field_spec branch_elected_fields[] = {
    {F_BRANCH, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_TERM_YEARS, VALUE_INT, 0, NULL, 1, 99},
};

static const struct field_spec branch_rated_fields[] = {
    {F_BRANCH, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_CYCLE, VALUE_INT, FIELD_REQUIRED, NULL, 1900, 9999},
    {F_STARS, VALUE_INT, FIELD_REQUIRED, NULL, 0, 5},
    {F_SCORE, VALUE_NUMBER, 0, NULL, 0, 0},
    {F_RUBRIC, VALUE_TEXT, 0, NULL, 0, 0},
};

static const struct field_spec branch_dissolved_fields[] = {
    {F_BRANCH, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_REASON, VALUE_ENUM, FIELD_REQUIRED, dissolved_words, 0, 0},
    {F_INTO, VALUE_REF, 0, NULL, 0, 0},
};

static const struct field_spec member_admitted_fields[] = {
    {F_MEMBER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_NAME, VALUE_NAME, FIELD_REQUIRED | FIELD_PERSONAL, NULL, 0, 0},
    {F_BRANCH, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_STAGE, VALUE_ENUM, FIELD_REQUIRED, stage_words, 0, 0},
    {F_UNIT, VALUE_REF, 0, NULL, 0, 0},
    {F_ROLE, VALUE_ENUM, 0, role_words, 0, 0},
    {F_NEW, VALUE_BOOL, FIELD_REQUIRED, NULL, 0, 0},
    {F_ADMITTED_ON, VALUE_DATE, 0, NULL, 0, 0},
};

static const struct field_spec member_converted_fields[] = {
    {F_MEMBER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
};

static const struct field_spec member_extended_fields[] = {
    {F_MEMBER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_UNTIL, VALUE_DATE, FIELD_REQUIRED, NULL, 0, 0},
};

static const struct field_spec member_changed_fields[] = {
    {F_MEMBER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_NAME, VALUE_NAME, FIELD_PERSONAL, NULL, 0, 0},
    {F_UNIT, VALUE_REF, 0, NULL, 0, 0},
    {F_ROLE, VALUE_ENUM, 0, role_words, 0, 0},
};

static const struct field_spec member_moved_fields[] = {
    {F_MEMBER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_BRANCH, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
};

static const struct field_spec member_left_fields[] = {
    {F_MEMBER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_REASON, VALUE_ENUM, FIELD_REQUIRED, left_words, 0, 0},
};

static const struct field_spec office_taken_fields[] = {
    {F_BODY, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_OFFICE, VALUE_NAME, FIELD_REQUIRED, NULL, 0, 0},
    {F_PERSON, VALUE_NAME, FIELD_REQUIRED | FIELD_PERSONAL, NULL, 0, 0},
};

static const struct field_spec office_left_fields[] = {
    {F_BODY, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_OFFICE, VALUE_NAME, FIELD_REQUIRED, NULL, 0, 0},
    {F_PERSON, VALUE_NAME, FIELD_REQUIRED | FIELD_PERSONAL, NULL, 0, 0},
};

static const struct field_spec alliance_formed_fields[] = {
    {F_ALLIANCE, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_NAME, VALUE_NAME, FIELD_REQUIRED, NULL, 0, 0},
    {F_BRANCHES, VALUE_REFS, 0, NULL, 0, 0},
    {F_UNITS, VALUE_REFS, 0, NULL, 0, 0},
};

static const struct field_spec alliance_joined_fields[] = {
    {F_ALLIANCE, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_BRANCH, VALUE_REF, 0, NULL, 0, 0},
    {F_UNIT, VALUE_REF, 0, NULL, 0, 0},
};

static const struct field_spec alliance_left_fields[] = {
    {F_ALLIANCE, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_BRANCH, VALUE_REF, 0, NULL, 0, 0},
    {F_UNIT, VALUE_REF, 0, NULL, 0, 0},
};

static const struct field_spec meeting_fields[] = {
    {F_BRANCH, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_KINDS, VALUE_KINDS, FIELD_REQUIRED, NULL, 0, 0},
    {F_WITH, VALUE_REFS, 0, NULL, 0, 0},
    {F_TITLE, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
    {F_TOPICS, VALUE_TEXTS, FIELD_PERSONAL, NULL, 0, 0},
    {F_TAGS, VALUE_TEXTS, 0, NULL, 0, 0},
    {F_PLACE, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
    {F_PRESENTER, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
    {F_DURATION_MIN, VALUE_INT, 0, NULL, 0, COUNT_MAX},
    {F_PRESENT, VALUE_REFS, 0, NULL, 0, 0},
    {F_PRESENT_COUNT, VALUE_INT, 0, NULL, 0, COUNT_MAX},
    {F_DUE_COUNT, VALUE_INT, 0, NULL, 0, COUNT_MAX},
    {F_ABSENT, VALUE_ABSENT, FIELD_PERSONAL, NULL, 0, 0},
    {F_GUESTS, VALUE_INT, 0, NULL, 0, COUNT_MAX},
};

static const struct field_spec training_fields[] = {
    {F_TITLE, VALUE_TEXT, FIELD_REQUIRED | FIELD_PERSONAL, NULL, 0, 0},
    {F_HOURS, VALUE_HOURS, FIELD_REQUIRED, NULL, 0, 0},
    {F_BRANCH, VALUE_REF, 0, NULL, 0, 0},
    {F_WITH, VALUE_REFS, 0, NULL, 0, 0},
    {F_HOST, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
    {F_TOPICS, VALUE_TEXTS, FIELD_PERSONAL, NULL, 0, 0},
    {F_TAGS, VALUE_TEXTS, 0, NULL, 0, 0},
    {F_AUDIENCE, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
    {F_PLACE, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
    {F_TRAINER, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
    {F_PRESENT, VALUE_REFS, 0, NULL, 0, 0},
    {F_PRESENT_COUNT, VALUE_INT, 0, NULL, 0, COUNT_MAX},
    {F_DUE_COUNT, VALUE_INT, 0, NULL, 0, COUNT_MAX},
    {F_ABSENT, VALUE_ABSENT, FIELD_PERSONAL, NULL, 0, 0},
    {F_GUESTS, VALUE_INT, 0, NULL, 0, COUNT_MAX},
};

static const struct field_spec contact_fields[] = {
    {F_MEMBER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_CHANNEL, VALUE_ENUM, FIELD_REQUIRED, channel_words, 0, 0},
    {F_NOTE, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
};

static const struct field_spec member_away_fields[] = {
    {F_MEMBER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_DESTINATION, VALUE_TEXT, FIELD_REQUIRED, NULL, 0, 0},
    {F_FIXED, VALUE_BOOL, FIELD_REQUIRED, NULL, 0, 0},
    {F_REASON, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
    {F_HOST_BRANCH, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
};

static const struct field_spec member_returned_fields[] = {
    {F_MEMBER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
};

static const struct field_spec transfer_issued_fields[] = {
    {F_TRANSFER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_NUMBER, VALUE_TEXT, 0, NULL, 0, 0},
    {F_MEMBER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_TO, VALUE_REF, 0, NULL, 0, 0},
    {F_TO_NAME, VALUE_NAME, FIELD_PERSONAL, NULL, 0, 0},
    {F_VALID_DAYS, VALUE_INT, 0, NULL, 1, 366},
    {F_REASON, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
};

static const struct field_spec transfer_received_fields[] = {
    {F_TRANSFER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_FROM_NAME, VALUE_NAME, FIELD_PERSONAL, NULL, 0, 0},
    {F_MEMBER, VALUE_REF, 0, NULL, 0, 0},
    {F_NAME, VALUE_NAME, FIELD_PERSONAL, NULL, 0, 0},
    {F_STAGE, VALUE_ENUM, 0, stage_words, 0, 0},
    {F_BRANCH, VALUE_REF, 0, NULL, 0, 0},
    {F_NUMBER, VALUE_TEXT, 0, NULL, 0, 0},
    {F_UNIT, VALUE_REF, 0, NULL, 0, 0},
    {F_ROLE, VALUE_ENUM, 0, role_words, 0, 0},
    {F_ADMITTED_ON, VALUE_DATE, 0, NULL, 0, 0},
};

static const struct field_spec transfer_receipted_fields[] = {
    {F_TRANSFER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
};

static const struct field_spec transfer_cancelled_fields[] = {
    {F_TRANSFER, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_REASON, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
};

static const struct field_spec event_voided_fields[] = {
    {F_EVENT, VALUE_UUID, FIELD_REQUIRED, NULL, 0, 0},
    {F_REASON, VALUE_TEXT, FIELD_REQUIRED | FIELD_PERSONAL, NULL, 0, 0},
};

static const struct field_spec exemption_granted_fields[] = {
    {F_EXEMPTION, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_SUBJECT, VALUE_SUBJECT, FIELD_REQUIRED, NULL, 0, 0},
    {F_RULES, VALUE_RULES, FIELD_REQUIRED, NULL, 0, 0},
    {F_UNTIL, VALUE_DATE, FIELD_REQUIRED, NULL, 0, 0},
    {F_REASON, VALUE_TEXT, FIELD_REQUIRED | FIELD_PERSONAL, NULL, 0, 0},
};

static const struct field_spec exemption_ended_fields[] = {
    {F_EXEMPTION, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
};

static const struct field_spec alert_acknowledged_fields[] = {
    {F_ALERT, VALUE_INT, FIELD_REQUIRED, NULL, 1, INT64_MAX},
    {F_UNTIL, VALUE_DATE, 0, NULL, 0, 0},
    {F_NOTE, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
    {F_WORD, VALUE_NAME, 0, NULL, 0, 0},
};

static const struct field_spec alert_noted_fields[] = {
    {F_ALERT, VALUE_INT, FIELD_REQUIRED, NULL, 1, INT64_MAX},
    {F_NOTE, VALUE_TEXT, FIELD_REQUIRED | FIELD_PERSONAL, NULL, 0, 0},
};

static const struct field_spec key_allowed_fields[] = {
    {F_KEY, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_PUBLIC, VALUE_KEY, FIELD_REQUIRED, NULL, 0, 0},
    {F_ROLE, VALUE_ENUM, FIELD_REQUIRED, key_role_words, 0, 0},
    {F_BRANCHES, VALUE_REFS, FIELD_ITEMS, NULL, 0, 0},
    {F_AREAS, VALUE_AREAS, 0, NULL, 0, 0},
};

static const struct field_spec key_revoked_fields[] = {
    {F_KEY, VALUE_REF, FIELD_REQUIRED, NULL, 0, 0},
    {F_REASON, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
};

static const struct field_spec report_frozen_fields[] = {
    {F_NAME, VALUE_NAME, FIELD_REQUIRED, NULL, 0, 0},
    {F_YEAR, VALUE_INT, FIELD_REQUIRED, NULL, 1900, 9999},
    {F_AS_OF, VALUE_DATE, FIELD_REQUIRED, NULL, 0, 0},
    {F_AREA, VALUE_TEXT, 0, NULL, 0, 0},
    {F_BRANCH, VALUE_REF, 0, NULL, 0, 0},
    {F_DENOMINATOR, VALUE_ENUM, 0, denominator_words, 0, 0},
    {F_COUNTED, VALUE_INT, FIELD_REQUIRED, NULL, 1, INT64_MAX},
    {F_HEAD, VALUE_NAME, FIELD_REQUIRED, NULL, 0, 0},
    {F_KNOWN_ON, VALUE_NAME, FIELD_REQUIRED, NULL, 0, 0},
    {F_PACK, VALUE_NAME, FIELD_REQUIRED, NULL, 0, 0},
    {F_FIGURES, VALUE_TEXTS, FIELD_REQUIRED | FIELD_ITEMS, NULL, 0, 0},
};

static const struct field_spec event_redacted_fields[] = {
    {F_EVENT, VALUE_UUID, FIELD_REQUIRED, NULL, 0, 0},
    {F_REASON, VALUE_TEXT, FIELD_PERSONAL, NULL, 0, 0},
    {F_KEPT, VALUE_TEXT, 0, NULL, 0, 0}, /* the daemon's: hash of what was left */
};

static const struct type_spec types[EV_COUNT] = {
    [EV_LEDGER_OPENED] = {"ledger.opened", true, ledger_opened_fields, ARRAY_LEN(ledger_opened_fields)},
    [EV_ALERT_OPENED] = {"alert.opened", true, alert_opened_fields, ARRAY_LEN(alert_opened_fields)},
    [EV_ALERT_CHANGED] = {"alert.changed", true, alert_changed_fields, ARRAY_LEN(alert_changed_fields)},
    [EV_ALERT_CLOSED] = {"alert.closed", true, alert_closed_fields, ARRAY_LEN(alert_closed_fields)},
    [EV_UNIT_REGISTERED] = {"unit.registered", false, unit_registered_fields, ARRAY_LEN(unit_registered_fields)},
    [EV_UNIT_CHANGED] = {"unit.changed", false, unit_changed_fields, ARRAY_LEN(unit_changed_fields)},
    [EV_UNIT_CLOSED] = {"unit.closed", false, unit_closed_fields, ARRAY_LEN(unit_closed_fields)},
    [EV_BRANCH_FOUNDED] = {"branch.founded", false, branch_founded_fields, ARRAY_LEN(branch_founded_fields)},
    [EV_BRANCH_CHANGED] = {"branch.changed", false, branch_changed_fields, ARRAY_LEN(branch_changed_fields)},
    [EV_BRANCH_ELECTED] = {"branch.elected", false, branch_elected_fields, ARRAY_LEN(branch_elected_fields)},
    [EV_BRANCH_RATED] = {"branch.rated", false, branch_rated_fields, ARRAY_LEN(branch_rated_fields)},
    [EV_BRANCH_DISSOLVED] = {"branch.dissolved", false, branch_dissolved_fields, ARRAY_LEN(branch_dissolved_fields)},
    [EV_MEMBER_ADMITTED] = {"member.admitted", false, member_admitted_fields, ARRAY_LEN(member_admitted_fields)},
    [EV_MEMBER_CONVERTED] = {"member.converted", false, member_converted_fields, ARRAY_LEN(member_converted_fields)},
    [EV_MEMBER_EXTENDED] = {"member.extended", false, member_extended_fields, ARRAY_LEN(member_extended_fields)},
    [EV_MEMBER_CHANGED] = {"member.changed", false, member_changed_fields, ARRAY_LEN(member_changed_fields)},
    [EV_MEMBER_MOVED] = {"member.moved", false, member_moved_fields, ARRAY_LEN(member_moved_fields)},
    [EV_MEMBER_LEFT] = {"member.left", false, member_left_fields, ARRAY_LEN(member_left_fields)},
    [EV_OFFICE_TAKEN] = {"office.taken", false, office_taken_fields, ARRAY_LEN(office_taken_fields)},
    [EV_OFFICE_LEFT] = {"office.left", false, office_left_fields, ARRAY_LEN(office_left_fields)},
    [EV_ALLIANCE_FORMED] = {"alliance.formed", false, alliance_formed_fields, ARRAY_LEN(alliance_formed_fields)},
    [EV_ALLIANCE_JOINED] = {"alliance.joined", false, alliance_joined_fields, ARRAY_LEN(alliance_joined_fields)},
    [EV_ALLIANCE_LEFT] = {"alliance.left", false, alliance_left_fields, ARRAY_LEN(alliance_left_fields)},
    [EV_MEETING] = {"meeting", false, meeting_fields, ARRAY_LEN(meeting_fields)},
    [EV_TRAINING] = {"training", false, training_fields, ARRAY_LEN(training_fields)},
    [EV_CONTACT] = {"contact", false, contact_fields, ARRAY_LEN(contact_fields)},
    [EV_MEMBER_AWAY] = {"member.away", false, member_away_fields, ARRAY_LEN(member_away_fields)},
    [EV_MEMBER_RETURNED] = {"member.returned", false, member_returned_fields, ARRAY_LEN(member_returned_fields)},
    [EV_TRANSFER_ISSUED] = {"transfer.issued", false, transfer_issued_fields, ARRAY_LEN(transfer_issued_fields)},
    [EV_TRANSFER_RECEIVED] = {"transfer.received", false, transfer_received_fields, ARRAY_LEN(transfer_received_fields)},
    [EV_TRANSFER_RECEIPTED] = {"transfer.receipted", false, transfer_receipted_fields, ARRAY_LEN(transfer_receipted_fields)},
    [EV_TRANSFER_CANCELLED] = {"transfer.cancelled", false, transfer_cancelled_fields, ARRAY_LEN(transfer_cancelled_fields)},
    [EV_EVENT_VOIDED] = {"event.voided", false, event_voided_fields, ARRAY_LEN(event_voided_fields)},
    [EV_EXEMPTION_GRANTED] = {"exemption.granted", false, exemption_granted_fields, ARRAY_LEN(exemption_granted_fields)},
    [EV_EXEMPTION_ENDED] = {"exemption.ended", false, exemption_ended_fields, ARRAY_LEN(exemption_ended_fields)},
    [EV_ALERT_ACKNOWLEDGED] = {"alert.acknowledged", false, alert_acknowledged_fields, ARRAY_LEN(alert_acknowledged_fields)},
    [EV_ALERT_NOTED] = {"alert.noted", false, alert_noted_fields, ARRAY_LEN(alert_noted_fields)},
    [EV_KEY_ALLOWED] = {"key.allowed", false, key_allowed_fields, ARRAY_LEN(key_allowed_fields)},
    [EV_KEY_REVOKED] = {"key.revoked", false, key_revoked_fields, ARRAY_LEN(key_revoked_fields)},
    [EV_REPORT_FROZEN] = {"report.frozen", false, report_frozen_fields, ARRAY_LEN(report_frozen_fields)},
    [EV_EVENT_REDACTED] = {"event.redacted", false, event_redacted_fields, ARRAY_LEN(event_redacted_fields)},
};

static const char *const field_names[F_COUNT] = {
    [F_ABOVE_SCALE] = "above_scale",
    [F_ABSENT] = "absent",
    [F_ADMITTED_ON] = "admitted_on",
    [F_ALERT] = "alert",
    [F_ALLIANCE] = "alliance",
    [F_AREA] = "area",
    [F_AREAS] = "areas",
    [F_AS_OF] = "as_of",
    [F_AUDIENCE] = "audience",
    [F_BODY] = "body",
    [F_BRANCH] = "branch",
    [F_BRANCHES] = "branches",
    [F_CHANNEL] = "channel",
    [F_COMMITTEE] = "committee",
    [F_COUNTED] = "counted",
    [F_CYCLE] = "cycle",
    [F_DENOMINATOR] = "denominator",
    [F_DESTINATION] = "destination",
    [F_DUE_COUNT] = "due_count",
    [F_DURATION_MIN] = "duration_min",
    [F_ELIGIBLE] = "eligible",
    [F_EVENT] = "event",
    [F_EXEMPTION] = "exemption",
    [F_FIGURES] = "figures",
    [F_FIXED] = "fixed",
    [F_FORM] = "form",
    [F_FROM_NAME] = "from_name",
    [F_GROUPS] = "groups",
    [F_GUESTS] = "guests",
    [F_HEAD] = "head",
    [F_HOST] = "host",
    [F_HOST_BRANCH] = "host_branch",
    [F_HOURS] = "hours",
    [F_INTO] = "into",
    [F_KEY] = "key",
    [F_KEPT] = "kept",
    [F_KINDS] = "kinds",
    [F_KNOWN_ON] = "known_on",
    [F_LEDGER] = "ledger",
    [F_LEVEL] = "level",
    [F_MEMBER] = "member",
    [F_NAME] = "name",
    [F_NEW] = "new",
    [F_NOTE] = "note",
    [F_NUMBER] = "number",
    [F_OFFICE] = "office",
    [F_PACK] = "pack",
    [F_PERSON] = "person",
    [F_PLACE] = "place",
    [F_PRESENT] = "present",
    [F_PRESENT_COUNT] = "present_count",
    [F_PRESENTER] = "presenter",
    [F_PUBLIC] = "public",
    [F_REASON] = "reason",
    [F_REHEARSAL] = "rehearsal",
    [F_ROLE] = "role",
    [F_RUBRIC] = "rubric",
    [F_RULE] = "rule",
    [F_RULES] = "rules",
    [F_SCORE] = "score",
    [F_SECTOR] = "sector",
    [F_SINCE] = "since",
    [F_STAFF] = "staff",
    [F_STAGE] = "stage",
    [F_STARS] = "stars",
    [F_SUBJECT] = "subject",
    [F_TAGS] = "tags",
    [F_TERM_STARTED] = "term_started",
    [F_TERM_YEARS] = "term_years",
    [F_TIMEZONE] = "timezone",
    [F_TITLE] = "title",
    [F_TO] = "to",
    [F_TO_NAME] = "to_name",
    [F_TOPICS] = "topics",
    [F_TRAINER] = "trainer",
    [F_TRANSFER] = "transfer",
    [F_UNIT] = "unit",
    [F_UNITS] = "units",
    [F_UNTIL] = "until",
    [F_VALID_DAYS] = "valid_days",
    [F_WHY] = "why",
    [F_WITH] = "with",
    [F_WORD] = "word",
    [F_YEAR] = "year",
};

static const char *const common_fields[] = {"id", "type", "at", "replaces", "extra"};

const struct type_spec *catalogue_type(enum event_type type)
{
    return &types[type];
}

/* On the submit path: the first letter rules out most names before any call. */
static inline bool is_name(const char *known, const char *name, size_t len)
{
    return known[0] == name[0] && strncmp(known, name, len) == 0 && known[len] == '\0';
}

enum event_type catalogue_find_type(const char *name, size_t len_bytes)
{
    for (int i = EV_NONE + 1; len_bytes && i < EV_COUNT; i++)
        if (is_name(types[i].name, name, len_bytes))
            return (enum event_type)i;
    return EV_NONE;
}

const char *catalogue_nearest_type(const char *name)
{
    const char *names[EV_COUNT];
    size_t n = 0;

    for (int i = EV_NONE + 1; i < EV_COUNT; i++)
        if (!types[i].daemon_only)
            names[n++] = types[i].name;
    return text_nearest(name, names, n);
}

const char *field_name(enum field_id id)
{
    return field_names[id];
}

const struct field_spec *catalogue_field(enum event_type type, enum field_id id)
{
    for (size_t i = 0; i < types[type].field_count; i++)
        if (types[type].fields[i].id == id)
            return &types[type].fields[i];
    return NULL;
}

const struct field_spec *catalogue_find_field(enum event_type type, const char *name,
                                              size_t len_bytes)
{
    for (size_t i = 0; len_bytes && i < types[type].field_count; i++)
        if (is_name(field_names[types[type].fields[i].id], name, len_bytes))
            return &types[type].fields[i];
    return NULL;
}

const char *catalogue_nearest_field(enum event_type type, const char *name)
{
    const char *names[F_COUNT + ARRAY_LEN(common_fields)];
    size_t n = 0;

    for (; n < ARRAY_LEN(common_fields); n++)
        names[n] = common_fields[n];
    for (size_t i = 0; i < types[type].field_count; i++)
        names[n++] = field_names[types[type].fields[i].id];
    return text_nearest(name, names, n);
}
