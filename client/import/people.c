/* People: whom the names of a roll mean.
 *
 * By ref; else by name among those of the branch (and of branches that met with it) on that day; else by the name without a remark in
 * brackets behind it, "张三(列席)". A name that several have, or that is like somebody's of the branch, or that somebody elsewhere has, is
 * not guessed: the row is refused, with who may be meant. One that is like nobody's is of somebody whom the register does not
 * know: it is counted, flagged and kept in `extra`, as long as others of the roll are known; when the register knows them, and the sheet is
 * imported again, the row is corrected.
 */
#include <stdio.h>
#include <string.h>

#include "import/making.h"
#include "import/plain.h"
#include "import/suspect.h"

enum { CANDIDATES = 4 };

struct person {
    const char *said;   /* as in the sheet */
    const char *name;   /* plain */
    const char *remark; /* behind it in brackets; NULL */
    const char *ref;    /* who it is; NULL: not known */
    bool many;          /* several of the branch have that name */
};

struct roll {
    struct making *m;
    enum column_id column;
    const char *branch; /* NULL: of no branch */
    struct cell_list with;
    day_t day;
    struct person *people;
    size_t count;
};

static bool of_branches(const struct roll *roll, const struct entry *member)
{
    if (!roll->branch || strcmp(member->branch, roll->branch) == 0)
        return true;
    for (size_t i = 0; i < roll->with.count; i++)
        if (strcmp(member->branch, roll->with.items[i]) == 0)
            return true;
    return false;
}

/* They belong elsewhere now, and belonged to it then. */
static bool belonged(const struct roll *roll, const struct entry *member)
{
    struct making *m = roll->m;
    bool out = false;

    if (!m->fault && m->asking->belonged(m->asking->context, &out, member->ref, roll->branch, roll->day) < 0)
        m->fault = true;
    return out;
}

static const char *by_name(struct person *p, const struct roll *roll, const char *name)
{
    struct entries named = directory_by_name(roll->m->directory, DIRECTORY_MEMBER, name);
    const char *found = NULL;
    size_t n = 0;

    for (size_t i = 0; i < named.count; i++)
        if (of_branches(roll, &named.first[i])) {
            found = named.first[i].ref;
            n++;
        }
    for (size_t i = 0; n == 0 && roll->branch && i < named.count; i++)
        if (belonged(roll, &named.first[i])) {
            found = named.first[i].ref;
            n++;
            break;
        }
    p->many = n > 1;
    return n == 1 ? found : NULL;
}

/* "张三(列席)": the name, and what stands in the brackets. */
static void split_remark(struct person *p, struct arena *arena)
{
    const char *open = strchr(p->name, '('), *close = open ? strchr(open, ')') : NULL;

    if (!open || open == p->name || !close)
        return;
    p->remark = arena_strndup(arena, open + 1, (size_t)(close - open - 1));
    p->name = arena_strndup(arena, p->name, (size_t)(open - p->name));
}

static void match(struct person *p, const struct roll *roll)
{
    struct making *m = roll->m;
    const struct entry *entry;

    p->name = plain_name(m->arena, p->said);
    entry = directory_by_ref(m->directory, DIRECTORY_MEMBER, p->name);
    p->ref = entry ? entry->ref : by_name(p, roll, p->name);
    if (p->ref || p->many)
        return;
    split_remark(p, m->arena);
    if (!p->remark)
        return;
    entry = directory_by_ref(m->directory, DIRECTORY_MEMBER, p->remark);
    if (entry && strcmp(entry->name, p->name) == 0) { /* "张三(00012)" */
        p->ref = entry->ref;
        p->remark = NULL;
        return;
    }
    p->ref = by_name(p, roll, p->name);
}

static bool is_in_roll(const struct roll *roll, const char *ref)
{
    for (size_t i = 0; i < roll->count; i++)
        if (roll->people[i].ref && strcmp(roll->people[i].ref, ref) == 0)
            return true;
    return false;
}

static void add_candidate(struct buf *out, const struct entry *member, size_t *n)
{
    if (*n < CANDIDATES)
        buf_addf(out, "%s%s %s (%s)", *n ? ", " : "", member->ref, member->name, member->branch);
    (*n)++;
}

/* Who else may be meant: of that name anywhere, or nearly of that name in the branch and not called already. */
static size_t list_candidates(struct buf *out, const struct roll *roll, const struct person *p)
{
    const struct entry *near[CANDIDATES];
    struct entries named = directory_by_name(roll->m->directory, DIRECTORY_MEMBER, p->name);
    size_t count = 0, n;

    for (size_t i = 0; i < named.count; i++)
        if (!p->many || of_branches(roll, &named.first[i]))
            add_candidate(out, &named.first[i], &count);
    if (p->many || !roll->branch)
        return count;
    n = directory_near_members(near, CANDIDATES, roll->m->directory, roll->branch, p->name);
    for (size_t i = 0; i < n; i++)
        if (!is_in_roll(roll, near[i]->ref) && strcmp(near[i]->name, p->name) != 0)
            add_candidate(out, near[i], &count);
    return count;
}

