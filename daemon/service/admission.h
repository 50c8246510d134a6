/* Admission: who sent a request, and whether that may ask it at all.
 *
 * Keys come from the ledger, local users from the configuration; the daemon's own user and root may do
 * everything. What is decided here holds for one request; events are looked at once more, one by one, when
 * they are recorded, so that a revocation is in force with its own row.
 */
#ifndef MUSTER_SERVICE_ADMISSION_H
#define MUSTER_SERVICE_ADMISSION_H

#include "access/book.h"
#include "base/keyfile.h"
#include "ledger/ledger.h"
#include "net/net.h"
#include "service/policy.h"

struct admission {
    struct book *book;
    struct keypair server; /* of tcp */
    int64_t stopped;       /* requests of keys that were revoked meanwhile; they get no answer */
    int64_t refused;       /* requests that their sender may not make */
    int64_t hurried;       /* requests over a key's rate */
};

/* Reads the keys, the users and the server's key pair, which is made where there is none. 1: refused. */
int admission_open(struct admission *a, const struct policy *policy, struct ledger *ledger, struct err *err) MUST_CHECK;
void admission_close(struct admission *a);

/* Before anything is taken over: 1 where a scope names a branch that there is not. */
int admission_check_users(const struct settings *settings, struct ledger *ledger, struct err *err) MUST_CHECK;
void admission_take_users(struct admission *a, const struct settings *settings);

/* The book as of the newest row, also of a batch that is not committed. */
int admission_sync(struct book *book, struct ledger *ledger, struct err *err) MUST_CHECK;

enum admitted {
    ADMITTED,         /* request->grant and request->user are set: NULL for an admin of this machine */
    ADMITTED_REFUSED, /* err is the answer */
    ADMITTED_NOT,     /* no answer: its key is not in force (any more) */
};
enum admitted admission_of(struct admission *a, struct request *request, const struct settings *settings,
                           int64_t now_ms, struct err *err) MUST_CHECK;

/* The door's question (net/door.h); `data` is the book. */
bool admission_knows(void *data, const char *public);

#endif
