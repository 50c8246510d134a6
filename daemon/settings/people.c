/* People: how they are reached, when they may be disturbed, and who stands above them. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "settings/telling.h"

enum {
    PEOPLE_MAX = 3000,      /* as many as a configuration has room for (CONF_NODES_MAX) */
    ADDRESSES_MAX = 8,
    PERSON_NAME_BYTES = 64,
    ADDRESS_BYTES = 254,    /* RFC 5321: of mail */
    AFTER_DAYS_MAX = 366,
};

const char *const settings_weekdays[WEEKDAYS] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

int settings_weekday(const char *name, size_t len)
{
    for (int i = 0; i < WEEKDAYS; i++)
        if (strlen(settings_weekdays[i]) == len && memcmp(settings_weekdays[i], name, len) == 0)
            return i;
    return -1;
}

/* "08:00" */
static bool read_clock(int32_t *out, const char *text, size_t len)
{
    int h, m;

    if (len != 5 || text[2] != ':' || sscanf(text, "%2d:%2d", &h, &m) != 2 || h < 0 || h > 23 || m < 0 || m > 59 ||
        strspn(text, "0123456789") != 2 || strspn(text + 3, "0123456789") < 2)
        return false;
    *out = h * 3600 + m * 60;
    return true;
}

int settings_read_when(struct tell_when *out, const struct conf_node *node, struct err *err)
{
    struct shown shown;
    const char *text;
    size_t word;

    if (conf_text(&text, node, 1, 64, err) != 0)
        return 1;
    *out = (struct tell_when){.tell = TELL_NOW};
    if (strcmp(text, "now") == 0)
        return 0;
    word = strcspn(text, " ");
    out->weekday = settings_weekday(text, word);
    out->tell = out->weekday >= 0 ? TELL_WEEKLY : TELL_DAILY;
    if ((out->weekday >= 0 || strncmp(text, "daily ", 6) == 0) && text[word] == ' ' &&
        read_clock(&out->at_s, text + word + 1, strlen(text + word + 1)))
        return 0;
    return conf_fault(err, node, "\"%s\" is no moment: \"now\", \"daily 08:00\" or \"monday 08:00\"",
                      "“%s”不是时间：应为 \"now\"、\"daily 08:00\" 或 \"monday 08:00\"", conf_shown(&shown, text));
}

/* "22:00-07:00" */
static int read_quiet(struct person *p, const struct conf_node *node, struct err *err)
{
    struct shown shown;
    const char *text;

    if (!node)
        return 0;
    if (conf_text(&text, node, 1, 64, err) != 0)
        return 1;
    if (strlen(text) == 11 && text[5] == '-' && read_clock(&p->quiet_from_s, text, 5) &&
        read_clock(&p->quiet_to_s, text + 6, 5) &&
        p->quiet_from_s != p->quiet_to_s)
        return 0;
    return conf_fault(err, node, "quiet \"%s\" is no span of hours, such as \"22:00-07:00\"",
                      "quiet “%s”不是时段，例如 \"22:00-07:00\"", conf_shown(&shown, text));
}

static bool is_built_in(const char *channel)
{
    return strcmp(channel, "feed") == 0 || strcmp(channel, "log") == 0;
}

static int unknown_channel(const struct settings *s, const struct conf_node *node, struct err *err)
{
    _cleanup_free_ const char **names = mem_zero((s->channel_count + 2) * sizeof *names);
    size_t n = 0;

    for (; n < s->channel_count; n++)
        names[n] = s->channels[n].name;
    names[n++] = "feed";
    names[n++] = "log";
    return conf_unknown(err, node, node->text, "channel", "渠道", names, n);
}

static int check_address(const struct settings *s, const struct conf_node *node, const char *by, const char *to,
                         struct err *err)
{
    const struct settings_channel *channel = settings_channel_find(s, by);
    struct shown shown;

    if (channel && settings_channel_takes(channel, to))
        return 0;
    if (!channel && !*to)
        return 0;
    return conf_fault(err, node, "channel \"%s\" does not reach anybody at \"%s\"", "渠道“%s”无法送达“%s”", by,
                      conf_shown(&shown, to));
}

