/* `muster figures`: the annual summary's figures, what is behind one of them, whether the roll holds. */
#include <stdio.h>
#include <string.h>

#include "cells.h"
#include "families.h"
#include "page.h"
#include "say.h"
#include "words.h"

/* --- the list --- */

/* Per cent has one decimal, also where it is 0; what has no value is a dash (figures.md). */
static void value_text(struct buf *out, const json_t *row)
{
    const json_t *value = json_object_get(row, "value");

    if (!json_is_number(value))
        buf_add_str(out, "-");
    else if (strcmp(cell_string(row, "unit"), "%") == 0)
        buf_addf(out, "%.1f", json_number_value(value));
    else
        cell_plain(out, value);
}

static void duty_text(struct buf *out, const json_t *row)
{
    if (!json_object_get(row, "due"))
        return;
    cell_member(out, row, "met");
    buf_add_char(out, '/');
    cell_member(out, row, "due");
}

static void name_text(struct buf *out, const json_t *row)
{
    buf_add_str(out, cell_string(row, "figure"));
    if (json_object_get(row, "alliance"))
        buf_addf(out, "/%s", cell_string(row, "alliance"));
}

static const struct column figure_columns[] = {
    {"title", "FIGURE", "数字", COLUMN_CUT, 0, NULL},
    {"value", "VALUE", "数值", COLUMN_RIGHT, 0, value_text},
    {"unit", "UNIT", "单位", 0, 0, NULL},
    {"met/due", "MET/DUE", "完成/应完成", COLUMN_RIGHT | COLUMN_TABLE, 0, duty_text},
    {"name", "NAME", "名称", COLUMN_TABLE | COLUMN_SPARE, 0, name_text},
    {"figure", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"alliance", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"due", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"met", NULL, NULL, COLUMN_CSV, 0, NULL},
};

/* --- what is behind one --- */

static void on_text(struct buf *out, const json_t *row)
{
    cell_member(out, row, json_object_get(row, "period") ? "period" : json_object_get(row, "at") ? "at" : "on");
}

static const char *const subjects[] = {"member", "unit", "branch", "transfer", "body"};

static void what_text(struct buf *out, const json_t *row)
{
    if (json_object_get(row, "type")) {
        cell_member(out, row, "type");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(subjects); i++)
        if (json_object_get(row, subjects[i])) {
            buf_add_str(out, word_shown(subjects[i]));
            return;
        }
}

static void who_text(struct buf *out, const json_t *row)
{
    bool first = true;

    for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
        if (!json_object_get(row, subjects[i]))
            continue;
        buf_addf(out, "%s%s", first ? "" : " ", cell_string(row, subjects[i]));
        first = false;
    }
}

static void called_text(struct buf *out, const json_t *row)
{
    static const char *const fields[] = {"name", "title", "person", "reason"};

    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        if (*cell_string(row, fields[i])) {
            buf_add_str(out, cell_string(row, fields[i]));
            return;
        }
}

/* Of a percentage every item counts in the whole, and some in the part of it. */
static void counts_text(struct buf *out, const json_t *row)
{
    if (json_object_get(row, "weight")) {
        cell_member(out, row, "weight");
        return;
    }
    cell_member(out, row, "part");
    buf_add_char(out, '/');
    cell_member(out, row, "whole");
}

static const struct column item_columns[] = {
    {"when", "WHEN", "日期", COLUMN_TABLE, 0, on_text},
    {"what", "WHAT", "事项", COLUMN_TABLE, 0, what_text},
    {"who", "WHO", "对象", COLUMN_TABLE, 0, who_text},
    {"called", "NAME", "名称", COLUMN_TABLE | COLUMN_CUT, 0, called_text},
    {"seq", "SEQ", "序号", COLUMN_RIGHT, 0, NULL},
    {"counts", "COUNTS", "计", COLUMN_RIGHT | COLUMN_TABLE, 0, counts_text},
    {"weight", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"part", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"whole", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"event", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"type", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"at", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"on", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"period", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"branch", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"member", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"unit", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"transfer", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"name", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"title", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"body", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"office", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"person", NULL, NULL, COLUMN_CSV, 0, NULL},
    {"reason", NULL, NULL, COLUMN_CSV, 0, NULL},
};

/* --- the roll-forward --- */

