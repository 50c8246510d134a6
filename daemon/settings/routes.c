/* Routes: which alerts are told to whom; and whether all of it makes sense with the rule pack. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "settings/telling.h"

enum {
    ROUTES_MAX = 2000,
    TO_MAX = 100,        /* people told of one alert by one route */
    PATTERNS_MAX = 1000,
    REF_BYTES = 64,      /* ledger.md section 3 */
    REPEAT_DAYS_MAX = 366,
    DISTRICT_BYTES = 200,
};

/* ---- reading -------------------------------------------------------------------------------- */

static int read_texts(struct settings_text **out, size_t *n_out, const struct conf_node *node, struct err *err)
{
    if (!node)
        return 0;
    if (conf_list(node, 1, PATTERNS_MAX, err) != 0)
        return 1;
    *out = mem_zero(node->count * sizeof **out);
    for (size_t i = 0; i < node->count; i++) {
        const char *text;

        if (conf_text(&text, &node->items[i], 1, REF_BYTES, err) != 0)
            return 1;
        (*out)[(*n_out)++] = (struct settings_text){mem_strdup(text), node->items[i].line};
    }
    return 0;
}

/* A ref once the wildcards are letters. */
static int check_pattern(const struct conf_node *node, struct err *err)
{
    char ref[REF_BYTES + 1];
    struct shown shown;

    text_copy(ref, sizeof ref, node->text);
    for (char *p = ref; *p; p++)
        if (*p == '*' || *p == '?')
            *p = 'x';
    if (text_ref_check(ref, strlen(ref)) == REF_OK)
        return 0;
    return conf_fault(err, node, "\"%s\" is no pattern of a branch: a ref, in which * stands for anything and ? for one character",
                      "“%s”不是支部编号的模式：编号中 * 代表任意内容，? 代表一个字符", conf_shown(&shown, node->text));
}

static int read_branches(struct route *route, const struct conf_node *node, struct err *err)
{
    if (read_texts(&route->branches, &route->branch_count, node, err) != 0)
        return 1;
    for (size_t i = 0; node && i < node->count; i++)
        if (check_pattern(&node->items[i], err) != 0)
            return 1;
    return 0;
}

static int read_to(struct route *route, const struct telling *t, const struct conf_node *node, struct err *err)
{
    if (conf_list(node, 1, TO_MAX, err) != 0)
        return 1;
    route->to = mem_zero(node->count * sizeof *route->to);
    for (size_t i = 0; i < node->count; i++) {
        const char *name;
        int person;

        if (conf_text(&name, &node->items[i], 1, REF_BYTES, err) != 0)
            return 1;
        person = settings_person_find(t, name);
        if (person == PERSON_NONE)
            return settings_unknown_person(t, &node->items[i], err);
        for (size_t k = 0; k < route->to_count; k++)
            if (route->to[k] == person)
                return conf_fault(err, &node->items[i], "\"%s\" is named twice", "“%s”重复", name);
        route->to[route->to_count++] = person;
    }
    return 0;
}

static int read_route_parts(struct route *route, const struct telling *t, const struct conf_node *node, struct err *err)
{
    const struct conf_node *level = conf_find(node, "level"), *to = conf_find(node, "to");
    const struct conf_node *when = conf_find(node, "when"), *repeat = conf_find(node, "repeat");

    if (!to)
        return conf_fault(err, node, "a route needs to: whom does it tell?", "路由必须有 to：通知谁？");
    if (read_to(route, t, to, err) != 0 || (level && settings_read_level(&route->level, level, err) != 0) ||
        read_texts(&route->rules, &route->rule_count, conf_find(node, "rules"), err) != 0 ||
        read_texts(&route->areas, &route->area_count, conf_find(node, "areas"), err) != 0 ||
        read_branches(route, conf_find(node, "branches"), err) != 0 ||
        (when && settings_read_when(&route->when, when, err) != 0))
        return 1;
    route->has_when = when != NULL;
    return repeat ? settings_read_days(&route->repeat_days, repeat, REPEAT_DAYS_MAX, err) : 0;
}

