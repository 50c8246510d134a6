/* What is known of every branch for its rating, from the board, the register, and the year's meetings and trainings. */
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "report/inside.h"
#include "report/rating.h"

enum { DAY_SECONDS = 86400 };

struct gathering {
    struct material *m;
    json_t *hours;  /* by branch: hours times attendances */
    json_t *delays; /* by branch: days */
};

/* The civil date of a time or date as rows have it, in the ledger's zone. */
static bool civil_day(day_t *out, const char *text)
{
    int hour, minute, second, off_hour = 0, off_minute = 0, used = 0;
    const char *rest = text + 10;
    char sign = 'Z';

    if (strlen(text) < 10 || !day_parse(out, text, 10))
        return false;
    if (!*rest)
        return true;
    if (sscanf(rest, "T%2d:%2d:%2d%n", &hour, &minute, &second, &used) != 3)
        return false;
    rest += used;
    if (*rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    if (sscanf(rest, "%c%2d:%2d", &sign, &off_hour, &off_minute) < 1)
        return false;
    hour = (hour * 60 + minute) * 60 + second;
    *out = zone_local((int64_t)*out * DAY_SECONDS + hour - (sign == '-' ? -1 : 1) * (off_hour * 60 + off_minute) * 60).day;
    return true;
}

static void add_hours(struct gathering *g, const char *branch, double hours)
{
    json_object_set_new(g->hours, branch, json_real(json_number_value(json_object_get(g->hours, branch)) + hours));
}

/* As the figures have it: present_count, or the names where no count was given; a joint one for each branch. */
static void take_training(struct gathering *g, const json_t *row)
{
    const json_t *count = json_object_get(row, "present_count");
    double attendance = count ? json_number_value(count) : (double)json_array_size(json_object_get(row, "present"));
    double hours = attendance * json_number_value(json_object_get(row, "hours"));
    size_t i;
    json_t *with;

    if (*row_text(row, "branch"))
        add_hours(g, row_text(row, "branch"), hours);
    json_array_foreach(json_object_get(row, "with"), i, with)
        add_hours(g, json_string_value(with), hours);
}

static void take_delay(struct gathering *g, const json_t *row)
{
    const char *branch = row_text(row, "branch");
    json_t *delays = json_object_get(g->delays, branch);
    day_t held, entered;

    if (!*branch || !civil_day(&held, row_text(row, "at")) || !civil_day(&entered, row_text(row, "recorded_at")))
        return;
    if (!delays) {
        delays = json_array();
        json_object_set_new(g->delays, branch, delays);
    }
    json_array_append_new(delays, json_integer(entered - held));
}

static int gather(struct gathering *g, const char *type)
{
    static const char *const keys[] = {"area", "branch", "known_on"};
    json_t *body = question_for(g->m, keys, ARRAY_LEN(keys)), *rows = NULL, *row;
    size_t i;
    int r;

    json_object_set_new(body, "type", json_string(type));
    json_object_set_new(body, "since", json_sprintf("%lld-01-01", (long long)material_year(g->m)));
    json_object_set_new(body, "until", json_string(material_day(g->m)));
    r = ask_rows(&rows, NULL, g->m, "recent", body);
    json_array_foreach(rows, i, row) {
        if (json_object_get(row, "voided_by") || json_object_get(row, "replaced_by"))
            continue;
        if (strcmp(type, "training") == 0)
            take_training(g, row);
        take_delay(g, row);
    }
    json_decref(rows);
    json_decref(body);
    return r;
}

static const json_t *duties_of(const json_t *board, const char *branch)
{
    size_t i;
    json_t *row;

    json_array_foreach(board, i, row)
        if (strcmp(row_text(row, "branch"), branch) == 0)
            return json_object_get(row, "duties");
    return NULL;
}

static json_t *rate(struct gathering *g, const struct rubric *rubric, const json_t *branch, const json_t *board)
{
    const char *ref = row_text(branch, "branch");
    struct rating_facts facts = {
        .duties = duties_of(board, ref),
        .members = json_integer_value(json_object_get(branch, "members")),
        .hours = json_number_value(json_object_get(g->hours, ref)),
        .delays = json_object_get(g->delays, ref),
    };
    json_t *row = rating_of(rubric, &facts);

    json_object_set(row, "branch", json_object_get(branch, "branch"));
    json_object_set(row, "name", json_object_get(branch, "name"));
    if (json_object_get(branch, "area"))
        json_object_set(row, "area", json_object_get(branch, "area"));
    if (json_object_get(branch, "stars"))
        json_object_set(row, "recorded", json_object_get(branch, "stars"));
    return row;
}

static int best_first(const void *pa, const void *pb)
{
    const json_t *a = *(json_t *const *)pa, *b = *(json_t *const *)pb;
    double x = json_object_get(a, "score") ? json_number_value(json_object_get(a, "score")) : -1;
    double y = json_object_get(b, "score") ? json_number_value(json_object_get(b, "score")) : -1;

    return x != y ? (x < y) - (x > y) : strcmp(row_text(a, "branch"), row_text(b, "branch"));
}

static json_t *in_order(json_t *rows)
{
    size_t n = json_array_size(rows), i;
    json_t **items = mem_alloc((n + 1) * sizeof *items), *row, *out = json_array();

    json_array_foreach(rows, i, row)
        items[i] = row;
    if (n > 1)
        qsort(items, n, sizeof *items, best_first);
    for (i = 0; i < n; i++)
        json_array_append(out, items[i]);
    free(items);
    return out;
}

static int rate_all(json_t **rows_out, struct gathering *g, const struct rubric *rubric)
{
    static const char *const keys[] = {"area", "branch", "as_of", "known_on"};
    const json_t *board, *rules;
    json_t *body, *branches = NULL, *rows = json_array(), *branch;
    size_t i;
    int r = material_board(&board, &rules, g->m);

    body = question_for(g->m, keys, ARRAY_LEN(keys));
    json_object_set_new(body, "what", json_string("branches"));
    if (r == 0)
        r = ask_rows(&branches, NULL, g->m, "list", body);
    json_array_foreach(branches, i, branch)
        json_array_append_new(rows, rate(g, rubric, branch, board));
    *rows_out = r == 0 ? in_order(rows) : NULL;
    json_decref(rows);
    json_decref(branches);
    json_decref(body);
    return r;
}

int rating_rows(json_t **rows_out, struct material *m, const struct rubric *rubric)
{
    struct gathering g = {m, json_object(), json_object()};
    int r = gather(&g, "meeting");

    if (r == 0)
        r = gather(&g, "training");
    if (r == 0)
        r = rate_all(rows_out, &g, rubric);
    json_decref(g.hours);
    json_decref(g.delays);
    return r;
}
