#include "session.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

char *endpoint_from(const char *server)
{
    struct buf path = {0};

    if (strstr(server, "://"))
        return mem_strdup(server);
    buf_add_str(&path, "ipc://");
    buf_add_str(&path, server);
    buf_add_char(&path, '\0');
    return path.data;
}

int session_say_system(struct muster *session, const char *what)
{
    return trouble_say(&session->trouble, MUSTER_SYSTEM, "system", "%s: %s", what, zmq_strerror(errno));
}

/* The socket is there and this user may not write to it: no waiting helps. */
static bool is_denied(const struct muster *session)
{
    static const char ipc[] = "ipc://";

    return strncmp(session->endpoint, ipc, sizeof ipc - 1) == 0 &&
           access(session->endpoint + sizeof ipc - 1, W_OK) < 0 && errno == EACCES;
}

int session_reach_ms(const struct muster *session)
{
    /* A daemon that starts gives its socket to its group only after binding it. */
    enum { DENIED_MS = 500 };

    return session->reach_ms > DENIED_MS && is_denied(session) ? DENIED_MS : session->reach_ms;
}

int session_say_late(struct muster *session, const struct link *link)
{
    if (!link_connected(link) && is_denied(session))
        return trouble_say(&session->trouble, MUSTER_AWAY, "no_permission",
                           "permission denied on %s: its group and mode say who may use it", session->endpoint);
    if (link_connected(link))
        return trouble_say(&session->trouble, MUSTER_SILENT, "silent",
                           "musterd at %s gave no answer within %g s", session->endpoint,
                           session->answer_ms / 1000.0);
    return trouble_say(&session->trouble, MUSTER_AWAY, "away", "no musterd at %s within %g s",
                       session->endpoint, session->reach_ms / 1000.0);
}

static bool take_key(char out[KEY_TEXT_SIZE], const char *key)
{
    if (!key || !key_is_z85(key, strlen(key)))
        return false;
    memcpy(out, key, KEY_TEXT_SIZE);
    return true;
}

static bool take_keys(struct curve *out, const struct muster_keys *keys)
{
    return !keys || (take_key(out->server, keys->server_public) && take_key(out->own.public, keys->own_public) &&
                     take_key(out->own.secret, keys->own_secret));
}

int muster_key_make(char public_out[MUSTER_KEY_SIZE], char secret_out[MUSTER_KEY_SIZE])
{
    return zmq_curve_keypair(public_out, secret_out) == 0 ? MUSTER_OK : MUSTER_SYSTEM;
}

int muster_open(struct muster **session_out, const char *server, int timeout_ms)
{
    return muster_open_with_keys(session_out, server, NULL, timeout_ms);
}

int muster_open_with_keys(struct muster **session_out, const char *server, const struct muster_keys *keys,
                          int timeout_ms)
{
    struct muster *session;

    *session_out = NULL;
    if (!server || !*server || timeout_ms < 0)
        return MUSTER_BAD_CALL;
    session = mem_zero(sizeof *session);
    *session_out = session;
    trouble_init(&session->trouble);
    session->reach_ms = session->answer_ms = timeout_ms ? timeout_ms : MUSTER_TIMEOUT_MS;
    session->endpoint = endpoint_from(server);
    session->next_request_id = 1;
    text_copy(session->language, sizeof session->language, "en");
    session->context = zmq_ctx_new();
    if (!session->context)
        return session_say_system(session, "cannot begin");
    if (!take_keys(&session->curve, keys))
        return trouble_say(&session->trouble, MUSTER_BAD_CALL, "bad_call", "a key has 40 characters of Z85");
    if (link_new(&session->link, session->context, session->endpoint, &session->curve) < 0)
        return session_say_system(session, session->endpoint);
    return MUSTER_OK;
}

void muster_close(struct muster *session)
{
    if (!session)
        return;
    link_free(session->link);
    if (session->context)
        zmq_ctx_term(session->context);
    free(session->endpoint);
    memset(&session->curve, 0, sizeof session->curve);
    trouble_deinit(&session->trouble);
    free(session);
}

