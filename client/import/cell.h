/* Cells as people write them, read into values. Pure but for the process's zone.
 *
 * Every reader takes a cell in its plain form (plain.h), returns 0 with the value, or 1 with a sentence in err that quotes the cell.
 */
#ifndef MUSTER_IMPORT_CELL_H
#define MUSTER_IMPORT_CELL_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"

enum { CELL_TIME_NONE = -1, CELL_WHEN_SIZE = 64 };

struct cell_when {
    day_t day;
    int second;                /* of the day, CELL_TIME_NONE where there is a date alone */
    int end_second;            /* of "15:00-17:00"; CELL_TIME_NONE */
    char text[CELL_WHEN_SIZE]; /* for the wire: a date, or a time with the offset of the ledger's zone */
};

/* 2022-11-05 2022/11/5 2022.11.05 2022年11月5日 20221105, a day number of Excel (44870, 44870.625); each with or without a time: 15:00
 * 15:00:30 15时30分 15点 下午3:00 3:00PM 15:00-17:00. An RFC 3339 time with offset is passed on as it is.
 * A month without a day, and 11/5/2022, which is two days, are refused. */
int cell_when(struct cell_when *out, const char *cell, struct err *err) MUST_CHECK;
/* The same without a time. */
int cell_day(day_t *out, const char *cell, struct err *err) MUST_CHECK;
/* A time alone, into a date that has none. */
int cell_add_time(struct cell_when *when, const char *cell, struct err *err) MUST_CHECK;

/* A whole number: "1,200", "7人", "90分钟", "2小时" is 2. */
int cell_count(int64_t *out, const char *cell, struct err *err) MUST_CHECK;
/* Minutes: "90", "90分钟", "2小时", "1.5h", "1小时30分". */
int cell_minutes(int64_t *out, const char *cell, struct err *err) MUST_CHECK;
/* Hundredths: "7.25", "8学时". */
int cell_hundredths(int64_t *out, const char *cell, struct err *err) MUST_CHECK;
/* 是 否 有 无 √ × y n yes no true false 1 0. */
int cell_yes_no(bool *out, const char *cell, struct err *err) MUST_CHECK;

/* One of a list of words: `words` is "enterprise=非公企业|企业", ended by NULL; the word itself counts too. It is not terminated. */
int cell_word(const char **out, size_t *len_out, const char *cell, const char *const *words, struct err *err) MUST_CHECK;

struct cell_list {
    char **items; /* as they stand, trimmed; none empty */
    size_t count;
};

/* What parts a list. Full-width forms of these part it, too. */
enum cell_parting {
    PARTING_TEXTS, /* ; and line breaks: a sentence may hold the others */
    PARTING_NAMES, /* also 、 , and |, or blanks where there is nothing else and every part is Chinese */
    PARTING_WORDS, /* also / + & */
};
void cell_list(struct cell_list *out, struct arena *arena, const char *cell, enum cell_parting parting);

#endif
