/* Meetings and trainings of which the day, the branch, the kind or the title was corrected.
 *
 * These make the key of a row: with another key it is another row. But when a sheet comes again, most of its rows are known; if then one row is
 * new, and one that was imported from it is gone, and both agree in nearly everything else, the one became the other. In a sheet of which most
 * rows are new, nothing is matched: it is another sheet.
 */
#include <stdlib.h>
#include <string.h>

#include "base/uuid.h"
#include "import/ids.h"
#include "import_run.h"
#include "page.h"
#include "say.h"

enum {
    PROBES = 8,        /* rows by which a sheet is known to have been imported before */
    CHANGES_MOST = 500, /* new rows, and rows gone: more are no corrections */
    DAYS_APART = 31,   /* a day corrected lies no further off */
    DIFFER_MOST = 2,
    AGREE_LEAST = 3,
};

struct known_row {
    uint8_t key[UUID_SIZE]; /* of the sheet's row */
    uint8_t id[UUID_SIZE];  /* of the event in effect */
};

struct known_rows {
    struct known_row *rows; /* by key */
    size_t count, cap;
};

/* While it is found out. */
struct finding {
    struct import_run *run;
    struct known_rows *known;
    uint8_t (*keys)[UUID_SIZE]; /* of the sheet, sorted */
    size_t key_count, key_cap;
    day_t first, last;
    json_t *gone;               /* events in effect whose rows the sheet does not have */
    json_t *fresh;              /* events of rows that the ledger does not have */
    size_t gone_count, fresh_count;
};

void known_rows_free(struct known_rows *known)
{
    if (!known)
        return;
    free(known->rows);
    free(known);
}

static int compare_keys(const void *a, const void *b)
{
    return memcmp(a, b, UUID_SIZE);
}

static struct known_row *find_row(const struct known_rows *known, const uint8_t key[UUID_SIZE])
{
    return known->count ? bsearch(key, known->rows, known->count, sizeof *known->rows, compare_keys) : NULL;
}

void import_match_known(const struct known_rows *known, struct row *row)
{
    for (size_t i = 0; i < row->event_count; i++) {
        const struct known_row *found = find_row(known, row->events[i].key);

        if (found)
            memcpy(row->events[i].id, found->id, UUID_SIZE);
    }
}

static const char *text_of(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));

    return text ? text : "";
}

/* 1: an event of that id was recorded; 0: not; -1: told. */
static int is_recorded(struct import_run *run, const uint8_t id[UUID_SIZE])
{
    char text[UUID_TEXT_SIZE], body[128], *reply = NULL;
    int result;

    snprintf(body, sizeof body, "{\"what\":\"event\",\"ref\":\"%s\",\"limit\":1}", uuid_format(text, id));
    result = muster_request(run->cli->session, "show", body, &reply);
    muster_free(reply);
    if (result == MUSTER_OK)
        return 1;
    /* Out of scope is not known: then the daemon says so of the event, too. */
    if (result == MUSTER_REFUSED)
        return 0;
    run->status = cli_say_failure(run->cli);
    return -1;
}

typedef int row_fn(struct finding *f, const struct row *row);

/* Every row of the sheet that says something; ends early when `take` does not return 0. */
static int each_row(struct finding *f, row_fn *take)
{
    struct err err = {0};
    int r = importer_rewind(f->run->importer, &err), taken = 0;

    while (r == 0 && taken == 0) {
        _cleanup_row_ struct row *row = NULL;

        if (importer_next(&row, f->run->importer, &err) != 1)
            break;
        if (row->event_count)
            taken = take(f, row);
    }
    if (r == 0)
        r = importer_rewind(f->run->importer, &err);
    if (err.code != ERR_NONE) {
        say("%s: %s", f->run->name, err_text(&err, say_language()));
        f->run->status = EXIT_USAGE;
    }
    return f->run->status == EXIT_DONE && err.code == ERR_NONE ? taken : -1;
}

/* 1: it was imported before; 2: the first rows were not. */
static int probe(struct finding *f, const struct row *row)
{
    int recorded = is_recorded(f->run, row->events[0].key);

    if (recorded != 0)
        return recorded;
    return ++f->fresh_count == PROBES ? 2 : 0;
}

static int take_key(struct finding *f, const struct row *row)
{
    day_t day;

    ARRAY_GROW(f->keys, f->key_count, f->key_cap);
    memcpy(f->keys[f->key_count++], row->events[0].key, UUID_SIZE);
    if (row_event_day(&day, &row->events[0])) {
        f->first = day < f->first ? day : f->first;
        f->last = day > f->last ? day : f->last;
    }
    return 0;
}

static bool in_sheet(const struct finding *f, const uint8_t key[UUID_SIZE])
{
    return bsearch(key, f->keys, f->key_count, UUID_SIZE, compare_keys) != NULL;
}

/* An event in effect that an import recorded. */
static void take_event(void *context, const json_t *event)
{
    struct finding *f = context;
    const char *id = text_of(event, "id"), *row = text_of(json_object_get(json_object_get(event, "extra"), "import"), "row");
    struct known_row known;

    if (!uuid_parse(known.id, id, strlen(id)) || !id_is_ours(known.id))
        return;
    if (!*row || !uuid_parse(known.key, row, strlen(row)))
        memcpy(known.key, known.id, UUID_SIZE);
    ARRAY_GROW(f->known->rows, f->known->count, f->known->cap);
    f->known->rows[f->known->count++] = known;
    if (!in_sheet(f, known.key) && ++f->gone_count <= CHANGES_MOST)
        json_array_append(f->gone, (json_t *)event);
}

