#include "query/query.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "query/scope.h"

static const struct verb *const verbs[] = {
    &verb_recent, &verb_list,  &verb_show,   &verb_alerts, &verb_explain,
    &verb_due,    &verb_board, &verb_figures, &verb_status, &verb_rules,
    &verb_export, &verb_head, &verb_reads, &verb_notices, &verb_routes,
};

enum {
    WALK_STEPS = 30000,         /* touches looked at for one page, or a fifth as many rows: some 100 ms */
    BODY_MAX = 64 * 1024,       /* no read needs more ... */
    BODY_LARGE_MAX = 1024 * 1024, /* ... but one with a rule pack in it */
};

struct query {
    struct store *store;
    struct kinds kinds;
    struct opened opened;
    bool known; /* the first row has been read */
    atomic_bool stopping;
};

int query_new(struct query **out, const char *path, struct err *err)
{
    struct query *query = mem_zero(sizeof *query);
    int r = store_open(&query->store, path, STORE_READ, err);

    kinds_init(&query->kinds);
    if (r != 0) {
        query_free(query);
        return r;
    }
    *out = query;
    return 0;
}

void query_free(struct query *query)
{
    if (!query)
        return;
    store_free(query->store);
    kinds_deinit(&query->kinds);
    free(query->opened.timezone);
    free(query);
}

void query_stop(struct query *query)
{
    atomic_store(&query->stopping, true);
}

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
    return NULL;
}

static int unknown_verb(const char *name, struct err *err)
{
    const char *names[ARRAY_LEN(verbs) + 1] = {"submit"};
    const char *nearest;

    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        names[i + 1] = verbs[i]->name;
    nearest = text_nearest(name, names, ARRAY_LEN(names));
    err_say(err, ERR_UNKNOWN_VERB, NULL, "there is no verb \"%s\" in this version",
            "本版本没有“%s”这一请求", excerpt_of(name).text);
    if (nearest)
        err_hint(err, nearest);
    return 1;
}

enum query_class query_classify(const char *verb_name, const char *body, size_t len_bytes,
                                bool *needs_alerts_out)
{
    const struct verb *verb = find_verb(verb_name);
    json_t *root;
    bool as_of, known_on, walks;

    *needs_alerts_out = false;
    if (!verb)
        return QUERY_UNKNOWN;
    root = len_bytes <= BODY_MAX ? json_loadb(body, len_bytes, 0, NULL) : NULL;
    as_of = json_is_string(json_object_get(root, "as_of"));
    known_on = json_is_string(json_object_get(root, "known_on"));
    walks = (verb->flags & VERB_HISTORY) || known_on || (as_of && (verb->flags & VERB_AS_OF_WALKS)) ||
            json_is_object(json_object_get(root, "try")) ||
            ((verb->flags & VERB_LARGE) && len_bytes > BODY_MAX);
    *needs_alerts_out = (verb->flags & VERB_NEEDS_ALERTS) && !as_of && !known_on;
    json_decref(root);
    return walks ? QUERY_HISTORY : QUERY_LOOKUP;
}

/* Kinds only ever get more, so those known stay as they are. */
static int learn_kinds(struct query *query, struct err *err)
{
    sqlite3_stmt *s = store_stmt(query->store, SQL_KINDS_ALL);
    int r;

    while ((r = store_step(query->store, s, err)) == 1) {
        int bit = sqlite3_column_int(s, 0);

        if (bit >= KIND_CUSTOM && bit <= KIND_MAX && !query->kinds.names[bit])
            kinds_add(&query->kinds, (const char *)sqlite3_column_text(s, 1), bit);
    }
    return r;
}

static int learn_ledger(struct query *query, struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct reading rd = {.store = query->store, .arena = &arena, .kinds = &query->kinds};
    struct stored *first;

    if (query->known)
        return 0;
    if (stored_get(&first, &rd, 1, err) < 0)
        return -1;
    if (first->event.type != EV_LEDGER_OPENED)
        return err_fault(err, "the first row of the ledger is not ledger.opened");
    text_copy(query->opened.uuid, sizeof query->opened.uuid, event_text(&first->event, F_LEDGER));
    query->opened.timezone = mem_strdup(event_text(&first->event, F_TIMEZONE));
    query->opened.rehearsal = event_int(&first->event, F_REHEARSAL, 0) != 0;
    query->known = true;
    return 0;
}

