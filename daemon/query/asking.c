/* What every verb asks of the snapshot. */
#include <string.h>

#include "ledger/derive.h"
#include "query/scope.h"
#include "store/nearest.h"

int ask_unknown(struct asking *ask, enum subject_kind kind, const char *ref, const char *field,
                struct err *err)
{
    char hint[ERR_HINT_MAX];
    int looks = NEAREST_LOOKS;
    int r = nearest_ref(hint, ask->store, kind, ref, &looks, err);

    if (r < 0)
        return -1;
    err_say(err, ERR_UNKNOWN_REF, field, "there is no %s \"%s\"%.0s", "%.0s没有“%s”这一%s",
            subject_kind_name(kind), excerpt_of(ref).text, subject_kind_zh(kind));
    if (r == 1)
        err_hint(err, hint);
    return 1;
}

int ask_key(int64_t *key_out, struct asking *ask, enum subject_kind kind, const char *ref,
            const char *field, struct err *err)
{
    int r = store_subject_find(key_out, ask->store, kind, ref, err);
    bool within;

    if (r == 0)
        *key_out = 0;
    if (r < 0 || scope_has_subject(&within, ask, kind, *key_out, err) < 0)
        return -1;
    if (ask->realm)
        return r == 1 && within ? 0 : ask_not_allowed(err);
    return r == 1 ? 0 : ask_unknown(ask, kind, ref, field, err);
}

int ask_key_of(int64_t *key_out, struct asking *ask, enum subject_kind kind, const char *field,
               struct err *err)
{
    const char *ref = ask_text(ask, field);

    *key_out = 0;
    return ref ? ask_key(key_out, ask, kind, ref, field, err) : 0;
}

int ask_replay(struct store **out, int64_t *seq_out, struct asking *ask, const char *field, struct err *err)
{
    int64_t us = 0, seq;

    if (!moment_parse(&us, ask_text(ask, field)) || store_seq_known_on(&seq, ask->store, us, err) < 0)
        return -1;
    if (seq > ask->env->history_rows && seq < ask->seq)
        return err_say(err, ERR_UNAVAILABLE, field,
                       "%lld rows were known then, more than the %lld that one read may go through",
                       "当时已有 %lld 条记录，超过单次查询可处理的 %lld 条", (long long)seq, (long long)ask->env->history_rows);
    if (seq < ask->seq && ledger_replay(out, ask->store, ask->kinds, seq, &ask->deadline, err) != 0)
        return -1;
    if (*out)
        store_deadline(*out, &ask->deadline);
    *seq_out = seq < ask->seq ? seq : ask->seq;
    return 0;
}

struct facts *ask_facts(struct asking *ask)
{
    if (!ask->facts)
        ask->facts = facts_new(ask->store, ask->kinds);
    return ask->facts;
}

struct reading ask_reading(struct asking *ask, struct arena *arena)
{
    return (struct reading){.store = ask->store, .arena = arena, .kinds = ask->kinds};
}

int ask_history(struct history *out, struct asking *ask, struct arena *arena, int64_t key,
                day_t until, struct err *err)
{
    struct reading rd = ask_reading(ask, arena);
    struct touch *touches;
    size_t n;

    if (store_touches(&touches, &n, arena, ask->store, key, err) < 0)
        return -1;
    *out = (struct history){arena_alloc(arena, (n + 1) * sizeof *out->entries), 0};
    for (size_t i = 0; i < n; i++) {
        const struct touch *t = &touches[i];
        struct stored *stored;

        if (t->out_by != 0 || !(t->role & ROLE_SELF) || t->place.day > until)
            continue;
        if (stored_get(&stored, &rd, t->place.seq, err) < 0)
            return -1;
        entry_from_event(&out->entries[out->n++], &stored->event, stored->root, t->place.seq, t->role);
    }
    history_sort(out);
    return 0;
}

const char *ask_choose(const struct asking *ask, const struct bilingual *text)
{
    const char *chosen = strcmp(ask->lang, "zh") == 0 && text->zh ? text->zh : text->en;

    return chosen ? chosen : "";
}
