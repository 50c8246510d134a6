#include "access/book.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

struct book {
    struct grant **keys; /* by public part */
    size_t key_count, key_cap;
    struct grant **users; /* by name */
    size_t user_count;
    uint64_t version;
};

struct book *book_new(void)
{
    return mem_zero(sizeof(struct book));
}

static void drop(struct grant **list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        list[i]->gone = true;
        grant_unref(list[i]);
    }
    free(list);
}

void book_free(struct book *book)
{
    if (!book)
        return;
    drop(book->keys, book->key_count);
    drop(book->users, book->user_count);
    free(book);
}

uint64_t book_version(const struct book *book)
{
    return book->version;
}

size_t book_key_count(const struct book *book)
{
    return book->key_count;
}

static void add_items(struct grant *grant, const struct event *e)
{
    const struct value *branches = e->values[F_BRANCHES], *areas = e->values[F_AREAS];

    for (size_t i = 0; branches && i < branches->count; i++)
        grant_add_branch(grant, branches->items[i].s);
    for (size_t i = 0; areas && i < areas->count; i++)
        grant_add_area(grant, areas->items[i].s);
}

int grant_from_row(struct grant **out, struct store *store, const struct kinds *kinds, int64_t seq, struct err *err)
{
    CLEANUP(arena_deinit) struct arena arena = {0};
    struct event event;
    struct row row;
    int r = store_row_get(&row, &arena, store, seq, err);

    if (r < 0)
        return -1;
    if (r == 0 || row.type != EV_KEY_ALLOWED ||
        event_read(&event, &arena, row.body.s, row.body.len, EVENT_STORED, kinds, err) != 0)
        return err_fault(err, "row %lld of the ledger allows no key: run musterd --rebuild", (long long)seq);
    *out = grant_new(event_text(&event, F_KEY), (enum key_role)event_int(&event, F_ROLE, KEY_ROLE_READER));
    text_copy((*out)->public, sizeof (*out)->public, event_text(&event, F_PUBLIC));
    add_items(*out, &event);
    return 0;
}

static int by_public(const void *a, const void *b)
{
    return strcmp((*(struct grant *const *)a)->public, (*(struct grant *const *)b)->public);
}

struct grant *book_find_key(const struct book *book, const char *public)
{
    size_t low = 0, high = book->key_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(public, book->keys[middle]->public);

        if (order == 0)
            return book->keys[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

struct standing_key {
    char public[GRANT_PUBLIC_SIZE];
    int64_t seq;
};

/* Those in force. The caller frees. */
static int list_standing(struct standing_key **out, size_t *n_out, struct store *store, struct err *err)
{
    sqlite3_stmt *s = store_stmt(store, SQL_KEYS_ALL);
    size_t cap = 0;
    int r;

    *out = NULL;
    *n_out = 0;
    while ((r = store_step(store, s, err)) == 1) {
        if (sqlite3_column_int64(s, 3) != 0)
            continue;
        ARRAY_GROW(*out, *n_out, cap);
        (*out)[*n_out].seq = sqlite3_column_int64(s, 2);
        text_copy((*out)[(*n_out)++].public, GRANT_PUBLIC_SIZE, (const char *)sqlite3_column_text(s, 1));
    }
    return r;
}

int book_read(struct book *book, struct store *store, const struct kinds *kinds, uint64_t version, struct err *err)
{
    _cleanup_free_ struct standing_key *standing = NULL;
    struct grant **keys;
    size_t n, made = 0;

    if (list_standing(&standing, &n, store, err) < 0)
        return -1;
    keys = mem_zero((n + 1) * sizeof *keys);
    for (; made < n; made++) {
        /* A public part is allowed once, ever: one that was known has the same role and scope. */
        keys[made] = grant_ref(book_find_key(book, standing[made].public));
        if (!keys[made] && grant_from_row(&keys[made], store, kinds, standing[made].seq, err) < 0)
            break;
    }
    if (made < n) {
        for (size_t i = 0; i < made; i++)
            grant_unref(keys[i]);
        free(keys);
        return -1;
    }
    drop(book->keys, book->key_count);
    if (n > 1)
        qsort(keys, n, sizeof *keys, by_public);
    for (size_t i = 0; i < n; i++)
        keys[i]->gone = false;
    book->keys = keys;
    book->key_count = n;
    book->version = version;
    return 0;
}

void book_set_users(struct book *book, struct grant **users, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct grant *old = book_find_user(book, users[i]->name);

        if (!old || !grant_same(old, users[i]))
            continue;
        grant_unref(users[i]);
        users[i] = grant_ref(old);
    }
    drop(book->users, book->user_count);
    for (size_t i = 0; i < n; i++)
        users[i]->gone = false;
    book->users = users;
    book->user_count = n;
}

struct grant *book_find_user(const struct book *book, const char *name)
{
    for (size_t i = 0; i < book->user_count; i++)
        if (strcmp(book->users[i]->name, name) == 0)
            return book->users[i];
    return NULL;
}
