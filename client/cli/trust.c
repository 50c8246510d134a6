/* Proof and copies: the chain verified, the ledger exported. */
#include "trust.h"

#include "base/cleanup.h"
#include "families.h"

static const struct option_spec verify_options[] = {
    {"file", OPTION_TEXT, "EXPORT", NULL, N_("an export, with no daemon")},
    {"head", OPTION_TEXT, "FILE", NULL, N_("also that nothing was changed since the heads in that file were signed")},
    {"deep", OPTION_FLAG, NULL, NULL, N_("also that all tables follow from the rows, by a replay")},
};

static const struct option_spec reads_options[] = {
    {"member", OPTION_TEXT, "MEMBER", "member", N_("of that member's history")},
    {"by", OPTION_TEXT, "NAME", "by", N_("by that user or key")},
    {"since", OPTION_DATE, "D", "since", N_("from that day on")},
};

static const struct option_spec redact_options[] = {
    {"member", OPTION_TEXT, "MEMBER", NULL, N_("of all that is about that member, but for meetings and trainings")},
    {"reason", OPTION_TEXT, "TEXT", NULL, N_("why; kept as every text is")},
    {"yes", OPTION_FLAG, NULL, NULL, N_("do it; without, it is only shown")},
};

static const struct verb verbs[] = {
    {.name = "verify", .words = "", .flags = VERB_QUIET, .options = verify_options, .option_count = ARRAY_LEN(verify_options), .run = verify_run,
     .en = N_("whether any row was changed, taken out or put in"),
     .example = "muster verify\nmuster verify --file ledger.jsonl\nmuster verify --head heads.jsonl"},
    {.name = "head", .words = "", .run = head_run, .en = N_("the chain's newest value, signed: to be kept elsewhere"), .example = "muster head >> /media/usb/heads.jsonl"},
    {.name = "backup", .words = "FILE", .min_words = 1, .max_words = 1, .flags = VERB_QUIET, .run = backup_run,
     .en = N_("a checked copy of the database while the daemon works"),
     .example = "muster backup /var/lib/muster/backups/2022-11-05.db"},
    {.name = "export", .words = "[FILE|-]", .max_words = 1, .flags = VERB_QUIET, .run = export_run,
     .en = N_("the whole ledger as JSON Lines, with chain values"),
     .example = "muster export ledger.jsonl\nmuster export | zstd > ledger.jsonl.zst"},
    {.name = "redact", .words = "[EVENT...]", .max_words = 1000, .options = redact_options,
     .option_count = ARRAY_LEN(redact_options), .run = redact_run,
     .en = N_("erase names, notes and other personal texts, for ever"),
     .example = "muster redact 1234 --yes\nmuster redact --member M0001\n"
                "muster redact --member M0001 --reason \"asked for on 2022-11-05\" --yes"},
    {.name = "reads", .words = "", .flags = VERB_LISTS, .options = reads_options, .option_count = ARRAY_LEN(reads_options),
     .run = reads_run, .en = N_("who read whose history, and when"),
     .example = "muster reads --member M0001\nmuster reads --by wang --since -7d"},
};

const struct family family_trust = {N_("Proof and copies"), verbs, ARRAY_LEN(verbs)};
