/* SIGHUP: everything is read anew and checked; then all of it takes effect, or nothing. */
#include <inttypes.h>
#include <systemd/sd-daemon.h>

#include "base/log.h"
#include "service/route_check.h"
#include "service/service_state.h"
#include "service/telling.h"

static int configure_ledger(struct service *s, const struct policy *policy, struct err *err)
{
    const struct settings *c = policy->settings;
    int failed;

    gate_hold(s->gate);
    failed = ledger_configure(s->ledger, c->transfer_valid_days, (const char *const *)c->kinds, c->kind_count, err);
    gate_go_on(s->gate);
    return failed;
}

static int take_over(struct service *s, struct policy *next, struct err *err)
{
    int failed = settings_reloadable(s->policy->settings, next->settings, err);

    if (!failed)
        failed = configure_ledger(s, next, err);
    if (!failed)
        failed = admission_check_users(next->settings, s->ledger, err);
    if (!failed)
        failed = teller_check(next->settings, err);
    if (!failed)
        failed = route_check(next->settings, ledger_store(s->ledger), err);
    if (!failed)
        failed = policy_bind(next, s->ledger, err);
    if (!failed)
        failed = evaluation_configure(&s->evaluation, policy_pack(next), next->tracking_since, err);
    return failed;
}

static int try_reload(struct service *s, struct err *err)
{
    _cleanup_settings_ struct settings *settings = NULL;
    _cleanup_policy_ struct policy *next = NULL;
    struct policy *old;
    struct err ignored = {0};

    if (settings_load_checked(&settings, s->config, err) != 0)
        return 1;
    next = policy_new(&settings);
    if (take_over(s, next, err) != 0) {
        /* What was taken over already is taken back; the old kinds were accepted before. */
        if (configure_ledger(s, s->policy, &ignored) != 0)
            log_error("the old configuration could not be kept whole: %s", ignored.en);
        return 1;
    }
    old = s->policy;
    s->policy = TAKE(next);
    telling_configure(s);
    policy_unref(old);
    admission_take_users(&s->admission, s->policy->settings);
    log_set_level(s->policy->settings->log_level);
    return 0;
}

void service_reload(struct service *s)
{
    char notice[64];
    struct err err = {0};

    snprintf(notice, sizeof notice, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, clock_monotonic_ms() * 1000);
    sd_notify(0, notice);
    if (try_reload(s, &err) == 0) {
        count(&s->counters, COUNT_RELOADS);
        log_notice("the configuration and the rules were read anew (rule pack %.12s)", policy_pack(s->policy)->hash);
    } else {
        count(&s->counters, COUNT_RELOADS_REFUSED);
        log_error("the configuration was not changed: %s", err.en);
    }
    sd_notify(0, "READY=1");
}
