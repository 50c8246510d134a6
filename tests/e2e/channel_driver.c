/* Sends messages over one channel, for test_channels.py: as the daemon does, without the daemon.
 *
 *     channel_driver CONFIG CHANNEL < lines of JSON, one message each > one result a line: {"sent", "code", "error", ...}
 *
 * A message is as in channels/message.h, with the names of its fields; "now_us" is the time of the try.
 */
#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include "base/zone.h"
#include "channels/channel.h"
#include "settings/settings.h"

static const char *text_of(const json_t *o, const char *key, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(o, key));

    return text ? text : otherwise;
}

static int64_t number_of(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static struct message_item read_item(const json_t *o)
{
    return (struct message_item){
        .kind = (enum item_kind)number_of(o, "kind"), .alert = number_of(o, "alert"), .count = 1,
        .level = text_of(o, "level", "yellow"), .level_before = text_of(o, "level_before", ""),
        .rule = text_of(o, "rule", "theme-day"), .title = text_of(o, "title", "Theme day"), .subject_kind = "branch",
        .subject = text_of(o, "subject", "B-1"), .name = text_of(o, "name", ""), .branch = text_of(o, "branch", ""),
        .area = text_of(o, "area", ""), .since = DAY_NONE, .remedy = text_of(o, "remedy", ""), .word = text_of(o, "word", "")};
}

static void send_one(struct channel *channel, const json_t *o)
{
    struct message_item items[MESSAGE_ITEMS_MAX];
    const json_t *list = json_object_get(o, "items");
    struct message m = {
        .key = text_of(o, "key", "k-1"), .recipient = text_of(o, "recipient", "zhang"), .address = text_of(o, "address", ""),
        .lang = text_of(o, "lang", "en"), .ledger = text_of(o, "ledger", "North"), .kind = (enum message_kind)number_of(o, "kind"),
        .made_at_us = INT64_C(1672444800000000), .red = number_of(o, "red"), .items = items};
    struct sent_result result;

    for (; m.item_count < json_array_size(list) && m.item_count < MESSAGE_ITEMS_MAX; m.item_count++)
        items[m.item_count] = read_item(json_array_get(list, m.item_count));
    channel_send(&result, channel, &m, number_of(o, "now_us"));
    printf("{\"sent\": \"%s\", \"code\": \"%s\", \"retry_after\": %" PRId64 ", \"error\": ",
           result.sent == SENT_OK ? "ok" : result.sent == SENT_LATER ? "later" : "never", result.code, result.retry_after_s);
    json_t *error = json_string(result.error);
    json_dumpf(error, stdout, JSON_ENCODE_ANY);
    json_decref(error);
    puts("}");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    _cleanup_settings_ struct settings *settings = NULL;
    _cleanup_forms_ struct forms *forms = NULL;
    _cleanup_channel_ struct channel *channel = NULL;
    struct err err = {0};
    _cleanup_free_ char *line = NULL;
    size_t size = 0;

    signal(SIGPIPE, SIG_IGN);
    if (argc != 3)
        return 2;
    if (settings_load(&settings, argv[1], &err) != 0 || zone_set(settings->timezone, &err) != 0 ||
        forms_load(&forms, settings->notice_templates, &err) != 0 || channels_init(&err) != 0 ||
        !settings_channel_find(settings, argv[2]) ||
        channel_new(&channel, settings_channel_find(settings, argv[2]), forms, &err) != 0) {
        fprintf(stderr, "%s\n", err.en);
        return 1;
    }
    while (getline(&line, &size, stdin) > 0) {
        json_t *o = json_loads(line, 0, NULL);

        if (!o)
            return 1;
        send_one(channel, o);
        json_decref(o);
    }
    return 0;
}