/* It is the branch that is wrong, rather than the name: mistyped, or dissolved. */
static void refuse_branch(const struct roll *roll, const struct person *p, const char *candidates)
{
    const char *nearest = directory_nearest(roll->m->directory, DIRECTORY_BRANCH, roll->branch);
    struct err err = {0};

    err_say(&err, ERR_UNKNOWN_REF, NULL, "no branch \"%.40s\" is in force here, and so it is not clear who \"%.60s\" is; maybe %.300s",
            "此处没有存续的支部“%.40s”，因此无法确定“%.60s”是谁；可能是 %.300s", roll->branch, p->said, candidates);
    if (nearest)
        err_hint(&err, nearest);
    making_refuse(roll->m, COL_BRANCH, &err);
}

static bool refuse_doubtful(const struct roll *roll, const struct person *p)
{
    _cleanup_buf_ struct buf candidates = {0};

    if (list_candidates(&candidates, roll, p) == 0)
        return false;
    if (roll->branch && !directory_by_ref(roll->m->directory, DIRECTORY_BRANCH, roll->branch)) {
        refuse_branch(roll, p, buf_str(&candidates));
        return true;
    }
    MAKING_REFUSE(roll->m, roll->column, ERR_UNKNOWN_REF, "it is not clear who \"%.60s\" is%s%.40s; maybe %.300s: write the member's number",
                  "无法确定“%.60s”是谁%s%.40s；可能是 %.300s：请写党员编号", p->said, !roll->branch ? "" : roll->m->asking->zh ? "，所在支部 " : " in ",
                  roll->branch ? roll->branch : "", buf_str(&candidates));
    return true;
}

static void read_roll(struct roll *roll, const char *cell)
{
    struct cell_list list, with;
    const char *joint = making_cell(roll->m, COL_WITH);

    cell_list(&list, roll->m->arena, cell, PARTING_NAMES);
    roll->with.count = 0;
    if (joint) {
        cell_list(&with, roll->m->arena, joint, PARTING_NAMES);
        roll->with.items = arena_alloc(roll->m->arena, (with.count + 1) * sizeof *roll->with.items);
        for (size_t i = 0; i < with.count; i++) {
            const char *ref = directory_find(roll->m->directory, DIRECTORY_BRANCH, plain_name(roll->m->arena, with.items[i]));

            if (ref)
                roll->with.items[roll->with.count++] = arena_strndup(roll->m->arena, ref, strlen(ref));
        }
    }
    roll->people = arena_alloc(roll->m->arena, (list.count + 1) * sizeof *roll->people);
    roll->count = list.count;
    for (size_t i = 0; i < list.count && !roll->m->fault; i++) {
        roll->people[i].said = list.items[i];
        match(&roll->people[i], roll);
    }
}

const char *making_member(struct making *m, enum column_id column, const char *branch, day_t day)
{
    struct roll roll = {.m = m, .column = column, .branch = branch, .day = day};
    struct person p = {.said = making_cell(m, column)};

    if (making_failed(m) || !p.said)
        return NULL;
    match(&p, &roll);
    if (!p.ref && !m->fault && !refuse_doubtful(&roll, &p))
        MAKING_REFUSE(m, column, ERR_UNKNOWN_REF, "there is no member \"%.60s\"", "没有党员“%.60s”", p.said);
    return p.ref;
}

/* --- rolls --- */

static bool seen_before(const struct roll *roll, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (roll->people[i].ref ? roll->people[j].ref && strcmp(roll->people[j].ref, roll->people[i].ref) == 0
                                : strcmp(roll->people[j].said, roll->people[i].said) == 0)
            return true;
    return false;
}

static void flag_person(struct making *m, const struct person *p, bool twice)
{
    if (twice)
        MAKING_FLAG(m, "named_twice", _("\"%.60s\" is named twice, and counts once"), p->said);
    else if (p->ref && p->remark)
        MAKING_FLAG(m, "remark", _("\"%.60s\" was taken for %s %.40s"), p->said, p->ref, p->name);
    else if (!p->ref)
        MAKING_FLAG(m, "unknown_person", _("the register knows no \"%.60s\": counted, but not as a member"), p->said);
}

/* Names of nobody: kept, so that nothing of the cell is lost. */
static void keep_unmatched(struct row_event *event, const struct roll *roll)
{
    struct json json = {.out = &event->extra, .comma = event->extra.len > 0};

    json_key(&json, "unmatched");
    json_open(&json, '[');
    for (size_t i = 0; i < roll->count; i++)
        if (!roll->people[i].ref && !seen_before(roll, i))
            json_str(&json, roll->people[i].said);
    json_close(&json, ']');
}

struct tally {
    size_t known, unknown;
};

/* Refuses, or flags; counts who counts. */
static struct tally judge_roll(struct roll *roll)
{
    struct tally t = {0};

