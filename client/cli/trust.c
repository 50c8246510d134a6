/* Proof and copies: the chain verified, the ledger exported. */
#include "trust.h"

#include "base/cleanup.h"
#include "families.h"

static const struct option_spec verify_options[] = {
    {"file", OPTION_TEXT, "EXPORT", NULL, "an export, with no daemon", "校验导出文件（不需要守护进程）"},
    {"head", OPTION_TEXT, "FILE", NULL, "also that nothing was changed since the heads in that file were signed",
     "并校验自该文件中的链首值签署以来未被改动"},
    {"deep", OPTION_FLAG, NULL, NULL, "also that all tables follow from the rows, by a replay", "并通过重放校验各表与记录一致"},
};

static const struct option_spec reads_options[] = {
    {"member", OPTION_TEXT, "MEMBER", "member", "of that member's history", "该党员的"},
    {"by", OPTION_TEXT, "NAME", "by", "by that user or key", "该用户或密钥的"},
    {"since", OPTION_DATE, "D", "since", "from that day on", "自该日起"},
};

static const struct option_spec redact_options[] = {
    {"member", OPTION_TEXT, "MEMBER", NULL, "of all that is about that member, but for meetings and trainings",
     "关于该党员的全部记录（会议、培训除外）"},
    {"reason", OPTION_TEXT, "TEXT", NULL, "why; kept as every text is", "原因"},
    {"yes", OPTION_FLAG, NULL, NULL, "do it; without, it is only shown", "确认删除；不加则只显示"},
};

static const struct verb verbs[] = {
    {.name = "verify", .words = "", .options = verify_options, .option_count = ARRAY_LEN(verify_options), .run = verify_run,
     .en = "whether any row was changed, taken out or put in", .zh = "校验是否有记录被改动、删去或插入",
     .example = "muster verify\nmuster verify --file ledger.jsonl\nmuster verify --head heads.jsonl"},
    {.name = "head", .words = "", .run = head_run, .en = "the chain's newest value, signed: to be kept elsewhere",
     .zh = "签名的链首值，供另行保存", .example = "muster head >> /media/usb/heads.jsonl"},
    {.name = "backup", .words = "FILE", .min_words = 1, .max_words = 1, .run = backup_run,
     .en = "a checked copy of the database while the daemon works", .zh = "在服务运行时备份数据库并校验",
     .example = "muster backup /var/lib/muster/backups/2022-11-05.db"},
    {.name = "export", .words = "[FILE|-]", .max_words = 1, .run = export_run,
     .en = "the whole ledger as JSON Lines, with chain values", .zh = "导出整个台账（JSON Lines，含链值）",
     .example = "muster export ledger.jsonl\nmuster export | zstd > ledger.jsonl.zst"},
    {.name = "redact", .words = "[EVENT...]", .max_words = 1000, .options = redact_options,
     .option_count = ARRAY_LEN(redact_options), .run = redact_run,
     .en = "erase names, notes and other personal texts, for ever", .zh = "永久删除姓名、备注等个人信息",
     .example = "muster redact 1234 --yes\nmuster redact --member M0001\n"
                "muster redact --member M0001 --reason \"asked for on 2022-11-05\" --yes"},
    {.name = "reads", .words = "", .flags = VERB_LISTS, .options = reads_options, .option_count = ARRAY_LEN(reads_options),
     .run = reads_run, .en = "who read whose history, and when", .zh = "谁在何时查阅了谁的记录",
     .example = "muster reads --member M0001\nmuster reads --by wang --since -7d"},
};

const struct family family_trust = {"Proof and copies", "校验与备份", verbs, ARRAY_LEN(verbs)};
