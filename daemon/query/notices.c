/* notices: what is told, or waits to be. routes: who is told of one alert, when and why; and who would be. */
#include <inttypes.h>
#include <string.h>

#include "notify/whereabouts.h"
#include "query/alert_view.h"
#include "query/scope.h"
#include "settings/people.h"
#include "settings/settings.h"
#include "store/notices.h"

/* ---- words ------------------------------------------------------------------------------------ */

static const char *const what_words[] = {
    [NOTICE_OPENED] = "opened", [NOTICE_RAISED] = "raised", [NOTICE_CLOSED] = "closed",
    [NOTICE_ESCALATED] = "escalated", [NOTICE_AGAIN] = "again", [NOTICE_UNDELIVERED] = "undelivered"};
static const char *const moment_words[] = {
    [MOMENT_NOW] = "now", [MOMENT_DAILY] = "daily", [MOMENT_WEEKLY] = "weekly", [MOMENT_SUMMARY] = "summary",
    [MOMENT_UNDELIVERED] = "now"};

/* Of a notice: of the message that it is in, if it is in one. */
static const char *state_word(const struct notice *n, enum message_state state)
{
    static const char *const words[] = {
        [MESSAGE_STATE_NONE] = "waiting", [MESSAGE_GATHERING] = "sending", [MESSAGE_WAITING] = "sending",
        [MESSAGE_SENT] = "sent", [MESSAGE_FAILED_FOR_GOOD] = "failed", [MESSAGE_LISTED] = "listed",
        [MESSAGE_FORGOTTEN] = "forgotten"};

    return n->message == NOTICE_DROPPED ? "dropped" : words[state];
}

/* "daily 08:00" */
static void write_when(struct json *out, const struct tell_when *when)
{
    static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    char text[32] = "now";

    if (when->tell != TELL_NOW)
        snprintf(text, sizeof text, "%s %02d:%02d", when->tell == TELL_DAILY ? "daily" : days[when->weekday],
                 (int)(when->at_s / 3600), (int)(when->at_s / 60 % 60));
    json_kv_str(out, "when", text);
}

/* ---- notices ------------------------------------------------------------------------------------ */

static const char *const state_words[] = {"waiting", "sending", "sent", "failed", "dropped", "listed", "forgotten", NULL};
static const struct param notices_params[] = {
    {"state", PARAM_WORD, false, state_words, 0, 0},
    {"alert", PARAM_INT, false, NULL, 1, INT64_MAX},
    {"to", PARAM_TEXT, false, NULL, 0, 0},
};

struct row_of_notice {
    struct notice notice;
    enum message_state state;
    int64_t tries, next_us, ended_us;
    const char *error, *key;
};

static void read_row(struct row_of_notice *out, struct arena *arena, sqlite3_stmt *s)
{
    store_notice_read(&out->notice, arena, s);
    out->state = (enum message_state)sqlite3_column_int(s, 15);
    out->tries = sqlite3_column_int64(s, 16);
    out->next_us = sqlite3_column_int64(s, 17);
    out->ended_us = sqlite3_column_int64(s, 18);
    out->error = arena_strndup(arena, (const char *)sqlite3_column_text(s, 19), (size_t)sqlite3_column_bytes(s, 19));
    out->key = arena_strndup(arena, (const char *)sqlite3_column_text(s, 20), (size_t)sqlite3_column_bytes(s, 20));
}

static void write_notice(struct json *out, const struct row_of_notice *row)
{
    const struct notice *n = &row->notice;

    json_open(out, '{');
    json_kv_int(out, "notice", n->number);
    if (n->alert)
        json_kv_int(out, "alert", n->alert);
    json_kv_str(out, "what", what_words[n->what]);
    if (n->what != NOTICE_UNDELIVERED)
        json_kv_str(out, "level", level_name((enum level)n->level));
    json_kv_str(out, "to", n->recipient);
    json_kv_str(out, "by", n->channel);
    json_kv_str(out, "moment", moment_words[n->moment]);
    if (*n->route)
        json_kv_str(out, "route", n->route);
    write_instant(out, "made", n->made_us);
    write_instant(out, "due", n->due_us);
    json_kv_str(out, "state", state_word(n, row->state));
    if (n->message > 0) {
        json_kv_int(out, "message", n->message);
        json_kv_str(out, "key", row->key);
        json_kv_int(out, "tries", row->tries);
    }
    if (row->state == MESSAGE_WAITING && row->next_us)
        write_instant(out, "next", row->next_us);
    if (row->ended_us)
        write_instant(out, "ended", row->ended_us);
    if (*row->error)
        json_kv_str(out, "error", row->error);
    json_close(out, '}');
}

