/* Plays a scenario: a text of what happens and what is expected. One step a line, # begins a comment.
 *
 *     tracking-since DAY                 first of all, if not 2022-01-01
 *     at DAY STEP                        moves the clock to the day, then the step
 *     go DAY                             moves the clock, every midnight on the way
 *     jump DAY                           moves the clock as if the daemon had been off
 *     submit [NAME] {JSON}               must be recorded; `id` and `at` (today) are added where
 *                                        absent, and $NAME stands for an earlier event's id
 *     refuse CODE {JSON}
 *     acknowledge RULE REF               of its open alert
 *     restart | rebuild
 *     rules FILE [tracking-since DAY]    other rules; beside the scenario, or "two-new"
 *     expect alert RULE REF LEVEL since DAY
 *     expect none [RULE REF]
 *     expect closed RULE REF WHY         the newest alert of these, which is not open
 *     expect openings RULE REF N         how many times it ever opened
 *
 * After every step the recorded alerts must be those of evaluation from the ground up.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/uuid.h"
#include "sim.h"
#include "store/store.h"

enum { NAMES_MAX = 64, WORD_MAX = 128 };

struct named {
    char name[WORD_MAX];
    char id[UUID_TEXT_SIZE];
};

struct scenario {
    struct sim sim;
    bool started;
    const char *path, *two_new;
    int line_number;
    struct named names[NAMES_MAX];
    size_t name_count;
    int64_t events;
};

static _Noreturn void wrong(const struct scenario *s, const char *what)
{
    sim_fail("%s:%d: %s", s->path, s->line_number, what);
}

/* The next word of a line, into `out`; false at its end. */
static bool word(char out[WORD_MAX], const char **line)
{
    size_t n = 0;

    *line += strspn(*line, " ");
    while ((*line)[n] && (*line)[n] != ' ')
        n++;
    if (n == 0 || n >= WORD_MAX)
        return false;
    memcpy(out, *line, n);
    out[n] = '\0';
    *line += n;
    return true;
}

static void need(struct scenario *s, char out[WORD_MAX], const char **line)
{
    if (!word(out, line))
        wrong(s, "a word is missing");
}

static day_t need_day(struct scenario *s, const char **line)
{
    char text[WORD_MAX];
    day_t day;

    need(s, text, line);
    if (!day_parse(&day, text, strlen(text)))
        wrong(s, "no day");
    return day;
}

static void start(struct scenario *s, day_t tracking_since)
{
    if (s->started)
        return;
    sim_start(&s->sim, s->two_new, tracking_since, day_from_civil(2022, 1, 1));
    s->started = true;
}

static void go(struct scenario *s, day_t day)
{
    if (day < sim_today(&s->sim))
        wrong(s, "the clock does not go back");
    while (sim_today(&s->sim) < day) {
        sim_settle(&s->sim);
        sim_clock(&s->sim, sim_today(&s->sim) + 1);
    }
    sim_settle(&s->sim);
}

/* Ids in the order of the lines, so that a scenario always runs the same way. */
static void make_id(char out[UUID_TEXT_SIZE], struct scenario *s)
{
    snprintf(out, UUID_TEXT_SIZE, "017e0000-0000-7000-8000-%012llx", (unsigned long long)++s->events & 0xFFFFFFFFFFFF);
}

static void add_named(struct scenario *s, struct buf *out, const char **p)
{
    size_t n = strspn(*p, "abcdefghijklmnopqrstuvwxyz0123456789_");

    for (size_t i = 0; i < s->name_count; i++)
        if (strlen(s->names[i].name) == n && strncmp(s->names[i].name, *p, n) == 0) {
            buf_add_str(out, s->names[i].id);
            *p += n;
            return;
        }
    wrong(s, "no event of that name");
}

static void complete(struct buf *out, struct scenario *s, const char *name, const char *json)
{
    char id[UUID_TEXT_SIZE], today[DAY_TEXT_SIZE];

    if (*json != '{')
        wrong(s, "no event");
    buf_add_char(out, '{');
    if (!strstr(json, "\"id\"")) {
        make_id(id, s);
        buf_addf(out, "\"id\":\"%s\",", id);
        if (name && s->name_count < NAMES_MAX) {
            text_copy(s->names[s->name_count].name, WORD_MAX, name);
            memcpy(s->names[s->name_count++].id, id, sizeof id);
        }
    }
    if (!strstr(json, "\"at\""))
        buf_addf(out, "\"at\":\"%s\",", day_format(today, sim_today(&s->sim)));
    for (const char *p = json + 1; *p;) {
        if (*p == '$') {
            p++;
            add_named(s, out, &p);
        } else {
            buf_add_char(out, *p++);
        }
    }
}

