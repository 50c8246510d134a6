/* Prints docs/catalogue.md from the catalogue (wire/catalogue.h). What the catalogue itself does not
 * know, the sentences for people, stands here; a type or field without one is an error. */
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "wire/catalogue.h"
#include "wire/kinds.h"

struct chapter {
    const char *title;
    enum event_type first, last;
};

static const struct chapter chapters[] = {
    {"Registers", EV_UNIT_REGISTERED, EV_ALLIANCE_LEFT},
    {"Activity", EV_MEETING, EV_CONTACT},
    {"Mobility", EV_MEMBER_AWAY, EV_TRANSFER_CANCELLED},
    {"Administration", EV_EVENT_VOIDED, EV_EVENT_REDACTED},
    {"Written by the daemon alone", EV_LEDGER_OPENED, EV_ALERT_CLOSED},
};

/* What the event says, and the conditions that one field alone does not show. */
static const char *const about[EV_COUNT] = {
    [EV_UNIT_REGISTERED] = "An enterprise or association enters the register.",
    [EV_UNIT_CHANGED] = "Its particulars change; what is not named stays. At least one field besides `unit`.",
    [EV_UNIT_CLOSED] = "It is closed: from that day on it is no longer in force.",
    [EV_BRANCH_FOUNDED] = "A branch is founded.",
    [EV_BRANCH_CHANGED] = "Its particulars change; what is not named stays. At least one field besides `branch`.",
    [EV_BRANCH_ELECTED] = "An election: a new term starts at `at`.",
    [EV_BRANCH_RATED] = "Its stars for a cycle.",
    [EV_BRANCH_DISSOLVED] = "It is dissolved. Impossible while it has members at the end of that day.",
    [EV_MEMBER_ADMITTED] = "A member enters the roll. One who left may be admitted again under the same ref.",
    [EV_MEMBER_CONVERTED] = "From probationary to full.",
    [EV_MEMBER_EXTENDED] = "Probation goes on until a date.",
    [EV_MEMBER_CHANGED] = "At least one field besides `member`.",
    [EV_MEMBER_MOVED] = "To another branch of this ledger, without a letter. Impossible while a letter is open.",
    [EV_MEMBER_LEFT] = "Leaves the roll. The day itself still counts as a member's; an open letter ends with it.",
    [EV_OFFICE_TAKEN] = "Somebody takes an office in a body.",
    [EV_OFFICE_LEFT] = "Somebody leaves it.",
    [EV_ALLIANCE_FORMED] = "Branches and units form an alliance.",
    [EV_ALLIANCE_JOINED] = "One of `branch` and `unit` joins.",
    [EV_ALLIANCE_LEFT] = "One of `branch` and `unit` leaves.",
    [EV_MEETING] = "A meeting of a branch, alone or with others; it may be of several kinds at once.",
    [EV_TRAINING] = "A training, of a branch or of none.",
    [EV_CONTACT] = "A member was reached.",
    [EV_MEMBER_AWAY] = "A mobile member is away from now on. Once more while away: the destination changes, not the beginning.",
    [EV_MEMBER_RETURNED] = "Is back.",
    [EV_TRANSFER_ISSUED] = "A letter of introduction is issued, `to` a branch or `to_name` outside this ledger. "
                           "One open letter a member. Until it is received the member belongs to the old branch.",
    [EV_TRANSFER_RECEIVED] = "The member has arrived; ends an absence. For a letter issued here, `transfer` alone. From outside: `from_name`, "
                             "and with it `member`, `name`, `stage` and `branch`.",
    [EV_TRANSFER_RECEIPTED] = "The receipt is back at the sender.",
    [EV_TRANSFER_CANCELLED] = "Only while it is not received.",
    [EV_EVENT_VOIDED] = "Takes an event out of effect, for every day. An event goes out of effect once; a void itself cannot.",
    [EV_EXEMPTION_GRANTED] = "Rules do not apply to a subject, from `at` to `until`, both included.",
    [EV_EXEMPTION_ENDED] = "From `at` on it is no longer in force.",
    [EV_ALERT_ACKNOWLEDGED] = "Staff have seen an alert. It stays open.",
    [EV_ALERT_NOTED] = "A note on an alert.",
    [EV_KEY_ALLOWED] = "A key may be used from this row on. Every role but `admin` needs `branches` or `areas`. A name is never used again, "
                       "nor is a key. Neither this event nor the next can be voided or replaced.",
    [EV_KEY_REVOKED] = "A key may not be used any more, whatever `at` says.",
    [EV_REPORT_FROZEN] = "The figures of a year as they were published ([reports.md](reports.md)); changes nothing. Row `counted` must have the "
                         "chain value `head`.",
    [EV_EVENT_REDACTED] = "The personal text of an event is erased for ever ([ledger.md](ledger.md)); the event stays in effect. Impossible where "
                         "there is none. `kept` is for the daemon to write. Cannot be voided or replaced.",
    [EV_LEDGER_OPENED] = "The first row.",
    [EV_ALERT_OPENED] = "Its `seq` is the alert's number.",
    [EV_ALERT_CHANGED] = "Another level, or another `since`.",
    [EV_ALERT_CLOSED] = "The rule no longer says so.",
};

