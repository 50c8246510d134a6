#include "query/alert_view.h"
#include "query/scope.h"

#include <string.h>

#include "alerts/full.h"
#include "base/text.h"

void alert_item_read(struct alert_item *out, struct arena *arena, const struct pack *pack,
                     sqlite3_stmt *s)
{
    const char *rule = (const char *)sqlite3_column_text(s, 1);
    const char *why = (const char *)sqlite3_column_text(s, 7);

    *out = (struct alert_item){
        .number = sqlite3_column_int64(s, 0),
        .rule = arena_strndup(arena, rule, strlen(rule)),
        .known = pack_find(pack, rule),
        .subject = sqlite3_column_int64(s, 2),
        .level = (enum level)sqlite3_column_int(s, 3),
        .since = (day_t)sqlite3_column_int(s, 4),
        .changed = sqlite3_column_int64(s, 5),
        .closed = sqlite3_column_int64(s, 6),
        .why = why ? arena_strndup(arena, why, strlen(why)) : NULL,
        .ack = sqlite3_column_int64(s, 8),
    };
}

int alert_unknown_rule(const struct pack *pack, const char *id, struct err *err)
{
    _cleanup_free_ const char **names = mem_zero((pack->rule_count + 1) * sizeof *names);
    const char *nearest;

    for (size_t i = 0; i < pack->rule_count; i++)
        names[i] = pack->rules[i].id;
    nearest = text_nearest(id, names, pack->rule_count);
    err_say(err, ERR_UNKNOWN_REF, "rule", "there is no rule \"%.64s\" in force", "没有现行规则“%.64s”", id);
    if (nearest)
        err_hint(err, nearest);
    return 1;
}

int alert_filter_read(struct alert_filter *out, struct asking *ask, const struct pack *pack,
                      struct err *err)
{
    const char *level = ask_text(ask, "level");

    *out = (struct alert_filter){.rule = ask_text(ask, "rule"), .area = ask_text(ask, "area")};
    if (level && !level_parse(&out->level, level))
        return ask_malformed(err, "level", "level must be notice, yellow or red",
                             "level 只能是 notice、yellow 或 red");
    if (pack && out->rule && !pack_find(pack, out->rule))
        return alert_unknown_rule(pack, out->rule, err);
    return ask_key_of(&out->branch, ask, SUBJECT_BRANCH, "branch", err);
}

int alert_subject_passes(bool *out, struct asking *ask, const struct alert_filter *f, int64_t subject,
                         struct err *err)
{
    int64_t branch;

    if (scope_has_key(out, ask, subject, err) < 0)
        return -1;
    if (!*out || (!f->area && f->branch == 0))
        return 0;
    if (facts_branch_of(&branch, ask_facts(ask), subject, ask->day, err) < 0)
        return -1;
    *out = f->branch == 0 || branch == f->branch;
    if (!*out || !f->area)
        return 0;
    return ask_subject_within(out, ask, branch ? branch : subject, f->area, NULL, ask->day, err);
}

int alert_passes(bool *out, struct asking *ask, const struct alert_filter *f,
                 const struct alert_item *item, struct err *err)
{
    *out = (f->level == LEVEL_NONE || item->level == f->level) &&
           (!f->rule || strcmp(f->rule, item->rule) == 0);
    return *out ? alert_subject_passes(out, ask, f, item->subject, err) : 0;
}

void ask_facts_bound(struct asking *ask)
{
    if (facts_size(ask_facts(ask)) > FACTS_BOUND_BYTES)
        facts_reset(ask->facts);
}

int alert_place_compare(const struct alert_place *a, const struct alert_place *b)
{
    int by_rule = strcmp(a->rule, b->rule);

    if (by_rule != 0)
        return by_rule;
    return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->ref, b->ref);
}

void alert_place_mark(struct asking *ask, char sort, const struct alert_place *place)
{
    page_mark(ask, sort, "%d.%d.%d.%s %s", (int)place->day, (int)place->level, (int)place->kind,
              place->rule, place->ref);
}

