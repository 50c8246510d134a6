/* A history replayed on a moving clock, and what people would be told of it: every message that a channel took is
 * printed as a line of JSON, and at the end every row about alerts, for notices.py to compare.
 *
 *     sim_notices EVENTS --pack FILE --conf FILE --until DAY [--seed N]
 *
 * With --seed the channels are bad ones (most tries fail, some messages never arrive, some stall for hours) and the daemon is stopped now and
 * then, with messages on their way: what was told and what was not is then a matter of retries alone.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/zone.h"
#include "notify/notify.h"
#include "settings/settings.h"
#include "sim.h"
#include "store/store.h"

enum { STALLED_MAX = 8 }; /* channels */
enum { DRAIN = 500 }; /* steps of two hours: more than all tries of a message take */

struct told {
    struct sim sim;
    struct settings *settings;
    struct notify *notify;
    day_t until;
    bool bad;
    uint64_t random;
    int64_t stalled[STALLED_MAX]; /* messages under way, of which nothing has been heard */
    size_t stalled_count;
    long tries, stalls, restarts;
};

static void check(int failed, const struct err *err)
{
    if (failed)
        sim_fail("%s", err->en);
}

static uint64_t draw(struct told *t, uint64_t below)
{
    t->random ^= t->random >> 12;
    t->random ^= t->random << 25;
    t->random ^= t->random >> 27;
    return (t->random * UINT64_C(0x2545F4914F6CDD1D) >> 33) % below;
}

static void open_notify(struct told *t, int64_t off_days)
{
    struct err err = {0};

    check(notify_new(&t->notify, t->sim.ledger, t->sim.alerts, t->settings, t->sim.tracking_since, off_days,
                     clock_now_us(&t->sim.clock), &err),
          &err);
}

/* All that is only in memory is gone, and what was on its way may have arrived or not. */
static void restart(struct told *t)
{
    notify_free(TAKE(t->notify));
    t->stalled_count = 0;
    sim_restart_alerts(&t->sim);
    open_notify(t, 0);
    t->restarts++;
}

static void print_item(struct json *out, const struct message_item *item)
{
    json_open(out, '{');
    json_kv_str(out, "kind", item_kind_name(item->kind));
    json_kv_str(out, "level", item->level);
    json_kv_str(out, "rule", item->rule);
    json_kv_str(out, "subject", item->subject);
    json_kv_str(out, "title", item->title);
    json_kv_str(out, "remedy", item->remedy);
    json_kv_int(out, "count", item->count);
    json_key(out, "alerts");
    json_open(out, '[');
    if (item->alert)
        json_int(out, item->alert);
    for (size_t i = 0; i < item->alert_count; i++)
        json_int(out, item->alerts[i]);
    json_close(out, ']');
    json_close(out, '}');
}

static void print_message(const struct told *t, const struct notify_parcel *parcel)
{
    const struct message *m = parcel->message;
    _cleanup_buf_ struct buf text = {0};
    struct json out = json_to(&text);
    char day[DAY_TEXT_SIZE];

    json_open(&out, '{');
    json_kv_str(&out, "day", day_format(day, clock_today((struct clock *)&t->sim.clock)));
    json_kv_str(&out, "key", m->key);
    json_kv_str(&out, "to", m->recipient);
    json_kv_str(&out, "by", parcel->channel);
    json_kv_str(&out, "kind", message_kind_name(m->kind));
    json_kv_int(&out, "off_days", m->off_days);
    json_kv_int(&out, "more", m->more);
    json_kv_int(&out, "open", m->red + m->yellow + m->notice);
    json_kv_int(&out, "closed", m->closed);
    json_key(&out, "items");
    json_open(&out, '[');
    for (size_t i = 0; i < m->item_count; i++)
        print_item(&out, &m->items[i]);
    json_close(&out, ']');
    json_close(&out, '}');
    puts(buf_str(&text));
}

/* The channel: takes it, asks to come later (perhaps having taken it), says nothing for hours, or stops the daemon in the middle. */
static void send(struct told *t, const struct notify_parcel *parcel)
{
    bool arrives = !t->bad || draw(t, 3) == 0, known = !t->bad || draw(t, 4) != 0;
    struct sent_result result = {.code = "busy", .error = "busy"};
    struct err err = {0};

    t->tries++;
    if (arrives)
        print_message(t, parcel);
    if (t->bad && draw(t, 20) == 0) {
        restart(t);
        return;
    }
    if (t->bad && t->stalled_count < STALLED_MAX && draw(t, 8) == 0) {
        t->stalled[t->stalled_count++] = parcel->number;
        t->stalls++;
        return;
    }
    result.sent = arrives && known ? SENT_OK : SENT_LATER;
    check(notify_sent(t->notify, parcel->number, &result, clock_now_us(&t->sim.clock), &err), &err);
}

/* Hours later the time limit of those that stalled is over. */
static void time_out(struct told *t)
{
    const struct sent_result late = {.sent = SENT_LATER, .code = "timeout", .error = "no answer"};
    struct err err = {0};

    while (t->stalled_count) {
        int64_t number = t->stalled[--t->stalled_count];

        check(notify_sent(t->notify, number, &late, clock_now_us(&t->sim.clock), &err), &err);
    }
}

