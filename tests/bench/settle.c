#include "settle.h"

#include <string.h>

#include "base/zone.h"
#include "store/store.h"

enum { SLICE_MS = 200, UPKEEP_MS = 50, NOON_S = 12 * 3600 };

void settled_clock(struct settled *s, day_t day, int second)
{
    int64_t us = zone_instant(day, second) * 1000000;

    if (us > s->clock.fake_us)
        s->clock.fake_us = us;
}

int settled_open(struct settled *s, const char *config, bool real, day_t day, struct err *err)
{
    struct ledger_options options = {.rehearsal = !real};

    memset(s, 0, sizeof *s);
    if (settings_load(&s->settings, config, err) != 0 || zone_set(s->settings->timezone, err) != 0)
        return -1;
    clock_init(&s->clock, 0);
    settled_clock(s, day, NOON_S);
    options.path = s->settings->database;
    options.timezone = s->settings->timezone;
    options.transfer_valid_days = s->settings->transfer_valid_days;
    if (ledger_open(&s->ledger, &options, &s->clock, err) != 0 ||
        pack_bind_kinds(s->settings->pack, ledger_kinds(s->ledger), err) != 0)
        return -1;
    return alerts_new(&s->alerts, s->ledger, s->settings->pack, s->settings->tracking_since, err);
}

void settled_close(struct settled *s)
{
    alerts_free(s->alerts);
    ledger_free(s->ledger);
    settings_free(s->settings);
}

int settle(struct settled *s, struct err *err)
{
    for (bool done = false; !done;) {
        if (alerts_step(s->alerts, SLICE_MS, &done, err) < 0)
            return -1;
        ledger_upkeep(s->ledger, UPKEEP_MS);
    }
    return 0;
}

int settled_seal(struct settled *s, struct err *err)
{
    sqlite3 *db = store_db(ledger_store(s->ledger));

    while (ledger_upkeep(s->ledger, UPKEEP_MS))
        ;
    if (sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) != SQLITE_OK)
        return err_fault(err, "cannot checkpoint: %s", sqlite3_errmsg(db));
    return 0;
}