int alert_place_read(struct alert_place *out, bool *has_out, struct asking *ask, char sort,
                     struct err *err)
{
    int day, level, kind, used = 0;
    const char *text, *blank;
    int r = page_cursor(&text, ask, sort, err);

    *has_out = false;
    if (r != 0 || !text)
        return r;
    if (sscanf(text, "%d.%d.%d.%n", &day, &level, &kind, &used) != 3 || used == 0)
        return page_bad_cursor(err);
    text += used;
    blank = strchr(text, ' '); /* neither a rule's id nor a ref holds one */
    if (!blank)
        return page_bad_cursor(err);
    *out = (struct alert_place){
        .day = (day_t)day,
        .level = (enum level)level,
        .kind = (enum subject_kind)kind,
        .rule = arena_strndup(&ask->arena, text, (size_t)(blank - text)),
        .ref = blank + 1,
    };
    *has_out = true;
    return 0;
}

int write_alert_subject(const char **branch_out, struct asking *ask, const char *rule, int64_t subject,
                        struct err *err)
{
    enum subject_kind kind, branch_kind;
    const char *ref, *name, *branch = NULL;
    int64_t key;
    int r = store_subject_get(&kind, &ref, &ask->scratch, ask->store, subject, err);

    if (r != 1)
        return r < 0 ? -1 : err_fault(err, "subject %lld is missing", (long long)subject);
    if (ask_name(&name, ask, subject, err) < 0 ||
        facts_branch_of(&key, ask_facts(ask), subject, ask->day, err) < 0)
        return -1;
    if (key && store_subject_get(&branch_kind, &branch, &ask->scratch, ask->store, key, err) < 0)
        return -1;
    json_kv_str(ask->out, "rule", rule);
    json_key(ask->out, "subject");
    write_subject(ask->out, kind, ref);
    json_kv_str(ask->out, "name", name);
    if (branch)
        json_kv_str(ask->out, "branch", branch);
    *branch_out = branch;
    return 0;
}

void write_alert_prose(struct asking *ask, const struct rule *rule, const struct verdict *verdict,
                       const struct subject_data *subject, const char *branch)
{
    _cleanup_buf_ struct buf remedy = {0};

    json_kv_str(ask->out, "title", ask_choose(ask, &rule->title));
    json_kv_str(ask->out, "basis", ask_choose(ask, &rule->basis));
    if (!verdict || !subject)
        return;
    rule_remedy(&remedy, rule, verdict, subject, branch, ask->day, ask->lang);
    json_kv_str(ask->out, "remedy", buf_str(&remedy));
}

int write_alert_last(struct asking *ask, const char *key, int64_t seq, struct err *err)
{
    struct reading rd = ask_reading(ask, &ask->scratch);
    char id[UUID_TEXT_SIZE];
    struct stored *stored;

    if (stored_get(&stored, &rd, seq, err) < 0)
        return -1;
    json_key(ask->out, key);
    json_open(ask->out, '{');
    json_kv_str(ask->out, "event", uuid_format(id, stored->row.id));
    json_kv_str(ask->out, "type", catalogue_type(stored->event.type)->name);
    json_key(ask->out, "at");
    json_strn(ask->out, stored->event.at.s, stored->event.at.len);
    json_close(ask->out, '}');
    return 0;
}

static void write_acknowledged(struct json *out, const struct stored *ack)
{
    const struct event *e = &ack->event;

    json_key(out, "acknowledged");
    json_open(out, '{');
    json_kv_str(out, "by", ack->row.recorded_by);
    json_key(out, "at");
    json_strn(out, e->at.s, e->at.len);
    if (event_has(e, F_UNTIL))
        json_kv_day(out, "until", e->values[F_UNTIL]->day);
    if (event_has(e, F_NOTE))
        json_kv_str(out, "note", event_text(e, F_NOTE));
    json_close(out, '}');
}

static int write_closed(struct asking *ask, const struct alert_item *item, struct err *err)
{
    struct reading rd = ask_reading(ask, &ask->scratch);
    struct stored *closing;

    if (stored_get(&closing, &rd, item->closed, err) < 0)
        return -1;
    json_kv_str(ask->out, "state", "closed");
    json_key(ask->out, "closed");
    json_open(ask->out, '{');
    json_key(ask->out, "at");
    json_strn(ask->out, closing->event.at.s, closing->event.at.len);
    json_kv_str(ask->out, "why", item->why ? item->why : "");
    json_close(ask->out, '}');
    return 0;
}