static int check_pin(struct asking *ask, struct err *err)
{
    const char *pin = ask_text(ask, "ledger");

    if (!pin || strcmp(pin, ask->opened->uuid) == 0)
        return 0;
    return err_say(err, ERR_NOT_ALLOWED, "ledger",
                   "this daemon keeps ledger %s, not %s: nothing was done",
                   "此服务保管的台账是 %s，而不是 %s：未作任何处理", ask->opened->uuid,
                   excerpt_of(pin).text);
}

/* Goes back to what was known. Who may see what is as it is now. */
static int go_back(struct asking *ask, struct err *err)
{
    struct realm *now = ask->realm;
    int r = ask->known_on ? ask_replay(&ask->replayed, &ask->seq, ask, "known_on", err) : 0;

    if (r != 0 || !ask->replayed)
        return r;
    if (now) {
        if (realm_carry(&ask->realm, now, ask->store, ask->replayed, err) < 0)
            return -1;
        realm_free(now);
    }
    ask->store = ask->replayed;
    return 0;
}

static int answer(struct asking *ask, struct buf *reply, struct err *err)
{
    uint8_t chain[CHAIN_SIZE];
    int64_t recorded_at;
    int r = check_pin(ask, err);

    if (r != 0)
        return r;
    if (store_row_last(&ask->seq, &recorded_at, chain, ask->store, err) < 0)
        return -1;
    r = scope_open(ask, err);
    if (r == 0)
        r = go_back(ask, err);
    if (r != 0)
        return r;
    ask->json = json_to(reply);
    ask->out = &ask->json;
    json_open(ask->out, '{');
    json_kv_str(ask->out, "ledger", ask->opened->uuid);
    json_kv_bool(ask->out, "rehearsal", ask->opened->rehearsal);
    r = ask->verb->answer(ask, err);
    json_close(ask->out, '}');
    return r;
}

static void asking_deinit(struct asking *ask)
{
    facts_free(ask->facts);
    realm_free(ask->realm);
    store_free(ask->replayed);
    json_decref(ask->body);
    buf_deinit(&ask->page.last);
    arena_deinit(&ask->scratch);
    arena_deinit(&ask->arena);
}

static int answer_in_snapshot(struct query *query, struct asking *ask, struct buf *reply,
                              struct err *err)
{
    int r = store_begin_read(query->store, err);

    if (r == 0)
        r = learn_kinds(query, err);
    if (r == 0)
        r = learn_ledger(query, err);
    if (r == 0)
        r = answer(ask, reply, err);
    return r;
}

int query_answer(struct query *query, const struct query_env *env, const char *verb,
                 const char *body, size_t len_bytes, struct buf *reply, struct err *err)
{
    CLEANUP(asking_deinit) struct asking ask = {
        .store = query->store,
        .env = env,
        .kinds = &query->kinds,
        .opened = &query->opened,
        .verb = find_verb(verb),
        .deadline = {clock_monotonic_ms() + env->history_ms, &query->stopping},
        .budget = env->walk_steps ? env->walk_steps : WALK_STEPS,
        .day = env->today,
    };
    int r;

    buf_clear(reply);
    if (!ask.verb)
        return unknown_verb(verb, err);
    if (len_bytes > (ask.verb->flags & VERB_LARGE ? BODY_LARGE_MAX : BODY_MAX))
        return err_say(err, ERR_TOO_LARGE, NULL, "the request is longer than one of %s may be",
                       "%s 请求过长", ask.verb->name);
    if (request_read(&ask, body, len_bytes, err) != 0)
        return 1;
    store_deadline(query->store, &ask.deadline);
    r = answer_in_snapshot(query, &ask, reply, err);
    store_deadline(query->store, NULL);
    store_rollback(query->store);
    if (r == 0)
        return 0;
    buf_clear(reply);
    if (deadline_stopped(&ask.deadline)) { /* whatever the read made of being interrupted */
        err_clear(err);
        return err_say(err, ERR_UNAVAILABLE, NULL, "the daemon stops: ask again later", "服务正在停止，请稍后重试");
    }
    if (err->code == ERR_NONE)
        err_fault(err, "the read failed");
    return 1;
}
