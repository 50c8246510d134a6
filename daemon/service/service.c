#include "service/service.h"

#include <errno.h>
#include <jansson.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "base/endpoint.h"
#include "base/log.h"
#include "base/zone.h"
#include "proof/head_key.h"
#include "proof/import.h"
#include "proof/read_log.h"
#include "service/chore_verbs.h"
#include "service/lock.h"
#include "service/route_check.h"
#include "service/pulse.h"
#include "service/service_state.h"
#include "service/telling.h"
#include "service/watcher.h"
#include "store/copy.h"

enum {
    /* Blocks from this size on go back to the system when they are freed. By itself the C library raises this bound
     * to the largest block ever freed, and would keep what a flood of large requests took. */
    LARGE_BYTES = 256 * 1024,
    /* So much free memory beyond that is kept, or each batch would get its pages anew from the system, and clear them. */
    KEPT_BYTES = 16 * 1024 * 1024,
};

int service_check(const struct service_options *options, struct err *err)
{
    _cleanup_settings_ struct settings *settings = NULL;

    int failed = settings_load(&settings, options->config, err);

    if (!failed)
        failed = teller_check(settings, err);
    return failed ? failed : route_check_database(settings, err);
}

/* The instant at which a rehearsal begins (ledger.md section 6); without an offset, of the zone. */
static int read_rehearse(int64_t *us_out, const char *text, struct err *err)
{
    struct tm tm = {0};
    const char *end;
    long offset_s;
    day_t day;

    if (day_parse(&day, text, strlen(text))) {
        *us_out = zone_midnight(day) * 1000000;
        return 0;
    }
    end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    if (end && *end == '\0') { /* of the zone */
        day = day_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
        *us_out = zone_instant(day, tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec) * 1000000;
        return 0;
    }
    end = strptime(text, "%Y-%m-%dT%H:%M:%S%z", &tm);
    if (!end || *end != '\0')
        return err_say(err, ERR_INVALID_VALUE, "rehearse",
                       "--rehearse takes a date (2022-12-31) or a time (2022-12-31T08:00:00+08:00), not \"%.40s\"",
                       "--rehearse 须为日期（2022-12-31）或时间（2022-12-31T08:00:00+08:00），而不是“%.40s”", text);
    offset_s = tm.tm_gmtoff; /* timegm sets it to 0 */
    *us_out = ((int64_t)timegm(&tm) - offset_s) * 1000000;
    return 0;
}

static int open_signals(struct service *s, struct err *err)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a failed write, as a full disk is */
    if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0)
        return err_fault(err, "cannot block signals: %s", strerror(errno));
    s->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (s->signal_fd < 0)
        return err_fault(err, "cannot take signals: %s", strerror(errno));
    return 0;
}

static int open_clock(struct service *s, const struct service_options *options, struct err *err)
{
    int64_t start_us = 0;
    int failed = zone_set(s->policy->settings->timezone, err);

    if (!failed && options->rehearse)
        failed = read_rehearse(&start_us, options->rehearse, err);
    if (!failed) {
        clock_init(&s->clock, start_us);
        clock_guard(&s->clock);
    }
    return failed;
}

/* quick_check reads all of it: a second or two up to here. What is larger is looked at by a chore, after the start. */
enum { CHECK_BEFORE_BYTES = 512 * 1024 * 1024 };

/* Of a database that is there already. */
static int check_soundness(const char *database, struct err *err)
{
    struct stat about;

    if (stat(database, &about) != 0 || about.st_size == 0 || about.st_size > CHECK_BEFORE_BYTES)
        return 0;
    return store_sound(database, NULL, err);
}

/* A large database was not looked at before: if it is damage, that is what is said, and how to go on. */
static void explain_failure(const char *database, struct err *err)
{
    struct err why = {0};

    if (store_sound(database, NULL, &why) == 1)
        *err = why;
}

/* Once there are chores. */
static int check_later(struct service *s, struct err *err)
{
    const char *database = s->policy->settings->database;
    const struct chore_order order = {.kind = CHORE_SOUND, .file = database, .newest_chain = ledger_head(s->ledger)};
    struct stat about;
    int64_t number;

    if (stat(database, &about) != 0 || about.st_size <= CHECK_BEFORE_BYTES)
        return 0;
    return chores_add(&number, s->chores, &order, err);
}