static void of_text(struct buf *out, const json_t *row)
{
    if (json_object_get(row, "of") && !*cell_string(row, "of"))
        buf_add_str(out, tr("(none)", "（无）"));
    else
        cell_member(out, row, "of");
}

static void balance_text(struct buf *out, const json_t *row)
{
    buf_add_str(out, json_is_true(json_object_get(row, "balances")) ? tr("yes", "是") : tr("NO", "否"));
}

static void by_text(struct buf *out, const json_t *row)
{
    static const struct {
        const char *by, *zh;
    } words[] = {{"total", "总计"}, {"sector", "类别"}, {"area", "区划"}, {"branch", "支部"}, {"asked", "所问"}};

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(words[i].by, cell_string(row, "by")) == 0)
            buf_add_str(out, tr(words[i].by, words[i].zh));
}

static const struct column roll_columns[] = {
    {"by", "BY", "按", 0, 0, by_text},
    {"of", "OF", "范围", COLUMN_CUT, 0, of_text},
    {"opening", "OPENING", "期初", COLUMN_RIGHT, 0, NULL},
    {"admitted", "+ADMITTED", "+新发展", COLUMN_RIGHT, 0, NULL},
    {"entered", "+ENTERED", "+录入", COLUMN_RIGHT, 0, NULL},
    {"received", "+RECEIVED", "+转入", COLUMN_RIGHT, 0, NULL},
    {"moved_in", "+IN", "+调入", COLUMN_RIGHT, 0, NULL},
    {"gone", "-GONE", "-离去", COLUMN_RIGHT, 0, NULL},
    {"sent", "-SENT", "-转出", COLUMN_RIGHT, 0, NULL},
    {"moved_out", "-OUT", "-调出", COLUMN_RIGHT, 0, NULL},
    {"closing", "=CLOSING", "=期末", COLUMN_RIGHT, 0, NULL},
    {"balances", "BALANCES", "平衡", 0, 0, balance_text},
};

/* --- running --- */

struct printing {
    struct rows *rows;
    bool table, explains, checks;
    const json_t *body;
    const struct pages *pages;
    bool headed;
};

static void print_heading(const json_t *reply, const json_t *body)
{
    static const struct {
        const char *field, *zh;
    } scopes[] = {{"area", "区划"}, {"sector", "类别"}, {"branch", "支部"}, {"denominator", "分母"}};

    printf(tr("Year %lld, as of %s", "%lld 年，截至 %s"), (long long)json_integer_value(json_object_get(reply, "year")),
           cell_string(reply, "day"));
    for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
        _cleanup_buf_ struct buf safe = {0};

        if (!json_object_get(body, scopes[i].field))
            continue;
        say_safe(&safe, cell_string(body, scopes[i].field));
        printf(tr(", %s %s", "，%s %s"), tr(scopes[i].field, scopes[i].zh), buf_str(&safe));
    }
    putchar('\n');
}

static void print_explained(const json_t *reply)
{
    _cleanup_buf_ struct buf line = {0}, safe = {0};

    buf_addf(&line, "%s = ", cell_string(reply, "title"));
    value_text(&line, reply);
    buf_addf(&line, " %s", cell_string(reply, "unit"));
    if (json_object_get(reply, "due")) {
        buf_add_str(&line, " (");
        duty_text(&line, reply);
        buf_add_char(&line, ')');
    }
    say_safe(&safe, buf_str(&line));
    puts(buf_str(&safe));
    buf_clear(&safe);
    say_safe(&safe, cell_string(reply, "formula"));
    printf(tr("%s; %lld items\n", "%s；共 %lld 项\n"), buf_str(&safe),
           (long long)json_integer_value(json_object_get(reply, "items")));
}

/* Above the table, of which pieces may be printed while further pages come. */
static void head(struct printing *p)
{
    if (p->headed || !p->table)
        return;
    p->headed = true;
    print_heading(p->pages->last_reply, p->body);
    if (p->explains)
        print_explained(p->pages->last_reply);
}

static void take_row(void *context, const json_t *row)
{
    struct printing *p = context;

    head(p);
    rows_add(p->rows, row);
}

