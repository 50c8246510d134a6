#include "explain_text.h"

#include <stdio.h>
#include <string.h>

#include "cells.h"
#include "reading.h"
#include "say.h"
#include "words.h"

enum { EVENTS_SHOWN = 20 }; /* of those not counted; all of them are in --json */

static void print_line(struct buf *line)
{
    _cleanup_buf_ struct buf safe = {0};

    say_safe(&safe, buf_str(line));
    puts(buf_str(&safe));
}

static bool is_empty(const json_t *value)
{
    return !value || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0) ||
           (json_is_object(value) && json_object_size(value) == 0);
}

static void print_value(const char *name, const json_t *value)
{
    _cleanup_buf_ struct buf line = {0};

    if (is_empty(value))
        return;
    buf_addf(&line, "  %s%s", name, *name ? " " : "");
    cell_shown(&line, value);
    print_line(&line);
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
    print_line(&line);
}

static void print_window(const json_t *window)
{
    _cleanup_buf_ struct buf line = {0};

    if (is_empty(window))
        return;
    if (json_is_object(window) && json_object_get(window, "from"))
        buf_addf(&line, tr("  looked at %s to %s", "  考察 %s 至 %s"), cell_string(window, "from"), cell_string(window, "to"));
    else
        return print_value(tr("looked at", "考察"), window);
    print_line(&line);
}

/* "presence away; the rule's condition holds" */
static void print_facts(const json_t *facts)
{
    _cleanup_buf_ struct buf line = {0};
    const char *key;
    json_t *value;

    if (is_empty(facts))
        return;
    buf_add_str(&line, tr("  on that day:", "  当日："));
    json_object_foreach((json_t *)facts, key, value) {
        if (strcmp(key, "holds") == 0)
            continue;
        buf_addf(&line, " %s ", label_shown(key));
        cell_shown(&line, value);
        buf_add_str(&line, tr(";", "；"));
    }
    buf_add_str(&line, tr(" ", ""));
    buf_add_str(&line, json_is_false(json_object_get(facts, "holds"))
                           ? tr("the rule's condition does not hold", "不符合规则的适用条件")
                           : tr("the rule applies", "符合规则的适用条件"));
    print_line(&line);
}

static void print_last(const json_t *last)
{
    _cleanup_buf_ struct buf line = {0};

    if (is_empty(last))
        return;
    buf_addf(&line, "  %s %.10s %s (%s)", tr("last that counted:", "最近一次计入："), cell_string(last, "at"),
             word_shown(cell_string(last, "type")), cell_string(last, "event"));
    print_line(&line);
}

static bool is_exempt(const json_t *reply)
{
    return json_is_true(json_object_get(reply, "exempt"));
}

/* "exempt until 2023-06-30: no alert is open (without the exemption: red since 2022-11-11)" */
static void print_exempt(const json_t *reply)
{
    const json_t *without = json_object_get(reply, "without_exemption");
    const char *until = cell_string(reply, "exempt_until");
    _cleanup_buf_ struct buf line = {0};

    if (!is_exempt(reply))
        return;
    if (*until)
        buf_addf(&line, tr("  exempt until %s: no alert is open", "  豁免至 %s：没有预警"), until);
    else
        buf_add_str(&line, tr("  exempt: no alert is open", "  豁免中：没有预警"));
    if (without)
        buf_addf(&line, tr(" (without the exemption: %s since %s)", "（若无豁免：%s，起始 %s）"),
                 word_shown(cell_string(without, "level")), cell_string(without, "since"));
    print_line(&line);
}

static void print_why(const json_t *reply)
{
    bool has_level = *cell_string(reply, "level") != '\0';

    puts(tr("\nWhy", "\n原因"));
    print_exempt(reply);
    if (!has_level && !is_exempt(reply))
        puts(tr("  no alert is open", "  目前没有预警"));
    print_value(tr("level", "级别"), json_object_get(reply, "level"));
    if (has_level)
        print_value(tr("state", "状态"), json_object_get(reply, "state"));
    print_value(tr("since", "起始"), json_object_get(reply, "since"));
    print_value(tr("due", "到期"), json_object_get(reply, "due"));
    print_value(tr("periods missed:", "未完成期数"), json_object_get(reply, "missed"));
    print_value(tr("counted from", "起算日"), json_object_get(reply, "base"));
    print_value(tr("rule applies from", "规则适用自"), json_object_get(reply, "start"));
    print_window(json_object_get(reply, "window"));
    print_facts(json_object_get(reply, "facts"));
    print_last(json_object_get(reply, "last"));
    print_value(tr("basis:", "依据："), json_object_get(reply, "basis"));
}

/* "2022-05  missed  0 of 1  closes 2022-06-11" */
static void print_periods(const json_t *periods)
{
    size_t i;
    json_t *period;

    if (json_array_size(periods) == 0)
        return;
    printf("\n%s\n", tr("Periods", "各期"));
    json_array_foreach(periods, i, period) {
        _cleanup_buf_ struct buf line = {0};

        if (!json_is_object(period)) {
            print_value("", period);
            continue;
        }
        buf_addf(&line, "  %-8s %-7s ", cell_string(period, "period"), word_shown(cell_string(period, "state")));
        cell_member(&line, period, "counted");
        buf_add_str(&line, tr(" of ", " / "));
        cell_member(&line, period, "at_least");
        buf_addf(&line, tr(", closes %s", "，%s 截止"), cell_string(period, "closes"));
        print_line(&line);
    }
}

