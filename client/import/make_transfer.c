/* Letters: issued, received, receipted, cancelled, as far as the row has dates for it.
 *
 * A letter ends a membership here or carries it elsewhere, so what looks like a branch of this ledger but is none is asked about, and never
 * taken for a place outside by itself. */
#include <string.h>

#include "base/text.h"
#include "import/making.h"
#include "import/plain.h"

struct letter {
    const char *ref;    /* in the ledger */
    const char *number; /* its own, where that is no ref; NULL */
    const char *to, *to_name;     /* one of them, or neither */
    const char *from_name;        /* from outside; NULL */
    const char *member;
};

/* A branch by ref or name; NULL with *outside_out: a place outside this ledger. */
static const char *place(struct making *m, enum column_id column, bool *outside_out)
{
    const char *cell = making_failed(m) ? NULL : making_cell(m, column), *ref, *nearest;

    *outside_out = false;
    if (!cell)
        return NULL;
    ref = directory_find(m->directory, DIRECTORY_BRANCH, plain_name(m->arena, cell));
    if (ref)
        return ref;
    nearest = directory_nearest(m->directory, DIRECTORY_BRANCH, cell);
    *outside_out = true;
    if (nearest && m->asking->outside(m->asking->context, outside_out, m->row->number, cell, nearest) < 0)
        m->fault = true;
    if (!*outside_out && !m->fault)
        MAKING_REFUSE(m, column, ERR_UNKNOWN_REF,
                      "\"%.60s\" is no branch here, but like %.60s: write that, or import without --yes and say that it is outside this ledger",
                      "“%.60s”不是本账支部，但与 %.60s 相近：请改正，或不用 --yes 导入并确认其在账外", cell, nearest);
    return NULL;
}

static void read_number(struct making *m, struct letter *l)
{
    const char *cell = making_cell(m, COL_TRANSFER), *raw = making_raw(m, COL_TRANSFER), *parts[3];

    if (cell && text_ref_check(cell, strlen(cell)) == REF_OK) {
        l->ref = cell;
        return;
    }
    l->number = raw;
    parts[0] = cell ? cell : l->member ? l->member : "";
    parts[1] = cell ? "" : making_cell(m, COL_AT) ? making_cell(m, COL_AT) : "";
    parts[2] = cell ? "" : making_cell(m, COL_RECEIVED_ON) ? making_cell(m, COL_RECEIVED_ON) : "";
    l->ref = making_own_ref(m, COL_IGNORED, 'T', parts, ARRAY_LEN(parts));
}

static void finish(struct making *m, struct row_event *event, const struct letter *l)
{
    struct id_maker key;

    id_begin(&key, catalogue_type(event->type)->name);
    id_add(&key, l->ref);
    making_key(m, event, &key, false);
}

static struct row_event *begin(struct making *m, enum event_type type, const char *at, const struct letter *l)
{
    struct row_event *event = making_begin(m, type, at);

    json_kv_str(&m->json, "transfer", l->ref);
    return event;
}

static void make_issued(struct making *m, const struct letter *l)
{
    struct cell_when when;
    struct row_event *event;

    if (!making_when(m, COL_AT, &when))
        return;
    event = begin(m, EV_TRANSFER_ISSUED, when.text, l);
    if (l->number)
        json_kv_str(&m->json, "number", l->number);
    json_kv_str(&m->json, "member", l->member);
    if (l->to)
        json_kv_str(&m->json, "to", l->to);
    else
        json_kv_str(&m->json, "to_name", l->to_name);
    making_count(m, COL_VALID_DAYS, "valid_days");
    making_text(m, COL_REASON, "reason");
    making_extra(m, event, COL_NOTE);
    finish(m, event, l);
}

