/* A rule pack: what is expected of whom (rules.md). Plain data, immutable once read.
 *
 * Read from a libconfig file by daemon and command alike (pack_read_file), or from the JSON that
 * the command sends for `muster rules --try` (pack_read_json). Both are checked by the same code:
 * unknown key, unknown fact, kind that does not fit the subject, levels out of order. A mistake in
 * a file is told as `file:line: what is wrong`.
 */
#ifndef MUSTER_PACK_PACK_H
#define MUSTER_PACK_PACK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/err.h"
#include "wire/kinds.h"
#include "wire/subject.h"

enum fact_id {
    FACT_FORM, FACT_SECTOR, FACT_AREA, FACT_COMMITTEE, FACT_GROUPS, FACT_MEMBERS,
    FACT_FULL_MEMBERS, FACT_UNITS, FACT_STARS,                       /* branch */
    FACT_STAGE, FACT_ROLE, FACT_PRESENCE, FACT_FIXED, FACT_BRANCH_FORM, /* member, with sector, area */
    FACT_STAFF, FACT_ELIGIBLE, FACT_ABOVE_SCALE, FACT_COVERED, FACT_OWN_BRANCH, /* unit, with sector, area, full_members */
    FACT_STATE, FACT_OUTSIDE,                                        /* transfer */
    FACT_COUNT
};

const char *fact_name(enum fact_id fact);

/* The value of a fact on a day. */
enum fact_type { FACT_UNSET, FACT_NUMBER, FACT_BOOL, FACT_TEXT };
struct fact {
    enum fact_type type;
    int64_t number;   /* NUMBER, or 0/1 for BOOL */
    const char *text; /* TEXT; owned by whoever made the fact */
};

/* Dates that an expiry rule may watch. */
enum date_id { DATE_TERM_ENDS, DATE_PROBATION_ENDS, DATE_AWAY_SINCE, DATE_VALID_UNTIL, DATE_RECEIVED, DATE_COUNT };
const char *date_name(enum date_id date);

enum fact_op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE };

struct condition {
    enum fact_id fact;
    enum fact_op op;
    struct fact value; /* text owned by the pack */
};

enum rule_kind { RULE_CADENCE, RULE_SILENCE, RULE_EXPIRY, RULE_STATE };
enum level { LEVEL_NONE, LEVEL_NOTICE, LEVEL_YELLOW, LEVEL_RED };
const char *rule_kind_name(enum rule_kind kind);
const char *level_name(enum level level); /* "notice" ... */
bool level_parse(enum level *out, const char *name);

struct threshold {
    int32_t missed;        /* cadence */
    struct duration after; /* silence, state: after; expiry: from */
    enum level level;
};

struct bilingual {
    char *en;
    char *zh;
};

enum measure { MEASURE_COUNT, MEASURE_HOURS };
enum scope { SCOPE_BRANCH, SCOPE_ATTENDANCE };

struct rule {
    char *id;
    enum subject_kind subject;
    enum rule_kind kind;
    uint64_t kinds;            /* cadence, silence: bits; "any" is KINDS_ANY */
    char **kind_names;         /* the same as written, for showing and pack_bind_kinds */
    size_t kind_name_count;
    int64_t at_least;          /* cadence; in hundredths of an hour when measure is hours, else a count */
    enum period_unit per;      /* cadence */
    struct duration grace;     /* cadence; days or months, not negative */
    enum measure measure;      /* cadence */
    enum scope scope;          /* cadence, silence */
    int32_t needs_rolls;       /* cadence, silence; 0: not asked */
    enum date_id date;         /* expiry */
    struct duration plus;      /* expiry */
    struct condition *when;
    size_t when_count;
    struct threshold *levels;  /* ascending */
    size_t level_count;
    struct bilingual title, basis, remedy;
};

struct pack {
    struct rule *rules;
    size_t rule_count;
    char hash[65]; /* BLAKE2b-256 of the pack's canonical JSON, hex */
};

/* `kinds` tells which activity kinds are known; NULL lets any ref-like name pass (the command does
 * not know the daemon's; the daemon checks again). Returns 0, or 1 with err set: invalid_value and
 * a sentence that begins `file:line: `. */
int pack_read_file(struct pack **pack_out, const char *path, const struct kinds *kinds,
                   struct err *err) MUST_CHECK;

/* The same from a text; `name` stands for the file in messages. */
int pack_read_text(struct pack **pack_out, const char *text, size_t len_bytes, const char *name,
                   const struct kinds *kinds, struct err *err) MUST_CHECK;

/* From the object {"rules": [...]} with the same keys as the file. A mistake's sentence begins with
 * its place in the object: `rules[3].levels[0]: `. */
int pack_read_json(struct pack **pack_out, const json_t *root, const struct kinds *kinds,
                   struct err *err) MUST_CHECK;

/* The file as JSON {"rules": [...]}, checked by nothing but libconfig's syntax; for sending. */
int pack_file_to_json(json_t **root_out, const char *path, struct err *err) MUST_CHECK;

/* Gives the rules the bits of another set of kinds, before the pack is shared: the ledger keeps bits of its
 * own for the kinds that a deployment adds, and a pack is checked before the ledger is open. 1: a rule
 * names a kind that is not there; nothing is changed then. */
int pack_bind_kinds(struct pack *pack, const struct kinds *kinds, struct err *err) MUST_CHECK;

void pack_free(struct pack *pack);
DEFINE_CLEANUP(pack);
#define _cleanup_pack_ CLEANUP(pack_cleanup)

/* Whether an alert by it means that something was not recorded: a cadence, a silence. NULL: no. */
static inline bool rule_needs_reports(const struct rule *rule)
{
    return rule && (rule->kind == RULE_CADENCE || rule->kind == RULE_SILENCE);
}

/* The rule with that id, or NULL. */
const struct rule *pack_find(const struct pack *pack, const char *id);

#endif
