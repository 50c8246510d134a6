/* The sender: takes messages, sends each over its channel, and hands back what came of it.
 *
 * One thread for each channel (a lane), so that a slow one holds up neither the others nor the daemon. A lane has one
 * message under way and a few that wait, bounded by LANE_MAX; who gives asks teller_room first, or keeps what was not
 * taken. What a lane still holds when it ends (reload, stop) comes back as SENT_LATER: nothing is kept here that is not
 * in the table of notices.
 *
 * The main thread alone calls this. A rehearsal has none of it: nothing can be sent.
 */
#ifndef MUSTER_SERVICE_TELLER_H
#define MUSTER_SERVICE_TELLER_H

#include "base/err.h"
#include "channels/channel.h"
#include "service/policy.h"

/* Behind the one under way: the lane goes on at once, also when the main thread is busy for a while. */
enum { LANE_MAX = 4 };

struct teller;

/* No lanes yet. Once, before there is another thread. */
int teller_new(struct teller **out, struct err *err) MUST_CHECK;
/* What is under way is broken off within a second, and comes back to nobody. Takes NULL. */
void teller_free(struct teller *teller);
DEFINE_CLEANUP(teller);
#define _cleanup_teller_ CLEANUP(teller_cleanup)

/* The channels of a configuration from now on, with its texts. Lanes of before finish the message under way and end.
 * 1 (the texts are faulty), -1: nothing has changed. */
int teller_configure(struct teller *teller, struct policy *policy, struct err *err) MUST_CHECK;

/* Only looks whether teller_configure would find the texts good (for --check-config, and before a reload). */
int teller_check(const struct settings *settings, struct err *err) MUST_CHECK;

/* How many messages the channel would take now; 0 also where there is no such channel. */
size_t teller_room(const struct teller *teller, const char *channel);

/* Takes a copy (message_copy) over. `id`: the caller's own number, handed back. False: no room, nothing is taken. */
bool teller_give(struct teller *teller, const char *channel, int64_t id, struct message **copy) MUST_CHECK;

struct told {
    int64_t id;
    struct sent_result result;
};

/* What has been sent, or not; false: nothing new. */
bool teller_take(struct told *out, struct teller *teller);
/* Readable while there is something to take. */
int teller_fd(const struct teller *teller);

/* For `status` and metrics. */
struct teller_counts {
    int64_t sent, later, never; /* tries, since the start, by how they ended */
    size_t under_way;           /* given, and not taken back yet */
};
struct teller_counts teller_counts(const struct teller *teller);

#endif