static int bad_call(struct muster *session, const char *message)
{
    return trouble_say(&session->trouble, MUSTER_BAD_CALL, "bad_call", "%s", message);
}

int muster_set_timeouts(struct muster *session, int reach_ms, int answer_ms)
{
    if (reach_ms <= 0 || answer_ms <= 0)
        return bad_call(session, "a time limit must be above 0");
    session->reach_ms = reach_ms;
    session->answer_ms = answer_ms;
    return MUSTER_OK;
}

int muster_set_language(struct muster *session, const char *language)
{
    if (!language || (strcmp(language, "en") != 0 && strcmp(language, "zh") != 0))
        return bad_call(session, "the language must be \"en\" or \"zh\"");
    text_copy(session->language, sizeof session->language, language);
    return MUSTER_OK;
}

int muster_expect_ledger(struct muster *session, const char *ledger_uuid)
{
    uint8_t uuid[UUID_SIZE];

    if (!ledger_uuid || !uuid_parse(uuid, ledger_uuid, strlen(ledger_uuid)))
        return bad_call(session, "a ledger is named by a UUID in lower case");
    text_copy(session->ledger, sizeof session->ledger, ledger_uuid);
    return MUSTER_OK;
}

const char *muster_ledger(const struct muster *session)
{
    return session->ledger;
}

int muster_rehearsal(const struct muster *session)
{
    return session->rehearsal;
}

const struct muster_error *muster_error(const struct muster *session)
{
    return &session->trouble.view;
}

static int other_ledger(struct muster *session, const char *found)
{
    return trouble_say(&session->trouble, MUSTER_OTHER_LEDGER, "other_ledger",
                       "the server at %s has ANOTHER LEDGER%s%s; expected %s; nothing was done",
                       session->endpoint, *found ? ": " : "", found, session->ledger);
}

static int check_ledger(struct muster *session, const json_t *body)
{
    const char *ledger = json_string_value(json_object_get(body, "ledger"));
    uint8_t uuid[UUID_SIZE];

    if (!ledger || !uuid_parse(uuid, ledger, strlen(ledger)))
        return trouble_say(&session->trouble, MUSTER_BAD_ANSWER, "bad_answer",
                           "%s answered without naming its ledger", session->endpoint);
    if (*session->ledger && strcmp(session->ledger, ledger) != 0)
        return other_ledger(session, ledger);
    text_copy(session->ledger, sizeof session->ledger, ledger);
    session->met = true;
    session->rehearsal = json_is_true(json_object_get(body, "rehearsal"));
    return MUSTER_OK;
}

int session_read_answer(struct muster *session, struct answer *answer, json_t **body_out)
{
    _cleanup_json_ json_t *body =
        json_loadb(zmq_msg_data(&answer->body), zmq_msg_size(&answer->body), JSON_ALLOW_NUL, NULL);
    const char *code = json_string_value(json_object_get(body, "code"));
    int result;

    *body_out = NULL;
    if (!json_is_object(body) || (!answer->ok && !code))
        return trouble_say(&session->trouble, MUSTER_BAD_ANSWER, "bad_answer",
                           "%s answered with something that is not of this protocol", session->endpoint);
    if (answer->ok) {
        result = check_ledger(session, body);
    } else {
        const char *field = json_string_value(json_object_get(body, "field"));

        /* We name the ledger in every request, so this can only be about the one we pinned. */
        if (*session->ledger && strcmp(code, "not_allowed") == 0 && field && strcmp(field, "ledger") == 0)
            result = other_ledger(session, "");
        else
            result = trouble_from_reply(&session->trouble, body);
    }
    if (result == MUSTER_OK || result == MUSTER_REFUSED)
        *body_out = TAKE(body);
    return result;
}

const char *muster_event_id(char id_out[MUSTER_ID_SIZE])
{
    struct clock clock;
    uint8_t uuid[UUID_SIZE];

    clock_init(&clock, 0);
    uuid_make(uuid, clock_now_us(&clock) / 1000);
    return uuid_format(id_out, uuid);
}

const char *muster_version(void)
{
    return MUSTER_VERSION;
}
