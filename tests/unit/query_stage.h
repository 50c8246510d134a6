/* A ledger in a temporary file, with a reader on it: what the tests of daemon/query share. */
#ifndef MUSTER_TEST_QUERY_STAGE_H
#define MUSTER_TEST_QUERY_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "ledger/ledger.h"
#include "query/query.h"

struct stage {
    char path[64];
    struct clock clock;
    struct ledger *ledger;
    struct query *query;
    struct query_env env;
    struct pack *pack;
    bool batch;   /* records are one transaction until stage_commit */
    unsigned ids; /* events made so far */
    char last_id[40];
};

/* A new ledger; the clock stands on 2023-01-01. */
int stage_setup(void **state);
int stage_teardown(void **state);
/* Units U-1..3, branches B-1 (own, area 450101), B-2 (joint, 450102), members M-1..3 of B-1 and M-4, M-5
 * of B-2, all since 2020. */
void stage_people(struct stage *s);

void stage_day(struct stage *s, const char *day);
/* Records {"id":..., "type":type, "at":at, rest}; its id is s->last_id. Returns the seq. */
int64_t stage_record(struct stage *s, const char *type, const char *at, const char *rest, ...)
    __attribute__((format(printf, 4, 5)));

/* Submits the same, and expects that refusal. */
void stage_not_recorded(struct stage *s, enum err_code code, const char *field, const char *type, const char *at,
                        const char *rest, ...) __attribute__((format(printf, 6, 7)));

/* What is recorded between the two is one transaction (a commit waits for the disk). */
void stage_begin(struct stage *s);
void stage_commit(struct stage *s);

/* The reply, or fails. */
json_t *stage_ask(struct stage *s, const char *verb, const char *body, ...)
    __attribute__((format(printf, 3, 4)));
/* Expects an error; returns it. */
struct err stage_refused(struct stage *s, enum err_code code, const char *field, const char *verb,
                         const char *body, ...) __attribute__((format(printf, 5, 6)));
/* The values of one text or whole-number member of every row, joined with blanks; owned by the stage's
 * next call. */
const char *stage_column(json_t *reply, const char *member);

#endif
