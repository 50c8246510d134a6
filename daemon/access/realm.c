#include "access/realm.h"

#include <string.h>

#include "base/buf.h"

struct keys {
    int64_t *items;
    size_t n, cap;
};

struct realm {
    struct keys branches, units;
    int64_t *slots; /* both, by hash; 0: free */
    size_t slot_count;
};

static void keys_add(struct keys *keys, int64_t key)
{
    ARRAY_GROW(keys->items, keys->n, keys->cap);
    keys->items[keys->n++] = key;
}

void realm_free(struct realm *realm)
{
    if (!realm)
        return;
    free(realm->branches.items);
    free(realm->units.items);
    free(realm->slots);
    free(realm);
}
DEFINE_CLEANUP(realm);

static size_t slot_of(const struct realm *realm, int64_t key)
{
    uint64_t hash = (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15);

    return (size_t)(hash >> 32) % realm->slot_count;
}

static bool slot_put(struct realm *realm, int64_t key)
{
    size_t i = slot_of(realm, key);

    while (realm->slots[i] != 0 && realm->slots[i] != key)
        i = (i + 1) % realm->slot_count;
    if (realm->slots[i] == key)
        return false;
    realm->slots[i] = key;
    return true;
}

bool realm_has(const struct realm *realm, int64_t key)
{
    size_t i = slot_of(realm, key);

    if (key == 0)
        return false;
    while (realm->slots[i] != 0 && realm->slots[i] != key)
        i = (i + 1) % realm->slot_count;
    return realm->slots[i] == key;
}

/* The first text after all that begin with the prefix: its last byte that can be, one higher. UTF-8 has no
 * byte 0xFF. */
static char *after_prefix(const char *prefix)
{
    char *text = mem_strdup(prefix);

    text[strlen(text) - 1]++; /* an area in a grant is not empty */
    return text;
}

static int add_area(struct realm *realm, struct store *store, const char *area, struct err *err)
{
    _cleanup_free_ char *after = after_prefix(area);
    sqlite3_stmt *s = store_stmt(store, SQL_REALM_WITHIN);
    int r;

    sqlite3_bind_text(s, 1, area, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, after, -1, SQLITE_STATIC);
    while ((r = store_step(store, s, err)) == 1) {
        int64_t key = sqlite3_column_int64(s, 0);

        keys_add(sqlite3_column_int(s, 1) == SUBJECT_BRANCH ? &realm->branches : &realm->units, key);
    }
    sqlite3_reset(s);
    return r;
}

static int add_branches(struct realm *realm, struct store *store, const struct grant *grant, struct err *err)
{
    for (size_t i = 0; i < grant->branch_count; i++) {
        int64_t key;
        int r = store_subject_find(&key, store, SUBJECT_BRANCH, grant->branches[i], err);

        if (r < 0)
            return -1;
        if (r == 1)
            keys_add(&realm->branches, key);
    }
    for (size_t i = 0; i < grant->area_count; i++)
        if (add_area(realm, store, grant->areas[i], err) < 0)
            return -1;
    return 0;
}

static int add_units(struct realm *realm, struct store *store, struct err *err)
{
    for (size_t i = 0; i < realm->branches.n; i++) {
        sqlite3_stmt *s = store_stmt(store, SQL_REALM_UNITS_OF);
        int r;

        sqlite3_bind_int64(s, 1, realm->branches.items[i]);
        while ((r = store_step(store, s, err)) == 1)
            keys_add(&realm->units, sqlite3_column_int64(s, 0));
        sqlite3_reset(s);
        if (r < 0)
            return -1;
    }
    return 0;
}

/* Each key once, in the lists too. */
static void settle(struct realm *realm, struct keys *keys)
{
    size_t n = 0;

    for (size_t i = 0; i < keys->n; i++)
        if (slot_put(realm, keys->items[i]))
            keys->items[n++] = keys->items[i];
    keys->n = n;
}

static void index_keys(struct realm *realm)
{
    realm->slot_count = 2 * (realm->branches.n + realm->units.n) + 8;
    realm->slots = mem_zero(realm->slot_count * sizeof *realm->slots);
    settle(realm, &realm->branches);
    settle(realm, &realm->units);
}

int realm_new(struct realm **out, struct store *store, const struct grant *grant, struct err *err)
{
    CLEANUP(realm_cleanup) struct realm *realm = mem_zero(sizeof *realm);

    if (add_branches(realm, store, grant, err) < 0 || add_units(realm, store, err) < 0)
        return -1;
    index_keys(realm);
    *out = TAKE(realm);
    return 0;
}

static int carry_keys(struct keys *out, const struct keys *keys, struct store *from, struct store *to, struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};

    for (size_t i = 0; i < keys->n; i++) {
        enum subject_kind kind;
        const char *ref;
        int64_t key;
        int r = store_subject_get(&kind, &ref, &arena, from, keys->items[i], err);

        if (r == 1)
            r = store_subject_find(&key, to, kind, ref, err);
        if (r < 0)
            return -1;
        if (r == 1)
            keys_add(out, key);
        arena_reset(&arena);
    }
    return 0;
}

int realm_carry(struct realm **out, const struct realm *realm, struct store *from, struct store *to, struct err *err)
{
    CLEANUP(realm_cleanup) struct realm *carried = mem_zero(sizeof *carried);

    if (carry_keys(&carried->branches, &realm->branches, from, to, err) < 0 ||
        carry_keys(&carried->units, &realm->units, from, to, err) < 0)
        return -1;
    index_keys(carried);
    *out = TAKE(carried);
    return 0;
}

int realm_has_member(bool *out, const struct realm *realm, struct store *store, int64_t member, day_t day,
                     struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct stint latest, *stints;
    bool any = false;
    size_t n;
    int r = store_stint_latest(&latest, store, member, day, err);

    if (r < 0)
        return -1;
    *out = r == 1 && day <= latest.to && realm_has(realm, latest.branch);
    if (*out) /* as nearly always */
        return 0;
    if (store_stints(&stints, &n, &arena, store, SQL_STINTS_OF_MEMBER, member, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (stints[i].from > day || day > stints[i].to) /* the day of leaving counts */
            continue;
        any = true;
        *out = *out || realm_has(realm, stints[i].branch);
    }
    if (!any && n > 0)
        *out = realm_has(realm, stints[n - 1].branch);
    return 0;
}

const int64_t *realm_branches(const struct realm *realm, size_t *n_out)
{
    *n_out = realm->branches.n;
    return realm->branches.items;
}

const int64_t *realm_units(const struct realm *realm, size_t *n_out)
{
    *n_out = realm->units.n;
    return realm->units.items;
}

int grant_realm(const struct realm **out, struct grant *grant, struct store *store, uint64_t realm_version,
                struct err *err)
{
    if (!grant->realm || grant->realm_version != realm_version) {
        realm_free(grant->realm);
        grant->realm = NULL;
        if (realm_new(&grant->realm, store, grant, err) < 0)
            return -1;
        grant->realm_version = realm_version;
    }
    *out = grant->realm;
    return 0;
}
