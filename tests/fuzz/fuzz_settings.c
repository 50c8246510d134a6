/* The configuration: whatever the text, a verdict with a place, or settings within their bounds. The
 * rule pack is the small one that $MUSTER_RULES names (the default one would be read anew each time),
 * unless the text names another. */
#include <string.h>

#include "../unit/leaks.h"
#include "fuzz.h"
#include "base/buf.h"
#include "settings/settings.h"

static void check_settings(const struct settings *s)
{
    FUZZ_CHECK(s->database[0] && s->rules[0] && s->timezone[0] && s->pack);
    FUZZ_CHECK(s->listen_count >= 1 && s->listen_count <= 8 && s->feed_count <= 8);
    FUZZ_CHECK(s->tracking_since >= day_from_civil(1900, 1, 1));
    FUZZ_CHECK(s->transfer_valid_days >= 1 && s->transfer_valid_days <= 366);
    FUZZ_CHECK(s->settle_s >= 0 && s->settle_s <= 3600);
    FUZZ_CHECK(s->kind_count <= KIND_MAX - KIND_CUSTOM + 1);
    FUZZ_CHECK(s->history_ms >= 100 && s->history_rows >= 1000);
    FUZZ_CHECK(s->max_waiting_reads >= 1 && s->max_waiting_history >= 1);
    FUZZ_CHECK(s->max_waiting_bytes >= 8 * 1024 * 1024);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_settings_ struct settings *settings = NULL;
    _cleanup_buf_ struct buf text = {0};
    const char *rules = getenv("MUSTER_RULES");
    struct err err = {0}, none = {0};
    int verdict;

    setenv("XDG_RUNTIME_DIR", "/run/fuzz", 1);
    setenv("HOME", "/home/fuzz", 1);
    buf_add(&text, data, size);
    if (rules && !memmem(data, size, "rules", 5))
        buf_addf(&text, "\nrules = \"%s\";", rules);
    verdict = settings_load_text(&settings, text.len ? text.data : "", text.len, "m.conf", &err);
    FUZZ_CHECK((verdict == 0) == (settings != NULL) && (verdict == 0) == (err.code == ERR_NONE));
    if (settings) {
        check_settings(settings);
        FUZZ_CHECK(settings_reloadable(settings, settings, &none) == 0);
    } else {
        FUZZ_CHECK(err.code == ERR_INVALID_VALUE && err.en[0] && err.zh[0]);
    }
    return 0;
}
