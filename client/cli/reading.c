/* What there is, what happened, what comes. */
#include "reading.h"

#include "base/cleanup.h"
#include "families.h"

static const struct option_spec recent_options[] = {
    {"branch", OPTION_TEXT, "BRANCH", "branch", N_("of that branch, or with it")},
    {"area", OPTION_TEXT, "AREA", "area", N_("of that area (a prefix)")},
    {"member", OPTION_TEXT, "MEMBER", "member", N_("about that member")},
    {"type", OPTION_TEXT, "TYPE", "type", N_("of that type; \"any\": everything, the voided marked")},
    {"kind", OPTION_TEXT, "KIND", "kind", N_("meetings of that kind")},
    {"since", OPTION_DATE, "D", "since", N_("from that day on")},
    {"until", OPTION_DATE, "D", "until", N_("up to that day")},
};
static const struct option_spec list_options[] = {
    {"area", OPTION_TEXT, "AREA", "area", N_("of that area (a prefix)")},
    {"branch", OPTION_TEXT, "BRANCH", "branch", N_("of that branch")},
    {"sector", OPTION_TEXT, "SECTOR", "sector", N_("enterprise or association")},
    {"ever", OPTION_FLAG, NULL, "all", N_("also those no longer in force")},
};
static const struct option_spec due_options[] = {
    {"within", OPTION_TEXT, "14d", "within", N_("how far ahead (14d)")},
    {"area", OPTION_TEXT, "AREA", "area", N_("of that area (a prefix)")},
    {"branch", OPTION_TEXT, "BRANCH", "branch", N_("of that branch")},
};
static const struct option_spec board_options[] = {
    {"year", OPTION_NUMBER, "Y", "year", N_("the year (this one)")},
    {"area", OPTION_TEXT, "AREA", "area", N_("of that area (a prefix)")},
    {"branch", OPTION_TEXT, "BRANCH", "branch", N_("that branch")},
    {"sums", OPTION_FLAG, NULL, NULL, N_("only the sums by township")},
    {"needs", OPTION_FLAG, NULL, NULL, N_("only the ten most in need of help, with why")},
};

static const struct verb verbs[] = {
    {.name = "recent", .words = "", .flags = VERB_LISTS | VERB_AS_OF | VERB_KNOWN_ON | VERB_FOLLOWS,
     .options = recent_options, .option_count = ARRAY_LEN(recent_options), .run = recent_run,
     .en = N_("recent activity, newest first"),
     .example = "muster recent --branch B-017 --since -30d\nmuster recent --type any --limit 10\nmuster recent --follow"},
    {.name = "list", .words = "WHAT", .min_words = 1, .max_words = 1,
     .flags = VERB_LISTS | VERB_AS_OF | VERB_KNOWN_ON, .options = list_options,
     .option_count = ARRAY_LEN(list_options), .run = list_run,
     .en = N_("branches, members, units, transfers, alliances, offices, exemptions"),
     .example = "muster list members --branch B-017\nmuster list branches --area 450312 --csv --bom > branches.csv"},
    {.name = "show", .words = "WHAT ID", .min_words = 2, .max_words = 2,
     .flags = VERB_LISTS | VERB_AS_OF | VERB_KNOWN_ON, .run = show_run,
     .en = N_("one branch, member, unit, transfer, alliance, body, exemption or event, and its history"),
     .example = "muster show branch B-017\nmuster show event 1234"},
    {.name = "due", .words = "", .flags = VERB_LISTS, .options = due_options,
     .option_count = ARRAY_LEN(due_options), .run = due_run,
     .en = N_("what has to happen next, before it is late"),
     .example = "muster due --within 14d\nmuster due --branch B-017 --within 2m"},
    {.name = "board", .words = "", .flags = VERB_LISTS | VERB_AS_OF | VERB_KNOWN_ON, .options = board_options,
     .option_count = ARRAY_LEN(board_options), .run = board_run,
     .en = N_("branches by duty and period"),
     .example = "muster board --year 2022\nmuster board --area 450312 --csv --bom > board.csv"},
};

const struct family family_reading = {N_("Reading"), verbs, ARRAY_LEN(verbs)};