static void make_from_outside(struct making *m, const struct letter *l)
{
    struct cell_when when;
    struct row_event *event;

    if (!making_need(m, COL_MEMBER_NAME) || !making_need(m, COL_STAGE) ||
        !making_when(m, making_cell(m, COL_RECEIVED_ON) ? COL_RECEIVED_ON : COL_AT, &when))
        return;
    event = begin(m, EV_TRANSFER_RECEIVED, when.text, l);
    json_kv_str(&m->json, "from_name", l->from_name);
    json_kv_str(&m->json, "member", l->member);
    making_text(m, COL_MEMBER_NAME, "name");
    make_stage_and_role(m);
    json_kv_str(&m->json, "branch", l->to);
    if (l->number)
        json_kv_str(&m->json, "number", l->number);
    making_ref(m, COL_UNIT, "unit", DIRECTORY_UNIT);
    making_day(m, COL_ADMITTED_ON, "admitted_on");
    making_extra(m, event, COL_NOTE);
    finish(m, event, l);
}

/* "是" tells that it is back, but not since when. */
static bool has_date(struct making *m, enum column_id column)
{
    const char *cell = making_failed(m) ? NULL : making_cell(m, column);
    struct err err = {0};
    bool yes;

    if (!cell)
        return false;
    if (cell_yes_no(&yes, cell, &err) == 0) {
        if (yes)
            MAKING_FLAG(m, "no_date", _("%s: \"%.40s\" tells no date, and is not recorded"), making_heading(m, column), cell);
        return false;
    }
    return true;
}

static void make_later(struct making *m, enum event_type type, enum column_id column, const struct letter *l)
{
    struct cell_when when;

    if (has_date(m, column) && making_when(m, column, &when))
        finish(m, begin(m, type, when.text, l), l);
}

/* By number; by name in the branch that the letter comes from; else by a name that only one has. */
static const char *moving_member(struct making *m, const char *from)
{
    struct cell_when when = {.day = DAY_NONE};
    struct err err = {0};
    const char *at = making_cell(m, COL_AT);

    if (at && cell_when(&when, at, &err))
        making_refuse(m, COL_AT, &err);
    if (making_cell(m, COL_MEMBER))
        return making_failed(m) ? NULL : making_cell(m, COL_MEMBER);
    if (!making_need(m, COL_MEMBER_NAME))
        return NULL;
    return making_member(m, COL_MEMBER_NAME, from, when.day);
}

static const char *coming_member(struct making *m, const char *branch)
{
    const char *parts[2] = {branch, ""};

    if (!making_cell(m, COL_MEMBER) && !making_need(m, COL_MEMBER_NAME))
        return NULL;
    if (making_raw(m, COL_MEMBER_NAME))
        parts[1] = plain_name(m->arena, making_raw(m, COL_MEMBER_NAME));
    return making_own_ref(m, COL_MEMBER, 'M', parts, ARRAY_LEN(parts));
}

void make_transfer(struct making *m)
{
    struct letter l = {0};
    bool outside_to, outside_from;
    const char *from = place(m, COL_FROM, &outside_from);

    l.to = place(m, COL_TO, &outside_to);
    if (outside_to)
        l.to_name = making_raw(m, COL_TO);
    if (outside_from)
        l.from_name = making_raw(m, COL_FROM);
    if (!l.to && !l.to_name)
        making_need(m, COL_TO);
    if (l.from_name && l.to_name)
        MAKING_REFUSE(m, COL_TO, ERR_INVALID_VALUE, "neither end is a branch of this ledger", "两端都不是本账的支部");
    if (making_failed(m))
        return;
    l.member = l.from_name ? coming_member(m, l.to) : moving_member(m, from);
    if (!l.member || making_failed(m))
        return;
    read_number(m, &l);
    if (l.from_name) {
        make_from_outside(m, &l);
    } else {
        make_issued(m, &l);
        make_later(m, EV_TRANSFER_RECEIVED, COL_RECEIVED_ON, &l);
        make_later(m, EV_TRANSFER_CANCELLED, COL_CANCELLED_ON, &l);
    }
    make_later(m, EV_TRANSFER_RECEIPTED, COL_RECEIPTED_ON, &l);
}
