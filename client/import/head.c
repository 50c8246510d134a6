#include "import/head.h"

#include <string.h>

#include "base/text.h"
#include "import/table.h"

static const char delimiters[] = {',', '\t', ';'};

/* One way to read the file: this row as the header of that kind of sheet. */
struct guess {
    enum sheet_kind kind;
    char delimiter;
    int64_t row;
    int known;    /* columns known */
    bool complete;
};

struct finding {
    const struct head_options *options;
    struct decoder *decoder;
    struct arena arena; /* of all that is only looked at */
    bool as_given;
    enum sheet_kind as;
    struct err *err;
};

/* What the user says of a heading: the column's name behind the last '='; NULL: nothing. */
static const char *mapped(struct finding *f, const char *heading)
{
    const char *plain = sheet_plain_heading(&f->arena, heading);

    for (size_t i = f->options->map_count; i-- > 0;) {
        const char *map = f->options->maps[i], *equals = strrchr(map, '=');
        char *name = arena_strndup(&f->arena, map, equals ? (size_t)(equals - map) : 0);

        if (equals && *plain && strcmp(sheet_plain_heading(&f->arena, name), plain) == 0)
            return equals + 1;
    }
    return NULL;
}

static const struct column_spec *column_of(struct finding *f, enum sheet_kind kind, const char *heading)
{
    const char *name = mapped(f, heading);

    return name ? sheet_column_named(kind, name) : sheet_recognise(kind, heading, &f->arena);
}

static bool is_set(const struct finding *f, const char *column)
{
    size_t len = strlen(column);

    for (size_t i = 0; i < f->options->set_count; i++)
        if (strncmp(f->options->sets[i], column, len) == 0 && f->options->sets[i][len] == '=')
            return true;
    return false;
}

/* The first needed column that is missing, or NULL. A letter needs somebody, somewhere and some day, each in one of two columns. */
static const char *missing(const struct finding *f, enum sheet_kind kind, const bool has[COL_COUNT])
{
    const struct sheet_spec *sheet = sheet_spec(kind);

    for (size_t i = 0; i < sheet->column_count; i++)
        if ((sheet->columns[i].flags & SHEET_NEEDED) && !has[sheet->columns[i].id] && !is_set(f, sheet->columns[i].name))
            return sheet->columns[i].name;
    if (kind != SHEET_TRANSFERS)
        return NULL;
    if (!has[COL_MEMBER] && !has[COL_MEMBER_NAME])
        return "member";
    if (!has[COL_TO] && !has[COL_FROM] && !is_set(f, "to") && !is_set(f, "from"))
        return "to";
    return !has[COL_AT] && !has[COL_RECEIVED_ON] ? "issued_on" : NULL;
}

static int known_columns(bool has[COL_COUNT], struct finding *f, enum sheet_kind kind, const struct table_row *row)
{
    int known = 0;

    memset(has, 0, COL_COUNT * sizeof *has);
    for (size_t i = 0; i < row->count; i++) {
        const struct column_spec *column = column_of(f, kind, row->cells[i]);

        if (!column || has[column->id])
            continue;
        has[column->id] = true;
        known += column->id != COL_IGNORED && column->id != COL_PRIVATE && column->id != COL_NOTE;
    }
    return known;
}

static bool is_better(const struct guess *a, const struct guess *b)
{
    if (a->complete != b->complete)
        return a->complete;
    return a->known > b->known;
}

static void try_row(struct guess *best, struct finding *f, char delimiter, const struct table_row *row)
{
    for (int k = 0; k < SHEET_COUNT; k++) {
        struct guess guess = {(enum sheet_kind)k, delimiter, row->number, 0, false};
        bool has[COL_COUNT];

        if (f->as_given && f->as != guess.kind)
            continue;
        guess.known = known_columns(has, f, guess.kind, row);
        guess.complete = guess.known > 0 && !missing(f, guess.kind, has);
        if (is_better(&guess, best))
            *best = guess;
    }
}

/* Calls back for the first rows under one delimiter. */
typedef void head_row_fn(void *data, const struct table_row *row);

