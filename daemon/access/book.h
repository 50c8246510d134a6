/* Who may come in: the keys that are in force, by their public part, and the local users.
 *
 * Kept in memory by the main thread, read anew from the store when a row about a key was recorded or
 * rolled back. A grant that is still in force stays the same object.
 */
#ifndef MUSTER_ACCESS_BOOK_H
#define MUSTER_ACCESS_BOOK_H

#include "access/grant.h"
#include "store/store.h"
#include "wire/kinds.h"

struct book;

struct book *book_new(void);
void book_free(struct book *book);
DEFINE_CLEANUP(book);

/* Reads the keys. `version` is what the ledger says of them: see book_version. */
int book_read(struct book *book, struct store *store, const struct kinds *kinds, uint64_t version,
              struct err *err) MUST_CHECK;
uint64_t book_version(const struct book *book);
size_t book_key_count(const struct book *book); /* in force */
struct grant *book_find_key(const struct book *book, const char *public);

/* Local users, by name: replaces all of them. Takes over the grants; one that says what it said before stays the
 * same object, so that what is under way in its name goes on. */
void book_set_users(struct book *book, struct grant **users, size_t n);
struct grant *book_find_user(const struct book *book, const char *name);

/* The grant that a row key.allowed gives. The caller's. 1: `seq` is no such row. */
int grant_from_row(struct grant **out, struct store *store, const struct kinds *kinds, int64_t seq,
                   struct err *err) MUST_CHECK;

#endif
