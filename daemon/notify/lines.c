/* Lines of a message: those of one cause become one, and the worst come first. Pure. */
#include <stdlib.h>
#include <string.h>

#include "notify/compose.h"

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* What is no longer in force takes all its alerts with it, of whatever rule. */
static const char *cause_of(const struct line *line)
{
    return line->ends && line->why && strcmp(line->why, "not_in_force") == 0 ? "" : line->rule;
}

/* Only alerts of one branch: several of its members', or all that were of it once it is dissolved. */
static bool may_join(const struct line *line)
{
    if (line->branch == 0 || (line->kind != ITEM_OPENED && line->kind != ITEM_CLOSED))
        return false;
    return line->subject != line->branch || *cause_of(line) == '\0';
}

/* Those that silence may explain, by area; those that may join others; the rest. */
static int by_cause(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    int order = (a->silent == NULL) - (b->silent == NULL);

    if (order == 0 && a->silent) {
        order = strcmp(a->silent, b->silent);
        return order ? order : compare_numbers(a->alert, b->alert);
    }
    if (order == 0)
        order = (int)may_join(b) - (int)may_join(a);

    if (order == 0 && may_join(a))
        order = (int)a->kind - (int)b->kind;
    if (order == 0 && may_join(a))
        order = compare_numbers(a->branch, b->branch);
    if (order == 0 && may_join(a))
        order = strcmp(cause_of(a), cause_of(b));
    return order ? order : compare_numbers(a->alert, b->alert);
}

static bool same_cause(const struct line *a, const struct line *b)
{
    if (a->silent || b->silent)
        return a->silent && b->silent && strcmp(a->silent, b->silent) == 0;
    return may_join(a) && may_join(b) && a->kind == b->kind && a->branch == b->branch &&
           strcmp(cause_of(a), cause_of(b)) == 0;
}

static void join(struct line *out, const struct line *lines, size_t n, struct arena *arena)
{
    size_t shown = n < MESSAGE_ALERTS_MAX ? n : MESSAGE_ALERTS_MAX;
    int64_t *alerts = arena_alloc(arena, shown * sizeof *alerts);

    *out = lines[0];
    for (size_t i = 1; i < n; i++) {
        if (lines[i].level > out->level)
            out->level = lines[i].level;
        if (lines[i].since < out->since)
            out->since = lines[i].since;
    }
    for (size_t i = 0; i < shown; i++)
        alerts[i] = lines[i].alert;
    out->alerts = alerts;
    out->alert_count = shown;
    out->count = (int64_t)n;
    if (out->silent) {
        out->kind = ITEM_NO_REPORTS;
        out->alert = out->subject = out->branch = 0;
        return;
    }
    out->kind = ITEM_CAUSE;
    out->rule = cause_of(&lines[0]);
    out->alert = 0;
    out->subject = out->branch;
}

/* What is open before what is closed; by level; the oldest first. */
static int by_weight(const void *left, const void *right)
{
    const struct line *a = left, *b = right;

    if (a->ends != b->ends)
        return a->ends ? 1 : -1;
    if (a->level != b->level)
        return b->level - a->level;
    if (a->since != b->since)
        return a->since < b->since ? -1 : 1;
    return a->alert != b->alert ? compare_numbers(a->alert, b->alert) : compare_numbers(a->branch, b->branch);
}

void lines_arrange(struct line *lines, size_t *n, struct arena *arena)
{
    size_t kept = 0, first = 0;

    if (*n == 0)
        return;
    qsort(lines, *n, sizeof *lines, by_cause);
    for (size_t i = 1; i <= *n; i++) {
        size_t run = i - first;

        if (i < *n && same_cause(&lines[first], &lines[i]))
            continue;
        if (run >= GROUP_MIN || lines[first].silent) {
            struct line joined;

            join(&joined, &lines[first], run, arena);
            lines[kept++] = joined;
        } else {
            memmove(&lines[kept], &lines[first], run * sizeof *lines);
            kept += run;
        }
        first = i;
    }
    *n = kept;
    qsort(lines, *n, sizeof *lines, by_weight);
}