static int first_rows(struct finding *f, char delimiter, head_row_fn *visit, void *data)
{
    struct table table;
    struct table_row row;
    int r = decoder_rewind(f->decoder, f->err);

    if (r < 0)
        return r;
    table_open(&table, f->decoder, delimiter);
    do {
        r = table_next(&row, &table, f->err);
        if (r == 1)
            visit(data, &row);
    } while (r == 1 && row.number < HEAD_ROWS);
    /* A delimiter that is none may make rows without end. */
    if (r < 0 && f->err->code != ERR_UNAVAILABLE) {
        err_clear(f->err);
        r = 0;
    }
    table_close(&table);
    return r < 0 ? -1 : 0;
}

struct trying {
    struct finding *finding;
    struct guess *best;
    char delimiter;
};

static void visit_try(void *data, const struct table_row *row)
{
    struct trying *t = data;

    try_row(t->best, t->finding, t->delimiter, row);
}

static const char *first_heading(const struct column_spec *column, char out[64])
{
    snprintf(out, 64, "%.*s", (int)strcspn(column->headings, "|"), column->headings);
    return out;
}

struct taking {
    struct finding *finding;
    struct head *head;
    const struct guess *guess;
};

static void visit_take(void *data, const struct table_row *row)
{
    struct taking *t = data;
    struct head *head = t->head;

    if (row->number != t->guess->row)
        return;
    head->count = row->count;
    head->headings = arena_alloc(&head->arena, (row->count + 1) * sizeof *head->headings);
    head->columns = arena_alloc(&head->arena, (row->count + 1) * sizeof *head->columns);
    for (size_t i = 0; i < row->count; i++) {
        const struct column_spec *column = column_of(t->finding, head->kind, row->cells[i]);

        head->headings[i] = arena_strndup(&head->arena, row->cells[i], strlen(row->cells[i]));
        /* Of two columns that may be the same the first is meant; the other stays unused, and is told. */
        if (column && (head->place[column->id] < 0 || column->id == COL_IGNORED || column->id == COL_PRIVATE))
            head->columns[i] = column;
        if (column && head->place[column->id] < 0)
            head->place[column->id] = (int)i;
    }
}

static int take_sets(struct head *head, const struct finding *f)
{
    for (size_t i = 0; i < f->options->set_count; i++) {
        const char *set = f->options->sets[i], *equals = strchr(set, '=');
        char name[64];
        const struct column_spec *column;

        snprintf(name, sizeof name, "%.*s", (int)(equals ? equals - set : 0), set);
        column = sheet_column_named(head->kind, name);
        if (!column) {
            const char *nearest = sheet_column_nearest(head->kind, name);

            err_say(f->err, ERR_INVALID_VALUE, "--set", "a sheet of %s has no column \"%s\"", "%s 表没有“%s”这一列",
                    sheet_spec(head->kind)->name, name);
            if (nearest)
                err_hint(f->err, nearest);
            return 1;
        }
        head->set[column->id] = arena_strndup(&head->arena, equals + 1, strlen(equals + 1));
    }
    return 0;
}

/* Every mapping must name a column of the kind. */
static int check_map_columns(const struct finding *f, enum sheet_kind kind)
{
    for (size_t i = 0; i < f->options->map_count; i++) {
        const char *map = f->options->maps[i], *equals = strrchr(map, '=');
        const char *nearest = equals ? sheet_column_nearest(kind, equals + 1) : NULL;

        if (equals && sheet_column_named(kind, equals + 1))
            continue;
        err_say(f->err, ERR_INVALID_VALUE, "--map", "\"%.100s\": write HEADING=COLUMN, with a column of a sheet of %s",
                "“%.100s”：请写 表头=列名，列名为 %s 表的列", map, sheet_spec(kind)->name);
        if (nearest)
            err_hint(f->err, nearest);
        return 1;
    }
    return 0;
}

static int no_such_heading(const struct head *head, struct finding *f, const char *heading)
{
    const char *nearest = text_nearest(heading, (const char *const *)head->headings, head->count);

    err_say(f->err, ERR_INVALID_VALUE, "--map", "row %lld, the header, has no heading \"%.100s\"",
            "表头（第 %lld 行）中没有“%.100s”", (long long)head->row, heading);
    if (nearest)
        err_hint(f->err, nearest);
    return 1;
}

