/* Help, made from the tables that drive the command. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "families.h"
#include "say.h"

static void print_verb_line(const struct verb *verb)
{
    _cleanup_buf_ struct buf usage = {0};

    if (verb->flags & VERB_HIDDEN)
        return;
    buf_addf(&usage, "%s%s%s", verb->name, *verb->words ? " " : "", verb->words);
    printf("  %-34s ", buf_str(&usage));
    printf("%s\n", tr(verb->en, verb->zh));
}

void help_all(void)
{
    printf(tr("muster %s - the activity ledger\n\nusage: muster VERB ... [--json | --csv] [--server ENDPOINT]\n"
              "       muster VERB --help shows options and an example\n",
              "muster %s - 活动台账\n\n用法：muster 动词 … [--json | --csv] [--server 地址]\n"
              "      muster 动词 --help 显示选项与示例\n"),
           MUSTER_VERSION);
    for (const struct family *const *family = families; *family; family++) {
        printf("\n%s\n", tr((*family)->en, (*family)->zh));
        for (size_t i = 0; i < (*family)->count; i++)
            print_verb_line(&(*family)->verbs[i]);
    }
    printf("%s", tr("\nDates: 2022-11-05, 11-05, today, yesterday, -3d; with a time 2022-11-05T15:00\n"
                    "Exit: 0 done, 1 refused, 2 usage, 3 no musterd, 5 not allowed\n",
                    "\n日期：2022-11-05、11-05、today、yesterday、-3d；带时间 2022-11-05T15:00\n"
                    "退出码：0 完成，1 被拒绝，2 用法有误，3 连不上 musterd，5 无权限\n"));
}

void help_group(const char *word)
{
    for (const struct family *const *family = families; *family; family++)
        for (size_t i = 0; i < (*family)->count; i++) {
            const struct verb *verb = &(*family)->verbs[i];

            if (strncmp(verb->name, word, strlen(word)) == 0 && verb->name[strlen(word)] == ' ')
                print_verb_line(verb);
        }
}

static void print_options(const struct verb *verb)
{
    struct option_set set = {0};

    options_for_verb(&set, verb);
    for (size_t i = 0; i < set.count; i++) {
        const struct option_spec *spec = &set.specs[i];
        _cleanup_buf_ struct buf left = {0};

        if (!spec->en)
            continue;
        buf_addf(&left, "--%s", spec->name);
        if (spec->kind == OPTION_YES_NO)
            buf_add_str(&left, "[=yes|no]");
        else if (spec->value)
            buf_addf(&left, " %s", spec->value);
        printf("  %-26s %s\n", buf_str(&left), tr(spec->en, spec->zh));
    }
    free(set.specs);
}

void help_verb(const struct verb *verb)
{
    const char *line = verb->example;

    printf(tr("usage: muster %s%s%s [options]\n\n%s\n\nexample:\n", "用法：muster %s%s%s [选项]\n\n%s\n\n示例：\n"),
           verb->name, *verb->words ? " " : "", verb->words, tr(verb->en, verb->zh));
    while (*line) {
        size_t len = strcspn(line, "\n");

        printf("  %.*s\n", (int)len, line);
        line += len + (line[len] == '\n');
    }
    printf("\n%s\n", tr("options:", "选项："));
    print_options(verb);
}
