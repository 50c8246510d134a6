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
    printf("%s\n", said(verb->en));
}

void help_all(void)
{
    printf(_("muster %s - the activity ledger\n\nusage: muster VERB ... [--json | --csv] [--server ENDPOINT]\n"
              "       muster VERB --help shows options and an example\n"),
           MUSTER_VERSION);
    for (const struct family *const *family = families; *family; family++) {
        printf("\n%s\n", said((*family)->en));
        for (size_t i = 0; i < (*family)->count; i++)
            print_verb_line(&(*family)->verbs[i]);
    }
    printf("%s", _("\nDates: 2022-11-05, 11-05, today, yesterday, -3d; with a time 2022-11-05T15:00\n"
                    "Exit: 0 done, 1 refused, 2 usage, 3 no musterd, 5 not allowed\n"));
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
        printf("  %-26s %s\n", buf_str(&left), said(spec->en));
    }
    free(set.specs);
}

void help_verb(const struct verb *verb)
{
    const char *line = verb->example;

    printf(_("usage: muster %s%s%s [options]\n\n%s\n\nexample:\n"),
           verb->name, *verb->words ? " " : "", verb->words, said(verb->en));
    while (*line) {
        size_t len = strcspn(line, "\n");

        printf("  %.*s\n", (int)len, line);
        line += len + (line[len] == '\n');
    }
    printf("\n%s\n", _("options:"));
    print_options(verb);
}
