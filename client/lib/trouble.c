#include "trouble.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

void trouble_init(struct trouble *t)
{
    memset(t, 0, sizeof *t);
    t->view = (struct muster_error){"", "", "", "", ""};
}

void trouble_deinit(struct trouble *t)
{
    for (size_t i = 0; i < ARRAY_LEN(t->owned); i++)
        free(t->owned[i]);
    memset(t, 0, sizeof *t);
}

void trouble_clear(struct trouble *t)
{
    trouble_deinit(t);
    trouble_init(t);
}

int trouble_say(struct trouble *t, enum muster_result result, const char *code, const char *fmt, ...)
{
    va_list args;
    char text[512];

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    trouble_clear(t);
    t->owned[0] = mem_strdup(text);
    t->view.code = code;
    t->view.message = t->owned[0];
    return (int)result;
}

static const char *text_member(const json_t *body, const char *key)
{
    const char *text = json_string_value(json_object_get(body, key));

    return text ? text : "";
}

struct muster_error error_view(const json_t *body)
{
    return (struct muster_error){
        .code = text_member(body, "code"),
        .message = text_member(body, "message"),
        .field = text_member(body, "field"),
        .hint = text_member(body, "hint"),
        .clash = text_member(body, "clash"),
    };
}

void trouble_copy(struct trouble *t, const struct muster_error *error)
{
    trouble_clear(t);
    t->view.code = t->owned[0] = mem_strdup(error->code);
    t->view.message = t->owned[1] = mem_strdup(error->message);
    t->view.field = t->owned[2] = mem_strdup(error->field);
    t->view.hint = t->owned[3] = mem_strdup(error->hint);
    t->view.clash = t->owned[4] = mem_strdup(error->clash);
}

int trouble_from_reply(struct trouble *t, const json_t *body)
{
    struct muster_error error = error_view(body);

    trouble_copy(t, &error);
    return MUSTER_REFUSED;
}