static void submit(struct scenario *s, const char *line, const char *refused)
{
    _cleanup_buf_ struct buf json = {0};
    char name[WORD_MAX];
    struct submit_result result;
    bool named;

    line += strspn(line, " ");
    named = *line != '{' && word(name, &line);
    line += strspn(line, " ");
    complete(&json, s, named ? name : NULL, line);
    sim_submit(&result, &s->sim, buf_str(&json));
    if (!refused && result.status != SUBMIT_RECORDED)
        wrong(s, result.status == SUBMIT_REFUSED ? result.err.en : "a duplicate");
    if (refused && (result.status != SUBMIT_REFUSED ||
                    strcmp(err_code_name(result.err.code), refused) != 0))
        wrong(s, result.status == SUBMIT_REFUSED ? err_code_name(result.err.code)
                                                 : "it was not refused");
}

struct found {
    int64_t number; /* of the newest alert of these */
    int64_t openings;
    bool open;
    char why[WORD_MAX];
};

static void find_alert(struct found *out, struct scenario *s, const char *rule, const char *ref)
{
    static const char text[] =
        "SELECT a.number, a.closed, a.why FROM alert AS a JOIN subject AS s ON s.key = a.subject "
        "WHERE a.rule = ?1 AND s.ref = ?2 ORDER BY a.number";
    sqlite3_stmt *q = NULL;

    memset(out, 0, sizeof *out);
    if (sqlite3_prepare_v2(store_db(ledger_store(s->sim.ledger)), text, -1, &q, NULL) != SQLITE_OK)
        wrong(s, "no such table");
    sqlite3_bind_text(q, 1, rule, -1, SQLITE_STATIC);
    sqlite3_bind_text(q, 2, ref, -1, SQLITE_STATIC);
    while (sqlite3_step(q) == SQLITE_ROW) {
        const char *why = (const char *)sqlite3_column_text(q, 2);

        out->number = sqlite3_column_int64(q, 0);
        out->open = sqlite3_column_int64(q, 1) == 0;
        out->openings++;
        text_copy(out->why, sizeof out->why, why ? why : "");
    }
    sqlite3_finalize(q);
}

static const struct sim_alert *find_open(const struct sim_alerts *open, const char *rule,
                                         const char *ref)
{
    for (size_t i = 0; i < open->n; i++)
        if (strcmp(open->items[i].rule, rule) == 0 && strcmp(open->items[i].ref, ref) == 0)
            return &open->items[i];
    return NULL;
}

static void expect_alert(struct scenario *s, const struct sim_alerts *open, const char **line)
{
    char rule[WORD_MAX], ref[WORD_MAX], level[WORD_MAX], since[WORD_MAX], is[DAY_TEXT_SIZE];
    const struct sim_alert *a;
    day_t day;

    need(s, rule, line);
    need(s, ref, line);
    need(s, level, line);
    need(s, since, line);
    day = need_day(s, line);
    a = find_open(open, rule, ref);
    if (!a)
        wrong(s, "that alert is not open");
    if (strcmp(level_name(a->level), level) != 0 || a->since != day)
        sim_fail("%s:%d: it is %s since %s", s->path, s->line_number, level_name(a->level),
                 day_format(is, a->since));
}

static void expect_none(struct scenario *s, const struct sim_alerts *open, const char **line)
{
    char rule[WORD_MAX], ref[WORD_MAX];

    if (!word(rule, line)) {
        if (open->n)
            sim_fail("%s:%d: %s of %s is open", s->path, s->line_number, open->items[0].rule,
                     open->items[0].ref);
        return;
    }
    need(s, ref, line);
    if (find_open(open, rule, ref))
        wrong(s, "that alert is open");
}