static enum exit_status list_events(struct finding *f)
{
    char since[DAY_TEXT_SIZE], until[DAY_TEXT_SIZE];
    _cleanup_pages_ struct pages pages = {.limit = LIMIT_NONE};
    _cleanup_json_ json_t *body =
        json_pack("{s:s, s:s, s:s}", "type", importer_head(f->run->importer)->kind == SHEET_MEETINGS ? "meeting" : "training", "since",
                  day_format(since, f->first - DAYS_APART), "until", day_format(until, f->last + DAYS_APART));
    enum exit_status status = page_rows(f->run->cli, "recent", body, &pages, take_event, f);

    if (f->known->count)
        qsort(f->known->rows, f->known->count, sizeof *f->known->rows, compare_keys);
    return status;
}

static int take_fresh(struct finding *f, const struct row *row)
{
    const struct row_event *e = &row->events[0];
    _cleanup_buf_ struct buf json = {0};
    char id[UUID_TEXT_SIZE];

    if (find_row(f->known, e->key) || ++f->fresh_count > CHANGES_MOST)
        return 0;
    row_event_json(id, &json, (struct row_event *)e, NULL);
    json_array_append_new(f->fresh, json_loadb(json.data, json.len, 0, NULL));
    return 0;
}

/* --- which became which --- */

static bool same(const json_t *a, const json_t *b, const char *key)
{
    const json_t *x = json_object_get(a, key), *y = json_object_get(b, key);

    return x && y ? json_equal(x, y) : x == y;
}

static long days_apart(const json_t *a, const json_t *b)
{
    day_t x, y;

    if (!day_parse(&x, text_of(a, "at"), 10) || !day_parse(&y, text_of(b, "at"), 10))
        return 2 * DAYS_APART;
    return labs((long)x - (long)y);
}

/* No more than two things differ, and enough is there to agree in. Meetings that come again every month are not near enough: they are no
 * corrections of each other, as long as both are in the sheet. */
static bool became(const json_t *gone, const json_t *fresh)
{
    static const char *const fields[] = {"branch", "kinds", "title", "present", "present_count", "due_count", "absent", "place", "topics", "duration_min",
                                         "hours", "host", "presenter", "with"};
    long apart = days_apart(gone, fresh);
    int differ = apart > 0, agree = apart == 0;

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        bool equal = same(gone, fresh, fields[i]);

        differ += !equal;
        agree += equal && json_object_get(gone, fields[i]);
    }
    return apart <= DAYS_APART && differ <= DIFFER_MOST && agree >= AGREE_LEAST;
}

static size_t count_matches(const json_t *list, const json_t *one, bool one_is_gone, const json_t **last_out)
{
    json_t *other;
    size_t i, n = 0;

    json_array_foreach(list, i, other)
        if (one_is_gone ? became(one, other) : became(other, one)) {
            *last_out = other;
            n++;
        }
    return n;
}

static void match(struct finding *f, const json_t *fresh)
{
    const json_t *gone = NULL, *back = NULL;
    struct known_row row;
    const char *key = text_of(fresh, "id"), *id;

    if (count_matches(f->gone, fresh, false, &gone) != 1 || count_matches(f->fresh, gone, true, &back) != 1)
        return;
    id = text_of(gone, "id");
    if (!uuid_parse(row.key, key, strlen(key)) || !uuid_parse(row.id, id, strlen(id)) || is_recorded(f->run, row.key) != 0)
        return;
    ARRAY_GROW(f->known->rows, f->known->count, f->known->cap);
    f->known->rows[f->known->count++] = row;
}

static void match_all(struct finding *f)
{
    json_t *fresh;
    size_t i;

    json_array_foreach(f->fresh, i, fresh)
        match(f, fresh);
    if (f->known->count)
        qsort(f->known->rows, f->known->count, sizeof *f->known->rows, compare_keys);
}

static enum exit_status find(struct finding *f)
{
    enum exit_status status;

    f->first = DAY_NEVER;
    f->last = DAY_NONE;
    if (each_row(f, take_key) < 0 || f->key_count == 0)
        return f->run->status;
    qsort(f->keys, f->key_count, UUID_SIZE, compare_keys);
    status = list_events(f);
    if (status != EXIT_DONE)
        return status;
    f->fresh_count = 0;
    if (each_row(f, take_fresh) < 0)
        return f->run->status;
    if (f->fresh_count <= CHANGES_MOST && f->gone_count <= CHANGES_MOST && 2 * f->fresh_count <= f->key_count)
        match_all(f);
    return f->run->status;
}

enum exit_status import_find_known(struct import_run *run)
{
    struct finding f = {.run = run, .known = mem_zero(sizeof *f.known), .gone = json_array(), .fresh = json_array()};
    enum sheet_kind kind = importer_head(run->importer)->kind;
    int before = kind == SHEET_MEETINGS || kind == SHEET_TRAININGS ? each_row(&f, probe) : 2;
    enum exit_status status = before < 0 ? run->status : EXIT_DONE;

    if (before == 1)
        status = find(&f);
    if (before == 1 && status == EXIT_DONE)
        run->known = TAKE(f.known);
    known_rows_free(f.known);
    free(f.keys);
    json_decref(f.gone);
    json_decref(f.fresh);
    return status;
}
