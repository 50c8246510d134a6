/* Below the board: its sums by township, and who needs help most, with why. */
#ifndef MUSTER_CLI_BOARD_SUMS_H
#define MUSTER_CLI_BOARD_SUMS_H

#include "cli.h"

/* `board`: all its rows, `rules`: what it is about. As a table, JSON Lines or CSV. */
void board_print_townships(const struct cli *cli, const json_t *board);
void board_print_needs(const struct cli *cli, const json_t *board, const json_t *rules, const json_t *alerts);

/* The open alerts of the day and the part that the board is of: `body` is its request, `reply` its last reply. */
enum exit_status board_alerts(struct cli *cli, const json_t *body, const json_t *reply, json_t **alerts_out) MUST_CHECK;

#endif
