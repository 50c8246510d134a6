/* bench_midnight: what a day on which the month's duties fall due costs, for each alert that it opens or
 * closes.
 *
 *   bench_midnight --config FILE --from DAY --day DAY
 *
 * The ledger of the configuration is evaluated on --from, then on the day before --day; both are not timed.
 * Then midnight comes. One JSON object: alerts (rows written), seconds, us_per_alert, before_s.
 */
#include <getopt.h>
#include <stdio.h>

#include "settle.h"
#include "tell.h"

static void advance(struct settled *s, day_t day)
{
    struct err err = {0};

    settled_clock(s, day, 1);
    if (settle(s, &err) < 0)
        die_err(&err);
}

int main(int argc, char **argv)
{
    static const struct option known[] = {
        {"config", required_argument, NULL, 'c'}, {"from", required_argument, NULL, 'f'},
        {"day", required_argument, NULL, 'd'},    {NULL, 0, NULL, 0},
    };
    day_t from = DAY_NONE, day = DAY_NONE;
    int64_t began_us, midnight_us, rows;
    const char *config = NULL;
    struct settled settled;
    struct err err = {0};
    double seconds;
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'c')
            config = optarg;
        else if (option == 'f')
            from = day_of("from", optarg);
        else if (option == 'd')
            day = day_of("day", optarg);
        else
            return 2; /* getopt_long has said why */
    }
    if (!config || from == DAY_NONE || day == DAY_NONE)
        die("--config, --from and --day are needed");
    if (settled_open(&settled, config, false, from, &err) != 0)
        die_err(&err);
    began_us = now_us();
    advance(&settled, from);
    advance(&settled, day - 1);
    rows = ledger_seq(settled.ledger);
    midnight_us = now_us();
    advance(&settled, day);
    rows = ledger_seq(settled.ledger) - rows;
    seconds = (double)(now_us() - midnight_us) / 1e6;
    printf("{\"alerts\": %lld, \"seconds\": %.3f, \"us_per_alert\": %.1f, \"before_s\": %.3f}\n", (long long)rows,
           seconds, rows ? seconds * 1e6 / (double)rows : 0.0, (double)(midnight_us - began_us) / 1e6);
    settled_close(&settled);
    return 0;
}
