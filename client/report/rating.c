/* Scores, from what is known of a branch. Nothing here asks or records. */
#include "report/rating.h"

#include <string.h>

#include "report/inside.h"

/* A criterion's share, in words too. False: there is nothing to go by. */
typedef bool share_fn(double *share_out, struct buf *text, const struct criterion *c, const struct rating_facts *f);

static bool is_of(const struct criterion *c, const char *rule)
{
    for (size_t i = 0; i < c->rule_count; i++)
        if (strcmp(c->rules[i], rule) == 0)
            return true;
    return false;
}

static bool share_of_duties(double *share_out, struct buf *text, const struct criterion *c, const struct rating_facts *f)
{
    int met = 0, late = 0, missed = 0;
    size_t i;
    json_t *duty;

    json_array_foreach(f->duties, i, duty) {
        const char *state = row_text(duty, "state");

        if (!is_of(c, row_text(duty, "rule")))
            continue;
        met += strcmp(state, "met") == 0;
        late += strcmp(state, "late") == 0;
        missed += strcmp(state, "missed") == 0;
    }
    if (met + late + missed == 0)
        return false;
    *share_out = (met + c->late * late) / (met + late + missed);
    buf_addf(text, _("met %d, late %d, missed %d: (%d + %g x %d) / %d"), met, late,
             missed, met, c->late, late, met + late + missed);
    return true;
}

static bool share_of_hours(double *share_out, struct buf *text, const struct criterion *c, const struct rating_facts *f)
{
    double each = f->members ? f->hours / (double)f->members : 0;

    if (f->members == 0)
        return false;
    *share_out = each < c->target ? each / c->target : 1;
    buf_addf(text, _("%.10g hours / %lld members / %g, at most 1"), f->hours,
             (long long)f->members, c->target);
    return true;
}

static bool share_of_reports(double *share_out, struct buf *text, const struct criterion *c, const struct rating_facts *f)
{
    size_t all = json_array_size(f->delays), in_time = 0, i;
    day_t within = day_add(0, c->within);
    json_t *delay;

    if (all == 0)
        return false;
    json_array_foreach(f->delays, i, delay)
        in_time += json_integer_value(delay) <= within;
    *share_out = (double)in_time / (double)all;
    buf_addf(text, _("of %zu, %zu entered within %d days"), all, in_time, (int)within);
    return true;
}

static share_fn *const shares[RATING_SOURCES] = {share_of_duties, share_of_hours, share_of_reports};

/* To one decimal, half up; nothing here is negative. */
static double rounded(double value)
{
    return (double)(int64_t)(value * 10 + 0.5 + 1e-9) / 10;
}

static void set_score(json_t *rating, const struct rubric *r, double got, double of)
{
    double score = of > 0 ? rounded(100 * got / of) : 0;

    if (of <= 0)
        return;
    json_object_set_new(rating, "score", json_real(score));
    for (size_t i = 0; i < r->band_count; i++)
        if (score >= r->bands[i].from) {
            json_object_set_new(rating, "stars", json_integer(r->bands[i].stars));
            return;
        }
}

json_t *rating_of(const struct rubric *r, const struct rating_facts *facts)
{
    static const char *const names[RATING_SOURCES] = {"duties", "hours", "reports"};
    json_t *parts = json_array(), *rating = json_pack("{s:o}", "parts", parts);
    double got = 0, of = 0;

    for (size_t i = 0; i < r->criterion_count; i++) {
        const struct criterion *c = &r->criteria[i];
        _cleanup_buf_ struct buf text = {0};
        json_t *part = json_pack("{s:s, s:s, s:f}", "source", names[c->source], "title", strcmp(say_language(), "zh") == 0 ? c->zh : c->en, "of", c->points);
        double share;

        if (shares[c->source](&share, &text, c, facts)) {
            json_object_set_new(part, "share", json_real((double)(int64_t)(share * 10000 + 0.5) / 10000));
            json_object_set_new(part, "points", json_real(rounded(share * c->points)));
            got += share * c->points;
            of += c->points;
        }
        json_object_set_new(part, "text", json_string(text.len ? buf_str(&text) : _("nothing to go by: left out")));
        json_array_append_new(parts, part);
    }
    set_score(rating, r, got, of);
    return rating;
}
