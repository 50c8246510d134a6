/* Putting a message together, a little at a time: what it tells, what one cause explains as one line, worst first; then
 * the words of each line that is left. Inside the room only.
 */
#ifndef MUSTER_NOTIFY_COMPOSE_H
#define MUSTER_NOTIFY_COMPOSE_H

#include "channels/message.h"
#include "facts/keymap.h"
#include "rules/evaluate.h"
#include "settings/settings.h"
#include "store/notices.h"

struct notify;

enum {
    /* Lines kept of one message: 8 MiB. Of what is beyond only the numbers are told, as of all after the first 200. */
    LINES_MAX = 50000,
    GROUP_MIN = 3, /* so many of one kind in one branch have one cause */
};

struct line {
    enum item_kind kind;
    bool ends;          /* it tells of what is closed */
    int64_t alert;      /* 0: of several, or of none */
    int64_t count;
    const int64_t *alerts; /* of several: the first numbers */
    size_t alert_count;
    int level, before;  /* enum level */
    const char *rule, *why;
    int64_t subject, branch; /* keys */
    day_t since;
    const char *silent; /* OPENED: the area from which nobody reports; NULL */
    int64_t message;    /* UNDELIVERED: which */
};

struct composing {
    struct outgoing of;       /* number 0: nothing is being composed */
    const struct person *person;
    const struct person_address *address;
    struct arena arena;
    struct arena scratch;     /* of some rows at a time */
    struct line *lines;       /* in the order of notices, then worst first */
    size_t n, cap;
    struct keymap by_alert;   /* alert -> index + 1 in lines: told of once in one message */
    int64_t last;             /* notices up to this are in `lines` */
    bool names;               /* the channel tells names */
    bool personal;            /* one person alone reads it */
    bool collected;
    struct message_item *items;
    size_t written;
    struct message message;
};

void composing_deinit(struct composing *c);
/* `of` lives in c->arena. `channel` NULL: one that is built in. */
void composing_begin(struct composing *c, const struct outgoing *of, const struct person *person,
                     const struct person_address *address, const struct settings_channel *channel);
/* 1: c->message is whole; 0: not yet; -1. */
int composing_step(struct composing *c, struct notify *notify, int64_t until_ms, struct err *err) MUST_CHECK;

/* lines.c: joins lines of one cause (their numbers go into the arena) and puts the worst first. */
void lines_arrange(struct line *lines, size_t *n, struct arena *arena);
/* words.c: one line in the recipient's language, into the arena. `names`: of people and units too. */
int words_of_line(struct message_item *out, const struct line *line, struct notify *notify, struct arena *arena,
                  const char *lang, bool names, struct err *err) MUST_CHECK;

#endif
