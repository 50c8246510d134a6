/* explain: why an alert is open or not: one rule, one subject, one day (rules.md section 3).
 *
 * The figures are rules/'s (rule_explain); this file adds the events behind them and what was
 * recorded about the alert. */
#include <string.h>

#include "query/alert_view.h"
#include "query/scope.h"

static const struct param explain_params[] = {
    {"alert", PARAM_INT, false, NULL, 1, INT64_MAX},
    {"rule", PARAM_TEXT, false, NULL, 0, 0},
    {"subject", PARAM_SUBJECT, false, NULL, 0, 0},
    {"ref", PARAM_REF, false, NULL, 0, 0},
};

/* What is to be explained. */
struct matter {
    const char *rule_id;
    const struct rule *rule; /* NULL: the pack has it no more */
    int64_t subject;
    bool recorded; /* `item` is the alert, as recorded */
    struct alert_item item;
};

/* 1 found, 0 none, -1. */
static int find_item(struct matter *m, struct asking *ask, sqlite3_stmt *s, struct err *err)
{
    int r = store_step(ask->store, s, err);

    if (r == 1)
        alert_item_read(&m->item, &ask->arena, ask->env->pack, s);
    m->recorded = r == 1;
    sqlite3_reset(s);
    return r;
}

static int by_number(struct matter *m, struct asking *ask, int64_t number, struct err *err)
{
    sqlite3_stmt *s = store_stmt(ask->store, SQL_ALERT_GET);
    bool seen;
    int r;

    if (ask_field(ask, "rule") || ask_field(ask, "subject") || ask_field(ask, "ref"))
        return ask_malformed(err, "alert", "either an alert's number, or a rule and a subject",
                             "只能给出预警编号，或者规则与对象，二者取其一");
    sqlite3_bind_int64(s, 1, number);
    r = find_item(m, ask, s, err);
    if (r != 1)
        return r < 0 ? -1
               : ask->realm ? ask_not_allowed(err)
                     : err_say(err, ERR_UNKNOWN_REF, "alert", "there is no alert %lld", "没有编号为 %lld 的预警",
                               (long long)number);
    m->rule_id = m->item.rule;
    m->rule = m->item.known;
    m->subject = m->item.subject;
    if (scope_has_key(&seen, ask, m->subject, err) < 0)
        return -1;
    return seen ? 0 : ask_not_allowed(err);
}

static int wrong_kind(const struct rule *rule, struct err *err)
{
    return ask_malformed(err, "subject", "rule \"%s\" is about a %s", "规则“%s”的对象应为 %s", rule->id,
                         subject_kind_name(rule->subject));
}

static int by_rule(struct matter *m, struct asking *ask, struct err *err)
{
    enum subject_kind kind = SUBJECT_BRANCH;
    const char *ref = ask_text(ask, "ref");
    bool object;

    m->rule_id = ask_text(ask, "rule");
    if (!m->rule_id)
        return ask_malformed(err, "rule", "explain needs an alert's number, or a rule and a subject",
                             "explain 需要预警编号，或者规则与对象");
    m->rule = pack_find(ask->env->pack, m->rule_id);
    if (!m->rule)
        return alert_unknown_rule(ask->env->pack, m->rule_id, err);
    object = ask_subject(&kind, &ref, ask, "subject");
    if (!ref || (object && ask_field(ask, "ref")))
        return ask_malformed(err, "subject", "explain needs a subject, or its ref", "explain 需要对象或其编号");
    if (object && kind != m->rule->subject)
        return wrong_kind(m->rule, err);
    return ask_key(&m->subject, ask, m->rule->subject, ref, object ? "subject" : "ref", err);
}

/* The open alert of that rule and subject, if there is one. */
static int open_item(struct matter *m, struct asking *ask, struct err *err)
{
    sqlite3_stmt *s = store_stmt(ask->store, SQL_QUERY_ALERT_OPEN_OF);

    sqlite3_bind_int64(s, 1, m->subject);
    sqlite3_bind_text(s, 2, m->rule_id, -1, SQLITE_STATIC);
    return find_item(m, ask, s, err) < 0 ? -1 : 0;
}

static int find_matter(struct matter *m, struct asking *ask, struct err *err)
{
    int64_t number = ask_int(ask, "alert", 0);
    int r = number ? by_number(m, ask, number, err) : by_rule(m, ask, err);

    /* Of another day, or of what was known then, an alert that is open now tells nothing. */
    if (r != 0 || number || ask->as_of || ask->known_on)
        return r;
    return open_item(m, ask, err);
}

static int find_subject(const struct subject_data **out, struct asking *ask, const struct matter *m,
                        struct err *err)
{
    struct subject_data *nothing;
    int r = facts_subject(out, ask_facts(ask), m->subject, true, err);

    if (r != 0)
        return r < 0 ? -1 : 0;
    /* Nothing in effect makes it a subject: it was never in force, and that is the explanation. */
    nothing = arena_alloc(&ask->arena, sizeof *nothing);
    nothing->key = m->subject;
    nothing->name = "";
    if (store_subject_get(&nothing->kind, &nothing->ref, &ask->arena, ask->store, m->subject, err) < 0)
        return -1;
    *out = nothing;
    return 0;
}

