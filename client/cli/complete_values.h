/* Candidates for one value: words of the catalogue, days, ids that the daemon knows. */
#ifndef MUSTER_CLI_COMPLETE_VALUES_H
#define MUSTER_CLI_COMPLETE_VALUES_H

#include "cli.h"

/* Nobody who pressed Tab waits longer for the daemon. */
enum { COMPLETE_MS = 700 };

struct completing {
    struct cli *cli;
    const char *prefix;               /* what is typed of it; of a list the items before, too */
    const struct verb *verb;          /* may be NULL */
    const struct option_spec *option; /* NULL: a word */
    const char *branch;               /* members of this one; NULL: of all */
};

/* Prints the candidate if it begins with the prefix. */
void complete_offer(const char *prefix, const char *candidate, const char *remark);

/* By the name that the help gives to a value: "BRANCH", "M[,M]", "LEVEL", "FILE". Nothing for one that has no candidates. */
void complete_named(struct completing *c, const char *name);

/* Ids of `show`: of branches, members ... */
void complete_ids(struct completing *c, const char *what);

void complete_days(struct completing *c);

#endif
