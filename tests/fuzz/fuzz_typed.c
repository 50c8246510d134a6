/* What people type, and what stands in configurations: dates, spans, times, endpoints. Each line of the input is one. What is
 * taken reads the same once more. */
#include <string.h>

#include "base/buf.h"
#include "base/endpoint.h"
#include "base/zone.h"
#include "fuzz.h"
#include "query/answer.h"
#include "when.h"

static void check_day(const char *text)
{
    char again[DAY_TEXT_SIZE];
    day_t day;

    if (day_parse(&day, text, strlen(text)))
        FUZZ_CHECK(strcmp(day_format(again, day), text) == 0);
}

static void check_moment(const char *text)
{
    int64_t us;

    if (moment_parse(&us, text))
        FUZZ_CHECK(us > -INT64_C(62200000000) * 1000000 && us < INT64_C(253500000000) * 1000000);
}

static void check_when(const char *text, bool time_allowed)
{
    char shown[WHEN_TEXT_SIZE];
    struct when when, again;
    struct err err = {0};

    if (when_parse(&when, text, time_allowed, day_from_civil(2022, 11, 5), &err) != 0) {
        FUZZ_CHECK(err.en[0] && err.zh[0]);
        return;
    }
    FUZZ_CHECK(memchr(when.text, 0, sizeof when.text) && when.text[0]);
    FUZZ_CHECK(when_parse(&again, when.text, time_allowed, day_from_civil(2022, 11, 5), &err) == 0);
    FUZZ_CHECK(strcmp(again.text, when.text) == 0);
    when_show(shown, &when, true);
    when_show(shown, &when, false);
}

static void check(const char *text)
{
    struct duration duration;
    struct err err = {0};

    check_day(text);
    check_moment(text);
    check_when(text, true);
    check_when(text, false);
    if (duration_parse(&duration, text))
        (void)day_add_months(day_from_civil(2022, 11, 5), duration.count > 1200 ? 1200 : (int)duration.count);
    if (endpoint_check(text, &err) == 0) {
        const char *path = endpoint_path(text);

        FUZZ_CHECK(!path || (path[0] == '/' && strlen(path) <= 107 && !endpoint_is_open(text)));
    } else {
        FUZZ_CHECK(err.en[0] && err.zh[0]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_free_ char *text = mem_strndup((const char *)data, size);
    struct err err = {0};

    FUZZ_CHECK(zone_set("Asia/Shanghai", &err) == 0);
    for (char *at = text, *line; (line = strsep(&at, "\n"));)
        check(line);
    return 0;
}
