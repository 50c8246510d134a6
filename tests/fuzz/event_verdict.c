/* Reads events, one a line, and prints what event_read says of each: "ok DAY TOD_NS", or the code,
 * the field and the sentence. An event that is accepted is also written, joined, read back and
 * compared; if that fails the line says "roundtrip". event_oracle.py compares it with the reference.
 *
 * A line "same\tA\tB" prints whether the two events are the same content. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "wire/event.h"

static bool roundtrip(const struct event *e, struct arena *arena, const struct kinds *kinds)
{
    _cleanup_buf_ struct buf body = {0}, personal = {0}, whole = {0};
    struct event again;
    struct err err = {0};

    event_write(&body, &personal, e);
    buf_add_char(&whole, '{');
    event_join(&whole, body.data, body.len, personal.data, personal.len);
    buf_add_char(&whole, '}');
    if (event_read(&again, arena, whole.data, whole.len, EVENT_STORED, kinds, &err))
        return false;
    return event_same(e, &again) && again.day == e->day && again.tod_ns == e->tod_ns &&
           event_rank(e) == event_rank(&again);
}

static void verdict(const char *line, size_t len, struct arena *arena, const struct kinds *kinds)
{
    struct event e;
    struct err err = {0};
    char day[DAY_TEXT_SIZE];

    if (event_read(&e, arena, line, len, EVENT_SUBMITTED, kinds, &err))
        printf("%s %s | %s | %s | %s\n", err_code_name(err.code), err.field[0] ? err.field : "-", err.en,
               err.zh, err.hint);
    else if (!roundtrip(&e, arena, kinds))
        printf("roundtrip\n");
    else
        printf("ok %s %lld\n", day_format(day, e.day), (long long)e.tod_ns);
}

static void same(char *line, struct arena *arena, const struct kinds *kinds)
{
    char *second = strchr(line, '\t');
    struct event a, b;
    struct err err = {0};
    bool bad;

    *second++ = '\0';
    bad = event_read(&a, arena, line, strlen(line), EVENT_SUBMITTED, kinds, &err) ||
          event_read(&b, arena, second, strlen(second), EVENT_SUBMITTED, kinds, &err);
    if (bad)
        printf("refused %s\n", err.en);
    else
        printf("%s\n", event_same(&a, &b) && event_same(&b, &a) ? "same" : "different");
}

int main(int argc, char **argv)
{
    _cleanup_free_ char *line = NULL;
    _cleanup_arena_ struct arena arena = {0};
    struct kinds kinds;
    struct err err = {0};
    size_t cap = 0;
    ssize_t len;

    if (zone_set(argc > 1 ? argv[1] : "Asia/Shanghai", &err)) {
        fprintf(stderr, "%s\n", err.en);
        return 1;
    }
    kinds_init(&kinds);
    while ((len = getline(&line, &cap, stdin)) > 0) {
        if (line[len - 1] == '\n')
            line[--len] = '\0';
        if (strncmp(line, "same\t", 5) == 0)
            same(line + 5, &arena, &kinds);
        else
            verdict(line, (size_t)len, &arena, &kinds);
        arena_reset(&arena);
    }
    kinds_deinit(&kinds);
    return 0;
}
