/* Events on their way: through a stream, to be recorded; or in requests `pretend`, to be judged and forgotten. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "import_run.h"
#include "say.h"
#include "words.h"

enum {
    JUDGE_BYTES = 3 * 1024 * 1024 + 512 * 1024, /* of 4 MiB, with room for the last event */
    SETTLE_MS = 5000,     /* how long to wait for the daemon to have its alerts evaluated */
    SETTLE_PAUSE_MS = 50,
};

static enum exit_status stopped(struct import_run *run)
{
    enum exit_status status = cli_say_failure(run->cli);

    say(_("%s: stopped; importing it again is safe"), run->name);
    return status;
}

static void give_verdict(struct import_run *run, uint64_t tag, const json_t *result)
{
    const json_t *error = json_object_get(result, "error"), *field = json_object_get(error, "field"), *hint = json_object_get(error, "hint");
    const char *status = json_string_value(json_object_get(result, "status"));
    struct muster_error told = {json_string_value(json_object_get(error, "code")), json_string_value(json_object_get(error, "message")),
                                field ? json_string_value(field) : "", hint ? json_string_value(hint) : "", ""};
    struct muster_verdict verdict = {.tag = tag,
                                     .status = MUSTER_EVENT_REFUSED,
                                     .seq = json_integer_value(json_object_get(result, "seq")),
                                     .out_of_effect = json_is_true(json_object_get(result, "out_of_effect")),
                                     .error = error ? &told : NULL};

    if (status && strcmp(status, "recorded") == 0)
        verdict.status = MUSTER_RECORDED;
    else if (status && strcmp(status, "duplicate") == 0)
        verdict.status = MUSTER_DUPLICATE;
    import_take_verdict(run, &verdict);
}

/* An alert that several requests would close is told once. */
static void take_alert(struct import_run *run, json_t *change)
{
    const json_t *number = json_object_get(change, "alert");
    json_t *known;
    size_t i;

    json_array_foreach(run->alerts, i, known)
        if (number && json_equal(json_object_get(known, "alert"), number))
            return;
    json_array_append(run->alerts, change);
}

static void take_reply(struct import_run *run, const json_t *reply)
{
    json_t *change, *result;
    size_t i;

    json_array_foreach(json_object_get(reply, "results"), i, result)
        if (i < run->judging_count)
            give_verdict(run, run->judging_tags[i], result);
    if (!run->alerts)
        run->alerts = json_array();
    json_array_foreach(json_object_get(reply, "alerts"), i, change)
        take_alert(run, change);
    run->alerts_missed |= run->requests++ > 0 || !json_is_true(json_object_get(reply, "alerts_complete"));
}

/* Not json_loads of the whole: it is our own text. */
static enum exit_status ask(struct import_run *run, json_t **reply_out)
{
    _cleanup_buf_ struct buf body = {0};
    char *text = NULL;

    buf_add_str(&body, "{\"events\":[");
    buf_add(&body, run->judging.data, run->judging.len);
    buf_add_str(&body, "]}");
    if (muster_request(run->cli->session, "pretend", buf_str(&body), &text) != MUSTER_OK)
        return stopped(run);
    *reply_out = json_loads(text, 0, NULL);
    muster_free(text);
    return EXIT_DONE;
}

/* While the daemon has rows to evaluate, it cannot tell which alerts these events would close. */
static enum exit_status judge(struct import_run *run)
{
    const struct timespec pause = {.tv_nsec = SETTLE_PAUSE_MS * 1000000L};
    int64_t until_ms = clock_monotonic_ms() + SETTLE_MS;
    enum exit_status status;

    for (;;) {
        _cleanup_json_ json_t *reply = NULL;

        status = ask(run, &reply);
        if (status == EXIT_DONE && json_is_true(json_object_get(reply, "settling")) && clock_monotonic_ms() < until_ms) {
            nanosleep(&pause, NULL);
            continue;
        }
        if (status == EXIT_DONE)
            take_reply(run, reply);
        break;
    }
    run->judging_count = 0;
    buf_clear(&run->judging);
    return status;
}

enum exit_status import_put(struct import_run *run, const struct buf *event, uint64_t tag)
{
    if (!run->dry)
        return muster_stream_add(run->stream, event->data, event->len, tag) == MUSTER_OK ? EXIT_DONE : stopped(run);
    if (run->judging_count)
        buf_add_char(&run->judging, ',');
    buf_add(&run->judging, event->data, event->len);
    run->judging_tags[run->judging_count++] = tag;
    return run->judging_count == JUDGE_EVENTS || run->judging.len > JUDGE_BYTES ? judge(run) : EXIT_DONE;
}

enum exit_status import_put_all(struct import_run *run)
{
    if (!run->dry)
        return muster_stream_finish(run->stream) == MUSTER_OK ? EXIT_DONE : stopped(run);
    return run->judging_count ? judge(run) : EXIT_DONE;
}

static void subject_text(struct buf *out, const json_t *row)
{
    const char *kind;
    json_t *ref;

    json_object_foreach(json_object_get(row, "subject"), kind, ref)
        buf_addf(out, "%s %s", word_shown(kind), json_string_value(ref));
}

static void change_text(struct buf *out, const json_t *row)
{
    const char *change = json_string_value(json_object_get(row, "change"));

    buf_add_str(out, strcmp(change, "closed") == 0   ? _("would close")
                     : strcmp(change, "opened") == 0 ? _("would open")
                                                     : _("would change"));
}

static const struct column alert_columns[] = {
    {"change", N_("CHANGE"), 0, 0, change_text}, {"alert", N_("ALERT"), COLUMN_RIGHT, 0, NULL}, {"rule", N_("RULE"), 0, 0, NULL},
    {"subject", N_("SUBJECT"), 0, 0, subject_text}, {"level", N_("LEVEL"), 0, 0, NULL},
};

void import_tell_alerts(const struct import_run *run)
{
    json_t *row;
    size_t i;

    if (run->alerts_missed)
        say(_("maybe not all alerts that would change are told: the sheet is long, or the daemon was busy"));
    if (run->cli->output == OUTPUT_TABLE && json_array_size(run->alerts)) {
        rows_print(run->cli, run->alerts, alert_columns, ARRAY_LEN(alert_columns));
        return;
    }
    json_array_foreach(run->alerts, i, row)
        if (run->cli->output == OUTPUT_JSON)
            rows_print_json(row);
}
