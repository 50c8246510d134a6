#include "query/scope.h"

#include <string.h>

#include "ledger/check.h"
#include "query/stream.h"

int ask_not_allowed(struct err *err)
{
    err_clear(err);
    return err_say(err, ERR_NOT_ALLOWED, NULL, "this is not allowed to you, or lies outside of your scope",
                   "您无权进行此操作，或其超出您的范围");
}

bool ask_may(const struct asking *ask, enum deed deed)
{
    const struct grant *grant = ask->env->grant;

    return !grant || grant_allows(grant, role_may(grant->role, deed));
}

int scope_open(struct asking *ask, struct err *err)
{
    struct grant *grant = ask->env->grant;

    if (!grant)
        return 0;
    if (!grant_allows(grant, role_may_ask(grant->role, ask->verb->name)))
        return ask_not_allowed(err);
    return grant->whole ? 0 : realm_new(&ask->realm, ask->store, grant, err);
}

static bool of_whole_district(enum event_type type)
{
    switch (type) {
    case EV_OFFICE_TAKEN:
    case EV_OFFICE_LEFT:
    case EV_ALLIANCE_FORMED:
    case EV_ALLIANCE_JOINED:
    case EV_ALLIANCE_LEFT:
    case EV_LEDGER_OPENED:
        return true;
    default:
        return false;
    }
}

bool scope_hides_type(const struct asking *ask, enum event_type type)
{
    if (!ask->env->grant)
        return false;
    if (type == EV_KEY_ALLOWED || type == EV_KEY_REVOKED)
        return !ask_may(ask, DEED_READ_KEYS);
    return of_whole_district(type) && !ask_may(ask, DEED_READ_WHOLE);
}

static int has_creator(bool *out, struct asking *ask, enum subject_kind kind, int64_t key, struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct reading rd = ask_reading(ask, &arena);
    struct stored *creator;
    int r = history_creator_of(&creator, &rd, kind, key, err);

    return r == 1 ? scope_has_event(out, ask, &creator->event, err) : r;
}

int scope_has_subject(bool *out, struct asking *ask, enum subject_kind kind, int64_t key, struct err *err)
{
    *out = ask->realm == NULL;
    if (*out)
        return 0;
    switch (kind) {
    case SUBJECT_BRANCH:
    case SUBJECT_UNIT:
        *out = realm_has(ask->realm, key);
        return 0;
    case SUBJECT_MEMBER:
        return realm_has_member(out, ask->realm, ask->store, key, ask->day, err);
    case SUBJECT_TRANSFER:
    case SUBJECT_EXEMPTION:
        return has_creator(out, ask, kind, key, err);
    case SUBJECT_ALLIANCE:
    case SUBJECT_BODY:
    case SUBJECT_KIND_COUNT:
        break;
    }
    return 0;
}

int scope_has_key(bool *out, struct asking *ask, int64_t key, struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    enum subject_kind kind;
    const char *ref;
    int r;

    *out = ask->realm == NULL;
    if (*out)
        return 0;
    r = store_subject_get(&kind, &ref, &arena, ask->store, key, err);
    return r == 1 ? scope_has_subject(out, ask, kind, key, err) : r;
}

static int has_touches(bool *out, struct asking *ask, const struct event *e, const struct touches *touches, struct err *err)
{
    *out = false;
    for (size_t i = 0; i < touches->n && !*out; i++) {
        const struct touched *t = &touches->items[i];

        if (t->kind == SUBJECT_BRANCH || (t->kind == SUBJECT_UNIT && (t->role & (ROLE_SELF | ROLE_EXEMPT))))
            *out = realm_has(ask->realm, t->key);
        else if (t->kind == SUBJECT_MEMBER && (t->role & (ROLE_SELF | ROLE_EXEMPT)) &&
                 realm_has_member(out, ask->realm, ask->store, t->key, e->day, err) < 0)
            return -1;
    }
    return 0;
}

static int has_alert(bool *out, struct asking *ask, int64_t number, struct err *err)
{
    sqlite3_stmt *s = store_stmt(ask->store, SQL_ALERT_GET);
    int64_t subject = 0;
    int r;

    sqlite3_bind_int64(s, 1, number);
    r = store_step(ask->store, s, err);
    if (r == 1)
        subject = sqlite3_column_int64(s, 2);
    sqlite3_reset(s);
    return r == 1 ? scope_has_key(out, ask, subject, err) : r;
}

static int has_opening(bool *out, struct asking *ask, const struct value *subject, struct err *err)
{
    int64_t key = 0;
    int r = store_subject_find(&key, ask->store, subject->subject, subject->text.s, err);

    return r == 1 ? scope_has_subject(out, ask, subject->subject, key, err) : r;
}

int scope_has_event(bool *out, struct asking *ask, const struct event *e, struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct reading rd = ask_reading(ask, &arena);
    struct considered c;

    *out = ask->realm == NULL;
    if (*out || scope_hides_type(ask, e->type)) {
        *out = !scope_hides_type(ask, e->type);
        return 0;
    }
    if (e->type == EV_ALERT_OPENED)
        return has_opening(out, ask, e->values[F_SUBJECT], err);
    if (event_has(e, F_ALERT))
        return has_alert(out, ask, event_int(e, F_ALERT, 0), err);
    if (consider(&c, &rd, e, err) < 0)
        return -1;
    if (e->type == EV_EVENT_VOIDED)
        return c.target ? scope_has_event(out, ask, &c.target->event, err) : 0;
    return has_touches(out, ask, e, &c.touches, err);
}

int scope_add_lanes(struct stream *s, bool members, bool units, struct err *err)
{
    const struct asking *ask = s->ask;
    size_t n;
    const int64_t *keys = realm_branches(ask->realm, &n);

    for (size_t i = 0; i < n; i++) {
        stream_add_shared(s, keys[i], 0);
        if (members && stream_add_members(s, keys[i], err) < 0)
            return -1;
    }
    keys = realm_units(ask->realm, &n);
    for (size_t i = 0; units && i < n; i++)
        stream_add_shared(s, keys[i], ROLE_SELF | ROLE_EXEMPT);
    return 0;
}
