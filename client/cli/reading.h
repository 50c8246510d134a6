/* Verbs that read, one file each; reading.c, alerts.c and service.c put them in their families. */
#ifndef MUSTER_CLI_READING_H
#define MUSTER_CLI_READING_H

#include "cli.h"
#include "rows.h"

int recent_run(struct cli *cli, const struct arguments *args);
int list_run(struct cli *cli, const struct arguments *args);
int show_run(struct cli *cli, const struct arguments *args);
int due_run(struct cli *cli, const struct arguments *args);
int board_run(struct cli *cli, const struct arguments *args);
int alerts_run(struct cli *cli, const struct arguments *args);
int explain_run(struct cli *cli, const struct arguments *args);
int rules_run(struct cli *cli, const struct arguments *args);
int status_run(struct cli *cli, const struct arguments *args);
int clock_run(struct cli *cli, const struct arguments *args);

/* The columns of event rows, and of alert rows. */
extern const struct column event_columns[];
extern const size_t event_column_count;
extern const struct column alert_columns[];
extern const size_t alert_column_count;

/* Text of an event in a few words, whatever its type. */
void event_summary(struct buf *out, const json_t *row);

/* "[kind:]ref" of the member `subject`. */
void subject_text(struct buf *out, const json_t *row);

#endif
