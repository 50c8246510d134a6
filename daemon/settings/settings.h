/* The daemon's configuration: read, checked whole, and never changed after.
 *
 * One file in libconfig's syntax (config/muster.conf shows every key). Whatever is wrong in it, or in
 * the rule pack that it names, is refused with `file:line: `; nothing is half taken over. A reload
 * reads another `struct settings`, asks settings_reloadable, and swaps. Knows no ledger and no
 * socket. Called by main and service.
 */
#ifndef MUSTER_SETTINGS_SETTINGS_H
#define MUSTER_SETTINGS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/err.h"
#include "base/log.h"
#include "pack/pack.h"
#include "settings/channels.h"
#include "settings/people.h"
#include "wire/roles.h"

/* A text of the configuration that can only be checked by the ledger, with its place. */
struct settings_text {
    char *text;
    int line;
};

/* A local user, and what he may do. */
struct settings_user {
    char *name;
    enum key_role role;
    struct settings_text *branches; /* not yet known to be there */
    size_t branch_count;
    struct settings_text *areas;
    size_t area_count;
    int line;
};

struct settings {
    char *file;           /* as given; NULL: none, all defaults */
    char *database;       /* absolute or relative to the working directory; not "" */
    const char **listen;  /* endpoints of requests; at least one */
    size_t listen_count;
    const char **feed;    /* endpoints of the feed; may be none */
    size_t feed_count;
    char *server_key;     /* file of the server's key pair; made at the first start */
    struct settings_user *users;
    size_t user_count;
    int64_t key_requests_per_second; /* 0: no bound */
    struct settings_channel *channels; /* by which people are told */
    size_t channel_count;
    char *notice_templates; /* folder of the texts of notices */
    struct telling telling; /* who is told what */
    char *metrics_file;   /* NULL: none */
    char *heartbeat_url;  /* secret; NULL: none */
    int64_t heartbeat_minutes;
    char *rules;          /* the rule pack's file */
    char *timezone;       /* is there on this machine; not yet given to zone_set */
    day_t tracking_since; /* DAY_NONE: without a file. Means the civil day of the ledger's first row */
    int64_t transfer_valid_days; /* 1..366 */
    int64_t settle_s;
    enum log_level log_level;
    const char **kinds;   /* additional meeting kinds: unique, and none of the standard ones */
    size_t kind_count;
    int64_t history_ms;   /* bound of one read over much history */
    int64_t history_rows; /* ledger rows that a read as known on a time may replay */
    int64_t max_waiting_reads;   /* short reads, before more are answered `unavailable` */
    int64_t max_waiting_history; /* reads over history, likewise */
    int64_t max_waiting_bytes;   /* both together */
    int64_t max_connections;
    int64_t max_request_bytes;
    struct pack *pack;    /* checked by `kinds`; its bits for them are in their order here: see
                             pack_bind_kinds for the ledger's own */
};

/* Reads and checks all of it, with the rule pack. `path` NULL: no file, safe defaults (ipc only,
 * database in the state directory). 0; 1 with err set and nothing in *out. */
int settings_load(struct settings **out, const char *path, struct err *err) MUST_CHECK;
/* The same from a text; relative names are looked up from the folder of `name`. */
int settings_load_text(struct settings **out, const char *text, size_t len_bytes, const char *name,
                       struct err *err) MUST_CHECK;
/* For a reload in a daemon that must live on: tries settings_load in a child process first, so that
 * neither what libconfig leaks on a syntax error nor a defect in it reaches this one. */
int settings_load_checked(struct settings **out, const char *path, struct err *err) MUST_CHECK;

void settings_free(struct settings *settings);
DEFINE_CLEANUP(settings);
#define _cleanup_settings_ CLEANUP(settings_cleanup)

/* The channel of that name; NULL: there is none, or it is built in. */
const struct settings_channel *settings_channel_find(const struct settings *settings, const char *name);

/* Whether a running daemon can go from `now` to `next`: 0, or 1 and err names the key that only a
 * restart can change. */
int settings_reloadable(const struct settings *now, const struct settings *next,
                        struct err *err) MUST_CHECK;

/* Every key there is, for the tests that compare it with config/muster.conf and the documents. */
struct settings_key {
    const char *name;
    bool reloads; /* a reload may change it */
};
size_t settings_keys(const struct settings_key **keys_out);

#endif