static int read_address(struct person *p, const struct settings *s, const struct conf_node *node, struct err *err)
{
    static const char *const keys[] = {"by", "to"};
    const struct conf_node *by, *to;
    const char *channel, *address = "";

    if (conf_group(node, err) != 0 || conf_check_keys(node, keys, ARRAY_LEN(keys), err) != 0)
        return 1;
    by = conf_find(node, "by");
    to = conf_find(node, "to");
    if (!by)
        return conf_fault(err, node, "by which channel? (by = \"...\")", "未指明渠道（by = \"...\"）");
    if (conf_text(&channel, by, 1, 64, err) != 0 || (to && conf_text(&address, to, 0, ADDRESS_BYTES, err) != 0))
        return 1;
    if (!settings_channel_find(s, channel) && !is_built_in(channel))
        return unknown_channel(s, by, err);
    for (size_t i = 0; i < p->address_count; i++)
        if (strcmp(p->addresses[i].channel, channel) == 0)
            return conf_fault(err, by, "\"%s\" is named twice", "“%s”重复", channel);
    if (check_address(s, to ? to : by, channel, address, err) != 0)
        return 1;
    p->addresses[p->address_count++] = (struct person_address){mem_strdup(channel), mem_strdup(address)};
    return 0;
}

static int read_addresses(struct person *p, const struct settings *s, const struct conf_node *node, struct err *err)
{
    if (conf_list(node, 1, ADDRESSES_MAX, err) != 0)
        return 1;
    p->addresses = mem_zero(node->count * sizeof *p->addresses);
    for (size_t i = 0; i < node->count; i++)
        if (read_address(p, s, &node->items[i], err) != 0)
            return 1;
    return 0;
}

int settings_read_days(int32_t *out, const struct conf_node *node, int32_t most, struct err *err)
{
    struct duration d;

    if (conf_duration(&d, node, false, err) != 0)
        return 1;
    if (d.unit != DURATION_DAYS || d.count < 1 || d.count > most)
        return conf_fault(err, node, "%s takes days or weeks here: \"1d\" to \"%dd\"", "%s 在此须为天数或周数：\"1d\" 至 \"%dd\"",
                          node->key, most);
    *out = d.count;
    return 0;
}

int settings_read_level(enum level *out, const struct conf_node *node, struct err *err)
{
    static const char *const words[] = {"notice", "yellow", "red"};
    int word;

    if (conf_word(&word, node, words, ARRAY_LEN(words), err) != 0)
        return 1;
    *out = (enum level)(LEVEL_NOTICE + word);
    return 0;
}

/* above, after, level: the step up. Who is meant is looked up when all are known. */
static int read_step(struct person *p, const struct conf_node *node, struct err *err)
{
    const struct conf_node *above = conf_find(node, "above"), *after = conf_find(node, "after");
    const struct conf_node *level = conf_find(node, "level");

    if (after && settings_read_days(&p->after_days, after, AFTER_DAYS_MAX, err) != 0)
        return 1;
    if (level && settings_read_level(&p->above_level, level, err) != 0)
        return 1;
    if (above && !after && !level)
        return conf_fault(err, above, "when does it go up to \"%s\"? Give after (\"7d\"), level (\"red\"), or both",
                          "何时上报给“%s”？请给出 after（\"7d\"）、level（\"red\"）或两者", above->type == CONF_TEXT ? above->text : "");
    if (!above && (after || level))
        return conf_fault(err, after ? after : level, "%s says when it goes up, but nobody is above",
                          "%s 指明何时上报，但未指明上级（above）", after ? "after" : "level");
    return 0;
}

static int read_person_name(struct person *p, const struct telling *t, const struct conf_node *node, struct err *err)
{
    const struct conf_node *name = conf_find(node, "name");
    const char *text;

    if (!name)
        return conf_fault(err, node, "a person needs a name", "人员必须有 name");
    if (conf_text(&text, name, 1, PERSON_NAME_BYTES, err) != 0)
        return 1;
    if (settings_person_find(t, text) != PERSON_NONE)
        return conf_fault(err, name, "\"%s\" is named twice", "“%s”重复", text);
    p->name = mem_strdup(text);
    return 0;
}

static int read_language(struct person *p, const struct conf_node *node, struct err *err)
{
    static const char *const languages[] = {"en", "zh"};
    int word = 1;

    if (node && conf_word(&word, node, languages, ARRAY_LEN(languages), err) != 0)
        return 1;
    p->lang = languages[word];
    return 0;
}