static const char *why_text(const char *why)
{
    static const struct {
        const char *why, *en, *zh;
    } texts[] = {
        {"counted", "counts", "计入"},
        {"other_kind", "of another kind", "类型不符"},
        {"other_period", "in another period", "不在该期"},
        {"before_window", "before the window", "早于考察时段"},
        {"after_day", "after the day asked for", "晚于所问日期"},
        {"out_of_effect", "voided or replaced", "已作废或更正"},
        {"not_present", "was not present", "未到会"},
        {"training_hours", "no training: only hours of training count", "不是培训，不计学时"},
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (strcmp(texts[i].why, why) == 0)
            return tr(texts[i].en, texts[i].zh);
    return why;
}

static void print_event(const json_t *event)
{
    _cleanup_buf_ struct buf line = {0};

    buf_addf(&line, "  %-10.10s  %s", cell_string(event, "at"), word_shown(cell_string(event, "type")));
    if (json_object_get(event, "kinds")) {
        buf_add_str(&line, "  ");
        cell_member(&line, event, "kinds");
    }
    buf_addf(&line, "  %s  (%s)", why_text(cell_string(event, "why")), cell_string(event, "event"));
    print_line(&line);
}

/* The latest ones, in the order they came; how many were left out is told. */
static void print_events(const char *heading, const json_t *events)
{
    size_t count = json_array_size(events);
    size_t from = count > EVENTS_SHOWN ? count - EVENTS_SHOWN : 0;

    if (count == 0)
        return;
    printf("\n%s\n", heading);
    if (from > 0)
        printf(tr("  (%zu earlier ones: --json shows them)\n", "  （更早的 %zu 项请用 --json 查看）\n"), from);
    for (size_t i = from; i < count; i++)
        print_event(json_array_get(events, i));
}

static void print_clears(const json_t *clears)
{
    if (is_empty(clears))
        return;
    printf("\n%s\n", tr("What would clear it", "如何解除"));
    print_value("", clears);
}

/* "X-1: 2022-02-01 to 2022-02-10 (its branch's)" */
static void print_exemptions(const json_t *exemptions)
{
    size_t i;
    json_t *item;

    if (is_empty(exemptions))
        return;
    printf("\n%s\n", tr("Exemptions", "豁免"));
    json_array_foreach(exemptions, i, item) {
        _cleanup_buf_ struct buf line = {0};

        buf_addf(&line, tr("  %s: %s to %s", "  %s：%s 至 %s"), cell_string(item, "exemption"), cell_string(item, "from"),
                 cell_string(item, "to"));
        if (json_is_true(json_object_get(item, "branch")))
            buf_add_str(&line, tr(" (its branch's)", "（所在支部的）"));
        print_line(&line);
    }
}

static void print_levels(const json_t *reply)
{
    const json_t *levels = json_object_get(reply, "levels");
    size_t i;
    json_t *level;

    if (json_array_size(levels) == 0)
        return;
    printf("\n%s\n", is_exempt(reply) ? tr("Its levels, were there no exemption", "若无豁免，级别何时升高")
                                      : tr("When its level rises", "级别何时升高"));
    json_array_foreach(levels, i, level) {
        const char *on = cell_string(level, "on");
        _cleanup_buf_ struct buf line = {0};

        buf_addf(&line, "  %s%s%s", word_shown(cell_string(level, "level")), tr(" on ", "："),
                 *on ? on : tr("(no day is set yet)", "（尚无确定日期）"));
        print_line(&line);
    }
}

/* The alert's own rows: opened, risen, acknowledged, closed. */
static void print_history(const json_t *history)
{
    size_t i;
    json_t *row;

    if (json_array_size(history) == 0)
        return;
    printf("\n%s\n", tr("History of the alert", "预警经过"));
    json_array_foreach(history, i, row) {
        static const char *const shown[] = {"level", "since", "until", "note", "why", "recorded_by"};
        _cleanup_buf_ struct buf line = {0};

        buf_addf(&line, "  %.10s  %s", cell_string(row, "at"), word_shown(cell_string(row, "type")));
        for (size_t k = 0; k < ARRAY_LEN(shown); k++) {
            if (!json_object_get(row, shown[k]))
                continue;
            buf_addf(&line, "  %s ", label_shown(shown[k]));
            if (strcmp(shown[k], "why") == 0)
                buf_add_str(&line, label_shown(cell_string(row, shown[k])));
            else if (strcmp(shown[k], "note") == 0 || strcmp(shown[k], "recorded_by") == 0)
                buf_add_str(&line, cell_string(row, shown[k])); /* people's own words */
            else
                cell_member(&line, row, shown[k]);
        }
        print_line(&line);
    }
}

void explain_print(const json_t *reply)
{
    print_heading(reply);
    print_why(reply);
    print_periods(json_object_get(reply, "periods"));
    print_events(tr("What counted", "计入的活动"), json_object_get(reply, "counted"));
    print_events(tr("What did not count, and why", "未计入的活动及原因"), json_object_get(reply, "not_counted"));
    print_exemptions(json_object_get(reply, "exemptions"));
    print_levels(reply);
    print_clears(json_object_get(reply, "clears"));
    print_history(json_object_get(reply, "history"));
}
