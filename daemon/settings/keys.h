/* The keys and how each is read. Inside the settings room only. */
#ifndef MUSTER_SETTINGS_KEYS_H
#define MUSTER_SETTINGS_KEYS_H

#include "pack/conf.h"
#include "settings/settings.h"

enum {
    PATH_MAX_BYTES = 4095,
    ENDPOINTS_MAX = 8, /* net polls as many sockets */
};

struct key_spec;
typedef int key_reader(struct settings *s, const struct conf_node *node, const struct key_spec *spec,
                       struct err *err);

struct key_spec {
    struct settings_key key;
    key_reader *read;
    size_t offset;          /* of a number in struct settings */
    int64_t min, max, initially;
};

extern const struct key_spec key_specs[];
extern const size_t key_count;

key_reader settings_read_number, settings_read_database, settings_read_listen, settings_read_feed,
    settings_read_rules, settings_read_timezone, settings_read_tracking_since,
    settings_read_people, settings_read_routes, settings_read_untold, settings_read_administrator, settings_read_district, settings_read_weekend,
    settings_read_days_off, settings_read_workdays, settings_read_log_level, settings_read_kinds,
    settings_read_server_key, settings_read_users, settings_read_channels, settings_read_notice_templates, settings_read_metrics_file, settings_read_heartbeat;

void settings_free_users(struct settings *s);
void settings_free_channels(struct settings *s);

/* What a key that was not set is, where that depends on the machine (places.c). */
int settings_default_places(struct settings *s, struct err *err) MUST_CHECK;
/* Relative to the folder of the configuration file, if there is one. */
char *settings_path(const struct settings *s, const char *path);

/* 0, or 1 with a sentence at the node. `feed`: only ipc will do. */
int settings_check_endpoint(const struct conf_node *node, bool feed, struct err *err) MUST_CHECK;

#endif