static int read_person_parts(struct person *p, const struct settings *s, const struct conf_node *node, struct err *err)
{
    const struct conf_node *channels = conf_find(node, "channels"), *when = conf_find(node, "when");
    const struct conf_node *days_off = conf_find(node, "days_off");

    if (!channels)
        return conf_fault(err, node, "\"%s\" has no channels: how is this person reached?", "“%s”没有 channels：如何送达？",
                          p->name);
    if (read_addresses(p, s, channels, err) != 0 || read_language(p, conf_find(node, "language"), err) != 0 ||
        (when && settings_read_when(&p->when, when, err) != 0) || read_quiet(p, conf_find(node, "quiet"), err) != 0 ||
        (days_off && conf_bool(&p->on_days_off, days_off, err) != 0))
        return 1;
    return read_step(p, node, err);
}

static int read_person(struct settings *s, const struct conf_node *node, struct err *err)
{
    static const char *const keys[] = {"name", "language", "channels", "when",  "quiet",
                                       "days_off", "above", "after",    "level"};
    struct telling *t = &s->telling;
    struct person *p = &t->people[t->person_count];

    *p = (struct person){.above = PERSON_NONE, .line = node->line};
    if (conf_group(node, err) != 0 || conf_check_keys(node, keys, ARRAY_LEN(keys), err) != 0 ||
        read_person_name(p, t, node, err) != 0)
        return 1;
    t->person_count++;
    return read_person_parts(p, s, node, err);
}

/* Everybody is known now. */
static int find_above(struct telling *t, const struct conf_node *node, struct err *err)
{
    for (size_t i = 0; i < t->person_count; i++) {
        const struct conf_node *above = conf_find(&node->items[i], "above");
        const char *name;

        if (!above)
            continue;
        if (conf_text(&name, above, 1, PERSON_NAME_BYTES, err) != 0)
            return 1;
        t->people[i].above = settings_person_find(t, name);
        if (t->people[i].above == PERSON_NONE)
            return settings_unknown_person(t, above, err);
    }
    return 0;
}

/* Up from each: whoever is not at the top after as many steps as there are people goes round. */
static int check_ladders(const struct telling *t, const struct conf_node *node, struct err *err)
{
    for (size_t i = 0; i < t->person_count; i++) {
        size_t steps = 0;

        for (int p = t->people[i].above; p != PERSON_NONE; p = t->people[p].above)
            if (++steps > t->person_count)
                return conf_fault(err, conf_find(&node->items[i], "above"),
                                  "a ladder with no end: from \"%s\" upwards it comes round again",
                                  "上报链没有终点：从“%s”向上会循环", t->people[i].name);
    }
    return 0;
}

int settings_read_people(struct settings *s, const struct conf_node *node, const struct key_spec *spec, struct err *err)
{
    (void)spec;
    if (conf_list(node, 0, PEOPLE_MAX, err) != 0)
        return 1;
    s->telling.people = mem_zero((node->count + 1) * sizeof *s->telling.people);
    for (size_t i = 0; i < node->count; i++)
        if (read_person(s, &node->items[i], err) != 0)
            return 1;
    if (find_above(&s->telling, node, err) != 0)
        return 1;
    return check_ladders(&s->telling, node, err);
}

int settings_person_find(const struct telling *t, const char *name)
{
    for (size_t i = 0; i < t->person_count; i++)
        if (strcmp(t->people[i].name, name) == 0)
            return (int)i;
    return PERSON_NONE;
}

int settings_unknown_person(const struct telling *t, const struct conf_node *node, struct err *err)
{
    _cleanup_free_ const char **names = mem_zero((t->person_count + 1) * sizeof *names);

    for (size_t i = 0; i < t->person_count; i++)
        names[i] = t->people[i].name;
    return conf_unknown(err, node, node->text, "person", "人员", names, t->person_count);
}

void settings_free_people(struct telling *t)
{
    for (size_t i = 0; i < t->person_count; i++) {
        struct person *p = &t->people[i];

        free(p->name);
        for (size_t k = 0; k < p->address_count; k++) {
            free(p->addresses[k].channel);
            free(p->addresses[k].to);
        }
        free(p->addresses);
    }
    free(t->people);
}
