/* One question, one answer. */
#include <string.h>

#include "base/clock.h"
#include "session.h"

/* The request's body with `lang` and `ledger`; NULL where `body` is not a JSON object. */
static char *complete_body(const struct muster *session, const char *body)
{
    _cleanup_json_ json_t *object = json_loads(body ? body : "{}", JSON_REJECT_DUPLICATES, NULL);

    if (!json_is_object(object))
        return NULL;
    if (!json_object_get(object, "lang"))
        json_object_set_new(object, "lang", json_string(session->language));
    if (*session->ledger && !json_object_get(object, "ledger"))
        json_object_set_new(object, "ledger", json_string(session->ledger));
    return json_dumps(object, JSON_COMPACT);
}

static int send_request(struct muster *session, uint64_t id, const char *verb, const char *body)
{
    zmq_msg_t message;
    size_t len = strlen(body);

    if (zmq_msg_init_size(&message, len) < 0)
        return session_say_system(session, "cannot send");
    memcpy(zmq_msg_data(&message), body, len);
    if (link_send(session->link, id, verb, &message) < 0)
        return session_say_system(session, "cannot send");
    return MUSTER_OK;
}

/* Nothing that this request left in the socket may reach the daemon later: whoever was told that
 * it is away must be able to rely on it. */
static int give_up(struct muster *session)
{
    int result = session_say_late(session, session->link);

    if (link_renew(session->link) < 0)
        return session_say_system(session, session->endpoint);
    return result;
}

static int await_reply(struct muster *session, uint64_t id, const char *verb, const char *body,
                       struct answer *answer)
{
    struct patience patience = {clock_monotonic_ms(), session_reach_ms(session), session->answer_ms, 0};
    int result = send_request(session, id, verb, body);

    while (result == MUSTER_OK) {
        switch (link_wait(session->link, answer, &patience)) {
        case LINK_ANSWER:
            if (answer->request_id == id)
                return MUSTER_OK;
            break; /* of a request given up before */
        case LINK_LOST:
            result = send_request(session, id, verb, body);
            break;
        case LINK_TIME:
            return give_up(session);
        case LINK_FAULT:
            return session_say_system(session, session->endpoint);
        }
    }
    return result;
}

int muster_request(struct muster *session, const char *verb, const char *body, char **reply_out)
{
    _cleanup_free_ char *whole = NULL;
    _cleanup_json_ json_t *reply = NULL;
    _cleanup_answer_ struct answer answer;
    int result;

    *reply_out = NULL;
    answer_init(&answer);
    trouble_clear(&session->trouble);
    if (!session->link)
        return trouble_say(&session->trouble, MUSTER_BAD_CALL, "bad_call", "the session did not open");
    whole = complete_body(session, body);
    if (!verb || !*verb || !whole)
        return trouble_say(&session->trouble, MUSTER_BAD_CALL, "bad_call",
                           "a request needs a verb and a JSON object");
    result = await_reply(session, session->next_request_id++, verb, whole, &answer);
    if (result == MUSTER_OK)
        result = session_read_answer(session, &answer, &reply);
    if (result == MUSTER_OK)
        *reply_out = mem_strndup(zmq_msg_data(&answer.body), zmq_msg_size(&answer.body));
    return result;
}

void muster_free(char *text)
{
    free(text);
}
