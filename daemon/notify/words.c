/* One line of a message in words: names, titles, what would clear it. */
#include <string.h>

#include "base/buf.h"
#include "notify/notify_state.h"

static const char *choose(const char *lang, const char *en, const char *zh)
{
    return strcmp(lang, "zh") == 0 ? zh : en;
}

static const char *keep(struct arena *arena, const char *text)
{
    return text ? arena_strndup(arena, text, strlen(text)) : "";
}

/* Why an alert was closed (docs/protocol.md). */
static const char *why_in_words(const char *why, const char *lang)
{
    static const struct {
        const char *why, *en, *zh;
    } words[] = {
        {"met", "what was missing is recorded", "所缺事项已有记录"},
        {"when", "the rule no longer applies", "该规则不再适用"},
        {"exempt", "an exemption was granted", "已获豁免"},
        {"not_in_force", "no longer in force: dissolved, closed, left or settled", "已不再存续：撤销、关闭、离开或办结"},
        {"not_tracked", "before the rules apply", "规则尚未适用"},
        {"rule_removed", "the rule was taken out", "该规则已取消"},
    };

    for (size_t i = 0; why && i < ARRAY_LEN(words); i++)
        if (strcmp(words[i].why, why) == 0)
            return choose(lang, words[i].en, words[i].zh);
    return "";
}

static int branch_ref(const char **out, struct notify *n, struct arena *arena, int64_t branch, struct err *err)
{
    enum subject_kind kind;

    *out = "";
    return branch && store_subject_get(&kind, out, arena, n->store, branch, err) < 0 ? -1 : 0;
}

static void describe(struct message_item *out, const struct line *line, const struct subject_data *data,
                     struct notify *n, struct arena *arena, const char *lang, bool names)
{
    day_t today = clock_today(ledger_clock(n->ledger));
    const struct rule *rule = line->rule ? pack_find(n->settings->pack, line->rule) : NULL;
    const struct frame *frame = data ? frame_on(data, today) : NULL;
    _cleanup_buf_ struct buf remedy = {0};
    struct verdict verdict;

    struct subject_data nameless;

    if (data && names) {
        out->name = keep(arena, data->name);
    } else if (data) { /* the remedy calls it by its ref, too */
        nameless = *data;
        nameless.name = data->ref;
        data = &nameless;
    }
    if (frame && frame->facts[FACT_AREA].type == FACT_TEXT)
        out->area = keep(arena, frame->facts[FACT_AREA].text);
    if (line->ends)
        out->remedy = why_in_words(line->why, lang);
    if (line->ends || !rule || !data || line->kind == ITEM_CAUSE)
        return;
    rule_evaluate(&verdict, rule, n->tracking_since, data, today);
    rule_remedy(&remedy, rule, &verdict, data, *out->branch ? out->branch : NULL, today, lang);
    out->remedy = keep(arena, buf_str(&remedy));
}

static const char *title_of(const struct line *line, const struct notify *n, struct arena *arena, const char *lang)
{
    const struct rule *rule = line->rule ? pack_find(n->settings->pack, line->rule) : NULL;
    const char *title = rule ? choose(lang, rule->title.en, rule->title.zh) : line->rule;
    _cleanup_buf_ struct buf text = {0};

    if (line->kind != ITEM_CAUSE)
        return title;
    if (line->ends && !*line->rule)
        return choose(lang, "no longer in force: all alerts of it are closed", "已不再存续，其预警全部解除");
    buf_addf(&text, "%s%s", title,
             line->ends ? choose(lang, ": closed for several of this branch", "：本支部多项已解除")
                        : choose(lang, ": several of this branch", "：本支部多项"));
    return keep(arena, buf_str(&text));
}

static int words_of_undelivered(struct message_item *out, const struct line *line, struct notify *n, struct arena *arena,
                                struct err *err)
{
    struct outgoing m;
    int r = store_message_get(&m, arena, n->store, line->message, err);

    if (r != 1)
        return r;
    out->rule = m.channel;
    out->title = m.error;
    out->subject_kind = "recipient";
    out->subject = m.recipient;
    return 0;
}

static int words_of_silence(struct message_item *out, const struct line *line, struct notify *n, const char *lang,
                            struct err *err)
{
    out->level = level_name((enum level)line->level);
    out->title = choose(lang, "nobody has reported from this area", "该区划无人上报");
    out->subject_kind = "area";
    out->subject = out->area = line->silent;
    return reporters_last(&out->since, n, line->silent, clock_today(ledger_clock(n->ledger)), err);
}

int words_of_line(struct message_item *out, const struct line *line, struct notify *n, struct arena *arena,
                  const char *lang, bool names, struct err *err)
{
    const struct subject_data *data = NULL;
    enum subject_kind kind;
    struct facts *facts;
    int r;

    *out = (struct message_item){.kind = line->kind, .alert = line->alert, .count = line->count,
                                 .alerts = line->alerts, .alert_count = line->alert_count, .level = "",
                                 .level_before = "", .rule = "", .title = "", .subject_kind = "", .subject = "", .name = "",
                                 .branch = "", .area = "", .since = line->since, .remedy = "", .word = ""};
    if (line->kind == ITEM_UNDELIVERED)
        return words_of_undelivered(out, line, n, arena, err);
    if (line->kind == ITEM_NO_REPORTS)
        return words_of_silence(out, line, n, lang, err);
    if (branch_ref(&out->branch, n, arena, line->branch, err) < 0)
        return -1;
    r = store_subject_get(&kind, &out->subject, arena, n->store, line->subject, err);
    if (r != 1)
        return r < 0 ? -1 : err_fault(err, "subject %lld is missing", (long long)line->subject);
    out->subject_kind = subject_kind_name(kind);
    if (line->level != LEVEL_NONE && !(line->kind == ITEM_CAUSE && line->ends))
        out->level = level_name((enum level)line->level);
    if (line->kind == ITEM_RAISED && line->before != LEVEL_NONE)
        out->level_before = level_name((enum level)line->before);
    out->rule = line->rule;
    out->title = title_of(line, n, arena, lang);
    facts = facts_new(n->store, ledger_kinds(n->ledger));
    r = facts_subject(&data, facts, line->subject, false, err);
    if (r >= 0)
        describe(out, line, r == 1 ? data : NULL, n, arena, lang, names);
    facts_free(facts);
    return r < 0 ? -1 : 0;
}
