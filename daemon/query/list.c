/* list: a register, by ref, as it was on a day. */
#include "query/list.h"

#include <inttypes.h>
#include <string.h>

#include "query/registers.h"
#include "query/scope.h"

enum {
    RUN = 64,       /* subjects fetched at a time */
    ROW_STEPS = 20, /* folding one subject, in steps of a walk */
};

static const char *const what_words[] = {"branches", "members", "units",  "transfers",
                                         "alliances", "offices", "exemptions", "keys", NULL};
static const char *const sector_words[] = {"enterprise", "association", NULL};

static const struct param list_params[] = {
    {"what", PARAM_WORD, true, what_words, 0, 0},
    {"area", PARAM_TEXT, false, NULL, 0, 0},
    {"branch", PARAM_REF, false, NULL, 0, 0},
    {"sector", PARAM_WORD, false, sector_words, 0, 0},
    {"all", PARAM_BOOL, false, NULL, 0, 0},
};

struct candidate {
    int64_t key;
    const char *ref;
};

/* Subjects by ref: all of a kind, in runs, or those that a branch names. */
struct candidates {
    struct asking *ask;
    enum subject_kind kind;
    const char *after; /* the ref to go on from */
    struct arena arena;
    struct candidate *run;
    size_t n, i;
    bool fixed; /* there is but this one run */
};

static void candidates_deinit(struct candidates *c)
{
    arena_deinit(&c->arena);
}

static int fetch_run(struct candidates *c, struct err *err)
{
    struct store *store = c->ask->store;
    sqlite3_stmt *s = store_stmt(store, SQL_SUBJECTS_OF_KIND);
    char after[80];
    int r = 1;

    snprintf(after, sizeof after, "%s", c->after);
    arena_reset(&c->arena);
    c->run = arena_alloc(&c->arena, RUN * sizeof *c->run);
    c->n = c->i = 0;
    sqlite3_bind_int(s, 1, (int)c->kind);
    sqlite3_bind_text(s, 2, after, -1, SQLITE_STATIC);
    sqlite3_bind_int(s, 3, RUN);
    while (c->n < RUN && (r = store_step(store, s, err)) == 1) {
        const char *ref = (const char *)sqlite3_column_text(s, 1);

        c->run[c->n++] =
            (struct candidate){sqlite3_column_int64(s, 0), arena_strndup(&c->arena, ref, strlen(ref))};
    }
    sqlite3_reset(s);
    return r < 0 ? -1 : 0;
}

/* 1: the next one; 0: no more; -1. */
static int candidates_next(struct candidate *out, struct candidates *c, struct err *err)
{
    if (c->i == c->n) {
        if (c->fixed || fetch_run(c, err) < 0)
            return c->fixed ? 0 : -1;
        if (c->n == 0)
            return 0;
    }
    *out = c->run[c->i++];
    c->after = out->ref;
    return 1;
}

static int by_ref(const void *a, const void *b)
{
    return strcmp(((const struct candidate *)a)->ref, ((const struct candidate *)b)->ref);
}

/* In order, each once, and only those after the cursor. */
static void settle(struct candidates *c)
{
    size_t n = 0;

    if (c->n > 1)
        qsort(c->run, c->n, sizeof *c->run, by_ref);
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->run[i].ref, c->after) > 0 && (n == 0 || c->run[n - 1].key != c->run[i].key))
            c->run[n++] = c->run[i];
    c->n = n;
    c->fixed = true;
}

static int members_of_branch(struct candidates *c, int64_t branch, struct err *err)
{
    enum subject_kind kind;
    struct stint *stints;
    size_t n;

    if (store_stints(&stints, &n, &c->arena, c->ask->store, SQL_STINTS_OF_BRANCH, branch, err) < 0)
        return -1;
    c->run = arena_alloc(&c->arena, (n + 1) * sizeof *c->run);
    for (size_t i = 0; i < n; i++) {
        struct candidate *one = &c->run[c->n];

        one->key = stints[i].member;
        if (store_subject_get(&kind, &one->ref, &c->arena, c->ask->store, one->key, err) != 1)
            return err->code == ERR_NONE ? err_fault(err, "a member is missing") : -1;
        c->n++;
    }
    settle(c);
    return 0;
}

static int units_of_branch(struct candidates *c, int64_t branch, struct err *err)
{
    struct branch_record b;
    struct history h;
    int r;

    if (ask_history(&h, c->ask, &c->arena, branch, c->ask->day, err) < 0)
        return -1;
    branch_fold(&b, h.entries, h.n);
    c->run = arena_alloc(&c->arena, ((b.units ? b.units->count : 0) + 1) * sizeof *c->run);
    for (size_t i = 0; b.units && i < b.units->count; i++) {
        struct candidate *one = &c->run[c->n];

        one->ref = b.units->items[i].s;
        r = store_subject_find(&one->key, c->ask->store, SUBJECT_UNIT, one->ref, err);
        if (r < 0)
            return -1;
        c->n += r == 1;
    }
    settle(c);
    return 0;
}

