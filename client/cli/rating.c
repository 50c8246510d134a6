/* `muster rating`: an aid for rating branches, with the sums shown. It records nothing: `branch rate` does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asker.h"
#include "cells.h"
#include "data.h"
#include "families.h"
#include "page.h"
#include "report/rating.h"
#include "say.h"

static void part_text(struct buf *out, const json_t *row, const char *source)
{
    size_t i;
    json_t *part;

    json_array_foreach(json_object_get(row, "parts"), i, part) {
        if (strcmp(cell_string(part, "source"), source) != 0)
            continue;
        if (json_object_get(part, "points"))
            buf_addf(out, "%s%.1f", out->len ? "+" : "", json_number_value(json_object_get(part, "points")));
        else
            buf_add_str(out, "-");
    }
}

static void duties_text(struct buf *out, const json_t *row)
{
    part_text(out, row, "duties");
}

static void hours_text(struct buf *out, const json_t *row)
{
    part_text(out, row, "hours");
}

static void reports_text(struct buf *out, const json_t *row)
{
    part_text(out, row, "reports");
}

static void score_text(struct buf *out, const json_t *row)
{
    if (json_object_get(row, "score"))
        buf_addf(out, "%.1f", json_number_value(json_object_get(row, "score")));
    else
        buf_add_char(out, '-');
}

static const struct column columns[] = {
    {"branch", N_("BRANCH"), 0, 0, NULL},
    {"name", N_("NAME"), COLUMN_CUT, 0, NULL},
    {"area", NULL, COLUMN_CSV, 0, NULL},
    {"duties", N_("DUTIES"), COLUMN_RIGHT | COLUMN_TABLE, 0, duties_text},
    {"hours", N_("HOURS"), COLUMN_RIGHT | COLUMN_TABLE, 0, hours_text},
    {"reports", N_("REPORTS"), COLUMN_RIGHT | COLUMN_TABLE, 0, reports_text},
    {"score", N_("SCORE"), COLUMN_RIGHT, 0, score_text},
    {"stars", N_("BAND"), COLUMN_RIGHT, 0, NULL},
    {"recorded", N_("RECORDED"), COLUMN_RIGHT, 0, NULL},
};

static const struct column part_columns[] = {
    {"title", N_("CRITERION"), 0, 0, NULL},
    {"of", NC_("rating", "OF"), COLUMN_RIGHT, 0, NULL},
    {"share", N_("SHARE"), COLUMN_RIGHT, 0, NULL},
    {"points", N_("POINTS"), COLUMN_RIGHT, 0, NULL},
    {"text", N_("SUM"), COLUMN_CUT, 0, NULL},
};

/* Of one branch: what its score is made of. */
static void print_sums(const struct cli *cli, const json_t *row)
{
    _cleanup_rows_ struct rows *parts = rows_new(cli, part_columns, ARRAY_LEN(part_columns));
    size_t i;
    json_t *part;

    json_array_foreach(json_object_get(row, "parts"), i, part)
        rows_add(parts, part);
    rows_end(parts);
}

static void print_note(const struct rubric *rubric, const char *file, int64_t year, const json_t *row)
{
    _cleanup_buf_ struct buf score = {0};

    printf(_("Local weights and bands (%s, %s). An aid: nothing is recorded. Staff decide, and record it:\n"),
           rubric->name, file);
    score_text(&score, row);
    printf("  muster branch rate %s --cycle %lld --stars N --score %s --rubric %s\n", row ? cell_string(row, "branch") : "BRANCH",
           (long long)year, row && json_object_get(row, "score") ? buf_str(&score) : "S", rubric->name);
}

static void print_table(struct cli *cli, const struct material *material, const struct rubric *rubric, const char *file,
                        const json_t *list)
{
    _cleanup_rows_ struct rows *rows = rows_new(cli, columns, ARRAY_LEN(columns));
    size_t limit = page_limit(cli) == LIMIT_NONE ? SIZE_MAX : (size_t)page_limit(cli), all = json_array_size(list), i;
    struct pages pages = {.limit = 0};
    json_t *row;

    json_array_foreach(list, i, row)
        if (i < limit)
            rows_add(rows, row);
    rows_end(rows);
    if (all > limit) {
        pages.more = (int64_t)(all - limit);
        page_say_more(cli, &pages);
    }
    if (cli->output != OUTPUT_TABLE)
        return;
    if (all == 1) {
        putchar('\n');
        print_sums(cli, json_array_get(list, 0));
    }
    print_note(rubric, file, material_year(material), all == 1 ? json_array_get(list, 0) : NULL);
}

static int rating_run(struct cli *cli, const struct arguments *args)
{
    const char *told = arguments_value(args, "config");
    _cleanup_free_ char *file = told ? strdup(told) : data_file("rating.cfg");
    _cleanup_rubric_ struct rubric rubric = {0};
    _cleanup_material_ struct material *material = NULL;
    _cleanup_json_ json_t *body = NULL, *list = NULL;
    struct asker asker = {.cli = cli};
    struct err err = {0};
    enum exit_status status;

    if (rubric_read(&rubric, file, &err))
        return say_mistake(&err);
    status = cli_body(cli, args, &body);
    if (status == EXIT_DONE)
        status = asker_material(&material, &asker, body);
    if (status != EXIT_DONE)
        return status;
    if (rating_rows(&list, material, &rubric) < 0)
        return asker.status;
    print_table(cli, material, &rubric, file, list);
    return EXIT_DONE;
}

static const struct option_spec rating_options[] = {
    {"year", OPTION_NUMBER, "Y", "year", N_("the year (this one, or that of --as-of)")},
    {"area", OPTION_TEXT, "AREA", "area", N_("of that area (a prefix)")},
    {"branch", OPTION_TEXT, "BRANCH", "branch", N_("of that branch, with its sums")},
    {"config", OPTION_TEXT, "FILE", NULL, N_("your own weights and bands (a copy of rating.cfg)")},
};

static const struct verb verbs[] = {
    {.name = "rating", .words = "", .flags = VERB_LISTS | VERB_AS_OF | VERB_KNOWN_ON, .options = rating_options,
     .option_count = ARRAY_LEN(rating_options), .run = rating_run, .en = N_("an aid for rating branches, with the sums shown"),
     .example = "muster rating --year 2022\nmuster rating --year 2022 --branch B-017\n"
                "muster branch rate B-017 --cycle 2022 --stars 4 --score 91.5 --rubric local-2022"},
};

const struct family family_rating = {N_("Star rating"), verbs, ARRAY_LEN(verbs)};