static int open_ledger(struct service *s, const struct service_options *options, struct err *err)
{
    const struct settings *c = s->policy->settings;
    struct watcher watcher;
    const struct onlooker onlooker = watcher_begin(&watcher, "rebuilding", options);
    struct ledger_options ledger = {
        .path = c->database,
        .timezone = c->timezone,
        .rehearsal = options->rehearse != NULL,
        .transfer_valid_days = c->transfer_valid_days,
        .kinds = (const char *const *)c->kinds,
        .kind_count = c->kind_count,
        .onlooker = &onlooker,
    };
    int failed = lock_take(&s->lock_fd, c->database, err);

    if (!failed)
        failed = check_soundness(c->database, err);
    if (!failed)
        failed = ledger_open(&s->ledger, &ledger, &s->clock, err);
    if (failed < 0)
        explain_failure(c->database, err);
    if (!failed && options->rebuild) {
        log_notice("rebuilding: %lld rows are replayed", (long long)ledger_seq(s->ledger));
        failed = ledger_rebuild(s->ledger, &onlooker, err);
    }
    watcher_end(&watcher);
    return failed;
}

static int sync_rights(void *data, struct err *err)
{
    struct service *s = data;

    if (book_version(s->admission.book) == ledger_keys_version(s->ledger))
        return 0;
    return admission_sync(s->admission.book, s->ledger, err);
}

static int open_admission(struct service *s, struct err *err)
{
    s->batch.sync = sync_rights;
    s->batch.sync_data = s;
    return admission_open(&s->admission, s->policy, s->ledger, err);
}

/* Closed by default: as long as no key is allowed, nobody else than this machine can reach it. */
static int check_open(const struct service *s, struct err *err)
{
    const struct settings *c = s->policy->settings;

    for (size_t i = 0; i < c->listen_count && book_key_count(s->admission.book) == 0; i++)
        if (endpoint_is_open(c->listen[i]))
            return err_say(err, ERR_NOT_ALLOWED, "listen",
                           "%s would be open to the network, and no key is allowed yet: listen on ipc, allow one "
                           "(muster key allow), then start with this again",
                           "%s 会对网络开放，而尚无获准的密钥：请先在 ipc 上监听，以 muster key allow 准许密钥后再启用",
                           c->listen[i]);
    return 0;
}

static int open_net(struct service *s, struct err *err)
{
    const struct settings *c = s->policy->settings;
    int failed = check_open(s, err);
    struct net_options net = {
        .listen = (const char *const *)c->listen,
        .listen_count = c->listen_count,
        .feed = (const char *const *)c->feed,
        .feed_count = c->feed_count,
        .connections = c->max_connections,
        .body_bytes = c->max_request_bytes,
        .secret = s->admission.server.secret,
        .known = admission_knows,
        .data = s->admission.book,
    };

    return failed ? failed : net_open(&s->net, &net, err);
}

static int open_gate(struct service *s, struct err *err)
{
    const struct gate_options options = {
        .net = s->net,
        .kinds = ledger_kinds(s->ledger),
        .ledger = ledger_uuid(s->ledger),
        .rehearsal = ledger_rehearsal(s->ledger),
    };

    return gate_start(&s->gate, &options, err);
}

static int open_keys(struct service *s, struct err *err)
{
    int failed = head_key_open(&s->head_key, s->policy->settings->database, err);

    if (failed)
        return failed;
    head_key_derive(s->word_key, sizeof s->word_key, s->head_key, "one-time words");
    ledger_take_words(s->ledger, s->word_key);
    return 0;
}

static int load_settings(struct service *s, const struct service_options *options, struct err *err)
{
    _cleanup_settings_ struct settings *settings = NULL;
    int failed = settings_load(&settings, options->config, err);

    if (failed)
        return failed;
    log_set_level(settings->log_level);
    s->policy = policy_new(&settings);
    return 0;
}