static int members_of_scope(struct candidates *c, struct err *err)
{
    struct candidates of = {.ask = c->ask, .kind = c->kind, .after = c->after};
    struct candidate *all = NULL;
    size_t branches, n = 0, cap = 0;
    const int64_t *keys = realm_branches(c->ask->realm, &branches);
    int r = 0;

    for (size_t i = 0; i < branches && r == 0; i++) {
        of.n = 0;
        r = members_of_branch(&of, keys[i], err);
        for (size_t k = 0; r == 0 && k < of.n; k++) {
            ARRAY_GROW(all, n, cap);
            all[n++] = of.run[k];
        }
    }
    c->run = arena_alloc(&c->arena, (n + 1) * sizeof *c->run);
    for (size_t i = 0; i < n; i++)
        c->run[i] = (struct candidate){all[i].key, arena_strndup(&c->arena, all[i].ref, strlen(all[i].ref))};
    c->n = n;
    free(all);
    candidates_deinit(&of);
    settle(c);
    return r;
}

/* The branches or units of the scope, by ref. */
static int keys_of_scope(struct candidates *c, const int64_t *keys, size_t n, struct err *err)
{
    enum subject_kind kind;

    c->run = arena_alloc(&c->arena, (n + 1) * sizeof *c->run);
    for (size_t i = 0; i < n; i++) {
        struct candidate *one = &c->run[c->n];

        one->key = keys[i];
        if (store_subject_get(&kind, &one->ref, &c->arena, c->ask->store, one->key, err) < 0)
            return -1;
        c->n++;
    }
    settle(c);
    return 0;
}

/* Letters and exemptions have no index by branch: of them each one is looked at. */
static int open_scope(struct candidates *c, struct err *err)
{
    const int64_t *keys;
    size_t n;

    if (c->kind == SUBJECT_MEMBER)
        return members_of_scope(c, err);
    if (c->kind != SUBJECT_BRANCH && c->kind != SUBJECT_UNIT)
        return 0;
    keys = c->kind == SUBJECT_BRANCH ? realm_branches(c->ask->realm, &n) : realm_units(c->ask->realm, &n);
    return keys_of_scope(c, keys, n, err);
}

static int open_candidates(struct candidates *c, const struct listing *l, struct err *err)
{
    if (!l->branch)
        return l->ask->realm ? open_scope(c, err) : 0;
    if (c->kind == SUBJECT_MEMBER)
        return members_of_branch(c, l->branch_key, err);
    if (c->kind == SUBJECT_UNIT)
        return units_of_branch(c, l->branch_key, err);
    if (c->kind == SUBJECT_BRANCH) {
        c->run = arena_alloc(&c->arena, sizeof *c->run);
        c->run[c->n++] = (struct candidate){l->branch_key, l->branch};
        settle(c);
    }
    return 0;
}

/* Writes what page_step lets through. 1: the page is full. */
static int put_row(struct asking *ask, struct buf *row)
{
    enum page_step step = page_step(ask);

    if (step == PAGE_WRITE)
        json_raw(ask->out, row->data, row->len);
    return step == PAGE_FULL;
}

static int list_subjects(const struct listing *l, const struct register_kind *k, const char *after,
                         struct err *err)
{
    CLEANUP(candidates_deinit) struct candidates c = {
        .ask = l->ask, .kind = k->kind, .after = after ? after : ""};
    _cleanup_buf_ struct buf row = {0};
    struct candidate one;
    bool within = true;
    int r;

    if (open_candidates(&c, l, err) < 0)
        return -1;
    page_begin(l->ask);
    while ((r = candidates_next(&one, &c, err)) == 1) {
        struct json out = json_to(&row);

        r = ask_spend(l->ask, ROW_STEPS, err);
        if (r == 1) {
            page_cut(l->ask);
            break;
        }
        arena_reset(&l->ask->scratch);
        buf_clear(&row);
        if (r == 0)
            r = scope_has_subject(&within, l->ask, k->kind, one.key, err);
        if (r == 0 && within)
            r = k->row(&out, l, one.key, one.ref, err);
        if (r < 0)
            return -1;
        if (r == 1 && put_row(l->ask, &row))
            break;
        page_mark(l->ask, 'r', "%s", one.ref);
    }
    page_end(l->ask);
    return r < 0 ? -1 : 0;
}

/* A place among the offices: the body, and the taking within it. */
struct office_place {
    const char *body; /* "" before the first */
    struct entry taken;
};

static int read_office_place(struct office_place *out, const char *text, struct err *err)
{
    int used = 0, day, rank;
    char root[UUID_TEXT_SIZE];

    *out = (struct office_place){.body = ""};
    if (!text)
        return 0;
    if (sscanf(text, "%d.%d.%" SCNd64 ".%36[0-9a-f-].%n", &day, &rank, &out->taken.tod, root, &used) != 4 ||
        used == 0 || !uuid_parse(out->taken.root, root, strlen(root)))
        return page_bad_cursor(err);
    out->taken.day = day;
    out->taken.rank = rank;
    out->body = text + used;
    return 0;
}

