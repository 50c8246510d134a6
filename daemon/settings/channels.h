/* Channels: the ways to reach people outside (channels = ( { name = ...; kind = ...; } ), docs/notices.md).
 *
 * Plain data, checked whole. What is secret (a password, the address of a robot, the key that signs) is in a file of
 * its own that only its owner can read; it is read with the configuration, so that a mistake is told then, and wiped
 * when the settings are freed. It is never logged.
 */
#ifndef MUSTER_SETTINGS_CHANNELS_H
#define MUSTER_SETTINGS_CHANNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum channel_kind {
    CHANNEL_SMTP,
    CHANNEL_WEBHOOK,  /* JSON, signed where a secret is given */
    CHANNEL_WECOM,    /* group robots */
    CHANNEL_DINGTALK,
    CHANNEL_FEISHU,
    CHANNEL_COMMAND,  /* a program: JSON on its standard input */
};

enum channel_security {
    CHANNEL_STARTTLS, /* begins in plain text, and goes on encrypted or not at all */
    CHANNEL_TLS,
    CHANNEL_PLAIN,    /* to this machine only */
};

struct settings_channel {
    char *name;       /* unique: 1 to 32 of a-z, 0-9, '-', '_'; "feed" and "log" are built in */
    enum channel_kind kind;
    int line;         /* of its group in the file */
    int64_t timeout_s; /* of one try, whole */
    bool names;       /* names of people and units may be told; otherwise numbers and ids only */
    /* SMTP */
    char *host;
    int64_t port;
    enum channel_security security;
    char *from;       /* address */
    char *from_name;  /* "": none */
    char *user;       /* NULL: no login */
    char *password;   /* secret */
    /* WEBHOOK and robots */
    char *url;        /* secret, as it may hold a token */
    char *secret;     /* secret; NULL: not signed */
    /* SMTP, WEBHOOK, robots */
    char *ca_file;    /* certificates of an authority of one's own; NULL: the system's */
    /* COMMAND */
    char **argv;      /* absolute program, arguments, NULL; no shell */
};

/* Whether one person alone reads it: only there may a one-time word be told. A group's robot and a program on the web
 * that nobody knows are not. */
static inline bool settings_channel_is_personal(const struct settings_channel *channel)
{
    return channel->kind == CHANNEL_SMTP || channel->kind == CHANNEL_COMMAND;
}

/* Whether a recipient can be reached under `address` on it: of mail, one address "name@host" in ASCII without anything
 * that could begin another header or recipient; elsewhere any text of at most 254 bytes without control characters,
 * which may be "" for a webhook or robot. */
bool settings_channel_takes(const struct settings_channel *channel, const char *address);

#endif