static bool asked_for(const struct asking *ask, const struct row_of_notice *row)
{
    const char *state = ask_text(ask, "state"), *to = ask_text(ask, "to");
    int64_t alert = ask_int(ask, "alert", 0);

    return (!state || strcmp(state, state_word(&row->notice, row->state)) == 0) &&
           (!to || strcmp(to, row->notice.recipient) == 0) && (!alert || alert == row->notice.alert);
}

static int begin_notices(sqlite3_stmt **out, struct asking *ask, bool failed, struct err *err)
{
    int64_t message = INT64_MAX, notice = INT64_MAX;
    const char *cursor;
    int used = 0, r = page_cursor(&cursor, ask, failed ? 'f' : 'n', err);

    if (r != 0)
        return r;
    if (cursor && (sscanf(cursor, "%" SCNd64 ".%" SCNd64 "%n", &message, &notice, &used) != 2 || cursor[used] != '\0'))
        return page_bad_cursor(err);
    *out = store_stmt(ask->store, failed ? SQL_NOTICES_IN_STATE : SQL_NOTICES_NEWEST);
    if (failed) {
        sqlite3_bind_int(*out, 1, MESSAGE_FAILED_FOR_GOOD);
        sqlite3_bind_int64(*out, 2, message);
        sqlite3_bind_int64(*out, 3, notice);
    } else {
        sqlite3_bind_int64(*out, 1, notice);
    }
    return 0;
}

static int answer_notices(struct asking *ask, struct err *err)
{
    const char *state = ask_text(ask, "state");
    bool failed = state && strcmp(state, "failed") == 0;
    struct row_of_notice row;
    sqlite3_stmt *s;
    int r = begin_notices(&s, ask, failed, err);

    if (r != 0)
        return r;
    page_begin(ask);
    while ((r = store_step(ask->store, s, err)) == 1) {
        enum page_step step = PAGE_COUNT;

        r = ask_spend(ask, 1, err);
        if (r == 1)
            page_cut(ask);
        if (r != 0)
            break;
        arena_reset(&ask->scratch);
        read_row(&row, &ask->scratch, s);
        if (asked_for(ask, &row))
            step = page_step(ask);
        if (step == PAGE_FULL)
            break;
        if (step == PAGE_WRITE)
            write_notice(ask->out, &row);
        page_mark(ask, failed ? 'f' : 'n', "%" PRId64 ".%" PRId64, row.notice.message, row.notice.number);
    }
    sqlite3_reset(s);
    page_end(ask);
    return r < 0 ? -1 : 0;
}

const struct verb verb_notices = {
    .name = "notices",
    .flags = VERB_PAGED,
    .params = notices_params,
    .param_count = ARRAY_LEN(notices_params),
    .answer = answer_notices,
};

/* ---- routes ------------------------------------------------------------------------------------- */

static const struct param routes_params[] = {{"alert", PARAM_INT, true, NULL, 1, INT64_MAX}};

static void write_channels(struct json *out, const struct person *p)
{
    json_key(out, "by");
    json_open(out, '[');
    for (size_t i = 0; i < p->address_count; i++)
        json_str(out, p->addresses[i].channel);
    json_close(out, ']');
}

/* What was told to that person already, or waits to be. */
static void write_told(struct json *out, const struct person *p, const struct notice *told, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(told[i].recipient, p->name) == 0) {
            write_instant(out, told[i].message == NOTICE_WAITS ? "due" : "told",
                          told[i].message == NOTICE_WAITS ? told[i].due_us : told[i].made_us);
            return;
        }
}

struct listing_routes {
    struct asking *ask;
    const struct telling *telling;
    const struct notice *told;
    size_t told_count;
    bool *listed; /* by person */
};

static void write_by_route(struct listing_routes *l, const struct route *route, int person)
{
    const struct person *p = &l->telling->people[person];
    struct json *out = l->ask->out;

    json_open(out, '{');
    json_kv_str(out, "to", p->name);
    write_channels(out, p);
    write_when(out, route->has_when ? &route->when : &p->when);
    json_kv_str(out, "why", "route");
    json_kv_str(out, "route", route->name);
    write_told(out, p, l->told, l->told_count);
    json_close(out, '}');
    l->listed[person] = true;
}

