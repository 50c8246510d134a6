#include "unusual.h"

#include <string.h>
#include <unistd.h>

#include "say.h"

enum {
    LONG_AGO_DAYS = 300,  /* paper is weeks late, sometimes months; a slip in the year makes most of a year */
    MONTH_DAYS = 30,
};

static bool is_activity(enum event_type type)
{
    return type == EV_MEETING || type == EV_TRAINING || type == EV_CONTACT;
}

bool unusual_is_meant(const struct cli *cli, const struct arguments *args, const char *at)
{
    const size_t date_len = strlen("2022-11-05");
    day_t day;

    if (!is_activity(args->verb->type) || strlen(at) < date_len || !day_parse(&day, at, date_len) ||
        cli->today - day < LONG_AGO_DAYS)
        return true;
    if (arguments_has(args, "yes") || cli->output != OUTPUT_TABLE || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return true;
    say(_("%.10s is %d months back. Is that meant? [y/N]"), at, (cli->today - day) / MONTH_DAYS);
    if (yes_is_answered())
        return true;
    say(_("nothing was recorded"));
    return false;
}
