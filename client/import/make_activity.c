/* Meetings and trainings: who met when, for what, and how many came. */
#include <string.h>

#include "import/making.h"
#include "import/plain.h"
#include "import/suspect.h"

/* The kinds of the ledger; a deployment's own go by their name, which the daemon knows. */
static const char *const kinds[] = {
    "general_meeting=支部党员大会|党员大会|支部大会|全体党员大会|支部党员大会会议|general meeting", "committee_meeting=支委会|支部委员会|支部委员会会议|支委会会议|committee meeting",
    "group_meeting=党小组会|党小组会议|小组会|group meeting", "lecture=党课|上党课|专题党课|lecture",
    "theme_day=主题党日|主题党日活动|党日活动|theme day", "life_meeting=组织生活会|专题组织生活会|life meeting",
    "annual_review=民主评议党员|民主评议|党员民主评议|annual review", "talk=谈心谈话|谈话|谈心|talk", "service=志愿服务|志愿服务活动|service",
    "forum=座谈会|座谈|论坛|forum", "other=其他|其它|其他会议|其他活动|other", NULL};

static bool is_plain_word(const char *text)
{
    return *text && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text);
}

struct kind_list {
    const char *names[16];
    size_t lengths[16];
    size_t count;
};

static void add_kind(struct making *m, struct kind_list *list, const char *cell)
{
    struct err err = {0};
    const char *name;
    size_t len;

    if (cell_word(&name, &len, cell, kinds, &err)) {
        if (!is_plain_word(cell)) {
            making_refuse(m, COL_KINDS, &err);
            return;
        }
        name = cell;
        len = strlen(cell);
    }
    for (size_t i = 0; i < list->count; i++)
        if (list->lengths[i] == len && memcmp(list->names[i], name, len) == 0)
            return;
    if (list->count == ARRAY_LEN(list->names))
        return;
    list->names[list->count] = name;
    list->lengths[list->count++] = len;
}

/* "组织生活会、民主评议党员" is a meeting of both kinds. */
static bool read_kinds(struct making *m, struct kind_list *out)
{
    struct cell_list list;

    out->count = 0;
    if (!making_need(m, COL_KINDS))
        return false;
    cell_list(&list, m->arena, making_cell(m, COL_KINDS), PARTING_WORDS);
    for (size_t i = 0; i < list.count && !making_failed(m); i++)
        add_kind(m, out, plain_text(m->arena, list.items[i]));
    if (!making_failed(m) && out->count == 0)
        MAKING_REFUSE(m, COL_KINDS, ERR_MISSING_FIELD, "no kind of meeting is named", "未写明会议类型");
    return !making_failed(m);
}

static void write_kinds(struct making *m, const struct kind_list *list)
{
    json_key(&m->json, "kinds");
    json_open(&m->json, '[');
    for (size_t i = 0; i < list->count; i++)
        json_strn(&m->json, list->names[i], list->lengths[i]);
    json_close(&m->json, ']');
}

static void add_time(struct making *m, enum column_id column, struct cell_when *when)
{
    const char *cell = making_failed(m) ? NULL : making_cell(m, column);
    struct err err = {0};

    if (cell && cell_add_time(when, cell, &err))
        making_refuse(m, column, &err);
}

/* The date, with the time that stands beside it, and when it was over. */
static bool read_when(struct making *m, struct cell_when *when)
{
    struct cell_when end;

    if (!making_when(m, COL_AT, when))
        return false;
    if (when->second == CELL_TIME_NONE)
        add_time(m, COL_STARTS, when);
    if (making_failed(m) || when->second == CELL_TIME_NONE || !making_cell(m, COL_ENDS))
        return !making_failed(m);
    end = (struct cell_when){.day = when->day, .second = CELL_TIME_NONE, .end_second = CELL_TIME_NONE};
    if (m->head->kind == SHEET_MEETINGS) {
        add_time(m, COL_ENDS, &end);
        when->end_second = end.second;
    }
    return !making_failed(m);
}

