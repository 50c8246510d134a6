/* A channel: sends one message to one recipient, by mail, webhook, group robot or command.
 *
 * No SQL, no clock but the time passed in, no knowledge of what is told to whom. Blocking, on a thread of its own
 * (service/teller.h): one message at a time, never longer than the channel's time limit. At least once: when the
 * connection breaks before the answer, the message may have arrived, and the next try carries the same key.
 *
 * Nothing that is secret (password, token, address of a webhook) is in a result or in the log.
 */
#ifndef MUSTER_CHANNELS_CHANNEL_H
#define MUSTER_CHANNELS_CHANNEL_H

#include <stdint.h>

#include "base/err.h"
#include "channels/form.h"
#include "channels/message.h"
#include "settings/channels.h"

struct channel;

/* Of the process: once, before there is another thread. */
int channels_init(struct err *err) MUST_CHECK;

/* `settings` and `forms` are kept, and must outlive it. -1: the system failed. */
int channel_new(struct channel **out, const struct settings_channel *settings, const struct forms *forms,
                struct err *err) MUST_CHECK;
void channel_free(struct channel *channel);
DEFINE_CLEANUP(channel);
#define _cleanup_channel_ CLEANUP(channel_cleanup)

/* The result is told whole. `now_us`: the time of the try, for its date and its signature. */
void channel_send(struct sent_result *out, struct channel *channel, const struct message *m, int64_t now_us);

/* Calls the address of a webhook (GET) and sends nothing: a sign of life. `forms` may be NULL for such a channel. */
void channel_call(struct sent_result *out, struct channel *channel);

/* From any thread: what is being sent ends within a second (SENT_LATER), and all that follows at once. */
void channel_stop(struct channel *channel);

/* What a channel may tell (for those who show beforehand what would be told). */
struct discretion channel_discretion(const struct settings_channel *settings);

#endif
