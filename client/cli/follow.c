#include "follow.h"

#include <poll.h>
#include <stdio.h>

#include "say.h"

enum {
    POLL_MS = 1000,       /* without a feed */
    FEED_QUIET_MS = 5000, /* with one, which may drop hints */
};

enum exit_status follow_newest(struct cli *cli, int64_t *seq_out)
{
    _cleanup_json_ json_t *reply = NULL;
    enum exit_status status = cli_ask(cli, "status", NULL, &reply);

    *seq_out = json_integer_value(json_object_get(reply, "seq"));
    return status;
}

static void free_feed(struct muster_feed **feed)
{
    muster_feed_free(*feed);
}

enum exit_status follow(struct cli *cli, const struct arguments *args, int64_t after_seq, follow_fn *ask,
                        void *context)
{
    _cleanup_free_ char *endpoint = where_feed(arguments_value(args, "feed"), &cli->config, cli->server);
    CLEANUP(free_feed) struct muster_feed *feed = NULL;
    enum exit_status status;
    bool heard = false;

    fflush(stdout);
    if (endpoint && muster_feed_open(&feed, cli->session, endpoint) != MUSTER_OK)
        say(_("no feed at %s; asking every second instead"), endpoint);
    do {
        int64_t hint = 0;

        /* Until the feed has spoken once, nobody knows that it is there. */
        if (!feed)
            poll(NULL, 0, POLL_MS);
        else if (muster_feed_wait(feed, heard ? FEED_QUIET_MS : POLL_MS, &hint) != MUSTER_OK)
            return cli_say_failure(cli);
        heard = heard || hint > 0;
        status = ask(context, &after_seq);
        fflush(stdout);
    } while (status == EXIT_DONE);
    return status;
}
