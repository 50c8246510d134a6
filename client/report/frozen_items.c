#include "report/frozen_items.h"

#include <stdlib.h>
#include <string.h>

#include "report/frozen.h"
#include "report/inside.h"

static const char *const subject_kinds[] = {"member", "unit", "branch"};

struct seeking {
    struct material *m;
    int64_t since;      /* the newest row that was counted then */
    const char *figure;
    json_t *shown;      /* rows about an event or register entry, by what and ref: many figures count the same */
    json_t *found;      /* event rows by seq, as text */
};

static int64_t seq_of(const json_t *row)
{
    return json_integer_value(json_object_get(row, "seq"));
}

/* --- what was recorded since about it --- */

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Whether an event of that type can have changed such a figure at all. */
static bool may_matter(const struct seeking *s, const json_t *row)
{
    const char *type = row_text(row, "type");
    bool meeting = strcmp(type, "meeting") == 0, training = strcmp(type, "training") == 0;
    bool correction = strcmp(type, "event.voided") == 0;

    if (starts(type, "alert.") || starts(type, "report.") || starts(type, "key.") || strcmp(type, "contact") == 0)
        return false;
    if (starts(s->figure, "meetings."))
        return meeting || correction || starts(type, "branch.");
    if (starts(s->figure, "training."))
        return training || correction || starts(type, "branch.") || starts(type, "member.") || starts(type, "transfer.");
    if (starts(s->figure, "duty."))
        return meeting || training || correction || starts(type, "branch.") || starts(type, "exemption.");
    return !meeting && !training;
}

static size_t take_rows(struct seeking *s, const json_t *rows)
{
    size_t i, taken = 0;
    json_t *row;

    json_array_foreach(rows, i, row) {
        char key[32];

        if (seq_of(row) <= s->since || !may_matter(s, row))
            continue;
        snprintf(key, sizeof key, "%020lld", (long long)seq_of(row));
        json_object_set(s->found, key, row);
        taken++;
    }
    return taken;
}

/* The history of a register entry; of an event what voids or replaces it, and the event itself. */
static int ask_shown(json_t **rows_out, struct material *m, const char *what, const char *ref)
{
    json_t *body = json_pack("{s:s, s:s, s:i}", "what", what, "ref", ref, "limit", 1000), *reply = NULL, *rows = json_array(), *cursor;
    int r;

    do {
        json_decref(reply);
        reply = NULL;
        r = m->source.ask(m->source.context, "show", body, &reply) == 0 ? 0 : -1;
        if (r < 0)
            break;
        json_array_extend(rows, json_object_get(reply, "history"));
        cursor = json_object_get(reply, "cursor");
        if (cursor)
            json_object_set(body, "cursor", cursor);
        else if (strcmp(what, "event") == 0)
            json_array_append(rows, json_object_get(reply, "row"));
    } while (cursor);
    json_decref(reply);
    json_decref(body);
    *rows_out = rows;
    return r;
}

static int take_shown(struct seeking *s, const char *what, const char *ref, size_t *taken_out)
{
    _cleanup_buf_ struct buf key = {0};
    json_t *rows;
    int r = 0;

    *taken_out = 0;
    buf_addf(&key, "%s %s", what, ref);
    rows = json_object_get(s->shown, buf_str(&key));
    if (!rows) {
        r = ask_shown(&rows, s->m, what, ref);
        json_object_set_new(s->shown, buf_str(&key), rows);
    }
    if (r == 0)
        *taken_out = take_rows(s, rows);
    return r;
}

/* What names a branch, was recorded since, and is dated up to a day. */
static int take_recent(struct seeking *s, const char *branch, const char *until)
{
    json_t *body = json_pack("{s:s, s:s, s:I}", "branch", branch, "type", "any", "after_seq", (json_int_t)s->since);
    json_t *rows = NULL;
    int r;

    if (*until)
        json_object_set_new(body, "until", json_string(until));
    r = ask_rows(&rows, NULL, s->m, "recent", body);
    take_rows(s, rows);
    json_decref(rows);
    json_decref(body);
    return r;
}

static int take_item(struct seeking *s, const json_t *item)
{
    char seq[32];
    size_t taken = 0;

    snprintf(seq, sizeof seq, "%lld", (long long)seq_of(item));
    if (json_object_get(item, "seq") && take_shown(s, "event", seq, &taken) < 0)
        return -1;
    if (taken)
        return 0;
    if (json_object_get(item, "period"))
        return take_recent(s, row_text(item, "branch"), row_text(item, "on"));
    for (size_t i = 0; i < ARRAY_LEN(subject_kinds); i++)
        if (json_object_get(item, subject_kinds[i]))
            return take_shown(s, subject_kinds[i], row_text(item, subject_kinds[i]), &taken);
    return 0;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *in_order(const json_t *found)
{
    size_t n = json_object_size(found), at = 0;
    const char **keys = mem_alloc((n + 1) * sizeof *keys), *key;
    json_t *out = json_array(), *row;

    json_object_foreach((json_t *)found, key, row)
        keys[at++] = key;
    if (n > 1)
        qsort(keys, n, sizeof *keys, by_key);
    for (size_t i = 0; i < n; i++)
        json_array_append(out, json_object_get(found, keys[i]));
    free(keys);
    return out;
}

static int take_items(struct seeking *s, const json_t *items)
{
    size_t i;
    json_t *item;

    json_array_foreach(items, i, item)
        if (strcmp(row_text(item, "figure"), s->figure) == 0 && take_item(s, item) < 0)
            return -1;
    return 0;
}

int frozen_items(json_t **items_out, struct material *now, const json_t *frozen)
{
    json_t *question = frozen_question(frozen);
    int r;

    json_object_set(question, "since_known", json_object_get(frozen, "known_on"));
    r = ask_rows(items_out, NULL, now, "figures", question);
    json_decref(question);
    return r;
}

int frozen_entries(json_t **entries_out, struct material *now, const json_t *frozen, const char *figure, const json_t *items,
                   json_t *shown)
{
    struct seeking s = {now, json_integer_value(json_object_get(frozen, "counted")), figure, shown, json_object()};
    int r = take_items(&s, items);

    *entries_out = r == 0 ? in_order(s.found) : NULL;
    json_decref(s.found);
    return r;
}
