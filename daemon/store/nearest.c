/* The nearest known ref to one that is not known: did you mean B-017?
 *
 * Bounded, whatever the size of the register: first what the eye confuses, then every single slip of a
 * key, each by one look into the index; then the refs that sort next to it. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "store/nearest.h"

enum { REF_MAX = 64, NEIGHBOURS = 40 };

struct seeking {
    struct store *store;
    enum subject_kind kind;
    const char *ref; /* itself no answer: it may be known, and all that was said of it be out of effect */
    struct err *err;
    char *out;
    int *looks;
    bool failed;
};

/* Letters and digits that look alike, in both directions. */
static const char *const alike[] = {"l1", "I1", "lI", "O0", "o0", "Oo", "S5", "B8", "Z2", "-_", "G6", "q9"};

static const char slips[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.";

static bool try_ref(struct seeking *s, const char *ref)
{
    int64_t key;
    int r;

    if (s->failed || *s->looks <= 0 || !*ref || strcmp(ref, s->ref) == 0)
        return false;
    --*s->looks;
    r = store_subject_find(&key, s->store, s->kind, ref, s->err);
    s->failed = r < 0;
    if (r == 1)
        text_copy(s->out, ERR_HINT_MAX, ref);
    return r == 1;
}

static bool try_alike(struct seeking *s, const char *ref, size_t len)
{
    char text[REF_MAX + 2];

    memcpy(text, ref, len + 1);
    for (size_t i = 0; i < len; i++) {
        for (size_t k = 0; k < ARRAY_LEN(alike); k++) {
            if (ref[i] != alike[k][0] && ref[i] != alike[k][1])
                continue;
            text[i] = ref[i] == alike[k][0] ? alike[k][1] : alike[k][0];
            if (try_ref(s, text))
                return true;
        }
        text[i] = ref[i];
    }
    return false;
}

static bool try_cases(struct seeking *s, const char *ref, size_t len)
{
    char upper[REF_MAX + 2], lower[REF_MAX + 2];

    for (size_t i = 0; i <= len; i++) {
        unsigned char c = (unsigned char)ref[i];

        upper[i] = c < 0x80 ? (char)toupper(c) : ref[i];
        lower[i] = c < 0x80 ? (char)tolower(c) : ref[i];
    }
    return try_ref(s, upper) || try_ref(s, lower) || try_alike(s, upper, len) || try_alike(s, lower, len);
}

/* Two neighbours swapped, or one too many. */
static bool try_swaps(struct seeking *s, const char *ref, size_t len)
{
    char text[REF_MAX + 2];

    for (size_t i = 0; i + 1 < len; i++) {
        memcpy(text, ref, len + 1);
        text[i] = ref[i + 1];
        text[i + 1] = ref[i];
        if (try_ref(s, text))
            return true;
    }
    for (size_t i = 0; i < len; i++) {
        memcpy(text, ref, i);
        memcpy(text + i, ref + i + 1, len - i);
        if (try_ref(s, text))
            return true;
    }
    return false;
}

/* One too few, or one wrong: from the end, where numbers are. */
static bool try_slips(struct seeking *s, const char *ref, size_t len)
{
    char text[REF_MAX + 2];

    for (size_t i = len + 1; i-- > 0 && len < REF_MAX;)
        for (const char *c = slips; *c; c++) {
            memcpy(text, ref, i);
            text[i] = *c;
            memcpy(text + i + 1, ref + i, len - i + 1);
            if (try_ref(s, text))
                return true;
        }
    memcpy(text, ref, len + 1);
    for (size_t i = len; i-- > 0; text[i] = ref[i])
        for (const char *c = slips; *c; c++) {
            text[i] = *c;
            if (try_ref(s, text))
                return true;
        }
    return false;
}

static void try_neighbours(struct seeking *s, const char *ref, size_t len)
{
    static const enum sql_id both[] = {SQL_REFS_FROM, SQL_REFS_BELOW};
    size_t best = (len + 2) / 3 + 1;

    for (size_t i = 0; i < ARRAY_LEN(both) && *s->looks > 0; i++) {
        sqlite3_stmt *q = store_stmt(s->store, both[i]);
        int r;

        sqlite3_bind_int(q, 1, (int)s->kind);
        sqlite3_bind_text(q, 2, ref, -1, SQLITE_STATIC);
        sqlite3_bind_int(q, 3, NEIGHBOURS);
        while ((r = store_step(s->store, q, s->err)) == 1) {
            const char *near = (const char *)sqlite3_column_text(q, 0);
            size_t d = text_distance(ref, near, best - 1);

            --*s->looks;
            if (d >= best || d == 0)
                continue;
            best = d;
            text_copy(s->out, ERR_HINT_MAX, near);
        }
        s->failed = s->failed || r < 0;
    }
}

int nearest_ref(char out[ERR_HINT_MAX], struct store *store, enum subject_kind kind, const char *ref,
                int *looks, struct err *err)
{
    struct seeking s = {.store = store, .kind = kind, .ref = ref, .err = err, .out = out, .looks = looks};
    size_t len = strlen(ref);

    out[0] = '\0';
    if (len == 0 || len > REF_MAX || *looks <= 0)
        return 0;
    if (!try_alike(&s, ref, len) && !try_cases(&s, ref, len) && !try_swaps(&s, ref, len) &&
        !try_slips(&s, ref, len))
        try_neighbours(&s, ref, len);
    if (s.failed)
        return -1;
    return out[0] != '\0';
}
