/* Activity, mobility and corrections: which verb records what. */
#include "base/cleanup.h"
#include "families.h"
#include "record.h"

static const struct verb activity[] = {
    {.name = "meeting", .words = "BRANCH", .max_words = 1, .flags = VERB_NEEDS_AT, .run = record_run,
     .type = EV_MEETING, .word_fields = {F_BRANCH},
     .en = N_("record a meeting"),
     .example = "muster meeting B-017 --kind theme_day --at 2022-11-05 --count 9 --due 12\n"
                "muster meeting B-017 --kind general_meeting,life_meeting --at yesterday --present M0001,M0002 "
                "--absent M0003=ill --with B-020"},
    {.name = "training", .words = "", .flags = VERB_NEEDS_AT, .run = record_run, .type = EV_TRAINING,
     .en = N_("record a training"),
     .example = "muster training --title \"Safety at work\" --hours 4 --at 11-05 --branch B-017 --present M0001,M0002"},
};

static const struct verb mobility[] = {
    {.name = "transfer issue", .words = "[TRANSFER]", .max_words = 1, .flags = VERB_MAKES_REF, .run = record_run,
     .type = EV_TRANSFER_ISSUED, .word_fields = {F_TRANSFER},
     .en = N_("a letter of introduction is issued"),
     .example = "muster transfer issue T-2022-17 --member M0001 --to B-020\n"
                "muster transfer issue --member M0001 --to-name \"Riverside district\" --valid-days 60"},
    {.name = "transfer receive", .words = "TRANSFER", .max_words = 1, .run = record_run,
     .type = EV_TRANSFER_RECEIVED, .word_fields = {F_TRANSFER},
     .en = N_("the member has arrived"),
     .example = "muster transfer receive T-2022-17 --at today\n"
                "muster transfer receive T-2022-90 --from-name \"Riverside district\" --member M0900 --name \"Li Lei\" "
                "--stage full --branch B-017"},
    {.name = "transfer receipt", .words = "TRANSFER", .max_words = 1, .run = record_run,
     .type = EV_TRANSFER_RECEIPTED, .word_fields = {F_TRANSFER},
     .en = N_("the receipt is back"),
     .example = "muster transfer receipt T-2022-17"},
    {.name = "transfer cancel", .words = "TRANSFER", .max_words = 1, .run = record_run,
     .type = EV_TRANSFER_CANCELLED, .word_fields = {F_TRANSFER},
     .en = N_("a letter not yet received is cancelled"),
     .example = "muster transfer cancel T-2022-17 --reason \"stays after all\""},
    {.name = "away", .words = "MEMBER", .max_words = 1, .run = record_run, .type = EV_MEMBER_AWAY,
     .word_fields = {F_MEMBER},
     .en = N_("a mobile member leaves"),
     .example = "muster away M0001 --destination Guangdong --fixed --at -3d"},
    {.name = "back", .words = "MEMBER", .max_words = 1, .run = record_run, .type = EV_MEMBER_RETURNED,
     .word_fields = {F_MEMBER},
     .en = N_("a mobile member returns"),
     .example = "muster back M0001 --at yesterday"},
    {.name = "contact", .words = "MEMBER", .max_words = 1, .run = record_run, .type = EV_CONTACT,
     .word_fields = {F_MEMBER},
     .en = N_("a member was reached"),
     .example = "muster contact M0001 --channel phone --note \"well; back in May\""},
};

static const struct verb correction[] = {
    {.name = "void", .words = "EVENT", .max_words = 1, .run = record_run, .type = EV_EVENT_VOIDED,
     .word_fields = {F_EVENT},
     .en = N_("takes an event out of effect"),
     .example = "muster void 1234 --reason \"entered twice\"\n"
                "muster meeting B-017 --kind theme_day --at 2022-11-06 --count 9 --replaces 1234"},
};

const struct family family_activity = {N_("Activity"), activity, ARRAY_LEN(activity)};
const struct family family_mobility = {N_("Mobility"), mobility, ARRAY_LEN(mobility)};
const struct family family_correction = {N_("Corrections (also: --replaces EVENT on every recording verb)"), correction, ARRAY_LEN(correction)};