static void expect(struct scenario *s, const char **line)
{
    _cleanup_sim_alerts_ struct sim_alerts open = {0};
    char what[WORD_MAX], rule[WORD_MAX], ref[WORD_MAX], value[WORD_MAX];
    struct found found;

    sim_open_alerts(&open, &s->sim);
    need(s, what, line);
    if (strcmp(what, "alert") == 0) {
        expect_alert(s, &open, line);
        return;
    }
    if (strcmp(what, "none") == 0) {
        expect_none(s, &open, line);
        return;
    }
    need(s, rule, line);
    need(s, ref, line);
    need(s, value, line);
    find_alert(&found, s, rule, ref);
    if (strcmp(what, "closed") == 0) {
        if (found.openings == 0 || found.open || strcmp(found.why, value) != 0)
            sim_fail("%s:%d: open: %d, opened %lld times, why: %s", s->path, s->line_number,
                     found.open, (long long)found.openings, found.why);
    } else if (strcmp(what, "openings") == 0) {
        if (found.openings != atoll(value))
            sim_fail("%s:%d: opened %lld times", s->path, s->line_number,
                     (long long)found.openings);
    } else {
        wrong(s, "what is expected?");
    }
}

static void acknowledge(struct scenario *s, const char **line)
{
    _cleanup_buf_ struct buf json = {0};
    char rule[WORD_MAX], ref[WORD_MAX];
    struct found found;

    need(s, rule, line);
    need(s, ref, line);
    find_alert(&found, s, rule, ref);
    buf_addf(&json, "{\"type\":\"alert.acknowledged\",\"alert\":%lld}", (long long)found.number);
    submit(s, buf_str(&json), NULL);
}

static void change_rules(struct scenario *s, const char **line)
{
    _cleanup_buf_ struct buf path = {0};
    char file[WORD_MAX], since[WORD_MAX];
    const char *slash = strrchr(s->path, '/');
    day_t tracking_since = s->sim.tracking_since;

    need(s, file, line);
    if (word(since, line))
        tracking_since = need_day(s, line);
    if (strcmp(file, "two-new") == 0)
        buf_add_str(&path, s->two_new);
    else
        buf_addf(&path, "%.*s%s", slash ? (int)(slash - s->path + 1) : 0, s->path, file);
    sim_configure(&s->sim, buf_str(&path), tracking_since);
}

static void step(struct scenario *s, const char *line)
{
    char what[WORD_MAX], code[WORD_MAX];

    need(s, what, &line);
    if (strcmp(what, "tracking-since") == 0 && !s->started) {
        start(s, need_day(s, &line));
        return;
    }
    start(s, day_from_civil(2022, 1, 1));
    if (strcmp(what, "at") == 0) {
        go(s, need_day(s, &line));
        step(s, line);
        return;
    }
    if (strcmp(what, "go") == 0)
        go(s, need_day(s, &line));
    else if (strcmp(what, "jump") == 0)
        sim_clock(&s->sim, need_day(s, &line));
    else if (strcmp(what, "submit") == 0)
        submit(s, line, NULL);
    else if (strcmp(what, "refuse") == 0) {
        need(s, code, &line);
        submit(s, line, code);
    } else if (strcmp(what, "acknowledge") == 0)
        acknowledge(s, &line);
    else if (strcmp(what, "restart") == 0)
        sim_restart_alerts(&s->sim);
    else if (strcmp(what, "rebuild") == 0)
        sim_rebuild(&s->sim);
    else if (strcmp(what, "rules") == 0)
        change_rules(s, &line);
    else if (strcmp(what, "expect") == 0)
        expect(s, &line);
    else
        wrong(s, "no such step");
    sim_settle(&s->sim);
    sim_check(&s->sim, s->path);
}

int main(int argc, char **argv)
{
    struct scenario s = {0};
    _cleanup_file_ FILE *file = NULL;
    _cleanup_free_ char *line = NULL;
    size_t cap = 0;

    if (argc != 3)
        sim_fail("usage: sim_scenario PACK SCENARIO");
    s.two_new = argv[1];
    s.path = argv[2];
    file = fopen(s.path, "r");
    if (!file)
        sim_fail("cannot read %s", s.path);
    while (getline(&line, &cap, file) > 0) {
        s.line_number++;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '#' && line[0] != '\0')
            step(&s, line);
    }
    if (!s.started)
        sim_fail("%s says nothing", s.path);
    sim_end(&s.sim);
    return 0;
}
