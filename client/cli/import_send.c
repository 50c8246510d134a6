/* Sending a sheet: rows into the stream, verdicts back to the rows that they are of. */
#include <string.h>

#include "base/text.h"
#include "import_run.h"
#include "say.h"

enum { ROW_EVENT_BITS = 2, FULL = PENDING_MOST - 1 };

_Static_assert(ROW_EVENTS == 1 << ROW_EVENT_BITS, "a tag is a row and an event of it");

static struct pending *pending_at(const struct import_run *run, uint64_t number)
{
    return &run->ring[number % PENDING_MOST];
}

static void take_error(struct event_verdict *v, const struct muster_error *error)
{
    v->state = VERDICT_REFUSED;
    text_copy(v->code, sizeof v->code, error->code);
    text_copy(v->field, sizeof v->field, error->field);
    text_copy(v->hint, sizeof v->hint, error->hint);
    free(v->message);
    v->message = mem_strdup(error->message);
}

void import_take_verdict(void *context, const struct muster_verdict *verdict)
{
    struct import_run *run = context;
    struct event_verdict *v = &pending_at(run, verdict->tag >> ROW_EVENT_BITS)->events[verdict->tag & (ROW_EVENTS - 1)];
    bool conflict = verdict->error && strcmp(verdict->error->code, "id_conflict") == 0;

    v->seq = verdict->seq;
    if (!v->corrects && (conflict || (verdict->status == MUSTER_DUPLICATE && verdict->out_of_effect))) {
        v->state = VERDICT_TO_CORRECT;
        v->same = !conflict;
        run->to_correct++;
        return;
    }
    switch (verdict->status) {
    case MUSTER_RECORDED:
        v->state = v->corrects ? VERDICT_CORRECTED : VERDICT_RECORDED;
        break;
    case MUSTER_DUPLICATE:
        v->state = VERDICT_DUPLICATE;
        break;
    case MUSTER_EVENT_REFUSED:
        take_error(v, verdict->error);
        break;
    }
}

uint64_t import_tag(uint64_t number, size_t event)
{
    return number << ROW_EVENT_BITS | event;
}

static enum exit_status send_row(struct import_run *run, uint64_t number)
{
    struct pending *p = pending_at(run, number);
    enum exit_status status = EXIT_DONE;

    for (size_t i = 0; i < p->row->event_count && status == EXIT_DONE; i++) {
        _cleanup_buf_ struct buf json = {0};

        row_event_json(p->events[i].id, &json, &p->row->events[i], NULL);
        status = import_put(run, &json, import_tag(number, i));
    }
    return status;
}

/* Waits for all verdicts, then corrects what has to be; after it the queue is empty. */
static enum exit_status settle(struct import_run *run)
{
    enum exit_status status = import_put_all(run);

    if (status == EXIT_DONE && run->to_correct > 0) {
        status = import_correct(run);
        if (status == EXIT_DONE)
            status = import_put_all(run);
    }
    import_tell_done(run);
    return status;
}

static void show_progress(struct import_run *run)
{
    int64_t done = importer_done(run->importer), size = importer_size(run->importer), rows = (int64_t)run->end;

    if (done > 0)
        progress_show(&run->progress, rows, progress_expect(rows, done, size), _("rows"));
}

/* The next row into the queue: 1; 0: there is none; -1: told. */
int import_next(struct import_run *run)
{
    struct err err = {0};
    struct row *row = NULL;
    int r = importer_next(&row, run->importer, &err);

    if (r == 1 && run->known)
        import_match_known(run->known, row);
    if (r == 1)
        *pending_at(run, run->end++) = (struct pending){.row = row};
    if (r < 0 && err.code != ERR_NONE) {
        say("%s: %s", run->name, err_text(&err, say_language()));
        run->status = EXIT_USAGE;
    }
    return r;
}

enum exit_status import_send_all(struct import_run *run)
{
    enum exit_status status = EXIT_DONE;
    int r = 0;

    while (status == EXIT_DONE && (r = import_next(run)) == 1) {
        status = send_row(run, run->end - 1);
        import_tell_done(run);
        if (status == EXIT_DONE && run->end - run->head >= FULL)
            status = settle(run);
        show_progress(run);
    }
    if (status == EXIT_DONE)
        status = settle(run);
    return status == EXIT_DONE && r < 0 ? run->status : status;
}