static int read_route(struct telling *t, const struct conf_node *node, struct err *err)
{
    static const char *const keys[] = {"name", "level", "rules", "areas", "branches", "to", "when", "repeat"};
    struct route *route = &t->routes[t->route_count];
    const struct conf_node *name;
    _cleanup_buf_ struct buf made = {0};
    const char *text;

    if (conf_group(node, err) != 0 || conf_check_keys(node, keys, ARRAY_LEN(keys), err) != 0)
        return 1;
    *route = (struct route){.level = LEVEL_NOTICE, .line = node->line};
    buf_addf(&made, "%zu", node->index + 1);
    name = conf_find(node, "name");
    text = buf_str(&made);
    if (name && conf_text(&text, name, 1, REF_BYTES, err) != 0)
        return 1;
    for (size_t i = 0; i < t->route_count; i++)
        if (strcmp(t->routes[i].name, text) == 0)
            return conf_fault(err, name ? name : node, "there is a route \"%s\" already", "已有路由“%s”", text);
    route->name = mem_strdup(text);
    t->route_count++;
    return read_route_parts(route, t, node, err);
}

int settings_read_routes(struct settings *s, const struct conf_node *node, const struct key_spec *spec, struct err *err)
{
    (void)spec;
    if (conf_list(node, 0, ROUTES_MAX, err) != 0)
        return 1;
    s->telling.routes = mem_zero((node->count + 1) * sizeof *s->telling.routes);
    for (size_t i = 0; i < node->count; i++)
        if (read_route(&s->telling, &node->items[i], err) != 0)
            return 1;
    return 0;
}

int settings_read_untold(struct settings *s, const struct conf_node *node, const struct key_spec *spec, struct err *err)
{
    (void)spec;
    if (node->type == CONF_LIST && node->count == 0)
        return 0;
    return read_texts(&s->telling.untold, &s->telling.untold_count, node, err);
}

int settings_read_district(struct settings *s, const struct conf_node *node, const struct key_spec *spec, struct err *err)
{
    const char *name;

    (void)spec;
    if (conf_text(&name, node, 0, DISTRICT_BYTES, err) != 0)
        return 1;
    free(s->telling.district);
    s->telling.district = mem_strdup(name);
    return 0;
}

int settings_read_administrator(struct settings *s, const struct conf_node *node, const struct key_spec *spec,
                                struct err *err)
{
    const char *name;

    (void)spec;
    if (conf_text(&name, node, 1, REF_BYTES, err) != 0)
        return 1;
    s->telling.administrator = settings_person_find(&s->telling, name);
    if (s->telling.administrator == PERSON_NONE)
        return settings_unknown_person(&s->telling, node, err);
    return 0;
}

/* ---- what can only be checked with the rules ------------------------------------------------- */

static bool names_rule(const struct settings_text *rules, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rules[i].text, id) == 0)
            return true;
    return false;
}

bool route_takes(const struct telling *telling, const struct route *route, const char *rule, enum level level)
{
    if (names_rule(telling->untold, telling->untold_count, rule))
        return false;
    return level >= route->level && (route->rule_count == 0 || names_rule(route->rules, route->rule_count, rule));
}

bool route_reaches(const struct route *route, const char *branch, const char *area)
{
    bool reaches = route->area_count == 0 && route->branch_count == 0;

    for (size_t i = 0; i < route->area_count && area && !reaches; i++)
        reaches = strncmp(area, route->areas[i].text, strlen(route->areas[i].text)) == 0 ||
                  strcmp(route->areas[i].text, "*") == 0;
    for (size_t i = 0; i < route->branch_count && branch && !reaches; i++)
        reaches = fnmatch(route->branches[i].text, branch, 0) == 0;
    return reaches;
}

static enum level worst_level(const struct rule *rule)
{
    enum level worst = LEVEL_NONE;

    for (size_t i = 0; i < rule->level_count; i++)
        if (rule->levels[i].level > worst)
            worst = rule->levels[i].level;
    return worst;
}

/* Alerts of units belong to no branch. */
static bool can_match(const struct telling *t, const struct route *route, const struct rule *rule)
{
    return route_takes(t, route, rule->id, worst_level(rule)) &&
           (route->branch_count == 0 || rule->subject != SUBJECT_UNIT);
}

static struct conf_node place(const struct settings *s, const char *key, int line)
{
    return (struct conf_node){.file = s->file, .line = line, .key = key};
}