static int open_all(struct service *s, const struct service_options *options, struct err *err)
{
    int failed = load_settings(s, options, err);

    if (!failed)
        failed = open_signals(s, err);
    if (!failed)
        failed = open_clock(s, options, err);
    if (!failed)
        failed = open_ledger(s, options, err);
    if (!failed)
        failed = policy_bind(s->policy, s->ledger, err);
    if (!failed)
        failed = open_admission(s, err);
    if (!failed)
        failed = evaluation_init(&s->evaluation, s->ledger, policy_pack(s->policy), s->policy->tracking_since,
                                 s->policy->settings->settle_s * 1000, clock_monotonic_ms(), err);
    if (!failed)
        failed = open_keys(s, err);
    if (!failed)
        failed = telling_open(s, err);
    if (!failed)
        failed = pulse_start(&s->pulse, err);
    if (!failed)
        failed = read_log_open(&s->read_log, s->policy->settings->database, err);
    if (!failed)
        failed = reads_start(&s->reads, s->policy->settings->database, err);
    if (!failed)
        failed = chores_start(&s->chores, s->policy->settings->database, err);
    if (!failed)
        failed = check_later(s, err);
    if (!failed)
        failed = chores_remember(s, err);
    if (!failed)
        failed = open_net(s, err);
    return failed ? failed : open_gate(s, err);
}

static void say_hello(const struct service *s)
{
    log_notice("musterd " MUSTER_VERSION ": ledger %s, %lld rows%s", ledger_uuid(s->ledger),
               (long long)ledger_seq(s->ledger), ledger_rehearsal(s->ledger) ? ", a REHEARSAL" : "");
    for (size_t i = 0; net_endpoint(s->net, i); i++)
        log_notice("listening on %s", net_endpoint(s->net, i));
}

int service_new(struct service **out, const struct service_options *options, struct err *err)
{
    _cleanup_service_ struct service *s = mem_zero(sizeof *s);
    uint64_t watchdog_us = 0;
    int failed;

    s->config = options->config;
    s->signal_fd = s->lock_fd = -1;
    umask(0077);
    json_object_seed(0); /* before there are threads */
    mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    failed = open_all(s, options, err);
    if (failed)
        return failed;
    if (sd_watchdog_enabled(0, &watchdog_us) > 0)
        s->watchdog_ms = (int64_t)(watchdog_us / 1000);
    s->started_us = clock_now_us(&s->clock);
    s->hinted_seq = ledger_seq(s->ledger);
    say_hello(s);
    *out = TAKE(s);
    return 0;
}

/* Readers first, so that all they were asked is answered, then the gate, when all is sent; the ledger last, with its lock. */
void service_free(struct service *s)
{
    if (!s)
        return;
    pretends_stop(s);
    reads_stop(s);
    chores_stop(s->chores);
    head_key_free(s->head_key);
    read_log_close(s->read_log);
    free(s->verified);
    gate_stop(s->gate);
    batch_deinit(&s->batch);
    arrivals_free(s->waiting);
    net_free(s->net);
    pulse_stop(s->pulse);
    telling_close(s);
    evaluation_deinit(&s->evaluation);
    if (s->ledger)
        ledger_upkeep(s->ledger, 0);
    ledger_free(s->ledger);
    admission_close(&s->admission);
    policy_unref(s->policy);
    if (s->signal_fd >= 0)
        close(s->signal_fd);
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    free(s);
}

static int import(struct service *s, const struct service_options *options, const char *file, struct err *err)
{
    struct watcher watcher;
    const struct settings *c = s->policy->settings;
    struct import_options order = {
        .database = c->database, .timezone = c->timezone, .file = file, .onlooker = watcher_begin(&watcher, "importing", options),
        .kinds = (const char *const *)c->kinds, .kind_count = c->kind_count};
    struct import_result result;
    char head[CHAIN_HEX_SIZE];
    int failed = proof_import(&result, &order, err);

    watcher_end(&watcher);
    if (!failed)
        log_notice("imported: ledger %s, %lld rows%s, head %s", result.ledger, (long long)result.rows,
                   result.rehearsal ? ", a REHEARSAL" : "", hex_write(head, result.head, CHAIN_SIZE));
    return failed;
}

int service_import(const struct service_options *options, const char *file, struct err *err)
{
    _cleanup_service_ struct service *s = mem_zero(sizeof *s);
    int failed;

    s->signal_fd = s->lock_fd = -1;
    umask(0077);
    failed = load_settings(s, options, err);
    if (!failed)
        failed = zone_set(s->policy->settings->timezone, err);
    if (!failed)
        failed = lock_take(&s->lock_fd, s->policy->settings->database, err);
    if (!failed)
        failed = check_soundness(s->policy->settings->database, err);
    return failed ? failed : import(s, options, file, err);
}
