#include "figures_plain.h"

#include <stdio.h>
#include <string.h>

#include "ledger/history.h"
#include "tell.h"

static const char tables[] =
    "CREATE TABLE unit (id INTEGER PRIMARY KEY, enterprise);"
    "CREATE TABLE branch (id INTEGER PRIMARY KEY, enterprise, own, committee, groups, founded);"
    "CREATE TABLE covers (branch, unit, PRIMARY KEY (branch, unit)) WITHOUT ROWID;"
    "CREATE TABLE member (id INTEGER PRIMARY KEY, branch, full_stage, new, day);"
    "CREATE TABLE meeting (id INTEGER PRIMARY KEY, branch, day, month, kinds, attendance);"
    "CREATE TABLE training (id INTEGER PRIMARY KEY, branch, day, month, hours, attendance);"
    "CREATE TABLE present (training, member, PRIMARY KEY (training, member)) WITHOUT ROWID;";

/* One statement for each table, as fast as SQLite has it. ?1, ?2: first and last day; ?3 the number of months that have ended. */
enum { COLUMNS_MAX = 12, STATEMENTS = 9 };
static const struct {
    const char *sql;
    const char *columns[COLUMNS_MAX]; /* figure and key, with a blank between */
} statements[STATEMENTS] = {
    {"SELECT count(*), sum(enterprise), sum(NOT enterprise) FROM unit",
     {"units.total value", "units.enterprise value", "units.association value"}},
    {"SELECT count(*), sum(enterprise), sum(NOT enterprise), sum(founded BETWEEN ?1 AND ?2) FROM branch",
     {"branches.total value", "branches.enterprise value", "branches.association value", "branches.founded value"}},
    {"SELECT round(100.0 * sum(u.enterprise AND c.unit IS NOT NULL) / sum(u.enterprise), 1),"
     " round(100.0 * sum(NOT u.enterprise AND c.unit IS NOT NULL) / sum(NOT u.enterprise), 1),"
     " round(100.0 * sum(u.enterprise AND c.own) / sum(u.enterprise), 1),"
     " round(100.0 * sum(NOT u.enterprise AND c.own) / sum(NOT u.enterprise), 1)"
     " FROM unit AS u LEFT JOIN (SELECT unit, max(own) AS own FROM covers JOIN branch ON branch.id = covers.branch GROUP BY unit)"
     " AS c ON c.unit = u.id",
     {"coverage.enterprise value", "coverage.association value", "own_rate.enterprise value", "own_rate.association value"}},
    {"SELECT sum(full_stage), sum(full_stage AND enterprise), sum(full_stage AND NOT enterprise), sum(NOT full_stage),"
     " sum(new AND day BETWEEN ?1 AND ?2), sum(day < ?1), count(*) FROM member JOIN branch ON branch.id = member.branch",
     {"full_members.total value", "full_members.enterprise value", "full_members.association value", "probationary.total value",
      "admitted.total value", "roll.opening value", "roll.closing value"}},
    {"SELECT count(*), sum(attendance), sum(hours * attendance) FROM training WHERE day BETWEEN ?1 AND ?2",
     {"training.sessions value", "training.attendances value", "training.hours value"}},
    {"SELECT count(DISTINCT member) FROM present JOIN training ON training.id = training WHERE day BETWEEN ?1 AND ?2",
     {"training.people value"}},
    {"SELECT sum(kinds & 1 > 0), sum(kinds & 2 > 0), sum(kinds & 8 > 0), sum(kinds & 16 > 0), sum(kinds & 128 > 0),"
     " sum(kinds & 256 > 0), sum(kinds & 512 > 0), count(*), sum(attendance) FROM meeting WHERE day BETWEEN ?1 AND ?2",
     {"meetings.general_meeting value", "meetings.committee_meeting value", "meetings.lecture value", "meetings.theme_day value",
      "meetings.talk value", "meetings.service value", "meetings.forum value", "meetings.total value",
      "meetings.attendances value"}},
    {"SELECT sum(k & 2 > 0 AND committee), sum(k & 16 > 0) FROM (SELECT branch, month, max(kinds & 2) | max(kinds & 16) AS k"
     " FROM meeting WHERE day BETWEEN ?1 AND ?2 AND month <= ?3 GROUP BY branch, month) JOIN branch ON branch.id = branch",
     {"duty.committee-meeting met", "duty.theme-day met"}},
    {"SELECT sum(k & 1 > 0), sum(k & 8 > 0) FROM (SELECT branch, (month - 1) / 3, max(kinds & 1) | max(kinds & 8) AS k"
     " FROM meeting WHERE day BETWEEN ?1 AND ?2 AND month <= ?3 / 3 * 3 GROUP BY branch, (month - 1) / 3)",
     {"duty.general-meeting met", "duty.lecture met"}},
};

