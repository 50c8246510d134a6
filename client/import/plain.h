/* Text as it is compared and read: full-width forms made half-width (Unicode NFKC), blanks around it gone.
 *
 * What is recorded as text is never taken from here but from the cell itself. */
#ifndef MUSTER_IMPORT_PLAIN_H
#define MUSTER_IMPORT_PLAIN_H

#include <stdbool.h>

#include "base/arena.h"

/* A copy in the arena. Text that is no UTF-8 is only trimmed. */
char *plain_text(struct arena *arena, const char *text);

/* The same of a person's name: without the blanks that pad Chinese names ("张 三"). Other names keep single blanks. */
char *plain_name(struct arena *arena, const char *text);

/* Nothing but blanks, of any width. */
bool plain_is_blank(const char *text);

/* How many characters must be put in, left out or exchanged to make one of the other; above `most`, most + 1. By characters, not
 * bytes: one other character of a name is one. */
unsigned plain_distance(const char *a, const char *b, unsigned most);

#endif