/* What a field means, wherever it stands, but for the exceptions below. */
static const char *const meanings[F_COUNT] = {
    [F_ABOVE_SCALE] = "above the size from which statistics count it",
    [F_ABSENT] = "who was absent, and why; nobody who is in `present`",
    [F_ADMITTED_ON] = "the day of admission, if it was before `at`",
    [F_ALERT] = "the alert's number",
    [F_ALLIANCE] = "the alliance",
    [F_AREA] = "code of the area; rules and lists match it from its beginning",
    [F_AREAS] = "areas in its scope, from the beginning of their codes; `*` alone for the whole district",
    [F_AS_OF] = "the day that its figures are of",
    [F_AUDIENCE] = "for whom it was",
    [F_BODY] = "the body, such as a committee",
    [F_BRANCH] = "the branch",
    [F_BRANCHES] = "branches that form it",
    [F_CHANNEL] = "how",
    [F_COMMITTEE] = "it has a committee; false if absent at the founding",
    [F_COUNTED] = "the newest row that was counted",
    [F_CYCLE] = "the year rated",
    [F_DENOMINATOR] = "of coverage: over all units (`operating`, if absent), or only those so marked",
    [F_DESTINATION] = "where to, at province level",
    [F_DUE_COUNT] = "how many should have come",
    [F_DURATION_MIN] = "minutes it took",
    [F_ELIGIBLE] = "meets the conditions for a branch of its own",
    [F_EVENT] = "id of the event",
    [F_EXEMPTION] = "the exemption",
    [F_FIGURES] = "each as its name, a blank and its value; `-` for none",
    [F_FIXED] = "at a settled place",
    [F_FORM] = "form of organisation",
    [F_FROM_NAME] = "the sender, outside this ledger",
    [F_GROUPS] = "number of groups; 0 if absent at the founding",
    [F_GUESTS] = "guests present, beside the members",
    [F_HEAD] = "chain value of that row",
    [F_HOST] = "who held it",
    [F_HOST_BRANCH] = "the branch there that looks after the member",
    [F_HOURS] = "class hours",
    [F_INTO] = "the branch that takes over",
    [F_KEY] = "name of the key: what `recorded_by` says of its rows",
    [F_KEPT] = "hash of what was left of the text",
    [F_KINDS] = "kinds of the meeting",
    [F_KNOWN_ON] = "when the newest row that was counted was recorded",
    [F_LEDGER] = "the ledger's UUID",
    [F_LEVEL] = "level of the alert",
    [F_MEMBER] = "the member",
    [F_NAME] = "name",
    [F_NEW] = "newly admitted; false: entered from an existing roster",
    [F_NOTE] = "a remark",
    [F_NUMBER] = "the letter's own number",
    [F_OFFICE] = "the office, such as `deputy_secretary`",
    [F_PACK] = "hash of the rule pack",
    [F_PERSON] = "who",
    [F_PLACE] = "where",
    [F_PRESENT] = "members present, of any branch",
    [F_PRESENT_COUNT] = "how many members were present; at least as many as `present` names",
    [F_PRESENTER] = "who presented",
    [F_PUBLIC] = "its public part",
    [F_REASON] = "why",
    [F_REHEARSAL] = "the ledger is a rehearsal",
    [F_ROLE] = "role in the branch; `none` if absent at the beginning",
    [F_RUBRIC] = "by which rubric",
    [F_RULE] = "id of the rule",
    [F_RULES] = "ids of the rules, or `*` alone for all; a rule that the pack does not have is accepted",
    [F_SCORE] = "score",
    [F_SECTOR] = "sector",
    [F_SINCE] = "since when",
    [F_STAFF] = "number of staff",
    [F_STAGE] = "stage of membership",
    [F_STARS] = "stars",
    [F_SUBJECT] = "whom it concerns",
    [F_TAGS] = "words to find it by",
    [F_TERM_STARTED] = "when the present term started",
    [F_TERM_YEARS] = "years of a term; 3 if never given",
    [F_TIMEZONE] = "zone of civil dates",
    [F_TITLE] = "title",
    [F_TO] = "the branch that is to receive the member",
    [F_TO_NAME] = "the receiver, outside this ledger",
    [F_TOPICS] = "topics",
    [F_TRAINER] = "who taught",
    [F_TRANSFER] = "the letter",
    [F_UNIT] = "the unit",
    [F_UNITS] = "units",
    [F_UNTIL] = "until that day, included",
    [F_VALID_DAYS] = "days for which the letter is valid; written in by the daemon (`transfer_valid_days`) where absent",
    [F_WHY] = "why it closed",
    [F_WITH] = "the other branches of a joint session",
    [F_WORD] = "the one-time word of a message: it works once ([notices.md](notices.md))",
    [F_YEAR] = "the year that its figures are of",
};

