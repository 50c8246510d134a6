/* Prints docs/schema/events.json and replies.json: `schema_doc events`, `schema_doc replies`. */
#include <stdio.h>
#include <string.h>

#include "schema.h"

int main(int argc, char **argv)
{
    json_t *document = NULL;

    if (argc == 2 && strcmp(argv[1], "events") == 0)
        document = schema_events();
    else if (argc == 2 && strcmp(argv[1], "replies") == 0)
        document = schema_replies();
    if (!document) {
        fputs("usage: schema_doc events|replies\n", stderr);
        return 2;
    }
    json_dumpf(document, stdout, JSON_INDENT(1));
    putchar('\n');
    json_decref(document);
    return 0;
}
