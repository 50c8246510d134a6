/* Opening a ledger: what it must be to be opened so, and the first row of a new one. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "base/zone.h"
#include "base/zone.h"
#include "ledger/ledger_state.h"

int ledger_configure(struct ledger *ledger, int64_t transfer_valid_days, const char *const *kinds,
                     size_t kind_count, struct err *err)
{
    for (size_t i = 0; i < kind_count; i++) {
        int bit = kinds_find(&ledger->kinds, kinds[i], strlen(kinds[i]));

        if (bit < 0) {
            bit = kinds_add(&ledger->kinds, kinds[i], -1);
            if (bit < 0)
                return err_say(err, ERR_INVALID_VALUE, "kinds",
                               "there is no room for the meeting kind \"%s\": %d were ever used",
                               "无法再增加会议类型“%s”：至多 %d 种", kinds[i],
                               KIND_MAX + 1 - KIND_CUSTOM);
            if (store_kind_add(ledger->store, bit, kinds[i], err) < 0)
                return -1;
        }
    }
    for (int bit = KIND_CUSTOM; bit <= KIND_MAX; bit++)
        ledger->kinds.allowed[bit] = false;
    for (size_t i = 0; i < kind_count; i++)
        ledger->kinds.allowed[kinds_find(&ledger->kinds, kinds[i], strlen(kinds[i]))] = true;
    ledger->transfer_valid_days = transfer_valid_days;
    return 0;
}

int ledger_append_own(struct ledger *ledger, enum event_type type, const char *members, day_t day,
                      int64_t *seq_out, struct err *err)
{
    struct reading rd = ledger_reading(ledger);
    _cleanup_buf_ struct buf json = {0};
    char id[UUID_TEXT_SIZE], at[DAY_TEXT_SIZE];
    uint8_t uuid[UUID_SIZE];
    struct considered c;
    struct event event;

    arena_reset(&ledger->arena);
    uuid_make(uuid, clock_now_us(ledger->clock) / 1000);
    buf_addf(&json, "{\"id\":\"%s\",\"type\":\"%s\",\"at\":\"%s\"%s}", uuid_format(id, uuid),
             catalogue_type(type)->name, day_format(at, day), members);
    if (event_read(&event, &ledger->arena, json.data, json.len, EVENT_STORED, &ledger->kinds,
                   err) != 0 ||
        consider(&c, &rd, &event, err) < 0)
        return -1;
    return ledger_append(ledger, &c, "musterd", 0, seq_out, err);
}

static int write_first_row(struct ledger *ledger, const struct ledger_options *options,
                           struct err *err)
{
    _cleanup_buf_ struct buf members = {0};
    struct json j = json_to(&members);
    uint8_t uuid[UUID_SIZE];
    int64_t seq;

    uuid_make(uuid, clock_now_us(ledger->clock) / 1000);
    uuid_format(ledger->uuid, uuid);
    j.comma = true;
    json_kv_str(&j, "ledger", ledger->uuid);
    json_kv_str(&j, "timezone", options->timezone);
    json_kv_bool(&j, "rehearsal", options->rehearsal);
    if (ledger_begin(ledger, err) < 0)
        return -1;
    if (ledger_append_own(ledger, EV_LEDGER_OPENED, buf_str(&members), clock_today(ledger->clock),
                          &seq, err) < 0) {
        ledger_rollback(ledger);
        return -1;
    }
    return ledger_commit(ledger, err);
}

static int check_first_row(struct ledger *ledger, const struct ledger_options *options,
                           struct err *err)
{
    struct reading rd = ledger_reading(ledger);
    struct stored *first;
    const char *zone;
    bool rehearsal;

    if (stored_get(&first, &rd, 1, err) < 0)
        return -1;
    if (first->row.type != EV_LEDGER_OPENED)
        return err_fault(err, "%s is not a ledger: its first row is not ledger.opened",
                         options->path);
    zone = event_text(&first->event, F_TIMEZONE);
    rehearsal = event_int(&first->event, F_REHEARSAL, 0) != 0;
    text_copy(ledger->uuid, sizeof ledger->uuid, event_text(&first->event, F_LEDGER));
    if (strcmp(zone, options->timezone) != 0)
        return err_say(err, ERR_INVALID_VALUE, "timezone",
                       "this ledger was opened with the time zone %s, the configuration says %s",
                       "该台账以时区 %s 建立，而配置为 %s", zone, options->timezone);
    if (rehearsal && !options->rehearsal)
        return err_say(err, ERR_INVALID_VALUE, "rehearse",
                       "%s is a rehearsal ledger: start with --rehearse DATE",
                       "%s 是演练台账：请以 --rehearse 日期 启动", options->path);
    if (!rehearsal && options->rehearsal)
        return err_say(err, ERR_INVALID_VALUE, "rehearse",
                       "%s is a real ledger: it does not open with --rehearse",
                       "%s 是正式台账：不能以 --rehearse 打开", options->path);
    return 0;
}

static int check_clock(struct ledger *ledger, const struct ledger_options *options,
                       struct err *err)
{
    char last[DAY_TEXT_SIZE], now[DAY_TEXT_SIZE];
    day_t newest = zone_local(ledger->now.recorded_at / 1000000).day;

    if (options->rehearsal && clock_today(ledger->clock) < newest)
        return err_say(err, ERR_INVALID_VALUE, "rehearse",
                       "the last row was recorded on %s: a rehearsal cannot start before it, on %s",
                       "最后一行记录于 %s：演练不能早于该日（%s）开始", day_format(last, newest),
                       day_format(now, clock_today(ledger->clock)));
    clock_floor(ledger->clock, ledger->now.recorded_at);
    return 0;
}

static int find_position(struct ledger *ledger, struct err *err)
{
    struct position *p = &ledger->now;
    uint8_t largest[UUID_SIZE];
    int r = store_row_last(&p->seq, &p->recorded_at, p->chain, ledger->store, err);

    if (r < 0 || (r == 1 && ledger_count_events(ledger, err) < 0))
        return -1;
    ledger->committed = ledger->now;
    r = store_row_largest_id(largest, ledger->store, err);
    if (r < 0)
        return -1;
    ledger->ids = ids_new(r == 1 ? largest : NULL);
    return 0;
}

static int open_rows(struct ledger *ledger, const struct ledger_options *options, struct err *err)
{
    int r;

    if (find_position(ledger, err) < 0 || store_kinds_load(&ledger->kinds, ledger->store, err) < 0)
        return -1;
    if (ledger->now.seq > 0) {
        r = check_first_row(ledger, options, err);
        if (r == 0)
            r = check_clock(ledger, options, err);
    } else {
        r = write_first_row(ledger, options, err);
    }
    if (r == 0)
        r = ledger_configure(ledger, options->transfer_valid_days, options->kinds,
                             options->kind_count, err);
    return r;
}

int ledger_open(struct ledger **out, const struct ledger_options *options, struct clock *clock,
                struct err *err)
{
    bool memory = strcmp(options->path, ":memory:") == 0;
    _cleanup_ledger_ struct ledger *ledger = mem_zero(sizeof *ledger);
    bool due = false;
    int r;

    ledger->clock = clock;
    ledger->rehearsal = options->rehearsal;
    kinds_init(&ledger->kinds);
    r = store_open(&ledger->store, options->path, memory ? STORE_MEMORY : STORE_WRITE, err);
    if (r == 0)
        r = open_rows(ledger, options, err);
    if (r == 0)
        r = store_rebuild_due(&due, ledger->store, err);
    if (r == 0 && due) {
        log_notice("a new schema: %lld rows are replayed", (long long)ledger->now.seq);
        r = ledger_rebuild(ledger, options->onlooker, err);
    }
    if (r == 0)
        *out = TAKE(ledger);
    return r;
}

void ledger_free(struct ledger *ledger)
{
    if (!ledger)
        return;
    store_free(ledger->store);
    ids_free(ledger->ids);
    kinds_deinit(&ledger->kinds);
    arena_deinit(&ledger->arena);
    desk_deinit(&ledger->desk);
    free(ledger);
}
