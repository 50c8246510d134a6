/* reads: who read whose history, newest first (proof/read_log.h). */
#include <inttypes.h>
#include <string.h>

#include "base/zone.h"
#include "proof/read_log.h"
#include "query/answer.h"

static const struct param params[] = {
    {"member", PARAM_REF, false, NULL, 0, 0},
    {"by", PARAM_TEXT, false, NULL, 0, 0},
    {"since", PARAM_DAY, false, NULL, 0, 0},
};

struct log_place {
    int64_t file;
    size_t end;
};

static bool is(const json_t *row, const char *key, const char *wanted)
{
    const char *text = json_string_value(json_object_get(row, key));

    return !wanted || (text && strcmp(text, wanted) == 0);
}

/* Times of one form are in the order of their texts. */
static bool is_older(const json_t *row, const char *since)
{
    const char *at = json_string_value(json_object_get(row, "at"));

    return at && strcmp(at, since) < 0;
}

static void write_row(struct asking *ask, const char *line, size_t len)
{
    json_raw(ask->out, line, len);
}

/* Most lines are about others: they need not be read. A ref stands in a line as it is. */
static bool may_match(const struct asking *ask, const char *line, size_t len, const char *since)
{
    const char *member = ask_text(ask, "member");

    return since[0] || !member || memmem(line, len, member, strlen(member));
}

/* 1: go on; 0: the page or the log is at its end. */
static int take_line(struct asking *ask, const struct read_log_walk *walk, const char *line, size_t len, const char *since)
{
    json_t *row = json_loadb(line, len, 0, NULL);
    bool older = is_older(row, since), match = row && is(row, "member", ask_text(ask, "member")) && is(row, "by", ask_text(ask, "by"));
    enum page_step step = PAGE_COUNT;

    json_decref(row);
    if (older)
        return 0;
    if (match) {
        step = page_step(ask);
        if (step == PAGE_FULL)
            return 0;
        if (step == PAGE_WRITE) {
            write_row(ask, line, len);
            page_mark(ask, 'r', "%" PRId64 ":%zu", walk->file, walk->end);
        }
    }
    return 1;
}

static int walk_lines(struct asking *ask, struct read_log_walk *walk, const char *since, struct err *err)
{
    const char *line;
    size_t len;
    int r;

    while ((r = read_log_walk_next(&line, &len, walk, err)) == 1) {
        r = ask_patience(ask, err);
        if (r < 0 || (may_match(ask, line, len, since) && take_line(ask, walk, line, len, since) == 0))
            return r;
    }
    return r;
}

static int read_place(struct log_place *out, struct asking *ask, struct err *err)
{
    const char *rest;
    int end = 0;

    if (page_cursor(&rest, ask, 'r', err) != 0)
        return 1;
    if (rest && (sscanf(rest, "%" SCNd64 ":%zu%n", &out->file, &out->end, &end) != 2 || rest[end] || out->file < 1))
        return page_bad_cursor(err);
    return 0;
}

static int answer_reads(struct asking *ask, struct err *err)
{
    CLEANUP(read_log_walk_end) struct read_log_walk walk = {0};
    day_t day = ask_day(ask, "since", DAY_NONE);
    char since[CLOCK_TEXT_SIZE] = "";
    struct log_place place = {0};
    int r = read_place(&place, ask, err);

    if (r != 0)
        return r;
    if (day != DAY_NONE)
        clock_format_us(since, zone_midnight(day) * 1000000);
    if (read_log_walk_begin(&walk, ask->env->database, place.file, place.end, err) < 0)
        return -1;
    page_begin(ask);
    r = walk_lines(ask, &walk, since, err);
    page_end(ask);
    return r;
}

const struct verb verb_reads = {
    .name = "reads", .flags = VERB_PAGED | VERB_HISTORY, .params = params, .param_count = ARRAY_LEN(params), .answer = answer_reads};