static void write_above(struct listing_routes *l, const struct person *below, int person)
{
    const struct person *p = &l->telling->people[person];
    struct json *out = l->ask->out;

    json_open(out, '{');
    json_kv_str(out, "to", p->name);
    write_channels(out, p);
    write_when(out, &p->when);
    json_kv_str(out, "why", "ladder");
    json_kv_str(out, "above", below->name);
    if (below->after_days)
        json_kv_int(out, "after_days", below->after_days);
    if (below->above_level != LEVEL_NONE)
        json_kv_str(out, "from_level", level_name(below->above_level));
    write_told(out, p, l->told, l->told_count);
    json_close(out, '}');
    l->listed[person] = true;
}

static bool was_told(const struct listing_routes *l, const struct person *p)
{
    for (size_t i = 0; i < l->told_count; i++)
        if (strcmp(l->told[i].recipient, p->name) == 0)
            return true;
    return false;
}

/* Told before the configuration changed, or before the alert fell back: and so told of its closing too. */
static void write_before(struct listing_routes *l, int person)
{
    const struct person *p = &l->telling->people[person];
    struct json *out = l->ask->out;

    json_open(out, '{');
    json_kv_str(out, "to", p->name);
    write_channels(out, p);
    write_when(out, &p->when);
    json_kv_str(out, "why", "told");
    write_told(out, p, l->told, l->told_count);
    json_close(out, '}');
}

static void list_routes(struct listing_routes *l, const struct alert_item *item, const struct whereabouts *where)
{
    const struct telling *t = l->telling;

    for (size_t i = 0; i < t->route_count; i++) {
        const struct route *route = &t->routes[i];

        if (!route_takes(t, route, item->rule, item->level) || !route_reaches(route, where->ref, where->area))
            continue;
        for (size_t k = 0; k < route->to_count; k++)
            write_by_route(l, route, route->to[k]);
    }
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < t->person_count; i++) {
            int above = t->people[i].above;

            if (above == PERSON_NONE || l->listed[above] || !(l->listed[i] || was_told(l, &t->people[i])))
                continue;
            write_above(l, &t->people[i], above);
            more = true;
        }
    }
    for (size_t i = 0; i < t->person_count; i++)
        if (!l->listed[i] && was_told(l, &t->people[i]))
            write_before(l, (int)i);
}

static int find_alert(struct alert_item *out, struct asking *ask, struct err *err)
{
    int64_t number = ask_int(ask, "alert", 0);
    sqlite3_stmt *s = store_stmt(ask->store, SQL_ALERT_GET);
    bool seen;
    int r;

    sqlite3_bind_int64(s, 1, number);
    r = store_step(ask->store, s, err);
    if (r == 1)
        alert_item_read(out, &ask->arena, ask->env->pack, s);
    sqlite3_reset(s);
    if (r < 0)
        return -1;
    if (r == 0)
        return ask->realm ? ask_not_allowed(err)
                          : err_say(err, ERR_UNKNOWN_REF, "alert", "there is no alert %lld", "没有编号为 %lld 的预警",
                                    (long long)number);
    if (scope_has_key(&seen, ask, out->subject, err) < 0)
        return -1;
    return seen ? 0 : ask_not_allowed(err);
}

static int answer_routes(struct asking *ask, struct err *err)
{
    static const struct telling nothing;
    _cleanup_free_ bool *listed = NULL;
    struct listing_routes l = {.ask = ask, .telling = ask->env->telling ? ask->env->telling : &nothing};
    const struct subject_data *data = NULL;
    struct whereabouts where;
    struct alert_item item;
    struct notice *told;
    int r = find_alert(&item, ask, err);

    if (r != 0)
        return r;
    if (facts_subject(&data, ask_facts(ask), item.subject, false, err) < 0 ||
        whereabouts_of(&where, ask->store, ask_facts(ask), &ask->arena, item.subject, data, ask->day, err) < 0 ||
        store_notices_of_alert(&told, &l.told_count, &ask->arena, ask->store, item.number, err) < 0)
        return -1;
    l.told = told;
    l.listed = listed = mem_zero(l.telling->person_count + 1);
    json_kv_int(ask->out, "alert", item.number);
    json_kv_str(ask->out, "rule", item.rule);
    json_kv_str(ask->out, "level", level_name(item.level));
    json_kv_str(ask->out, "state", item.closed ? "closed" : "open");
    json_key(ask->out, "rows");
    json_open(ask->out, '[');
    list_routes(&l, &item, &where);
    json_close(ask->out, ']');
    return 0;
}

const struct verb verb_routes = {
    .name = "routes",
    .flags = VERB_NEEDS_ALERTS,
    .params = routes_params,
    .param_count = ARRAY_LEN(routes_params),
    .answer = answer_routes,
};
