/* Units, branches, members: one row is an entry, and maybe its end. */
#include <string.h>

#include "import/making.h"
#include "import/plain.h"

static const char *const sectors[] = {"enterprise=非公企业|非公有制企业|企业|非公|民营企业|私营企业|两新企业", "association=社会组织|社团|协会|民办非企业|民非|基金会", NULL};
static const char *const forms[] = {"own=单独|单独组建|单建|独立|独立组建|单独党支部", "joint=联合|联合组建|联建|联合党支部|联合支部", "mobile=流动|流动党员|流动党员党支部|流动党员支部",
                                    "general=总支|党总支|总支部", NULL};
static const char *const stages[] = {"full=正式|正式党员", "probationary=预备|预备党员", NULL};
static const char *const roles[] = {"none=无|党员|普通党员|群众|-|/", "secretary=书记|支部书记|党支部书记",
                                    "officer=委员|支部委员|支委|副书记|支部副书记|组织委员|宣传委员|纪检委员|纪律检查委员|统战委员|青年委员|群工委员|生活委员", NULL};
static const char *const leave_reasons[] = {"removed=除名|开除|开除党籍|劝退除名", "lapsed=自行脱党|脱党", "resigned=退党|自愿退党", "died=去世|死亡|病故|逝世",
                                            "other=其他|其它|其他原因", NULL};
static const char *const dissolve_reasons[] = {"dormant=僵尸|僵尸支部|长期不活动|不活动", "hollow=空壳|空壳支部|党员不足|人数不足", "merged=合并|并入",
                                               "unit_closed=单位关闭|企业注销|单位注销|注销|企业关闭|单位撤销", "other=其他|其它|其他原因", NULL};

/* A word with a default for a blank cell: what nobody wrote down is "other". */
static void reason_or_other(struct making *m, const char *const *words)
{
    if (making_cell(m, COL_REASON))
        making_word(m, COL_REASON, "reason", words);
    else
        json_kv_str(&m->json, "reason", "other");
}

static void key_of(struct making *m, struct row_event *event, const char *ref)
{
    struct id_maker key;

    id_begin(&key, catalogue_type(event->type)->name);
    id_add(&key, ref);
    making_key(m, event, &key, false);
}

/* The end of an entry, where its column has a date. */
static struct row_event *begin_end(struct making *m, enum event_type type, enum column_id column, const char *field, const char *ref)
{
    struct cell_when when;
    struct row_event *event;

    if (making_failed(m) || !making_cell(m, column) || !making_when(m, column, &when))
        return NULL;
    event = making_begin(m, type, when.text);
    json_kv_str(&m->json, field, ref);
    return event;
}

void make_unit(struct making *m)
{
    struct cell_when when;
    struct row_event *event;
    const char *ref, *name;

    if (!making_need(m, COL_UNIT_NAME) || !making_need(m, COL_SECTOR) || !making_when(m, COL_AT, &when))
        return;
    name = making_cell(m, COL_UNIT_NAME);
    ref = making_own_ref(m, COL_UNIT, 'U', &name, 1);
    event = making_begin(m, EV_UNIT_REGISTERED, when.text);
    json_kv_str(&m->json, "unit", ref);
    making_text(m, COL_UNIT_NAME, "name");
    making_word(m, COL_SECTOR, "sector", sectors);
    if (making_cell(m, COL_AREA))
        json_kv_str(&m->json, "area", making_cell(m, COL_AREA));
    making_count(m, COL_STAFF, "staff");
    making_yes_no(m, COL_ELIGIBLE, "eligible");
    making_yes_no(m, COL_ABOVE_SCALE, "above_scale");
    making_extra(m, event, COL_NOTE);
    key_of(m, event, ref);
    event = begin_end(m, EV_UNIT_CLOSED, COL_CLOSED_ON, "unit", ref);
    if (event) {
        making_text(m, COL_REASON, "reason");
        key_of(m, event, ref);
    }
}

