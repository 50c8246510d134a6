/* One run of `muster import`: the rows on their way, what the daemon said of them, and what is told at the end.
 *
 * Rows are told in the order of the sheet. A row waits in the queue until each of its events has a verdict; one that turns out to
 * have been recorded before with other content waits for its correction, which asks the daemon and so is not done in between.
 */
#ifndef MUSTER_CLI_IMPORT_RUN_H
#define MUSTER_CLI_IMPORT_RUN_H

#include <csv.h>

#include "base/progress.h"
#include "cli.h"
#include "import/importer.h"
#include "rows.h"

enum verdict_state {
    VERDICT_NONE,
    VERDICT_RECORDED,
    VERDICT_DUPLICATE,
    VERDICT_CORRECTED,
    VERDICT_REFUSED,
    VERDICT_TO_CORRECT, /* recorded before, and changed since, here or there */
};

struct event_verdict {
    enum verdict_state state;
    char id[MUSTER_ID_SIZE]; /* under which it was recorded, or refused */
    int64_t seq;
    bool corrects;     /* it was sent as a correction */
    bool same;         /* TO_CORRECT: it says what was recorded first */
    char code[32], field[80], hint[128];
    char *message;     /* REFUSED */
};

struct pending {
    struct row *row; /* owned */
    struct event_verdict events[ROW_EVENTS];
};

struct refused_file; /* import_refused.c */

struct import_counts {
    uint64_t recorded, corrected, duplicate, refused, skipped, flagged;
};

enum { JUDGE_EVENTS = 8192 }; /* in one request of a dry run, as many as the daemon takes: alerts that several close together are told */

struct import_run {
    struct cli *cli;
    const char *name;        /* of the file, for messages */
    bool quiet, dry, yes;
    struct importer *importer;
    struct muster_stream *stream;
    struct buf judging;      /* dry: events of the next request */
    uint64_t judging_tags[JUDGE_EVENTS];
    size_t judging_count;
    unsigned requests;       /* dry */
    bool alerts_missed;      /* dry: not all alerts could be told */
    struct pending *ring;    /* of PENDING_MOST */
    uint64_t head, end;      /* numbers of rows since the beginning; ring[n % PENDING_MOST] */
    size_t to_correct;       /* events in the ring that are */
    struct rows *rows;       /* CSV */
    struct refused_file *refused;
    struct known_rows *known; /* NULL: nothing of it */
    struct import_counts counts;
    struct progress progress;
    enum exit_status status; /* of what went wrong on the way; told already */
    json_t *alerts;          /* dry: changes of alerts, an array */
};

enum { PENDING_MOST = 8192 }; /* rows under way: more than a stream's four batches */

/* --- import_send.c --- */

/* Every row of the sheet: sent, judged, told. */
enum exit_status import_send_all(struct import_run *run) MUST_CHECK;
/* The stream's verdicts. */
void import_take_verdict(void *context, const struct muster_verdict *verdict);
/* The tag of an event: the number of its row in the queue, and its own in the row. */
uint64_t import_tag(uint64_t number, size_t event);
/* The next row into the queue: 1; 0: there is none; -1: it ends here, and that was told (run->status). */
int import_next(struct import_run *run);

/* --- import_correct.c --- */

/* Makes corrections of the events that wait for it. The stream is idle. */
enum exit_status import_correct(struct import_run *run) MUST_CHECK;

/* --- import_known.c: rows of which the day, the branch or the kind was corrected --- */

struct known_rows;
/* Of a sheet that was imported before: which rows are in effect under which ids. run->known stays NULL where it was not. */
enum exit_status import_find_known(struct import_run *run) MUST_CHECK;
/* The row's events go to those recorded for it. */
void import_match_known(const struct known_rows *known, struct row *row);
void known_rows_free(struct known_rows *known);

/* --- import_put.c: events on their way to the daemon, to be recorded or, in a dry run, only judged --- */

enum exit_status import_put(struct import_run *run, const struct buf *event, uint64_t tag) MUST_CHECK;
/* Waits until all that was put has its verdict. */
enum exit_status import_put_all(struct import_run *run) MUST_CHECK;
/* After a dry run: the alerts that would close, change or open. */
void import_tell_alerts(const struct import_run *run);

/* --- import_tell.c --- */

/* Tells the rows at the front of the queue that have all their verdicts, and lets go of them. */
void import_tell_done(struct import_run *run);
void import_tell_end(const struct import_run *run);
/* What the sheet was taken for. */
void import_tell_head(const struct import_run *run);
struct rows *import_rows_new(const struct cli *cli);

/* --- import_refused.c: the rows refused, in a file beside the sheet --- */

/* Nothing is written before the first row. */
struct refused_file *refused_new(const char *sheet, const struct head *head);
/* False with errno: it cannot be written. */
bool refused_add(struct refused_file *file, const struct row *row, const char *reason) MUST_CHECK;
/* Puts it in its place, where there is one. */
bool refused_finish(struct refused_file *file) MUST_CHECK;
/* NULL while there is none. */
const char *refused_name(const struct refused_file *file);
void refused_free(struct refused_file *file);

/* --- import_ask.c --- */

struct import_asking import_asking_of(struct import_run *run);

/* --- import_office.c: spreadsheets' own formats --- */

bool office_is_spreadsheet(const char *name);
/* Converts the first sheet into a temporary CSV by LibreOffice. EXIT_DONE, or it was told. */
enum exit_status office_convert(int *fd_out, const char *name) MUST_CHECK;

#endif
