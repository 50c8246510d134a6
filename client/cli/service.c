/* The rules in force, and the daemon itself. */
#include "base/cleanup.h"
#include "families.h"
#include "reading.h"

static const struct option_spec rules_options[] = {
    {"try", OPTION_TEXT, "FILE", NULL, "what the rule pack in that file would say", "试用该规则文件"},
};
static const struct option_spec status_options[] = {
    {"check", OPTION_FLAG, NULL, NULL, "one line and 0, 1, 2 or 3, as Nagios wants it", "输出一行并以 0～3 退出（Nagios）"},
};

static const struct option_spec clock_options[] = {
    {"confirm", OPTION_FLAG, NULL, NULL, "the machine's clock is right, after it leapt ahead by more than a day",
     "确认机器时钟正确（在它向前跳跃超过一天之后）"},
};

static const struct verb verbs[] = {
    {.name = "rules", .words = "", .flags = VERB_LISTS | VERB_AS_OF, .options = rules_options,
     .option_count = ARRAY_LEN(rules_options), .run = rules_run,
     .en = "the rules in force; what another pack would say", .zh = "现行规则；试用另一规则包",
     .example = "muster rules\nmuster rules --try two-new.cfg --as-of 2022-06-30"},
    {.name = "status", .words = "", .options = status_options, .option_count = ARRAY_LEN(status_options),
     .run = status_run, .en = "the daemon: version, ledger, lag, queues, errors",
     .zh = "守护进程：版本、台账、滞后、队列、错误", .example = "muster status\nmuster status --json\nmuster status --check"},
    {.name = "clock", .words = "", .options = clock_options, .option_count = ARRAY_LEN(clock_options), .run = clock_run,
     .en = "what the daemon takes for the time", .zh = "守护进程认定的时间",
     .example = "muster clock\nmuster clock --confirm"},
};

const struct family family_service = {"Service", "服务", verbs, ARRAY_LEN(verbs)};
