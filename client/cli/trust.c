/* Proof and copies: the chain verified, the ledger exported. */
#include "trust.h"

#include "base/cleanup.h"
#include "families.h"

static const struct option_spec verify_options[] = {
    {"file", OPTION_TEXT, "EXPORT", NULL, "an export, with no daemon", "校验导出文件（不需要守护进程）"},
};

static const struct verb verbs[] = {
    {.name = "verify", .words = "", .options = verify_options, .option_count = ARRAY_LEN(verify_options), .run = verify_run,
     .en = "whether any row was changed, taken out or put in", .zh = "校验是否有记录被改动、删去或插入",
     .example = "muster verify\nmuster verify --file ledger.jsonl"},
    {.name = "export", .words = "[FILE|-]", .max_words = 1, .run = export_run,
     .en = "the whole ledger as JSON Lines, with chain values", .zh = "导出整个台账（JSON Lines，含链值）",
     .example = "muster export ledger.jsonl\nmuster export | zstd > ledger.jsonl.zst"},
};

const struct family family_trust = {"Proof and copies", "校验与备份", verbs, ARRAY_LEN(verbs)};
