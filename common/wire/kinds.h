/* The kinds of activity, as bits of one word: the meeting kinds of ledger.md section 3, the kinds
 * that a deployment adds in its configuration, training, and contact. */
#ifndef MUSTER_WIRE_KINDS_H
#define MUSTER_WIRE_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KIND_STANDARD = 11, KIND_TRAINING = 11, KIND_CONTACT = 12, KIND_CUSTOM = 13, KIND_MAX = 62 };

#define KIND_BIT(k) ((uint64_t)1 << (k))
/* Everything that is a meeting or a training: what a rule's "any" stands for. */
#define KINDS_ANY (~KIND_BIT(KIND_CONTACT) & (KIND_BIT(KIND_MAX + 1) - 1))

struct kinds {
    const char *names[KIND_MAX + 1]; /* by bit; NULL where none. Not owned but for the custom ones */
    bool allowed[KIND_MAX + 1];      /* may be submitted now; a kind once used keeps its bit */
};

/* The standard kinds, training and contact, in their fixed bits. */
void kinds_init(struct kinds *k);
void kinds_deinit(struct kinds *k);

/* Gives `name` a bit (the given one, or the next free where `bit` < 0). Returns the bit, -1 when
 * all are taken. The name is copied. */
int kinds_add(struct kinds *k, const char *name, int bit);

/* The bit of a name, or -1. */
int kinds_find(const struct kinds *k, const char *name, size_t len_bytes);

#endif
