/* The answer of `explain` in sections that can be read aloud. */
#ifndef MUSTER_CLI_EXPLAIN_TEXT_H
#define MUSTER_CLI_EXPLAIN_TEXT_H

#include <jansson.h>

/* Prints it on stdout. */
void explain_print(const json_t *reply);

#endif
