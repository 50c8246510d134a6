/* What a report is made of: the daemon's figures, and lists made of its other answers.
 *
 * Nothing is asked before it is needed, and nothing twice. Every figure and every row comes from a
 * reply; what this room counts itself (the sums of the board by township, who needs help most) it counts from
 * replies. It knows no socket: who calls it, the command or a test, gives it a function that asks, and sets the
 * language (say/language.h).
 */
#ifndef MUSTER_CLIENT_REPORT_MATERIAL_H
#define MUSTER_CLIENT_REPORT_MATERIAL_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "say/language.h"

/* Asks the daemon; the caller decrefs. Not 0: it failed, and that was told. */
typedef int report_ask_fn(void *context, const char *verb, const json_t *body, json_t **reply_out);

struct report_source {
    report_ask_fn *ask;
    void *context;
};

struct material;

/* `question`: the members year, as_of, known_on, area, branch, denominator of a request, each if given. Asks for
 * the figures and the rules. 0, or -1 when asking failed. */
int material_new(struct material **out, const struct report_source *source, const json_t *question) MUST_CHECK;
void material_free(struct material *material);
DEFINE_CLEANUP(material);
#define _cleanup_material_ CLEANUP(material_cleanup)

/* Whether texts are Chinese. */
bool material_zh(const struct material *material);

/* --- figures, and what else is one value --- */

/* A figure by its full name ("units.total", "alliance.members/A-1", "duty.theme-day.met"), or year, day, today, scope,
 * seq, head. 1: there is none of that name; -1: asking failed. A figure that is not told of the part
 * asked about, or has no value, is a dash. *zero_out (may be NULL): whether it is 0 or has no value. */
int material_value(struct buf *out, bool *zero_out, struct material *material, const char *name) MUST_CHECK;

/* The reply with the figures; rows of figures as on the wire. */
const json_t *material_figures(const struct material *material);
const char *material_day(const struct material *material);
int64_t material_year(const struct material *material);

/* --- lists --- */

enum cell_kind { CELL_TEXT, CELL_NUMBER, CELL_PERCENT, CELL_DATE };

struct list_column {
    const char *key, *en;
    enum cell_kind kind;
};

struct list {
    const char *name;
    const char *en;            /* heading; of alerts.RULE the rule's title */
    const struct list_column *columns;
    size_t column_count;
    const json_t *rows;        /* objects with these members */
};

/* 0; 1: there is none of that name; -1. It lives as long as the material. */
int material_list(const struct list **out, struct material *material, const char *name) MUST_CHECK;
/* The columns of a list without asking for its rows. 1: there is none of that name. */
int material_list_shape(const struct list_column **columns_out, size_t *count_out, const struct material *material,
                        const char *name) MUST_CHECK;
const struct list_column *list_column_find(const struct list_column *columns, size_t count, const char *key);

/* One cell as text; nothing where the row has no such member. */
void list_cell(struct buf *out, const struct material *material, const struct list_column *column, const json_t *row);

/* How wide a text is, in letters: a Chinese character is two, in three bytes. */
int text_letters(const char *text);

/* The nearest name of a value (`lists`: of a list), or NULL. Valid until the material is freed. */
const char *material_nearest(struct material *material, const char *name, bool lists);

/* The rules, the board and its rules, as on the wire. */
const json_t *material_rules(const struct material *material);
int material_board(const json_t **rows_out, const json_t **rules_out, struct material *material) MUST_CHECK;

#endif
