/* The inside of service.h, shared by its own files only. */
#ifndef MUSTER_SERVICE_SERVICE_STATE_H
#define MUSTER_SERVICE_SERVICE_STATE_H

#include "access/word.h"
#include "base/clock.h"
#include "service/admission.h"
#include "service/batch.h"
#include "service/chores.h"
#include "service/counters.h"
#include "notify/notify.h"
#include "service/evaluation.h"
#include "service/gate.h"
#include "service/policy.h"
#include "service/pretends.h"
#include "service/reads.h"
#include "service/service.h"
#include "service/teller.h"

struct service {
    const char *config;
    int signal_fd;
    int lock_fd;
    struct clock clock;
    struct policy *policy;
    struct ledger *ledger;
    struct evaluation evaluation;
    struct notify *notify;
    struct teller *teller;
    struct pulse *pulse;
    int64_t pulse_wait_ms; /* -1: nothing is configured */
    struct told unnoted;   /* what a channel made of a message, and could not be written down yet; id 0: nothing */
    int64_t telling_retry_ms; /* what is told failed: not before then; 0: it did not */
    struct admission admission;
    struct net *net;
    struct gate *gate;
    struct arrival *waiting; /* came in, and is to be looked at in the next turn */
    struct batch batch;
    size_t awaited;        /* senders who are likely to send again at once: those just answered, and those who wait */
    int64_t await_until_us; /* monotonic */
    struct reads reads;
    struct pretends pretends;
    struct chores *chores;
    struct head_key *head_key;
    uint8_t word_key[WORD_KEY_SIZE]; /* makes one-time words */
    struct read_log *read_log;
    char *verified;      /* JSON: what the last verification found; NULL: there was none */
    struct counters counters;
    int64_t started_us;
    int64_t hinted_seq;  /* the newest row that the feed told of */
    int64_t watchdog_ms; /* 0: none */
    bool failing;        /* the store could not write last time */
    bool upkeep_due;     /* the store's housekeeping is not done */
    bool leapt;          /* the clock: nothing is recorded (clock_verb.h) */
    bool stopping;
    struct err unsound;  /* why it stops by itself */
};

/* answers.c: sends, and counts what became of it. Takes the body's memory. */
void service_answer(struct service *s, const struct address *to, bool ok, struct buf *body);
/* Of what has waited: nothing to a key that was revoked meanwhile. */
void service_answer_request(struct service *s, const struct request *request, bool ok, struct buf *body);
void service_refuse_request(struct service *s, const struct request *request, const struct err *err, const char *lang);
void service_refuse(struct service *s, const struct address *to, const struct err *err,
                    const char *lang);

/* reload.c */
void service_reload(struct service *s);

/* answers.c: the members of `status` that only the service knows (query.h). */
/* `limits`: who may see less (NULL: everything). */
char *service_status(struct service *s, const struct grant *limits);

#endif