static const struct exception {
    enum event_type type;
    enum field_id field;
    const char *meaning;
} exceptions[] = {
    {EV_BRANCH_CHANGED, F_COMMITTEE, "it has a committee"},
    {EV_BRANCH_CHANGED, F_GROUPS, "number of groups"},
    {EV_BRANCH_ELECTED, F_TERM_YEARS, "years of the new term; as before if absent"},
    {EV_MEMBER_MOVED, F_BRANCH, "the new branch"},
    {EV_MEMBER_CHANGED, F_ROLE, "role in the branch"},
    {EV_REPORT_FROZEN, F_NAME, "what it was published as"},
    {EV_REPORT_FROZEN, F_AREA, "of that area only"},
    {EV_REPORT_FROZEN, F_BRANCH, "of that branch only"},
    {EV_REPORT_FROZEN, F_PACK, "hash of the rule pack then in force"},
    {EV_KEY_ALLOWED, F_BRANCHES, "branches in its scope"},
    {EV_KEY_ALLOWED, F_ROLE, "what it may do ([protocol.md](protocol.md), \"Who may do what\")"},
    {EV_MEMBER_ADMITTED, F_UNIT, "the unit where the member works"},
    {EV_MEMBER_CHANGED, F_UNIT, "the unit where the member works"},
    {EV_TRANSFER_RECEIVED, F_UNIT, "the unit where the member works"},
    {EV_BRANCH_FOUNDED, F_UNITS, "units that it covers"},
    {EV_BRANCH_CHANGED, F_UNITS, "units that it covers, all of them"},
    {EV_ALLIANCE_FORMED, F_UNITS, "units that form it"},
    {EV_EXEMPTION_GRANTED, F_UNTIL, "last day, not before `at`"},
    {EV_MEMBER_EXTENDED, F_UNTIL, "when probation ends now"},
    {EV_ALERT_ACKNOWLEDGED, F_UNTIL, "not to be told again before then"},
};

static const char head[] =
    "# The catalogue of events\n"
    "\n"
    "<!-- Printed by tests/lint/catalogue_doc.c from common/wire/catalogue.c: change it there. -->\n"
    "\n"
    "What can be recorded. [protocol.md](protocol.md) says how to send it, [ledger.md](ledger.md) what it means to have\n"
    "recorded it.\n"
    "\n"
    "An event is a JSON object, at most 64 KiB as sent, at most 32 levels deep, no key twice:\n"
    "\n"
    "    {\"id\": \"0184463f-2d0c-7c3e-9a51-6f0b8f0c2a11\", \"type\": \"meeting\", \"at\": \"2022-11-05T15:00:00+08:00\",\n"
    "     \"branch\": \"B-017\", \"kinds\": [\"theme_day\"], \"present\": [\"M0001\", \"M0002\"], \"due_count\": 12}\n"
    "\n"
    "| field of every event | | value | meaning |\n"
    "|---|---|---|---|\n"
    "| `id` | needed | UUID, lower case | chosen by the client before the first attempt; version 7 is best, being in the order of time |\n"
    "| `type` | needed | a type below | |\n"
    "| `at` | needed | time or date | when it happened: RFC 3339 with seconds and offset, or a civil date; from 1900-01-01 to the daemon's today |\n"
    "| `replaces` | | UUID | the earlier event of the same type that this one corrects; that one goes out of effect |\n"
    "| `extra` | | object | fields of your own: kept, given back, never interpreted; *personal*. Within the 64 KiB and the 32 levels of the event (which is the first); whole numbers fit into 64 bits with a sign, others into a double, and texts hold no U+0000: more could not be read back, and is `invalid_value` |\n"
    "\n"
    "`null` is the same as absent. An unknown field is refused, with the nearest known name.\n"
    "\n"
    "| value | is |\n"
    "|---|---|\n"
    "| ref | id of a register entry: 1 to 64 bytes of letters (any script), digits, `-` `_` `.`, in Unicode NFC |\n"
    "| text | UTF-8, at most 4 KiB, no control characters but newline and tab; kept as given |\n"
    "| name | a text that is not empty |\n"
    "| date | civil date, `2022-11-05` |\n"
    "| list of ... | no item twice |\n"
    "\n"
    "*Personal* fields are names and free texts about people. They are stored apart from the rest of the event, so that\n"
    "they can be erased without breaking the chain ([ledger.md](ledger.md)).\n";

