/* `muster explain`: why an alert is open, or is not, in sections that can be read aloud. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cells.h"
#include "reading.h"
#include "say.h"
#include "words.h"

/* ---- what is asked ------------------------------------------------------------------------ */

/* The kind of subject that a rule is about, from the rules in force. */
static enum exit_status kind_of_rule(struct cli *cli, const char *rule, char kind_out[32])
{
    _cleanup_json_ json_t *reply = NULL;
    enum exit_status status = cli_ask(cli, "rules", NULL, &reply);
    const json_t *rules = json_object_get(reply, "rules");
    size_t count = json_array_size(rules), i;
    _cleanup_free_ const char **ids = mem_alloc((count + 1) * sizeof *ids);
    const char *near;
    json_t *item;

    if (status != EXIT_DONE)
        return status;
    json_array_foreach(rules, i, item) {
        ids[i] = cell_string(item, "id");
        if (strcmp(ids[i], rule) == 0) {
            text_copy(kind_out, 32, cell_string(item, "subject"));
            return EXIT_DONE;
        }
    }
    near = text_nearest(rule, ids, count);
    if (near)
        say(tr("no rule \"%s\" (did you mean \"%s\"?)", "没有规则“%s”（是否指“%s”？）"), rule, near);
    else
        say(tr("no rule \"%s\"; muster rules lists them", "没有规则“%s”；muster rules 列出全部"), rule);
    return EXIT_REFUSED;
}

/* "B-017" or "branch:B-017": a ref holds no colon. */
static enum exit_status add_subject(struct cli *cli, json_t *body, const char *rule, const char *typed)
{
    const char *colon = strchr(typed, ':');
    char kind[32];
    enum exit_status status;

    if (colon) {
        snprintf(kind, sizeof kind, "%.*s", (int)(colon - typed), typed);
        typed = colon + 1;
    } else {
        status = kind_of_rule(cli, rule, kind);
        if (status != EXIT_DONE)
            return status;
    }
    json_object_set_new(body, "rule", json_string(rule));
    json_object_set_new(body, "subject", json_pack("{s:s}", kind, typed));
    return EXIT_DONE;
}

static enum exit_status add_question(struct cli *cli, const struct arguments *args, json_t *body)
{
    const char *subject = args->word_count > 1 ? args->words[1] : arguments_value(args, "subject");
    const char *first = args->words[0];

    if (subject)
        return add_subject(cli, body, first, subject);
    if (strspn(first, "0123456789") != strlen(first)) {
        say(tr("explain needs the number of an alert, or a rule and a subject: muster explain %s SUBJECT",
               "explain 需要预警编号，或规则与对象：muster explain %s 对象"), first);
        return EXIT_USAGE;
    }
    json_object_set_new(body, "alert", json_integer(strtoll(first, NULL, 10)));
    return EXIT_DONE;
}

/* ---- what is answered --------------------------------------------------------------------- */

static void print_safe(const char *text)
{
    _cleanup_buf_ struct buf safe = {0};

    say_safe(&safe, text);
    fputs(buf_str(&safe), stdout);
}

static void print_value(const char *name, const json_t *value)
{
    _cleanup_buf_ struct buf text = {0};

    if (!value || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0) ||
        (json_is_object(value) && json_object_size(value) == 0))
        return;
    cell_shown(&text, value);
    printf("  %s ", name);
    print_safe(buf_str(&text));
    putchar('\n');
}

static void print_heading(const json_t *reply)
{
    _cleanup_buf_ struct buf line = {0};
    const json_t *number = json_object_get(reply, "alert");
    const char *title = cell_string(reply, "title");

    if (json_is_integer(number))
        buf_addf(&line, "#%lld ", (long long)json_integer_value(number));
    buf_addf(&line, "%s (%s): ", *title ? title : cell_string(reply, "rule"), cell_string(reply, "rule"));
    subject_text(&line, reply);
    buf_addf(&line, " %s", cell_string(reply, "name"));
    print_safe(buf_str(&line));
    putchar('\n');
}

static void print_why(const json_t *reply)
{
    const char *level = cell_string(reply, "level");

    puts(tr("\nWhy", "\n原因"));
    if (*level)
        print_value(tr("level", "级别"), json_object_get(reply, "level"));
    else
        puts(tr("  no alert is open", "  目前没有预警"));
    print_value(tr("since", "起始"), json_object_get(reply, "since"));
    print_value(tr("state", "状态"), json_object_get(reply, "state"));
    print_value(tr("due", "到期"), json_object_get(reply, "due"));
    print_value(tr("periods missed", "未完成期数"), json_object_get(reply, "missed"));
    print_value(tr("counted from", "自何日起算"), json_object_get(reply, "base"));
    print_value(tr("rule applies from", "规则适用自"), json_object_get(reply, "start"));
    print_value(tr("window", "时段"), json_object_get(reply, "window"));
    print_value(tr("facts", "事实"), json_object_get(reply, "facts"));
    print_value(tr("last", "最近"), json_object_get(reply, "last"));
    print_value(tr("basis", "依据"), json_object_get(reply, "basis"));
}