static void tell(struct told *t)
{
    struct err err = {0};
    int r = 1;

    time_out(t);

    for (int i = 0; r == 1 || i < 2; i++) {
        struct notify_parcel parcel;

        check(notify_step(t->notify, clock_now_us(&t->sim.clock), 1000, &err), &err);
        r = notify_take(&parcel, t->notify, clock_now_us(&t->sim.clock), t->bad ? 0 : 1000, &err);
        if (r < 0)
            sim_fail("%s", err.en);
        if (r == 1) {
            send(t, &parcel);
            message_free(parcel.message);
        } else if (t->notify && notify_wait_us(t->notify, clock_now_us(&t->sim.clock)) == 0) {
            r = 1; /* one is being put together */
        }
    }
}

static void end_day(struct told *t)
{
    struct err err = {0};

    sim_settle(&t->sim);
    tell(t);
    check(notify_prune(t->notify, clock_now_us(&t->sim.clock), &err), &err);
    if (t->bad && draw(t, 10) == 0)
        restart(t);
}

/* Hours pass within a day only for what waits. */
static void go(struct told *t, day_t day)
{
    while (sim_today(&t->sim) < day) {
        end_day(t);
        for (int hour = 14; t->bad && hour < 24; hour += 2) {
            t->sim.clock.fake_us += INT64_C(7200) * 1000000;
            tell(t);
        }
        sim_clock(&t->sim, sim_today(&t->sim) + 1);
    }
}

static void play(struct told *t, const char *path)
{
    _cleanup_file_ FILE *file = fopen(path, "r");
    _cleanup_free_ char *line = NULL;
    _cleanup_arena_ struct arena arena = {0};
    size_t cap = 0;

    if (!file)
        sim_fail("cannot read %s", path);
    while (getline(&line, &cap, file) > 1) {
        struct submit_result result;
        struct event event;
        struct err err = {0};

        line[strcspn(line, "\n")] = '\0';
        arena_reset(&arena);
        check(event_read(&event, &arena, line, strlen(line), EVENT_SUBMITTED, ledger_kinds(t->sim.ledger), &err), &err);
        if (event.day > t->until)
            break;
        go(t, event.day);
        sim_submit(&result, &t->sim, line);
        if (result.status != SUBMIT_RECORDED)
            sim_fail("not recorded: %s: %s", result.err.en, line);
    }
    go(t, t->until);
    end_day(t);
}

static void print_history(struct told *t)
{
    static const char text[] = "SELECT seq, json_set(body, '$.seq', seq) FROM ledger ORDER BY seq";
    sqlite3 *db = store_db(ledger_store(t->sim.ledger));
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(db, text, -1, &s, NULL) != SQLITE_OK)
        sim_fail("%s", sqlite3_errmsg(db));
    while (sqlite3_step(s) == SQLITE_ROW)
        if (strstr((const char *)sqlite3_column_text(s, 1), "\"alert."))
            printf("%s\n", (const char *)sqlite3_column_text(s, 1));
    sqlite3_finalize(s);
}

/* What was told months ago is gone: none of it was needed for what was told since. */
static void look_for_pruned(struct told *t)
{
    static const char text[] = "SELECT max(notice), count(*) FROM notice";
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(store_db(ledger_store(t->sim.ledger)), text, -1, &s, NULL) != SQLITE_OK || sqlite3_step(s) != SQLITE_ROW)
        sim_fail("%s", sqlite3_errmsg(store_db(ledger_store(t->sim.ledger))));
    fprintf(stderr, "of %lld notices %lld are left\n", (long long)sqlite3_column_int64(s, 0), (long long)sqlite3_column_int64(s, 1));
    if (sqlite3_column_int64(s, 0) == sqlite3_column_int64(s, 1))
        sim_fail("nothing was deleted: the test does not test");
    sqlite3_finalize(s);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"pack", 1, NULL, 'p'}, {"conf", 1, NULL, 'c'}, {"until", 1, NULL, 'u'}, {"seed", 1, NULL, 's'}, {0}};
    struct told t = {0};
    const char *pack = NULL, *conf = NULL;
    struct err err = {0};
    int c;

    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'p')
            pack = optarg;
        else if (c == 'c')
            conf = optarg;
        else if (c == 'u' && !day_parse(&t.until, optarg, strlen(optarg)))
            sim_fail("no day: %s", optarg);
        else if (c == 's') {
            t.bad = true;
            t.random = strtoull(optarg, NULL, 10) * 2 + 1;
        }
    }
    if (optind + 1 != argc || !pack || !conf || !t.until)
        sim_fail("usage: sim_notices EVENTS --pack FILE --conf FILE --until DAY [--seed N]");
    check(settings_load(&t.settings, conf, &err), &err);
    sim_start(&t.sim, pack, day_from_civil(2022, 1, 1), day_from_civil(2021, 1, 1));
    open_notify(&t, 0);
    play(&t, argv[optind]);
    for (int i = 0; t.bad && i < DRAIN; i++) { /* no further day is evaluated: only what failed is tried again */
        t.sim.clock.fake_us += INT64_C(7200) * 1000000;
        tell(&t);
    }
    print_history(&t);
    look_for_pruned(&t);
    if (t.bad && t.stalls == 0)
        sim_fail("nothing stalled: the test does not test");
    fprintf(stderr, "%ld tries, %ld of them stalled, %ld restarts\n", t.tries, t.stalls, t.restarts);
    notify_free(t.notify);
    settings_free(t.settings);
    sim_end(&t.sim);
    return 0;
}
