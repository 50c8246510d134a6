/* Requests that the main thread answers itself: a short body with a few fields. */
#ifndef MUSTER_SERVICE_SHORT_QUESTION_H
#define MUSTER_SERVICE_SHORT_QUESTION_H

#include <jansson.h>

#include "ledger/ledger.h"
#include "net/net.h"

struct short_field {
    const char *name;
    json_type type; /* JSON_TRUE: true or false */
};

struct short_question {
    json_t *body;
    const char *lang; /* "en", "zh"; also of a refusal */
};

/* Takes the fields given, null as if it were absent, and `lang` and `ledger`. 0; 1: err says what is wrong. */
int short_question_read(struct short_question *q, struct request *request, const struct ledger *ledger,
                        const struct short_field *fields, size_t n, struct err *err) MUST_CHECK;
void short_question_deinit(struct short_question *q);

#endif