struct plain {
    sqlite3 *db;
    sqlite3_stmt *stmts[STATEMENTS];
    struct plain_sum sums[STATEMENTS * COLUMNS_MAX];
    char names[STATEMENTS * COLUMNS_MAX][64];
    size_t count;
    day_t first, last;
    int months;
    int64_t events;
    struct store *store;
};

static void execute(struct plain *p, const char *sql)
{
    if (sqlite3_exec(p->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        die("%s: %s", sql, sqlite3_errmsg(p->db));
}

static sqlite3_stmt *prepare(struct plain *p, const char *sql)
{
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(p->db, sql, -1, &s, NULL) != SQLITE_OK)
        die("%s: %s", sql, sqlite3_errmsg(p->db));
    return s;
}

static int64_t key_of(struct plain *p, enum subject_kind kind, const struct span *ref)
{
    struct err err = {0};
    int64_t key = 0;

    if (store_subject_find(&key, p->store, kind, ref->s, &err) < 0)
        die_err(&err);
    return key;
}

static int64_t key_in(struct plain *p, enum subject_kind kind, const struct event *e, enum field_id field)
{
    return e->values[field] ? key_of(p, kind, &e->values[field]->text) : 0;
}

static void run(struct plain *p, const char *sql, const int64_t *values, size_t n)
{
    sqlite3_stmt *s = prepare(p, sql);

    for (size_t i = 0; i < n; i++)
        sqlite3_bind_int64(s, (int)i + 1, values[i]);
    if (sqlite3_step(s) != SQLITE_DONE)
        die("%s: %s", sql, sqlite3_errmsg(p->db));
    sqlite3_finalize(s);
}

#define RUN(p, sql, ...) run(p, sql, (int64_t[]){__VA_ARGS__}, sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static bool is_enterprise(const struct event *e)
{
    return strcmp(event_text(e, F_SECTOR), "enterprise") == 0;
}

static void take_branch(struct plain *p, const struct event *e)
{
    int64_t key = key_in(p, SUBJECT_BRANCH, e, F_BRANCH);
    const struct value *units = e->values[F_UNITS];

    RUN(p, "INSERT INTO branch VALUES (?1, ?2, ?3, ?4, ?5, ?6)", key, is_enterprise(e),
        strcmp(event_text(e, F_FORM), "own") == 0, event_int(e, F_COMMITTEE, 0), event_int(e, F_GROUPS, 0), e->day);
    for (size_t i = 0; units && i < units->count; i++)
        RUN(p, "INSERT INTO covers VALUES (?1, ?2)", key, key_of(p, SUBJECT_UNIT, &units->items[i]));
}

static int64_t attendance(const struct event *e)
{
    const struct value *present = e->values[F_PRESENT];

    return event_int(e, F_PRESENT_COUNT, present ? (int64_t)present->count : 0);
}

static void take_training(struct plain *p, const struct event *e, int64_t seq)
{
    const struct value *present = e->values[F_PRESENT];
    sqlite3_stmt *s = prepare(p, "INSERT INTO training VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    sqlite3_bind_int64(s, 1, seq);
    sqlite3_bind_int64(s, 2, key_in(p, SUBJECT_BRANCH, e, F_BRANCH));
    sqlite3_bind_int64(s, 3, e->day);
    sqlite3_bind_int64(s, 4, day_to_civil(e->day).month);
    sqlite3_bind_double(s, 5, (double)e->values[F_HOURS]->number / 100);
    sqlite3_bind_int64(s, 6, attendance(e));
    if (sqlite3_step(s) != SQLITE_DONE)
        die("%s", sqlite3_errmsg(p->db));
    sqlite3_finalize(s);
    for (size_t i = 0; present && i < present->count; i++)
        RUN(p, "INSERT INTO present VALUES (?1, ?2)", seq, key_of(p, SUBJECT_MEMBER, &present->items[i]));
}

static void take_event(struct plain *p, const struct event *e, int64_t seq)
{
    switch (e->type) {
    case EV_UNIT_REGISTERED:
        RUN(p, "INSERT INTO unit VALUES (?1, ?2)", key_in(p, SUBJECT_UNIT, e, F_UNIT), is_enterprise(e));
        break;
    case EV_BRANCH_FOUNDED:
        take_branch(p, e);
        break;
    case EV_MEMBER_ADMITTED:
        RUN(p, "INSERT INTO member VALUES (?1, ?2, ?3, ?4, ?5)", key_in(p, SUBJECT_MEMBER, e, F_MEMBER),
            key_in(p, SUBJECT_BRANCH, e, F_BRANCH), strcmp(event_text(e, F_STAGE), "full") == 0, event_int(e, F_NEW, 0), e->day);
        break;
    case EV_MEETING:
        RUN(p, "INSERT INTO meeting VALUES (?1, ?2, ?3, ?4, ?5, ?6)", seq, key_in(p, SUBJECT_BRANCH, e, F_BRANCH), e->day,
            day_to_civil(e->day).month, (int64_t)e->values[F_KINDS]->kinds, attendance(e));
        break;
    case EV_TRAINING:
        take_training(p, e, seq);
        break;
    case EV_CONTACT:
    case EV_LEDGER_OPENED:
    case EV_ALERT_OPENED:
    case EV_ALERT_CHANGED:
    case EV_ALERT_CLOSED:
        break;
    default:
        die("row %lld: nothing that was generated", (long long)seq);
    }
    p->events += event_type_is_activity(e->type);
}

static void fill(struct plain *p)
{
    _cleanup_arena_ struct arena arena = {0};
    struct kinds kinds;
    struct reading rd = {p->store, &arena, &kinds, false};
    struct err err = {0};
    uint8_t chain[CHAIN_SIZE];
    int64_t newest, recorded_at;

    kinds_init(&kinds);
    if (store_begin_read(p->store, &err) < 0 || store_row_last(&newest, &recorded_at, chain, p->store, &err) < 0)
        die_err(&err);
    for (int64_t seq = 1; seq <= newest; seq++) {
        struct stored *s;

        arena_reset(&arena);
        if (stored_get(&s, &rd, seq, &err) < 0)
            die_err(&err);
        take_event(p, &s->event, seq);
    }
    store_rollback(p->store);
    kinds_deinit(&kinds);
}

static void name_sums(struct plain *p)
{
    for (size_t i = 0; i < STATEMENTS; i++)
        for (size_t k = 0; k < COLUMNS_MAX && statements[i].columns[k]; k++) {
            char *name = p->names[p->count], *blank;

            snprintf(name, sizeof p->names[0], "%s", statements[i].columns[k]);
            blank = strchr(name, ' ');
            *blank = '\0';
            p->sums[p->count++] = (struct plain_sum){name, blank + 1, 0};
        }
}

struct plain *plain_open(const char *ledger, day_t today)
{
    struct plain *p = mem_zero(sizeof *p);
    _cleanup_buf_ struct buf file = {0};
    struct civil civil = day_to_civil(today);
    struct err err = {0};

    p->first = day_from_civil(civil.year, 1, 1);
    p->last = today;
    p->months = civil.month - 1;
    buf_addf(&file, "%s.plain", ledger);
    remove(buf_str(&file));
    if (store_open(&p->store, ledger, STORE_READ, &err) != 0)
        die_err(&err);
    if (sqlite3_open(buf_str(&file), &p->db) != SQLITE_OK)
        die("cannot make %s", buf_str(&file));
    execute(p, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -131072");
    execute(p, tables);
    execute(p, "BEGIN");
    fill(p);
    execute(p, "COMMIT; ANALYZE");
    for (size_t i = 0; i < STATEMENTS; i++)
        p->stmts[i] = prepare(p, statements[i].sql);
    name_sums(p);
    return p;
}

void plain_close(struct plain *p)
{
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(p->stmts[i]);
    sqlite3_close(p->db);
    store_free(p->store);
    free(p);
}

void plain_sum(struct plain *p)
{
    size_t at = 0;

    for (size_t i = 0; i < STATEMENTS; i++) {
        sqlite3_stmt *s = p->stmts[i];

        sqlite3_bind_int(s, 1, p->first);
        sqlite3_bind_int(s, 2, p->last);
        sqlite3_bind_int(s, 3, p->months);
        if (sqlite3_step(s) != SQLITE_ROW)
            die("%s", sqlite3_errmsg(p->db));
        for (int k = 0; k < COLUMNS_MAX && statements[i].columns[k]; k++)
            p->sums[at++].value = sqlite3_column_double(s, k);
        sqlite3_reset(s);
    }
}

size_t plain_count(const struct plain *p)
{
    return p->count;
}

const struct plain_sum *plain_get(const struct plain *p, size_t i)
{
    return &p->sums[i];
}

int64_t plain_events(const struct plain *p)
{
    return p->events;
}