void make_branch(struct making *m)
{
    struct cell_when when;
    struct row_event *event;
    const char *ref, *name;

    if (!making_need(m, COL_BRANCH_NAME) || !making_need(m, COL_FORM) || !making_need(m, COL_SECTOR) || !making_when(m, COL_AT, &when))
        return;
    name = making_cell(m, COL_BRANCH_NAME);
    ref = making_own_ref(m, COL_BRANCH, 'B', &name, 1);
    event = making_begin(m, EV_BRANCH_FOUNDED, when.text);
    json_kv_str(&m->json, "branch", ref);
    making_text(m, COL_BRANCH_NAME, "name");
    making_word(m, COL_FORM, "form", forms);
    making_word(m, COL_SECTOR, "sector", sectors);
    if (making_cell(m, COL_AREA))
        json_kv_str(&m->json, "area", making_cell(m, COL_AREA));
    making_refs(m, COL_UNITS, "units", DIRECTORY_UNIT);
    making_yes_no(m, COL_COMMITTEE, "committee");
    making_count(m, COL_GROUPS, "groups");
    making_day(m, COL_TERM_STARTED, "term_started");
    making_count(m, COL_TERM_YEARS, "term_years");
    making_extra(m, event, COL_NOTE);
    key_of(m, event, ref);
    event = begin_end(m, EV_BRANCH_DISSOLVED, COL_DISSOLVED_ON, "branch", ref);
    if (event) {
        reason_or_other(m, dissolve_reasons);
        key_of(m, event, ref);
    }
}

/* Full now, but only since a later day than the roster's: they came as probationary, and were converted then. */
static bool converted_later(struct making *m, const struct cell_when *entered, day_t *converted_out)
{
    const char *cell = making_cell(m, COL_CONVERTED_ON);
    struct err err = {0};

    if (!cell)
        return false;
    if (cell_day(converted_out, cell, &err)) {
        making_refuse(m, COL_CONVERTED_ON, &err);
        return false;
    }
    return *converted_out > entered->day;
}

static void stage(struct making *m, bool later)
{
    if (later)
        json_kv_str(&m->json, "stage", "probationary");
    else
        making_word(m, COL_STAGE, "stage", stages);
}

static void new_or_not(struct making *m)
{
    if (making_cell(m, COL_NEW))
        making_yes_no(m, COL_NEW, "new");
    else
        json_kv_bool(&m->json, "new", false);
}

static void member_later(struct making *m, const char *ref, bool converted, day_t converted_on)
{
    char text[DAY_TEXT_SIZE];
    struct row_event *event;

    if (converted && !making_failed(m)) {
        event = making_begin(m, EV_MEMBER_CONVERTED, day_format(text, converted_on));
        json_kv_str(&m->json, "member", ref);
        key_of(m, event, ref);
    }
    event = begin_end(m, EV_MEMBER_LEFT, COL_LEFT_ON, "member", ref);
    if (event) {
        reason_or_other(m, leave_reasons);
        key_of(m, event, ref);
    }
}

void make_member(struct making *m)
{
    struct cell_when when;
    struct row_event *event;
    const char *ref, *branch, *parts[2];
    day_t converted_on = DAY_NONE;
    bool later;

    if (!making_need(m, COL_MEMBER_NAME) || !making_need(m, COL_BRANCH) || !making_need(m, COL_STAGE) || !making_when(m, COL_AT, &when))
        return;
    branch = making_find(m, COL_BRANCH, DIRECTORY_BRANCH);
    if (!branch)
        return;
    parts[0] = branch;
    parts[1] = plain_name(m->arena, making_raw(m, COL_MEMBER_NAME));
    ref = making_own_ref(m, COL_MEMBER, 'M', parts, 2);
    later = converted_later(m, &when, &converted_on);
    event = making_begin(m, EV_MEMBER_ADMITTED, when.text);
    json_kv_str(&m->json, "member", ref);
    making_text(m, COL_MEMBER_NAME, "name");
    json_kv_str(&m->json, "branch", branch);
    stage(m, later);
    making_ref(m, COL_UNIT, "unit", DIRECTORY_UNIT);
    making_word(m, COL_ROLE, "role", roles);
    new_or_not(m);
    making_day(m, COL_ADMITTED_ON, "admitted_on");
    making_extra(m, event, COL_NOTE);
    key_of(m, event, ref);
    member_later(m, ref, later, converted_on);
}

void make_stage_and_role(struct making *m)
{
    making_word(m, COL_STAGE, "stage", stages);
    making_word(m, COL_ROLE, "role", roles);
}
