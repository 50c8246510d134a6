/* One message: one recipient, one channel, one moment; worst first. Plain data.
 *
 * Who makes a message (daemon/notify) decides what is told, to whom and when; a channel (channel.h) decides how it
 * looks and whether it arrived. Texts are UTF-8, of the recipient's language where they are for people, never NULL but
 * where said, "" for none; they may hold anything that a register entry may hold: a channel escapes them.
 */
#ifndef MUSTER_CHANNELS_MESSAGE_H
#define MUSTER_CHANNELS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/date.h"

enum message_kind {
    MESSAGE_NOW,     /* at once */
    MESSAGE_DAILY,
    MESSAGE_WEEKLY,
    MESSAGE_SUMMARY, /* after the daemon was off: what happened in between */
    MESSAGE_FAILED,  /* to the administrator: other messages could not be delivered */
    MESSAGE_KIND_COUNT
};

enum item_kind {
    ITEM_OPENED,
    ITEM_RAISED,      /* to a higher level */
    ITEM_CLOSED,
    ITEM_ESCALATED,   /* nobody acknowledged it: now told one step up */
    ITEM_NO_REPORTS,  /* an area from which nobody reported: not the same as inactive */
    ITEM_CAUSE,       /* several alerts explained by one cause */
    ITEM_UNDELIVERED, /* of MESSAGE_FAILED: a message that could not be delivered */
    ITEM_KIND_COUNT
};

/* One line of a message. */
struct message_item {
    enum item_kind kind;
    int64_t alert;            /* its number; 0: the line is not of one alert */
    int64_t count;            /* how many alerts (UNDELIVERED: lines) it stands for; at least 1 */
    const int64_t *alerts;    /* where it stands for several: the first of their numbers; NULL: none */
    size_t alert_count;       /* at most MESSAGE_ALERTS_MAX */
    const char *level;        /* "notice", "yellow", "red"; "": none */
    const char *level_before; /* RAISED: the level that was told before */
    const char *rule;         /* rule id; UNDELIVERED: name of the channel that failed */
    const char *title;        /* in the recipient's language; CAUSE: the cause, without names; UNDELIVERED: the last error */
    const char *subject_kind; /* "branch", "member", "unit", "transfer"; NO_REPORTS: "area"; UNDELIVERED: "recipient" */
    const char *subject;      /* ref; NO_REPORTS: the area's code; UNDELIVERED: the recipient's name */
    const char *name;         /* of the subject; "": unknown. Left out by a channel that tells no names */
    const char *branch, *area; /* refs; "": none */
    day_t since;              /* DAY_NONE: none. NO_REPORTS: the day of the last report */
    const char *remedy;       /* what would clear it; CLOSED: why it closed */
    const char *word;         /* one-time word that acknowledges it (a personal channel only); "": none */
};

struct message {
    const char *key;       /* idempotency key: the same at every try, unlike that of any other message. 1 to 64 of
                              A-Z a-z 0-9 . _ - */
    const char *recipient; /* the name in the configuration: for logs, and for whom it greets */
    const char *address;   /* on the channel: of mail an address; may be "" where a channel needs none */
    const char *lang;      /* "en", "zh" */
    const char *ledger;    /* the ledger's name for people: the district; not "" */
    enum message_kind kind;
    int64_t made_at_us;    /* since 1970 UTC: the moment that it is about, the same at every try */
    int64_t off_days;      /* SUMMARY: how many days the daemon was off */
    bool rehearsal;        /* never sent outside; for those who show what would be told */
    int64_t red, yellow, notice; /* alerts told as open, by level: all lines, also those that are left out */
    int64_t closed;        /* alerts told as closed, likewise */
    int64_t more;          /* further lines, left out of `items` */
    const struct message_item *items; /* worst first */
    size_t item_count;     /* at most MESSAGE_ITEMS_MAX */
};

/* Further lines help nobody, and a message of more would be cut or refused on the way: about 100 KiB of mail. */
enum {
    MESSAGE_ITEMS_MAX = 200,
    MESSAGE_ALERTS_MAX = 100, /* numbers that one line gives; who wants more asks muster alerts */
};

/* A copy that owns all its texts, for another thread. Never NULL. */
struct message *message_copy(const struct message *m);
/* Of a copy. Takes NULL. */
void message_free(struct message *copy);
DEFINE_CLEANUP(message);
#define _cleanup_message_ CLEANUP(message_cleanup)

/* How a try ended. */
enum sent {
    SENT_OK,
    SENT_LATER, /* not now: try again, not before retry_after_s */
    SENT_NEVER, /* never: trying again would not help (5xx of SMTP, 4xx of HTTP but 408 and 429) */
};

struct sent_result {
    enum sent sent;
    int64_t retry_after_s; /* LATER: what the other side asked for; 0: nothing */
    char code[32];         /* for the log: "smtp 550", "http 429", "timeout", "exit 1"; "": sent */
    char error[256];       /* one line for an administrator (English), without secrets, but perhaps with what a server
                              said: an address. For the table of notices; not for the log */
};

/* "now", "daily", "weekly", "summary", "failed"; "opened", "raised", ...: the words of the JSON form. */
const char *message_kind_name(enum message_kind kind);
const char *item_kind_name(enum item_kind kind);

#endif