static void mark_office(struct asking *ask, const char *body, const struct entry *taken)
{
    char root[UUID_TEXT_SIZE];

    page_mark(ask, 'o', "%d.%d.%" PRId64 ".%s.%s", (int)taken->day, taken->rank, taken->tod,
              uuid_format(root, taken->root), body);
}

/* After all offices of a body. */
static void mark_body(struct asking *ask, const char *body)
{
    struct entry last = {.day = DAY_NEVER, .rank = 9, .tod = INT64_MAX};

    memset(last.root, 0xff, sizeof last.root);
    mark_office(ask, body, &last);
}

/* 1: the page is full; 0: go on; -1. */
static int list_body(const struct listing *l, const struct candidate *body,
                     const struct office_place *after, struct err *err)
{
    struct asking *ask = l->ask;
    _cleanup_buf_ struct buf row = {0};
    struct tenure *tenures;
    struct history h;
    size_t n;

    if (ask_history(&h, ask, &ask->scratch, body->key, ask->day, err) < 0)
        return -1;
    n = tenures_fold(&tenures, &ask->scratch, h.entries, h.n);
    for (size_t i = 0; i < n; i++) {
        struct json out = json_to(&row);

        if ((!l->all && tenures[i].left != DAY_NONE) ||
            (strcmp(after->body, body->ref) == 0 && entry_compare(tenures[i].taken, &after->taken) <= 0))
            continue;
        buf_clear(&row);
        write_tenure(&out, body->ref, &tenures[i]);
        if (put_row(ask, &row))
            return 1;
        mark_office(ask, body->ref, tenures[i].taken);
    }
    mark_body(ask, body->ref);
    return 0;
}

static int list_offices(const struct listing *l, const char *after, struct err *err)
{
    CLEANUP(candidates_deinit) struct candidates c = {
        .ask = l->ask, .kind = SUBJECT_BODY, .after = ""};
    struct office_place place;
    struct candidate body = {0};
    bool again;
    int r = read_office_place(&place, after, err);

    if (r != 0)
        return r;
    /* The body of the cursor may have more offices: it comes first once again. */
    c.after = place.body;
    r = store_subject_find(&body.key, l->ask->store, SUBJECT_BODY, place.body, err);
    if (r < 0)
        return -1;
    again = r == 1;
    body.ref = place.body;
    page_begin(l->ask);
    while (again || (r = candidates_next(&body, &c, err)) == 1) {
        again = false;
        arena_reset(&l->ask->scratch);
        r = ask_spend(l->ask, ROW_STEPS, err);
        if (r == 1)
            page_cut(l->ask);
        if (r == 0)
            r = list_body(l, &body, &place, err);
        if (r != 0)
            break;
    }
    page_end(l->ask);
    return r < 0 ? -1 : 0;
}

static const struct register_kind *kind_of(const char *plural)
{
    for (size_t i = 0; i < ARRAY_LEN(register_kinds); i++)
        if (strcmp(register_kinds[i].plural, plural) == 0)
            return &register_kinds[i];
    return NULL;
}

static int read_listing(struct listing *l, struct asking *ask, const struct register_kind *k,
                        struct err *err)
{
    const char *field;

    *l = (struct listing){
        .ask = ask,
        .area = ask_text(ask, "area"),
        .sector = ask_text(ask, "sector"),
        .branch = ask_text(ask, "branch"),
        .all = ask_bool(ask, "all"),
    };
    field = l->area ? "area" : "sector";
    if ((l->area || l->sector) && !k->has_area)
        return ask_malformed(err, field, "%s have no %s: they belong to the whole only",
                             "%s 不分 %s：它们只属于整体", k->plural, field);
    if (l->branch && !k->has_branch)
        return ask_malformed(err, "branch", "%s have no branch: they belong to the whole only",
                             "%s 不分支部：它们只属于整体", k->plural);
    return ask_key_of(&l->branch_key, ask, SUBJECT_BRANCH, "branch", err);
}

static int answer_list(struct asking *ask, struct err *err)
{
    const struct register_kind *k = kind_of(ask_text(ask, "what"));
    const char *after;
    struct listing l;
    int r;

    if (!ask_may(ask, !k ? DEED_READ_KEYS : DEED_READ_WHOLE) &&
        (!k || k->kind == SUBJECT_ALLIANCE || k->kind == SUBJECT_BODY))
        return ask_not_allowed(err);
    if (!k)
        return list_keys(ask, err);
    r = read_listing(&l, ask, k, err);
    if (r == 0)
        r = page_cursor(&after, ask, k->kind == SUBJECT_BODY ? 'o' : 'r', err);
    if (r != 0)
        return r;
    return k->kind == SUBJECT_BODY ? list_offices(&l, after, err) : list_subjects(&l, k, after, err);
}

const struct verb verb_list = {
    .name = "list",
    .flags = VERB_PAGED | VERB_AS_OF | VERB_KNOWN_ON,
    .params = list_params,
    .param_count = ARRAY_LEN(list_params),
    .answer = answer_list,
};
