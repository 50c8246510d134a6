/* Where an alert's subject is on a day, as far as routes look at it. */
#ifndef MUSTER_NOTIFY_WHEREABOUTS_H
#define MUSTER_NOTIFY_WHEREABOUTS_H

#include "facts/facts.h"

struct whereabouts {
    int64_t branch;   /* key; 0: none */
    const char *ref;  /* of the branch, in the arena; NULL: none */
    const char *area; /* of the subject, else of its branch; as long as the facts; NULL: none */
};

/* `data`: of the subject, NULL where nothing makes it one. */
int whereabouts_of(struct whereabouts *out, struct store *store, struct facts *facts, struct arena *arena,
                   int64_t subject, const struct subject_data *data, day_t day, struct err *err) MUST_CHECK;

#endif
