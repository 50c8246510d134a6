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
    {"branch", "BRANCH", "支部", 0, 0, NULL},
    {"name", "NAME", "名称", COLUMN_CUT, 0, NULL},
    {"area", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"duties", "DUTIES", "基本制度", COLUMN_RIGHT | COLUMN_TABLE, 0, duties_text},
    {"hours", "HOURS", "学时", COLUMN_RIGHT | COLUMN_TABLE, 0, hours_text},
    {"reports", "REPORTS", "登记", COLUMN_RIGHT | COLUMN_TABLE, 0, reports_text},
    {"score", "SCORE", "得分", COLUMN_RIGHT, 0, score_text},
    {"stars", "BAND", "档次（星）", COLUMN_RIGHT, 0, NULL},
    {"recorded", "RECORDED", "已评（星）", COLUMN_RIGHT, 0, NULL},
};

static const struct column part_columns[] = {
    {"title", "CRITERION", "项目", 0, 0, NULL},
    {"of", "OF", "分值", COLUMN_RIGHT, 0, NULL},
    {"share", "SHARE", "比例", COLUMN_RIGHT, 0, NULL},
    {"points", "POINTS", "得分", COLUMN_RIGHT, 0, NULL},
    {"text", "SUM", "算式", COLUMN_CUT, 0, NULL},
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

    printf(tr("Local weights and bands (%s, %s). An aid: nothing is recorded. Staff decide, and record it:\n",
              "权重与档次为本地规定（%s，%s）。仅供参考，未作任何登记；由工作人员决定后登记：\n"),
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
    {"year", OPTION_NUMBER, "Y", "year", "the year (this one, or that of --as-of)", "年度（默认本年或 --as-of 所在年）"},
    {"area", OPTION_TEXT, "AREA", "area", "of that area (a prefix)", "该区划（前缀）的"},
    {"branch", OPTION_TEXT, "BRANCH", "branch", "of that branch, with its sums", "该支部的，列出算式"},
    {"config", OPTION_TEXT, "FILE", NULL, "your own weights and bands (a copy of rating.cfg)", "本地的权重与档次文件（rating.cfg 的副本）"},
};

static const struct verb verbs[] = {
    {.name = "rating", .words = "", .flags = VERB_LISTS | VERB_AS_OF | VERB_KNOWN_ON, .options = rating_options,
     .option_count = ARRAY_LEN(rating_options), .run = rating_run, .en = "an aid for rating branches, with the sums shown",
     .zh = "星级评定参考，列出算式",
     .example = "muster rating --year 2022\nmuster rating --year 2022 --branch B-017\n"
                "muster branch rate B-017 --cycle 2022 --stars 4 --score 91.5 --rubric local-2022"},
};

const struct family family_rating = {"Star rating", "星级评定", verbs, ARRAY_LEN(verbs)};
