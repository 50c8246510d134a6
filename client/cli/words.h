/* Words of the wire as Chinese offices say them (docs: glossary), for tables in Chinese, and for
 * typing them. The wire, JSON and CSV always have the neutral words. */
#ifndef MUSTER_CLI_WORDS_H
#define MUSTER_CLI_WORDS_H

/* How a word of the wire is shown to people: in Chinese where there is a term, else as it is. */
const char *word_shown(const char *word);

/* The same for the name of a field or a fact, and for the reason of a closing. */
const char *label_shown(const char *name);

/* The word of the wire for a Chinese term; anything else is returned as it is. */
const char *word_typed(const char *text);

#endif