static void print_words(const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        printf("%s`%s`", i ? " " : "", words[i]);
}

static void print_meeting_kinds(void)
{
    struct kinds kinds;

    kinds_init(&kinds);
    printf("list, not empty: ");
    for (int i = 0; i < KIND_STANDARD; i++)
        printf("`%s` ", kinds.names[i]);
    printf("and those of the configuration");
    kinds_deinit(&kinds);
}

static void print_int(const struct field_spec *f)
{
    if (f->max == INT64_MAX)
        printf("whole number from %lld", (long long)f->min);
    else
        printf("whole number, %lld to %lld", (long long)f->min, (long long)f->max);
}

static void print_value(enum event_type type, const struct field_spec *f)
{
    switch (f->kind) {
    case VALUE_REF: printf("ref"); break;
    case VALUE_NAME: printf("name"); break;
    case VALUE_TEXT: printf("text"); break;
    case VALUE_ENUM: print_words(f->words); break;
    case VALUE_KINDS: print_meeting_kinds(); break;
    case VALUE_BOOL: printf("`true` `false`"); break;
    case VALUE_INT: print_int(f); break;
    case VALUE_HOURS: printf("above 0, at most 1000, at most 2 decimals"); break;
    case VALUE_NUMBER: printf("number"); break;
    case VALUE_DATE: printf("date"); break;
    case VALUE_UUID: printf("UUID"); break;
    case VALUE_REFS: printf("list of refs"); break;
    case VALUE_TEXTS: printf("list of texts"); break;
    case VALUE_ABSENT: printf("list of {`member`: ref, `reason`: text}"); break;
    case VALUE_SUBJECT:
        printf("{`branch` \\| `member` \\| `unit`%s: ref}", catalogue_type(type)->daemon_only ? " \\| `transfer`" : "");
        break;
    case VALUE_RULES: printf("list, not empty"); break;
    case VALUE_AREAS: printf("list, not empty"); break;
    case VALUE_KEY: printf("40 characters of Z85"); break;
    }
    if (f->flags & FIELD_ITEMS)
        printf(", not empty");
}

static const char *meaning_of(enum event_type type, enum field_id field)
{
    for (size_t i = 0; i < ARRAY_LEN(exceptions); i++)
        if (exceptions[i].type == type && exceptions[i].field == field)
            return exceptions[i].meaning;
    return meanings[field];
}

static int print_field(enum event_type type, const struct field_spec *f)
{
    const char *meaning = meaning_of(type, f->id);

    if (!meaning) {
        fprintf(stderr, "the field %s of %s has no meaning\n", field_name(f->id), catalogue_type(type)->name);
        return 1;
    }
    printf("| `%s` | %s | ", field_name(f->id), f->flags & FIELD_REQUIRED ? "needed" : "");
    print_value(type, f);
    printf(" | %s%s |\n", meaning, f->flags & FIELD_PERSONAL ? "; *personal*" : "");
    return 0;
}

static int print_type(enum event_type type)
{
    const struct type_spec *spec = catalogue_type(type);
    int wrong = 0;

    if (!about[type]) {
        fprintf(stderr, "the type %s has no sentence\n", spec->name);
        return 1;
    }
    printf("\n### `%s`\n\n%s\n\n| field | | value | meaning |\n|---|---|---|---|\n", spec->name, about[type]);
    for (size_t i = 0; i < spec->field_count; i++)
        wrong |= print_field(type, &spec->fields[i]);
    return wrong;
}

int main(void)
{
    bool printed[EV_COUNT] = {false};
    int wrong = 0;

    fputs(head, stdout);
    for (size_t i = 0; i < ARRAY_LEN(chapters); i++) {
        printf("\n## %s\n", chapters[i].title);
        for (int type = (int)chapters[i].first; type <= (int)chapters[i].last; type++) {
            wrong |= print_type((enum event_type)type);
            printed[type] = true;
        }
    }
    for (int type = EV_NONE + 1; type < EV_COUNT; type++)
        if (!printed[type]) {
            fprintf(stderr, "the type %s is in no chapter\n", catalogue_type((enum event_type)type)->name);
            wrong = 1;
        }
    return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
