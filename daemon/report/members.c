/* Where members belong, and who is away. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/annual.h"

bool next_member(struct stint_range *out, const struct figures *f, size_t *at)
{
    size_t begin = *at, end = begin;

    if (begin == f->stint_count)
        return false;
    while (end < f->stint_count && f->stints[end].member == f->stints[begin].member)
        end++;
    *out = (struct stint_range){&f->stints[begin], end - begin};
    *at = end;
    return true;
}

int32_t home_on(const struct figures *f, const struct stint_range *stints, day_t day)
{
    for (size_t i = 0; i < stints->n; i++)
        if (stints->items[i].from <= day && day < stints->items[i].to)
            return index_of(f, stints->items[i].branch);
    return -1;
}

/* Those who were ever away by D: few of all, so the facts of these alone are looked at. */
static int read_ever_away(int64_t **out, size_t *n_out, struct figures *f, struct err *err)
{
    struct store *store = f->source.store;
    sqlite3_stmt *s = store_stmt(store, SQL_REPORT_TOUCHED);
    size_t cap = 0;
    int r;

    sqlite3_bind_int(s, 1, EV_MEMBER_AWAY);
    sqlite3_bind_int(s, 2, f->question.day);
    while ((r = store_step(store, s, err)) == 1) {
        ARRAY_GROW(*out, *n_out, cap);
        (*out)[(*n_out)++] = sqlite3_column_int64(s, 0);
    }
    return r;
}

static int is_away(bool *out, struct figures *f, int64_t member, struct err *err)
{
    const struct subject_data *subject;
    const struct frame *frame;
    int r;

    *out = false;
    figures_bound(f);
    r = facts_subject(&subject, f->facts, member, false, err);
    if (r != 1)
        return r;
    frame = frame_on(subject, f->question.day);
    *out = frame && frame->in_force && strcmp(frame->facts[FACT_PRESENCE].text, "away") == 0;
    return 0;
}

static int by_key(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

int read_members(struct figures *f, struct err *err)
{
    _cleanup_free_ int64_t *ever = NULL;
    size_t n = 0;
    bool away;

    if (store_stints(&f->stints, &f->stint_count, &f->arena, f->source.store, SQL_REPORT_STINTS, 0, err) < 0 ||
        read_ever_away(&ever, &n, f, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (figures_patience(f, err) < 0 || is_away(&away, f, ever[i], err) < 0)
            return -1;
        if (!away)
            continue;
        ARRAY_GROW(f->away, f->away_count, f->away_cap);
        f->away[f->away_count++] = ever[i];
    }
    if (f->away_count > 1)
        qsort(f->away, f->away_count, sizeof *f->away, by_key);
    return 0;
}