static int check_rule_names(const struct settings *s, const struct settings_text *rules, size_t n, const char *key,
                            struct err *err)
{
    _cleanup_free_ const char **names = mem_zero((s->pack->rule_count + 1) * sizeof *names);

    for (size_t i = 0; i < s->pack->rule_count; i++)
        names[i] = s->pack->rules[i].id;
    for (size_t i = 0; i < n; i++) {
        struct conf_node at = place(s, key, rules[i].line);

        if (!pack_find(s->pack, rules[i].text))
            return conf_unknown(err, &at, rules[i].text, "rule", "规则", names, s->pack->rule_count);
    }
    return 0;
}

/* What is named here and there is a contradiction: one of them is a slip. */
static int check_told(const struct settings *s, const struct route *route, struct err *err)
{
    for (size_t i = 0; i < route->rule_count; i++) {
        struct conf_node at = place(s, "rules", route->rules[i].line);

        if (names_rule(s->telling.untold, s->telling.untold_count, route->rules[i].text))
            return conf_fault(err, &at, "route \"%s\" tells of the rule \"%s\", which is untold", "路由“%s”通知规则“%s”，而该规则列在 untold 中",
                              route->name, route->rules[i].text);
    }
    return 0;
}

static int check_route(const struct settings *s, const struct route *route, struct err *err)
{
    struct conf_node at = place(s, "routes", route->line);

    if (check_rule_names(s, route->rules, route->rule_count, "rules", err) != 0 || check_told(s, route, err) != 0)
        return 1;
    for (size_t i = 0; i < s->pack->rule_count; i++)
        if (can_match(&s->telling, route, &s->pack->rules[i]))
            return 0;
    return conf_fault(err, &at, "route \"%s\" can never match: no rule of it reaches the level %s%s",
                      "路由“%s”永远不会匹配：没有规则能达到级别 %s%.0s", route->name, level_name(route->level),
                      route->branch_count ? ", or only rules about units do, and a unit's alert belongs to no branch" : "");
}

static int check_covered(const struct settings *s, const struct rule *rule, struct err *err)
{
    const struct telling *t = &s->telling;
    struct conf_node at = place(s, "routes", t->routes[0].line);

    if (names_rule(t->untold, t->untold_count, rule->id))
        return 0;
    for (size_t i = 0; i < t->route_count; i++)
        if (can_match(t, &t->routes[i], rule))
            return 0;
    return conf_fault(err, &at, "no route covers the rule \"%s\": nobody would be told of its alerts (if that is meant: untold = [ \"%s\" ])",
                      "没有路由涵盖规则“%s”：其预警不会通知任何人（如系有意，请写入 untold = [ \"%s\" ]）", rule->id, rule->id);
}

int settings_check_routes(const struct settings *s, struct err *err)
{
    const struct telling *t = &s->telling;

    if (check_rule_names(s, t->untold, t->untold_count, "untold", err) != 0)
        return 1;
    for (size_t i = 0; i < t->route_count; i++)
        if (check_route(s, &t->routes[i], err) != 0)
            return 1;
    for (size_t i = 0; t->route_count && i < s->pack->rule_count; i++)
        if (check_covered(s, &s->pack->rules[i], err) != 0)
            return 1;
    if (t->route_count && t->administrator == PERSON_NONE) {
        struct conf_node at = place(s, "administrator", t->routes[0].line);

        return conf_fault(err, &at, "there are routes, but no administrator: who is told when a message cannot be delivered?",
                          "有路由而未指定 administrator：消息无法送达时通知谁？");
    }
    return 0;
}

/* ---- freeing -------------------------------------------------------------------------------- */

static void free_texts(struct settings_text *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(texts[i].text);
    free(texts);
}

void settings_free_routes(struct telling *t)
{
    for (size_t i = 0; i < t->route_count; i++) {
        struct route *route = &t->routes[i];

        free(route->name);
        free_texts(route->rules, route->rule_count);
        free_texts(route->areas, route->area_count);
        free_texts(route->branches, route->branch_count);
        free(route->to);
    }
    free(t->routes);
    free_texts(t->untold, t->untold_count);
    free(t->district);
}

void settings_free_telling(struct telling *t)
{
    settings_free_routes(t);
    settings_free_people(t);
    settings_free_calendar(&t->calendar);
}
