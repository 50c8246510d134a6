/* What may come next on the command line: for the completions of bash and zsh (client/completions), which call
 * `muster __complete WORD...`; the last word is the one that is being typed.
 *
 * Prints one candidate a line, with a tab and a remark behind it where there is one; the line ":files" means names of files. Verbs and
 * options follow from the tables that drive the command; ids come from the daemon, which is not waited for longer than a moment.
 */
#ifndef MUSTER_CLI_COMPLETE_H
#define MUSTER_CLI_COMPLETE_H

#include "cli.h"

enum exit_status complete_run(struct cli *cli, int count, char **words);

#endif
