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
        buf_addf(&line, _("  looked at %s to %s"), cell_string(window, "from"), cell_string(window, "to"));
    else
        return print_value(_("looked at"), window);
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
    buf_add_str(&line, _("  on that day:"));
    json_object_foreach((json_t *)facts, key, value) {
        if (strcmp(key, "holds") == 0)
            continue;
        buf_addf(&line, " %s ", label_shown(key));
        cell_shown(&line, value);
        buf_add_str(&line, _(";"));
    }
    buf_add_str(&line, say_either(" ", ""));
    buf_add_str(&line, json_is_false(json_object_get(facts, "holds"))
                           ? _("the rule's condition does not hold")
                           : _("the rule applies"));
    print_line(&line);
}

static void print_last(const json_t *last)
{
    _cleanup_buf_ struct buf line = {0};

    if (is_empty(last))
        return;
    buf_addf(&line, "  %s %.10s %s (%s)", _("last that counted:"), cell_string(last, "at"),
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
        buf_addf(&line, _("  exempt until %s: no alert is open"), until);
    else
        buf_add_str(&line, _("  exempt: no alert is open"));
    if (without)
        buf_addf(&line, _(" (without the exemption: %s since %s)"),
                 word_shown(cell_string(without, "level")), cell_string(without, "since"));
    print_line(&line);
}

static void print_why(const json_t *reply)
{
    bool has_level = *cell_string(reply, "level") != '\0';

    puts(_("\nWhy"));
    print_exempt(reply);
    if (!has_level && !is_exempt(reply))
        puts(_("  no alert is open"));
    print_value(_("level"), json_object_get(reply, "level"));
    if (has_level)
        print_value(_("state"), json_object_get(reply, "state"));
    print_value(_("since"), json_object_get(reply, "since"));
    print_value(_("due"), json_object_get(reply, "due"));
    print_value(_("periods missed:"), json_object_get(reply, "missed"));
    print_value(_("counted from"), json_object_get(reply, "base"));
    print_value(_("rule applies from"), json_object_get(reply, "start"));
    print_window(json_object_get(reply, "window"));
    print_facts(json_object_get(reply, "facts"));
    print_last(json_object_get(reply, "last"));
    print_value(_("basis:"), json_object_get(reply, "basis"));
}

/* "2022-05  missed  0 of 1  closes 2022-06-11" */
static void print_periods(const json_t *periods)
{
    size_t i;
    json_t *period;

    if (json_array_size(periods) == 0)
        return;
    printf("\n%s\n", _("Periods"));
    json_array_foreach(periods, i, period) {
        _cleanup_buf_ struct buf line = {0};

        if (!json_is_object(period)) {
            print_value("", period);
            continue;
        }
        buf_addf(&line, "  %-8s %-7s ", cell_string(period, "period"), word_shown(cell_string(period, "state")));
        cell_member(&line, period, "counted");
        buf_add_str(&line, _(" of "));
        cell_member(&line, period, "at_least");
        buf_addf(&line, _(", closes %s"), cell_string(period, "closes"));
        print_line(&line);
    }
}

static const char *why_text(const char *why)
{
    static const struct {
        const char *why, *en;
    } texts[] = {
        {"counted", N_("counts")},
        {"other_kind", N_("of another kind")},
        {"other_period", N_("in another period")},
        {"before_window", N_("before the window")},
        {"after_day", N_("after the day asked for")},
        {"out_of_effect", N_("voided or replaced")},
        {"not_present", N_("was not present")},
        {"training_hours", N_("no training: only hours of training count")},
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (strcmp(texts[i].why, why) == 0)
            return said(texts[i].en);
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
        printf(_("  (%zu earlier ones: --json shows them)\n"), from);
    for (size_t i = from; i < count; i++)
        print_event(json_array_get(events, i));
}

static void print_clears(const json_t *clears)
{
    if (is_empty(clears))
        return;
    printf("\n%s\n", _("What would clear it"));
    print_value("", clears);
}

/* "X-1: 2022-02-01 to 2022-02-10 (its branch's)" */
static void print_exemptions(const json_t *exemptions)
{
    size_t i;
    json_t *item;

    if (is_empty(exemptions))
        return;
    printf("\n%s\n", _("Exemptions"));
    json_array_foreach(exemptions, i, item) {
        _cleanup_buf_ struct buf line = {0};

        buf_addf(&line, _("  %s: %s to %s"), cell_string(item, "exemption"), cell_string(item, "from"),
                 cell_string(item, "to"));
        if (json_is_true(json_object_get(item, "branch")))
            buf_add_str(&line, _(" (its branch's)"));
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
    printf("\n%s\n", is_exempt(reply) ? _("Its levels, were there no exemption")
                                      : _("When its level rises"));
    json_array_foreach(levels, i, level) {
        const char *on = cell_string(level, "on");
        _cleanup_buf_ struct buf line = {0};

        buf_addf(&line, "  %s%s%s", word_shown(cell_string(level, "level")), _(" on "),
                 *on ? on : _("(no day is set yet)"));
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
    printf("\n%s\n", _("History of the alert"));
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
    print_events(_("What counted"), json_object_get(reply, "counted"));
    print_events(_("What did not count, and why"), json_object_get(reply, "not_counted"));
    print_exemptions(json_object_get(reply, "exemptions"));
    print_levels(reply);
    print_clears(json_object_get(reply, "clears"));
    print_history(json_object_get(reply, "history"));
}