static void write_duration(struct making *m, const struct cell_when *when)
{
    const char *cell = making_failed(m) ? NULL : making_cell(m, COL_DURATION_MIN);
    struct err err = {0};
    int64_t minutes = 0;

    if (cell) {
        if (cell_minutes(&minutes, cell, &err))
            making_refuse(m, COL_DURATION_MIN, &err);
        else
            json_kv_int(&m->json, "duration_min", minutes);
    } else if (when->end_second != CELL_TIME_NONE && when->second != CELL_TIME_NONE && when->end_second > when->second) {
        minutes = (when->end_second - when->second) / 60;
        json_kv_int(&m->json, "duration_min", minutes);
    }
    m->where.minutes = minutes;
}

static void note_where(struct making *m, const struct cell_when *when, const char *branch)
{
    m->where = (struct making_where){.branch = branch, .place = making_cell(m, COL_PLACE), .day = when->day, .from_s = when->second};
}

static void meeting_key(struct making *m, struct row_event *event, const char *branch, day_t day, const struct kind_list *list)
{
    struct id_maker key;

    id_begin(&key, "meeting");
    id_add(&key, branch);
    id_add_day(&key, day);
    for (size_t i = 0; i < list->count; i++)
        id_add_bytes(&key, list->names[i], list->lengths[i]);
    making_key(m, event, &key, true);
}

void make_meeting(struct making *m)
{
    struct kind_list list;
    struct cell_when when;
    struct row_event *event;
    const char *branch;

    if (!making_need(m, COL_BRANCH) || !read_kinds(m, &list) || !read_when(m, &when))
        return;
    branch = making_find(m, COL_BRANCH, DIRECTORY_BRANCH);
    if (!branch)
        return;
    note_where(m, &when, branch);
    event = making_begin(m, EV_MEETING, when.text);
    json_kv_str(&m->json, "branch", branch);
    write_kinds(m, &list);
    making_refs(m, COL_WITH, "with", DIRECTORY_BRANCH);
    making_text(m, COL_TITLE, "title");
    making_texts(m, COL_TOPICS, "topics", PARTING_TEXTS);
    making_texts(m, COL_TAGS, "tags", PARTING_NAMES);
    making_text(m, COL_PLACE, "place");
    making_text(m, COL_PRESENTER, "presenter");
    write_duration(m, &when);
    making_attendance(m, event, branch, when.day);
    making_extra(m, event, COL_CONTENT);
    making_extra(m, event, COL_DECISION);
    making_extra(m, event, COL_RECORDER);
    making_extra(m, event, COL_NOTE);
    if (!making_failed(m))
        meeting_key(m, event, branch, when.day, &list);
    suspect_row(m);
}

static void write_hours(struct making *m)
{
    struct err err = {0};
    int64_t hundredths;

    if (!making_need(m, COL_HOURS))
        return;
    if (cell_hundredths(&hundredths, making_cell(m, COL_HOURS), &err)) {
        making_refuse(m, COL_HOURS, &err);
        return;
    }
    json_key(&m->json, "hours");
    json_hundredths(&m->json, hundredths);
}

static void training_key(struct making *m, struct row_event *event, const char *branch, day_t day)
{
    struct id_maker key;

    id_begin(&key, "training");
    id_add(&key, branch ? branch : "");
    id_add(&key, making_cell(m, COL_TITLE));
    id_add_day(&key, day);
    making_key(m, event, &key, true);
}

void make_training(struct making *m)
{
    struct cell_when when;
    struct row_event *event;
    const char *branch;

    if (!making_need(m, COL_TITLE) || !read_when(m, &when))
        return;
    branch = making_find(m, COL_BRANCH, DIRECTORY_BRANCH);
    note_where(m, &when, branch);
    event = making_begin(m, EV_TRAINING, when.text);
    making_text(m, COL_TITLE, "title");
    write_hours(m);
    if (branch)
        json_kv_str(&m->json, "branch", branch);
    making_refs(m, COL_WITH, "with", DIRECTORY_BRANCH);
    making_text(m, COL_HOST, "host");
    making_texts(m, COL_TOPICS, "topics", PARTING_TEXTS);
    making_texts(m, COL_TAGS, "tags", PARTING_NAMES);
    making_text(m, COL_AUDIENCE, "audience");
    making_text(m, COL_PLACE, "place");
    making_text(m, COL_TRAINER, "trainer");
    making_attendance(m, event, branch, when.day);
    making_extra(m, event, COL_NOTE);
    if (!making_failed(m))
        training_key(m, event, branch, when.day);
}