    for (size_t i = 0; i < roll->count && !making_failed(roll->m); i++) {
        struct person *p = &roll->people[i];
        bool twice = seen_before(roll, i);

        if (!p->ref && !twice && refuse_doubtful(roll, p))
            break;
        flag_person(roll->m, p, twice);
        if (p->ref && !twice)
            suspect_person(roll->m, p->ref);
        t.known += p->ref && !twice;
        t.unknown += !p->ref && !twice;
    }
    if (t.known == 0 && t.unknown > 0 && !making_failed(roll->m))
        MAKING_REFUSE(roll->m, roll->column, ERR_UNKNOWN_REF, "none of those named is in the register%s%.40s: are the members entered, and is it their branch?",
                      "所列人员均不在名册中%s%.40s：党员是否已录入，支部是否写对？", !roll->branch ? "" : roll->m->asking->zh ? "，支部 " : " of ",
                      roll->branch ? roll->branch : "");
    return t;
}

static void write_present(struct roll *roll)
{
    struct json *json = &roll->m->json;

    json_key(json, "present");
    json_open(json, '[');
    for (size_t i = 0; i < roll->count; i++)
        if (roll->people[i].ref && !seen_before(roll, i))
            json_str(json, roll->people[i].ref);
    json_close(json, ']');
}

/* "全体党员" is no name. */
static bool is_everybody(const char *cell)
{
    static const char *const words[] = {"全体", "全体党员", "全体支委", "全体委员", "全员", "全部", "all", "everybody", NULL};

    for (size_t i = 0; words[i]; i++)
        if (strcmp(cell, words[i]) == 0)
            return true;
    return false;
}

/* The number who came, as it is to be recorded: -1 where neither a number nor a name is there. */
static int64_t write_count(struct making *m, const struct tally *t)
{
    const char *cell = making_failed(m) ? NULL : making_cell(m, COL_PRESENT_COUNT);
    int64_t named = (int64_t)(t->known + t->unknown), count;
    struct err err = {0};

    if (!cell) {
        if (t->unknown && !making_failed(m))
            json_kv_int(&m->json, "present_count", named);
        return named ? named : -1;
    }
    if (cell_count(&count, cell, &err)) {
        making_refuse(m, COL_PRESENT_COUNT, &err);
        return -1;
    }
    if (count < named)
        MAKING_REFUSE(m, COL_PRESENT_COUNT, ERR_INVALID_VALUE, "it says %lld, and %lld are named", "人数为 %lld，名单却有 %lld 人", (long long)count,
                      (long long)named);
    else
        json_kv_int(&m->json, "present_count", count);
    return count;
}

static int64_t number_or_none(const struct making *m, enum column_id column)
{
    const char *cell = making_failed(m) ? NULL : making_cell(m, column);
    struct err err = {0};
    int64_t n;

    return cell && cell_count(&n, cell, &err) == 0 ? n : -1;
}

static void write_absent(struct making *m, struct roll *roll)
{
    const char *general = making_raw(m, COL_ABSENT_REASON);
    struct json *json = &m->json;
    bool open = false;

    for (size_t i = 0; i < roll->count && !making_failed(m); i++) {
        struct person *p = &roll->people[i];

        if (seen_before(roll, i) || (!p->ref && refuse_doubtful(roll, p)))
            continue;
        if (!p->ref) {
            MAKING_FLAG(m, "unknown_person", _("the register knows no \"%.60s\", who is told absent"), p->said);
            continue;
        }
        if (!open) {
            json_key(json, "absent");
            json_open(json, '[');
        }
        open = true;
        json_open(json, '{');
        json_kv_str(json, "member", p->ref);
        json_kv_str(json, "reason", p->remark ? p->remark : general ? general : "");
        json_close(json, '}');
    }
    if (open)
        json_close(json, ']');
}

static struct roll roll_of(struct making *m, enum column_id column, const char *branch, day_t day)
{
    struct roll roll = {.m = m, .column = column, .branch = branch, .day = day};
    const char *cell = making_failed(m) ? NULL : making_raw(m, column);

    if (cell && is_everybody(plain_text(m->arena, cell)))
        MAKING_FLAG(m, "not_named", _("\"%.60s\" names nobody: only the number is recorded"), cell);
    else if (cell)
        read_roll(&roll, cell);
    return roll;
}

void making_attendance(struct making *m, struct row_event *event, const char *branch, day_t day)
{
    struct roll present = roll_of(m, COL_PRESENT, branch, day), absent;
    struct tally t = judge_roll(&present);
    int64_t came;

    if (t.known)
        write_present(&present);
    if (t.unknown && !making_failed(m))
        keep_unmatched(event, &present);
    came = write_count(m, &t);
    making_count(m, COL_DUE_COUNT, "due_count");
    absent = roll_of(m, COL_ABSENT, branch, day);
    write_absent(m, &absent);
    making_count(m, COL_GUESTS, "guests");
    suspect_numbers(m, branch, came, number_or_none(m, COL_DUE_COUNT), number_or_none(m, COL_GUESTS));
}