int write_alert_state(struct asking *ask, const struct alert_item *item, struct err *err)
{
    const struct stored *ack = NULL;
    struct alert_story story;

    if (item->closed)
        return write_closed(ask, item, err);
    if (item->ack) {
        struct reading rd = ask_reading(ask, &ask->scratch);

        if (alert_story_read(&story, &rd, item->number, err) < 0)
            return -1;
        ack = alert_story_acknowledged(&story, ask->day);
    }
    json_kv_str(ask->out, "state", ack ? "acknowledged" : "open");
    if (ack)
        write_acknowledged(ask->out, ack);
    return 0;
}

/* The names of the missed periods. Those of the run are closed and unmet; what lies between them and
 * is none of them is no duty period. */
static void write_missed(struct asking *ask, const struct rule *rule, const struct verdict *verdict,
                         const struct subject_data *subject)
{
    _cleanup_free_ struct duty *duties = NULL;
    char text[DAY_TEXT_SIZE];
    size_t n = rule_duties(&duties, rule, ask->env->tracking_since, subject, verdict->missed_first,
                           verdict->missed_last, ask->day);

    json_kv_int(ask->out, "missed", verdict->missed);
    json_key(ask->out, "periods");
    json_open(ask->out, '[');
    for (size_t i = 0; i < n; i++)
        if (duties[i].state == DUTY_MISSED || duties[i].state == DUTY_LATE)
            json_str(ask->out, period_format(text, rule->per, duties[i].first));
    json_close(ask->out, ']');
}

/* What the evaluation of the day says of an open alert. Where alerts lag behind the ledger it may
 * say that it is not open any more: then only what was recorded is told. */
static int write_evaluated(struct asking *ask, const struct alert_item *item, const char *branch,
                           struct err *err)
{
    const struct rule *rule = item->known;
    const struct subject_data *subject;
    struct verdict verdict = {.open = false};
    int r;

    ask_facts_bound(ask);
    r = facts_subject(&subject, ask->facts, item->subject, false, err);
    if (r < 0)
        return -1;
    if (r == 1)
        rule_evaluate(&verdict, rule, ask->env->tracking_since, subject, ask->day);
    if (facts_check(ask->facts, err) < 0)
        return -1;
    if (verdict.open && verdict.due != DAY_NONE)
        json_kv_day(ask->out, "due", verdict.due);
    if (verdict.open && verdict.missed > 0)
        write_missed(ask, rule, &verdict, subject);
    if (verdict.open && verdict.last_seq && write_alert_last(ask, "last", verdict.last_seq, err) < 0)
        return -1;
    write_alert_prose(ask, rule, verdict.open ? &verdict : NULL, subject, branch);
    return 0;
}

static int no_reports_of(struct asking *ask, const struct alert_item *item, struct err *err)
{
    int64_t branch;

    if (facts_branch_of(&branch, ask_facts(ask), item->subject, ask->day, err) < 0)
        return -1;
    return write_no_reports(ask, branch, item->known, err);
}

int write_alert(struct asking *ask, const struct alert_item *item, struct err *err)
{
    struct json *out = ask->out;
    const char *branch;

    json_open(out, '{');
    json_key(out, "alert");
    if (item->number)
        json_int(out, item->number);
    else
        json_nil(out);
    if (write_alert_subject(&branch, ask, item->rule, item->subject, err) < 0)
        return -1;
    json_kv_str(out, "level", level_name(item->level));
    json_kv_day(out, "since", item->since);
    if (write_alert_state(ask, item, err) < 0)
        return -1;
    if (!item->closed && item->number && no_reports_of(ask, item, err) < 0)
        return -1;
    if (item->known && item->closed)
        write_alert_prose(ask, item->known, NULL, NULL, branch);
    else if (item->known && write_evaluated(ask, item, branch, err) < 0)
        return -1;
    json_close(out, '}');
    return 0;
}
