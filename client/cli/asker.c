#include "asker.h"

#include <string.h>

#include "say.h"

int asker_ask(void *context, const char *verb, const json_t *body, json_t **reply_out)
{
    struct asker *asker = context;

    asker->status = cli_ask(asker->cli, verb, body, reply_out);
    return asker->status == EXIT_DONE ? 0 : -1;
}

enum exit_status asker_material(struct material **out, struct asker *asker, const json_t *question)
{
    struct report_source source = {asker_ask, asker};

    return material_new(out, &source, question) < 0 ? asker->status : EXIT_DONE;
}

enum exit_status say_mistake(const struct err *err)
{
    struct muster_error error = {"invalid_value", err_text(err, say_language()), "", err->hint, ""};

    say_error("", &error);
    return EXIT_USAGE;
}