/* A mapping of a heading that is not there is a mistake. */
static int check_map_headings(struct head *head, struct finding *f)
{
    for (size_t i = 0; i < f->options->map_count; i++) {
        const char *map = f->options->maps[i], *equals = strrchr(map, '=');
        char *heading = sheet_plain_heading(&f->arena, arena_strndup(&f->arena, map, (size_t)(equals - map)));
        bool there = false;

        for (size_t c = 0; c < head->count; c++)
            there |= strcmp(sheet_plain_heading(&f->arena, head->headings[c]), heading) == 0;
        if (!there)
            return no_such_heading(head, f, heading);
    }
    return 0;
}

static int say_not_found(const struct finding *f, const struct guess *best, const bool has[COL_COUNT])
{
    const char *name;
    char heading[64] = "";

    if (best->known < 2)
        return err_say(f->err, ERR_INVALID_VALUE, NULL,
                       "none of the first %d rows has headings known here (docs/import.md lists them); name the columns with --map HEADING=COLUMN, "
                       "and the kind of sheet with --as",
                       "前 %d 行中没有可识别的表头（表头一览见 docs/import.md）；请用 --map 表头=列名 指明各列，并用 --as 指明表的种类", HEAD_ROWS);
    name = missing(f, best->kind, has);
    if (name && sheet_column_named(best->kind, name))
        first_heading(sheet_column_named(best->kind, name), heading);
    return err_say(f->err, ERR_MISSING_FIELD, name,
                   "row %lld looks like the header of a sheet of %s, but has no column \"%s\" (%s); name it with --map HEADING=%s, or give it for "
                   "all rows with --set %s=VALUE",
                   "第 %lld 行似乎是 %s 表的表头，但缺少“%s”列（如“%s”）；可用 --map 表头=%s 指明，或用 --set %s=值 为所有行统一指定",
                   (long long)best->row, sheet_spec(best->kind)->name, name, heading, name, name);
}

static int take_best(struct head *out, struct finding *f, const struct guess *best)
{
    struct taking taking = {f, out, best};
    bool has[COL_COUNT] = {false};

    out->kind = best->kind;
    out->delimiter = best->delimiter;
    out->row = best->row;
    if ((f->as_given || best->complete) && check_map_columns(f, best->kind))
        return 1;
    if (best->known > 0 && first_rows(f, best->delimiter, visit_take, &taking) < 0)
        return -1;
    for (int c = 0; c < COL_COUNT; c++)
        has[c] = out->place[c] >= 0;
    if (!best->complete)
        return say_not_found(f, best, has);
    if (check_map_headings(out, f) || take_sets(out, f))
        return 1;
    return decoder_rewind(f->decoder, f->err);
}

int head_find(struct head *out, struct decoder *decoder, const struct head_options *options, struct err *err)
{
    struct finding f = {.options = options, .decoder = decoder, .err = err};
    struct guess best = {0};
    int r = 0;

    *out = (struct head){.kind = SHEET_UNITS};
    for (int c = 0; c < COL_COUNT; c++)
        out->place[c] = -1;
    if (options->as) {
        f.as_given = sheet_find(&f.as, options->as);
        if (!f.as_given) {
            err_say(err, ERR_INVALID_VALUE, "--as",
                    "there are sheets of units, branches, members, meetings, trainings and transfers, and none of \"%.40s\"",
                    "表的种类有 units、branches、members、meetings、trainings、transfers，没有“%.40s”", options->as);
            if (sheet_nearest(options->as))
                err_hint(err, sheet_nearest(options->as));
            return 1;
        }
        best.kind = f.as;
    }
    for (size_t i = 0; r == 0 && i < sizeof delimiters; i++) {
        struct trying trying = {&f, &best, delimiters[i]};

        r = first_rows(&f, delimiters[i], visit_try, &trying);
    }
    if (r == 0)
        r = take_best(out, &f, &best);
    arena_deinit(&f.arena);
    return r;
}

void head_deinit(struct head *head)
{
    arena_deinit(&head->arena);
}

bool head_has_people(const struct head *head)
{
    const struct sheet_spec *sheet = sheet_spec(head->kind);

    for (size_t i = 0; i < sheet->column_count; i++)
        if ((sheet->columns[i].flags & SHEET_PEOPLE) && head_has(head, sheet->columns[i].id))
            return true;
    return false;
}
