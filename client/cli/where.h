/* Where the daemon is (command.md): --server, $MUSTER_SERVER, the user's configuration, the runtime
 * directory. Likewise its feed. */
#ifndef MUSTER_CLI_WHERE_H
#define MUSTER_CLI_WHERE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* What ~/.config/muster/muster.conf may say. Members are NULL where it does not. */
struct user_config {
    char *server;
    char *feed;
    char *ledger;
    char *server_key; /* the server's public key, for tcp */
    char *key_file;   /* one's own key pair; a relative name starts from the folder of that file */
    bool no_outbox;   /* outbox = false: nothing is kept on this machine */
    int64_t outbox_events, outbox_kib; /* its bounds; 0: the library's */
};

void user_config_deinit(struct user_config *config);
#define _cleanup_user_config_ CLEANUP(user_config_deinit)

/* Reads $XDG_CONFIG_HOME/muster/muster.conf, or ~/.config/muster/muster.conf. No such file is no error.
 * Returns 0, or 1 with "file:line: what" in err. */
int user_config_read(struct user_config *out, struct err *err) MUST_CHECK;

/* The folder of the user's configuration, NULL where there is no home directory. On the heap. */
char *where_config_folder(void);

/* $XDG_STATE_HOME/muster or ~/.local/state/muster: what the command remembers and keeps. NULL without a home. On the heap. */
char *where_state_folder(void);
/* Makes it, and what is missing above it. */
void where_make_folders(const char *path);

/* $MUSTER_SERVER_KEY and $MUSTER_KEY_FILE come before the configuration. */
void where_keys(struct user_config *config);

/* The server's endpoint; `option` (--server) may be NULL. On the heap. */
char *where_server(const char *option, const struct user_config *config);

/* The feed's endpoint: `option` (--feed), $MUSTER_FEED, the configuration, or feed.sock beside an ipc
 * server. NULL if none is known. On the heap. */
char *where_feed(const char *option, const struct user_config *config, const char *server);

#endif
