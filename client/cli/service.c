/* The rules in force, and the daemon itself. */
#include "base/cleanup.h"
#include "families.h"
#include "reading.h"

static const struct option_spec rules_options[] = {
    {"try", OPTION_TEXT, "FILE", NULL, N_("what the rule pack in that file would say")},
};
static const struct option_spec status_options[] = {
    {"check", OPTION_FLAG, NULL, NULL, N_("one line and 0, 1, 2 or 3, as Nagios wants it")},
};

static const struct option_spec clock_options[] = {
    {"confirm", OPTION_FLAG, NULL, NULL, N_("the machine's clock is right, after it leapt ahead by more than a day")},
};

static const struct verb verbs[] = {
    {.name = "rules", .words = "", .flags = VERB_LISTS | VERB_AS_OF, .options = rules_options,
     .option_count = ARRAY_LEN(rules_options), .run = rules_run,
     .en = N_("the rules in force; what another pack would say"),
     .example = "muster rules\nmuster rules --try two-new.cfg --as-of 2022-06-30"},
    {.name = "status", .words = "", .options = status_options, .option_count = ARRAY_LEN(status_options),
     .run = status_run, .en = N_("the daemon: version, ledger, lag, queues, errors"), .example = "muster status\nmuster status --json\nmuster status --check"},
    {.name = "clock", .words = "", .options = clock_options, .option_count = ARRAY_LEN(clock_options), .run = clock_run,
     .en = N_("what the daemon takes for the time"),
     .example = "muster clock\nmuster clock --confirm"},
};

const struct family family_service = {N_("Service"), verbs, ARRAY_LEN(verbs)};
