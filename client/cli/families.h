/* The verbs, family by family: one file each. A new family is one line in families.c. */
#ifndef MUSTER_CLI_FAMILIES_H
#define MUSTER_CLI_FAMILIES_H

#include "args.h"

struct family {
    const char *en; /* heading in the help */
    const struct verb *verbs;
    size_t count;
};

extern const struct family family_activity;   /* record_verbs.c */
extern const struct family family_mobility;   /* record_verbs.c */
extern const struct family family_registers;  /* register_verbs.c */
extern const struct family family_correction; /* record_verbs.c */
extern const struct family family_submit;     /* submit.c */
extern const struct family family_import;     /* import.c */
extern const struct family family_outbox;     /* outbox.c */
extern const struct family family_reading;    /* reading.c */
extern const struct family family_alerts;     /* alerts.c */
extern const struct family family_notices;    /* notices.c */
extern const struct family family_figures;    /* figures.c */
extern const struct family family_report;     /* report.c */
extern const struct family family_rating;     /* rating.c */
extern const struct family family_keys;       /* keys.c */
extern const struct family family_trust;      /* trust.c */
extern const struct family family_service;    /* service.c */

/* All of them, NULL at the end. */
extern const struct family *const families[];

/* The verb that `first` and `second` (may be NULL) name, and how many words its name has; NULL if
 * there is none. */
const struct verb *family_find(const char *first, const char *second, size_t *words_out);

/* Is it the first word of verbs of two words ("branch")? */
bool family_is_group(const char *word);

/* The nearest name to what was typed, or NULL. */
const char *family_nearest(const char *first, const char *second);

/* Short help of the whole; help of the verbs of a group; help of one verb. On stdout. */
void help_all(void);
void help_group(const char *word);
void help_verb(const struct verb *verb);

#endif
