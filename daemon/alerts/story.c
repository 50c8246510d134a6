#include "alerts/story.h"

#include <string.h>

#include "base/buf.h"

static int story_seqs(int64_t **out, size_t *n_out, struct reading *rd, int64_t number, struct err *err)
{
    sqlite3_stmt *s = store_stmt(rd->store, SQL_ALERT_ROWS_OF);
    _cleanup_free_ int64_t *seqs = NULL;
    size_t n = 0, cap = 0;
    int r;

    ARRAY_GROW(seqs, n, cap);
    seqs[n++] = number;
    sqlite3_bind_int64(s, 1, number);
    while ((r = store_step(rd->store, s, err)) == 1) {
        ARRAY_GROW(seqs, n, cap);
        seqs[n++] = sqlite3_column_int64(s, 0);
    }
    *out = arena_alloc(rd->arena, n * sizeof *seqs);
    memcpy(*out, seqs, n * sizeof *seqs);
    *n_out = n;
    return r;
}

int alert_story_read(struct alert_story *out, struct reading *rd, int64_t number, struct err *err)
{
    int64_t *seqs;
    size_t n;

    *out = (struct alert_story){0};
    if (story_seqs(&seqs, &n, rd, number, err) < 0)
        return -1;
    out->rows = arena_alloc(rd->arena, n * sizeof *out->rows);
    for (; out->n < n; out->n++)
        if (stored_get(&out->rows[out->n], rd, seqs[out->n], err) < 0)
            return -1;
    return 0;
}

const struct stored *alert_story_last_acknowledged(const struct alert_story *story)
{
    const struct stored *ack = NULL;
    int64_t level = 0, acknowledged = 0; /* words of `level`, in their order */

    for (size_t i = 0; i < story->n; i++) {
        const struct event *e = &story->rows[i]->event;

        if (e->type == EV_ALERT_OPENED || e->type == EV_ALERT_CHANGED)
            level = event_int(e, F_LEVEL, level);
        if (e->type == EV_ALERT_ACKNOWLEDGED && story->rows[i]->out_by == 0) {
            ack = story->rows[i];
            acknowledged = level;
        }
        if (level > acknowledged)
            ack = NULL; /* rules.md section 3: it comes back to staff when its level rises */
    }
    return ack;
}

day_t alert_acknowledged_until(const struct stored *ack)
{
    if (!ack)
        return DAY_NONE;
    return event_has(&ack->event, F_UNTIL) ? ack->event.values[F_UNTIL]->day : DAY_NEVER;
}

const struct stored *alert_story_acknowledged(const struct alert_story *story, day_t day)
{
    const struct stored *ack = alert_story_last_acknowledged(story);

    return ack && alert_acknowledged_until(ack) >= day ? ack : NULL;
}
