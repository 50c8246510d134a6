#include "service/watched.h"

#include <jansson.h>
#include <string.h>

#include "base/text.h"

static bool goes_on(const json_t *body)
{
    return json_is_string(json_object_get(body, "cursor")) || json_integer_value(json_object_get(body, "after_seq")) > 0;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static void take(char out[WATCHED_SIZE], const char *member)
{
    text_copy(out, WATCHED_SIZE, member);
}

/* Whom an explanation is about stands in the answer, also where it was asked for by a number. */
static void take_explained(char out[WATCHED_SIZE], struct job *job)
{
    json_t *reply = json_loadb(job->reply.data, job->reply.len, 0, NULL);

    take(out, text_of(json_object_get(reply, "subject"), "member"));
    json_decref(reply);
}

void watched_member(char out[WATCHED_SIZE], struct job *job)
{
    const char *verb = job->request.verb;
    bool show = strcmp(verb, "show") == 0, explain = strcmp(verb, "explain") == 0;
    size_t len;
    const char *text = request_body(&job->request, &len);
    json_t *body;

    out[0] = '\0';
    if (!show && !explain && strcmp(verb, "recent") != 0 && strcmp(verb, "export") != 0)
        return;
    body = json_loadb(text, len, 0, NULL);
    if (goes_on(body))
        out[0] = '\0';
    else if (explain)
        take_explained(out, job);
    else if (show && strcmp(text_of(body, "what"), "member") == 0)
        take(out, text_of(body, "ref"));
    else if (strcmp(verb, "recent") == 0)
        take(out, text_of(body, "member"));
    else if (strcmp(verb, "export") == 0)
        take(out, "*");
    json_decref(body);
}