static void say_broken(const struct cli *cli, const json_t *reply)
{
    size_t i;
    json_t *row;

    json_array_foreach(json_object_get(reply, "broken"), i, row) {
        if (cli->output == OUTPUT_JSON)
            rows_print_json(row);
        say(tr("%s (%s), %s: %s", "%s（%s），%s：%s"), cell_string(row, "member"), cell_string(row, "name"),
            cell_string(row, "on"), cell_string(row, "why"));
    }
}

/* Exit status 1 where it does not hold (command.md). */
static enum exit_status tell_check(const struct cli *cli, const json_t *reply)
{
    if (json_is_true(json_object_get(reply, "holds"))) {
        if (cli->output == OUTPUT_TABLE)
            puts(tr("the roll-forward holds: by total, sector, area and branch, on every day of the year so far",
                    "名册滚动平衡：按总计、类别、区划、支部，本年至当日的每一天都成立"));
        return EXIT_DONE;
    }
    say_broken(cli, reply);
    say(tr("the roll-forward does NOT hold: opening and movements do not give closing",
           "名册滚动【不】平衡：期初与变动之和不等于期末"));
    return EXIT_REFUSED;
}

static int64_t limit_of(const struct cli *cli, const struct printing *printing)
{
    if (printing->explains)
        return page_limit(cli);
    return cli->limit_given ? cli->limit : LIMIT_NONE;
}

static struct rows *rows_for(const struct cli *cli, const struct printing *printing)
{
    if (printing->explains)
        return rows_new(cli, item_columns, ARRAY_LEN(item_columns));
    if (printing->checks)
        return rows_new(cli, roll_columns, ARRAY_LEN(roll_columns));
    return rows_new(cli, figure_columns, ARRAY_LEN(figure_columns));
}

static int figures_run(struct cli *cli, const struct arguments *args)
{
    struct printing printing = {.table = cli->output == OUTPUT_TABLE,
                                .explains = arguments_has(args, "explain"),
                                .checks = arguments_has(args, "check")};
    _cleanup_rows_ struct rows *rows = rows_for(cli, &printing);
    _cleanup_pages_ struct pages pages = {.limit = limit_of(cli, &printing), .long_pages = true};
    _cleanup_json_ json_t *body = NULL;
    enum exit_status status = cli_body(cli, args, &body);

    printing.rows = rows;
    printing.pages = &pages;
    printing.body = body;
    if (status == EXIT_DONE)
        status = page_rows(cli, "figures", body, &pages, take_row, &printing);
    if (status != EXIT_DONE)
        return status;
    head(&printing);
    rows_end(rows);
    page_say_more(cli, &pages);
    return printing.checks ? tell_check(cli, pages.last_reply) : EXIT_DONE;
}

static const struct option_spec figures_options[] = {
    {"year", OPTION_NUMBER, "Y", "year", "the year (this one, or that of --as-of)", "年度（默认本年或 --as-of 所在年）"},
    {"area", OPTION_TEXT, "AREA", "area", "of that area (a prefix)", "该区划（前缀）的"},
    {"sector", OPTION_TEXT, "SECTOR", "sector", "enterprise or association", "enterprise 或 association"},
    {"branch", OPTION_TEXT, "BRANCH", "branch", "of that branch", "该支部的"},
    {"denominator", OPTION_TEXT, "WHICH", "denominator", "of coverage: operating (all), eligible or above_scale",
     "覆盖率的分母：operating（全部）、eligible、above_scale"},
    {"explain", OPTION_TEXT, "NAME", "explain", "every event and register entry behind that figure", "列出该数字背后的每一事件与登记"},
    {"check", OPTION_FLAG, NULL, "check", "whether opening, movements and closing agree", "核对期初、变动与期末是否平衡"},
};

static const struct verb verbs[] = {
    {.name = "figures", .words = "", .flags = VERB_LISTS | VERB_AS_OF | VERB_KNOWN_ON, .options = figures_options,
     .option_count = ARRAY_LEN(figures_options), .run = figures_run, .en = "the annual summary's figures",
     .zh = "年度总结数字",
     .example = "muster figures --year 2022\nmuster figures --year 2022 --area 450312 --csv --bom > figures.csv\n"
                "muster figures --year 2022 --explain coverage.enterprise\nmuster figures --year 2022 --check"},
};

const struct family family_figures = {"Annual summary", "年度总结", verbs, ARRAY_LEN(verbs)};
