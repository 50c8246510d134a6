/* Texts in libconfig's syntax, and JSON, as one neutral tree that knows its places.
 *
 * Rule packs (here) and the daemon's configuration (daemon/settings) are checked over this tree, so
 * that one checker serves files and JSON, and every mistake can be told with its place: `file:line: `
 * in a file, `rules[3].levels[0]: ` in JSON.
 *
 * What libconfig 1.5 does badly is kept from it: it calls exit() on an @include of a directory (so
 * @include is refused), cuts numbers that do not fit to 32 bits, and takes an unclosed comment as the
 * end of the file. On a syntax error it leaks at most the strings of one value (64 bytes each).
 *
 * A tree lives in the caller's arena. Nodes are bounded in number and depth.
 */
#ifndef MUSTER_PACK_CONF_H
#define MUSTER_PACK_CONF_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"

enum {
    CONF_FILE_MAX_BYTES = 1024 * 1024, /* the default pack has 36 KiB; 200 rules as long fit */
    CONF_NODES_MAX = 32 * 1024,        /* 200 rules of 60 settings each, and some */
    CONF_DEPTH_MAX = 16,               /* rules go five deep */
};

enum conf_type { CONF_INT, CONF_REAL, CONF_BOOL, CONF_TEXT, CONF_LIST, CONF_GROUP, CONF_NULL };

struct conf_node {
    enum conf_type type;
    const char *file; /* as given; NULL when the tree was JSON */
    int line;         /* of the setting's name, or of the item */
    const char *key;  /* NULL for the root and in a list */
    size_t index;     /* in the parent */
    const struct conf_node *parent;
    int64_t number;   /* INT; BOOL 0/1 */
    double real;      /* REAL, finite */
    const char *text; /* TEXT: valid UTF-8 without control characters */
    struct conf_node *items;
    size_t count;
};

/* The file's tree. Returns 0; 1 with err set (invalid_value, `file:line: ...`). The file must be a
 * regular one. */
int conf_read_file(struct conf_node **root_out, struct arena *arena, const char *path,
                   struct err *err) MUST_CHECK;
/* The same of a text; `name` stands for the file in messages. `text` needs no terminator. */
int conf_read_text(struct conf_node **root_out, struct arena *arena, const char *text,
                   size_t len_bytes, const char *name, struct err *err) MUST_CHECK;
int conf_read_json(struct conf_node **root_out, struct arena *arena, const json_t *root,
                   struct err *err) MUST_CHECK;
/* The tree as JSON, without places. The caller owns it. */
json_t *conf_to_json(const struct conf_node *node);

/* Refuses what libconfig would misread (conf_guard.c); used by conf_read_text. */
int conf_guard(const char *text, size_t len_bytes, const char *name, struct err *err) MUST_CHECK;

/* Says a mistake at the node's place, in English and Chinese (formats over the same arguments).
 * Always returns 1. The code is invalid_value, the field the node's key. */
int conf_fault(struct err *err, const struct conf_node *at, const char *en, const char *zh, ...)
    PRINTF_LIKE(3, 5) PRINTF_LIKE(4, 5);
/* The same with finished sentences. */
int conf_say(struct err *err, const struct conf_node *at, const char *en, const char *zh);
/* An unknown `what` (key, fact, ...), with the nearest of the names, or all if they are few. */
int conf_unknown(struct err *err, const struct conf_node *at, const char *word,
                 const char *what_en, const char *what_zh, const char *const *names, size_t n);

/* A text as a message may show it: cut, and without control characters. */
struct shown {
    char text[72];
};
const char *conf_shown(struct shown *out, const char *text);

/* The member of a group, or NULL. */
const struct conf_node *conf_find(const struct conf_node *group, const char *key);

/* Each member of the group has one of the names; otherwise the nearest is told. */
int conf_check_keys(const struct conf_node *group, const char *const *names, size_t n,
                    struct err *err) MUST_CHECK;

/* Typed reads. Each returns 0, or says what is expected at the node's place. Texts belong to the
 * tree; a text has min_bytes to max_bytes bytes. */
int conf_int(int64_t *out, const struct conf_node *node, int64_t min, int64_t max,
             struct err *err) MUST_CHECK;
int conf_bool(bool *out, const struct conf_node *node, struct err *err) MUST_CHECK;
int conf_text(const char **out, const struct conf_node *node, size_t min_bytes, size_t max_bytes,
              struct err *err) MUST_CHECK;
/* One of `n` words: its index. */
int conf_word(int *out, const struct conf_node *node, const char *const *words, size_t n,
              struct err *err) MUST_CHECK;
int conf_duration(struct duration *out, const struct conf_node *node, bool negative_allowed,
                  struct err *err) MUST_CHECK;
/* A list of min to max items. */
int conf_list(const struct conf_node *node, size_t min, size_t max, struct err *err) MUST_CHECK;
int conf_group(const struct conf_node *node, struct err *err) MUST_CHECK;

#endif