static const char *why_text(const char *why)
{
    static const struct {
        const char *why, *en, *zh;
    } texts[] = {
        {"counted", "counts", "计入"},
        {"other_kind", "of another kind", "类型不符"},
        {"other_period", "in another period", "不在该期"},
        {"before_window", "before the window", "早于时段"},
        {"after_day", "after the day asked for", "晚于所问日期"},
        {"out_of_effect", "voided or replaced", "已作废或更正"},
        {"not_present", "was not present", "未到会"},
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (strcmp(texts[i].why, why) == 0)
            return tr(texts[i].en, texts[i].zh);
    return why;
}

static void print_events(const char *heading, const json_t *events)
{
    size_t i;
    json_t *event;

    if (json_array_size(events) == 0)
        return;
    printf("\n%s\n", heading);
    json_array_foreach(events, i, event) {
        _cleanup_buf_ struct buf line = {0};

        buf_addf(&line, "  %-10.10s  %s", cell_string(event, "at"), word_shown(cell_string(event, "type")));
        if (json_object_get(event, "kinds")) {
            buf_add_str(&line, "  ");
            cell_member(&line, event, "kinds");
        }
        buf_addf(&line, "  %s  (%s)", why_text(cell_string(event, "why")), cell_string(event, "event"));
        print_safe(buf_str(&line));
        putchar('\n');
    }
}

/* A section of one line an item. */
static void print_items(const char *heading, const json_t *items)
{
    size_t i;
    json_t *item;

    if (json_is_array(items) ? json_array_size(items) == 0 : !items || json_is_null(items))
        return;
    printf("\n%s\n", heading);
    if (!json_is_array(items))
        print_value("", items);
    json_array_foreach(items, i, item)
        print_value("", item);
}

static void print_levels(const json_t *levels)
{
    size_t i;
    json_t *level;

    if (json_array_size(levels) == 0)
        return;
    printf("\n%s\n", tr("When its level rises", "级别何时升高"));
    json_array_foreach(levels, i, level) {
        const char *on = cell_string(level, "on");

        printf("  ");
        print_safe(word_shown(cell_string(level, "level")));
        printf(tr(" on ", "："));
        print_safe(*on ? on : tr("(depends on further periods)", "（视以后各期而定）"));
        putchar('\n');
    }
}

static void print_explanation(const json_t *reply)
{
    print_heading(reply);
    print_why(reply);
    print_items(tr("Periods", "各期"), json_object_get(reply, "periods"));
    print_events(tr("What counted", "计入的活动"), json_object_get(reply, "counted"));
    print_events(tr("What did not count, and why", "未计入的活动及原因"), json_object_get(reply, "not_counted"));
    print_items(tr("Exemptions", "豁免"), json_object_get(reply, "exemptions"));
    print_levels(json_object_get(reply, "levels"));
    print_items(tr("What would clear it", "如何解除"), json_object_get(reply, "clears"));
    print_items(tr("Remedy", "处理办法"), json_object_get(reply, "clears") ? NULL : json_object_get(reply, "remedy"));
    print_items(tr("History of the alert", "预警经过"), json_object_get(reply, "history"));
}

static const struct column csv_columns[] = {
    {"counted", NULL, NULL, 0, 0, NULL}, {"at", NULL, NULL, 0, 0, NULL},  {"type", NULL, NULL, 0, 0, NULL},
    {"event", NULL, NULL, 0, 0, NULL},   {"why", NULL, NULL, 0, 0, NULL},
};

/* CSV has the events, counted or not. */
static void print_csv(struct cli *cli, const json_t *reply)
{
    static const char *const lists[] = {"counted", "not_counted"};
    _cleanup_rows_ struct rows *rows = rows_new(cli, csv_columns, ARRAY_LEN(csv_columns));

    for (size_t k = 0; k < ARRAY_LEN(lists); k++) {
        size_t i;
        json_t *event;

        json_array_foreach(json_object_get(reply, lists[k]), i, event) {
            json_object_set_new(event, "counted", json_boolean(k == 0));
            rows_add(rows, event);
        }
    }
    rows_end(rows);
}

int explain_run(struct cli *cli, const struct arguments *args)
{
    _cleanup_json_ json_t *body = NULL, *reply = NULL;
    enum exit_status status = cli_body(cli, args, &body);

    if (status == EXIT_DONE)
        status = add_question(cli, args, body);
    if (status == EXIT_DONE)
        status = cli_ask(cli, "explain", body, &reply);
    if (status != EXIT_DONE)
        return status;
    json_object_del(reply, "ledger");
    json_object_del(reply, "rehearsal");
    switch (cli->output) {
    case OUTPUT_TABLE:
        print_explanation(reply);
        break;
    case OUTPUT_JSON:
        rows_print_json(reply);
        break;
    case OUTPUT_CSV:
        print_csv(cli, reply);
        break;
    }
    return EXIT_DONE;
}
