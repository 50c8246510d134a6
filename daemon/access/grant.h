/* What somebody may do: a role, and a scope. Of a key (key.allowed), or of a local user (muster.conf).
 *
 * A grant never changes. Readers may look at it while a job holds it; the count of who holds it, and
 * everything under `main thread`, belongs to the main thread alone. NULL stands for an admin wherever a
 * grant is asked for, so that the usual case is one look at a pointer.
 */
#ifndef MUSTER_ACCESS_GRANT_H
#define MUSTER_ACCESS_GRANT_H

#include <stdint.h>

#include "base/cleanup.h"
#include "wire/roles.h"

enum { GRANT_PUBLIC_SIZE = 41, GRANT_NAME_SIZE = 65 };

struct grant {
    char name[GRANT_NAME_SIZE];
    char public[GRANT_PUBLIC_SIZE]; /* "" of a local user */
    enum key_role role;
    bool whole;                     /* its scope is the whole district */
    char **branches;                /* refs */
    size_t branch_count;
    char **areas;                   /* beginnings of area codes */
    size_t area_count;

    /* main thread */
    int refs;
    bool gone;              /* revoked, or taken out of the configuration */
    struct realm *realm;    /* as of `realm_version` of the ledger's realm; owned */
    uint64_t realm_version;
    double tokens;          /* requests that it may make at once (rate.h) */
    int64_t tokens_ms;
};

struct grant *grant_new(const char *name, enum key_role role);
void grant_add_branch(struct grant *grant, const char *ref);
/* "*" makes it the whole district. */
void grant_add_area(struct grant *grant, const char *area);
struct grant *grant_ref(struct grant *grant); /* takes NULL */
void grant_unref(struct grant *grant);        /* takes NULL */

/* Whether an area code lies in the scope. NULL: only in the whole district. */
bool grant_has_area(const struct grant *grant, const char *area);
/* Whether all of the areas that begin so do. */
bool grant_has_areas(const struct grant *grant, const char *prefix);
bool grant_names_branch(const struct grant *grant, const char *ref);

/* The same name, role and scope, item by item. */
bool grant_same(const struct grant *a, const struct grant *b);

/* Of a right: whether the grant has it at all. What RIGHT_SCOPE asks besides is the caller's affair. */
bool grant_allows(const struct grant *grant, enum right right);

#endif
