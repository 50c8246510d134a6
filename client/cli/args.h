/* The words and options of one call of the command.
 *
 * Every verb declares its options in a table: their names in the help, their values on the wire, and
 * near misses follow from it. The parsing itself is getopt_long's.
 */
#ifndef MUSTER_CLI_ARGS_H
#define MUSTER_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "say/language.h"
#include "wire/catalogue.h"

enum option_kind {
    OPTION_FLAG,   /* no value */
    OPTION_TEXT,
    OPTION_NUMBER, /* a whole number */
    OPTION_DATE,   /* a civil date, as when.h reads it */
    OPTION_TIME,   /* a civil date or a time */
    OPTION_YES_NO, /* --committee, --committee=no */
};

struct option_spec {
    const char *name;      /* without the dashes */
    enum option_kind kind;
    const char *value;     /* how the help calls its value */
    const char *field;     /* the member of the request that it becomes; NULL: the verb sees to it */
    const char *en;
};

struct cli;
struct arguments;

enum verb_flag {
    VERB_LISTS = 1 << 0,    /* --limit, --all */
    VERB_AS_OF = 1 << 1,    /* --as-of */
    VERB_KNOWN_ON = 1 << 2, /* --known-on */
    VERB_FOLLOWS = 1 << 3,  /* --follow, --feed */
    VERB_NEEDS_AT = 1 << 4, /* recording: --at must be given */
    VERB_MAKES_REF = 1 << 5, /* recording: the first word is made up where it is missing */
    VERB_HIDDEN = 1 << 6,    /* a second name, not in the help */
    VERB_QUIET = 1 << 7,     /* --quiet, as cli->quiet has it; others have one of their own */
};

enum { VERB_WORDS = 3 };

struct verb {
    const char *name;     /* "recent", "branch found" */
    const char *words;    /* how the help calls its words */
    size_t min_words, max_words;
    unsigned flags;
    const struct option_spec *options;
    size_t option_count;
    const char *en;  /* one line */
    const char *example;  /* whole command lines, one a line */
    int (*run)(struct cli *cli, const struct arguments *args);

    /* Recording verbs: what they record, and which fields their words are. Their options are the
     * fields of the catalogue. */
    enum event_type type;
    enum field_id word_fields[VERB_WORDS];
};

/* One option given: several times the same name is several of these, in order. */
struct given {
    const struct option_spec *spec;
    const char *value; /* NULL for a flag, or a bare yes-or-no */
};

struct option_set {
    struct option_spec *specs;
    size_t count, cap;
};

struct arguments {
    const struct verb *verb;
    struct option_set known;
    struct given *given;
    size_t given_count, given_cap;
    const char **words; /* they belong to argv */
    size_t word_count, word_cap;
};

void arguments_deinit(struct arguments *args);
#define _cleanup_arguments_ CLEANUP(arguments_deinit)

/* Adds what a verb knows: the options of all verbs, those of its flags, its own, its fields. */
void options_for_verb(struct option_set *set, const struct verb *verb);
/* Just those of all verbs. */
void options_common(struct option_set *set);

/* Reads argv (without the command's name), stopping at the first word if `leading`. Returns the
 * number of items read, or -1 when it has told a mistake. */
int arguments_read(struct arguments *args, int argc, char **argv, bool leading);

/* The last value given under that name, or NULL. */
const char *arguments_value(const struct arguments *args, const char *name);
bool arguments_has(const struct arguments *args, const char *name);

/* The next line of standard input, as the answer to a question: anything but y or 是 is no. */
bool yes_is_answered(void);

/* A whole number of at least `min`. False when it has told a mistake. */
bool number_parse(int64_t *out, const char *text, int64_t min, const char *name);
/* "yes", "no" and their like; NULL is yes. False when it has told a mistake. */
bool yes_no_parse(bool *out, const char *text, const char *name);

#endif
