#include <string.h>

#include "pack/conf.h"
#include "report/rating.h"

enum { NAME_BYTES = 64, TITLE_BYTES = 256, RULE_BYTES = 64, POINTS_MAX = 1000, STARS_MAX = 5 };

static const char *const sources[RATING_SOURCES] = {"duties", "hours", "reports"};

static int missing(struct err *err, const struct conf_node *at, const char *key)
{
    return conf_fault(err, at, "this lacks \"%s\"", "此处缺少“%s”", key);
}

/* A number of 0 to `most`, whole or not. */
static int read_number(double *out, const struct conf_node *group, const char *key, double most, struct err *err)
{
    const struct conf_node *node = conf_find(group, key);

    if (!node)
        return missing(err, group, key);
    if (node->type != CONF_INT && node->type != CONF_REAL)
        return conf_fault(err, node, "%s is no number", "%s 不是数", key);
    *out = node->type == CONF_INT ? (double)node->number : node->real;
    if (!(*out >= 0 && *out <= most))
        return conf_fault(err, node, "%s is not between 0 and %g", "%s 不在 0 与 %g 之间", key, most);
    return 0;
}

static int read_title(struct criterion *c, const struct conf_node *group, struct err *err)
{
    static const char *const keys[] = {"en", "zh"};
    const char **texts[] = {&c->en, &c->zh};
    const struct conf_node *title = conf_find(group, "title");

    if (!title)
        return missing(err, group, "title");
    if (conf_group(title, err) || conf_check_keys(title, keys, ARRAY_LEN(keys), err))
        return 1;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        const struct conf_node *text = conf_find(title, keys[i]);

        if (!text)
            return missing(err, title, keys[i]);
        if (conf_text(texts[i], text, 1, TITLE_BYTES, err))
            return 1;
    }
    return 0;
}

static int read_duties(struct criterion *c, const struct conf_node *group, struct err *err)
{
    static const char *const keys[] = {"source", "points", "title", "rules", "late"};
    const struct conf_node *rules = conf_find(group, "rules");

    if (conf_check_keys(group, keys, ARRAY_LEN(keys), err) || read_number(&c->late, group, "late", 1, err))
        return 1;
    if (!rules)
        return missing(err, group, "rules");
    if (conf_list(rules, 1, RULES_MAX, err))
        return 1;
    for (size_t i = 0; i < rules->count; i++)
        if (conf_text(&c->rules[c->rule_count++], &rules->items[i], 1, RULE_BYTES, err))
            return 1;
    return 0;
}

static int read_hours(struct criterion *c, const struct conf_node *group, struct err *err)
{
    static const char *const keys[] = {"source", "points", "title", "target"};

    if (conf_check_keys(group, keys, ARRAY_LEN(keys), err) || read_number(&c->target, group, "target", 1000, err))
        return 1;
    if (c->target == 0)
        return conf_fault(err, conf_find(group, "target"), "target must be above 0", "target 须大于 0");
    return 0;
}

static int read_reports(struct criterion *c, const struct conf_node *group, struct err *err)
{
    static const char *const keys[] = {"source", "points", "title", "within"};
    const struct conf_node *within = conf_find(group, "within");

    if (conf_check_keys(group, keys, ARRAY_LEN(keys), err))
        return 1;
    return within ? conf_duration(&c->within, within, false, err) : missing(err, group, "within");
}

static int read_criterion(struct criterion *c, const struct conf_node *group, struct err *err)
{
    const struct conf_node *source;
    int which;

    if (conf_group(group, err))
        return 1;
    source = conf_find(group, "source");
    if (!source)
        return missing(err, group, "source");
    if (conf_word(&which, source, sources, RATING_SOURCES, err) || read_number(&c->points, group, "points", POINTS_MAX, err) ||
        read_title(c, group, err))
        return 1;
    c->source = (enum rating_source)which;
    switch (c->source) {
    case RATING_DUTIES:
        return read_duties(c, group, err);
    case RATING_HOURS:
        return read_hours(c, group, err);
    case RATING_REPORTS:
        return read_reports(c, group, err);
    case RATING_SOURCES:
        break;
    }
    return 0;
}

static int read_band(struct rubric *r, const struct conf_node *group, struct err *err)
{
    static const char *const keys[] = {"from", "stars"};
    struct band *band = &r->bands[r->band_count];
    const struct conf_node *stars;
    int64_t n;

    if (conf_group(group, err) || conf_check_keys(group, keys, ARRAY_LEN(keys), err) ||
        read_number(&band->from, group, "from", 100, err))
        return 1;
    stars = conf_find(group, "stars");
    if (!stars)
        return missing(err, group, "stars");
    if (conf_int(&n, stars, 0, STARS_MAX, err))
        return 1;
    band->stars = (int)n;
    if (r->band_count && band->from >= band[-1].from)
        return conf_fault(err, group, "bands go from the best down", "档次须由高到低");
    r->band_count++;
    return 0;
}

static int read_root(struct rubric *r, const struct conf_node *root, struct err *err)
{
    static const char *const keys[] = {"rubric", "criteria", "bands"};
    const struct conf_node *at[ARRAY_LEN(keys)];

    if (conf_check_keys(root, keys, ARRAY_LEN(keys), err))
        return 1;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        at[i] = conf_find(root, keys[i]);
        if (!at[i])
            return missing(err, root, keys[i]);
    }
    if (conf_text(&r->name, at[0], 1, NAME_BYTES, err) || conf_list(at[1], 1, CRITERIA_MAX, err) ||
        conf_list(at[2], 1, BANDS_MAX, err))
        return 1;
    for (size_t i = 0; i < at[1]->count; i++)
        if (read_criterion(&r->criteria[r->criterion_count++], &at[1]->items[i], err))
            return 1;
    for (size_t i = 0; i < at[2]->count; i++)
        if (read_band(r, &at[2]->items[i], err))
            return 1;
    return 0;
}

int rubric_read(struct rubric *out, const char *file, struct err *err)
{
    struct conf_node *root;

    memset(out, 0, sizeof *out);
    return conf_read_file(&root, &out->arena, file, err) || read_root(out, root, err);
}

void rubric_deinit(struct rubric *rubric)
{
    arena_deinit(&rubric->arena);
    memset(rubric, 0, sizeof *rubric);
}