/* {"seq", "at", "why"} of rules/ with the event's id, type and kinds; `at` as it was given. */
static int write_event_of_list(struct asking *ask, const json_t *item, struct err *err)
{
    struct reading rd = ask_reading(ask, &ask->scratch);
    int64_t seq = json_integer_value(json_object_get(item, "seq"));
    struct json *out = ask->out;
    char id[UUID_TEXT_SIZE];
    struct stored *stored;

    arena_reset(&ask->scratch);
    if (stored_get(&stored, &rd, seq, err) < 0)
        return -1;
    json_open(out, '{');
    json_kv_str(out, "event", uuid_format(id, stored->row.id));
    json_kv_int(out, "seq", seq);
    json_kv_str(out, "type", catalogue_type(stored->event.type)->name);
    json_key(out, "at");
    json_strn(out, stored->event.at.s, stored->event.at.len);
    if (event_has(&stored->event, F_KINDS))
        write_kinds(out, "kinds", ask->kinds, stored->event.values[F_KINDS]->kinds);
    json_kv_str(out, "why", json_string_value(json_object_get(item, "why")));
    json_close(out, '}');
    return 0;
}

static int write_events(struct asking *ask, const char *key, const json_t *list, struct err *err)
{
    const json_t *item;
    size_t i;

    json_key(ask->out, key);
    json_open(ask->out, '[');
    json_array_foreach(list, i, item)
    {
        if (ask_patience(ask, err) < 0 || write_event_of_list(ask, item, err) < 0)
            return -1;
    }
    json_close(ask->out, ']');
    return 0;
}

static void write_value(struct json *out, const char *key, const json_t *value)
{
    enum { PRECISION = 12 }; /* hours with two decimals come back as they were */
    _cleanup_free_ char *text =
        json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(PRECISION));

    json_key(out, key);
    json_raw(out, text, strlen(text));
}

static int write_figures(struct asking *ask, json_t *figures, const struct verdict *verdict,
                         const char *clears, struct err *err)
{
    const char *key;
    json_t *value;
    int r = 0;

    json_object_foreach(figures, key, value)
    {
        if (strcmp(key, "counted") == 0 || strcmp(key, "not_counted") == 0)
            r = write_events(ask, key, value, err);
        else if (strcmp(key, "last") == 0 && verdict->last_seq)
            r = write_alert_last(ask, key, verdict->last_seq, err);
        else if (strcmp(key, "clears") == 0)
            json_kv_str(ask->out, key, clears);
        else
            write_value(ask->out, key, value);
        if (r < 0)
            return -1;
    }
    return 0;
}

/* The members that rules/ writes, and the sentences. */
static int explain(struct asking *ask, const struct matter *m, const struct subject_data *subject,
                   const struct verdict *verdict, const char *branch, struct err *err)
{
    _cleanup_buf_ struct buf text = {0};
    _cleanup_buf_ struct buf clears = {0};
    struct json j = json_to(&text);
    json_t *figures;
    int r;

    json_open(&j, '{');
    rule_explain(&j, m->rule, ask->env->tracking_since, subject, ask->day, ask->kinds);
    json_close(&j, '}');
    if (facts_check(ask->facts, err) < 0)
        return -1;
    figures = json_loadb(text.data, text.len, 0, NULL);
    if (!figures)
        return err_fault(err, "the explanation of rule %s cannot be read", m->rule_id);
    rule_remedy(&clears, m->rule, verdict, subject, branch, ask->day, ask->lang);
    r = write_figures(ask, figures, verdict, buf_str(&clears), err);
    json_decref(figures);
    return r;
}

static int write_history(struct asking *ask, const struct matter *m, struct err *err)
{
    struct reading rd = ask_reading(ask, &ask->arena);
    struct alert_story story = {0};
    int r = 0;

    if (m->recorded)
        r = alert_story_read(&story, &rd, m->item.number, err);
    json_key(ask->out, "history");
    json_open(ask->out, '[');
    for (size_t i = 0; i < story.n && r == 0; i++)
        r = write_event(ask, &story.rows[i]->row, err);
    json_close(ask->out, ']');
    return r;
}

/* "state": as recorded; of another day, or where nothing is recorded, as evaluated. */
static int write_state(struct asking *ask, const struct matter *m, const struct verdict *verdict,
                       struct err *err)
{
    if (m->recorded && !ask->as_of && !ask->known_on)
        return write_alert_state(ask, &m->item, err);
    json_kv_str(ask->out, "state", verdict->open ? "open" : "none");
    return 0;
}

static int write_matter(struct asking *ask, const struct matter *m, struct err *err)
{
    const struct subject_data *subject;
    struct verdict verdict = {.open = false};
    const char *branch;

    json_kv_day(ask->out, "day", ask->day);
    json_key(ask->out, "alert");
    if (m->recorded)
        json_int(ask->out, m->item.number);
    else
        json_nil(ask->out);
    if (find_subject(&subject, ask, m, err) < 0 ||
        write_alert_subject(&branch, ask, m->rule_id, m->subject, err) < 0)
        return -1;
    if (branch)
        branch = arena_strndup(&ask->arena, branch, strlen(branch));
    if (m->rule)
        rule_evaluate(&verdict, m->rule, ask->env->tracking_since, subject, ask->day);
    if (write_state(ask, m, &verdict, err) < 0)
        return -1;
    if (m->rule) {
        write_alert_prose(ask, m->rule, verdict.open ? &verdict : NULL, subject, branch);
        return explain(ask, m, subject, &verdict, branch, err);
    }
    json_kv_str(ask->out, "level", level_name(m->item.level));
    json_kv_day(ask->out, "since", m->item.since);
    return 0;
}

static int answer_explain(struct asking *ask, struct err *err)
{
    struct matter m = {.rule_id = NULL};
    int r;

    r = find_matter(&m, ask, err);
    if (r != 0)
        return r;
    return write_matter(ask, &m, err) < 0 || write_history(ask, &m, err) < 0 ? -1 : 0;
}

const struct verb verb_explain = {
    .name = "explain",
    .flags = VERB_AS_OF | VERB_KNOWN_ON | VERB_NEEDS_ALERTS,
    .params = explain_params,
    .param_count = ARRAY_LEN(explain_params),
    .answer = answer_explain,
};
