#include "channels/form.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "base/zone.h"
#include "channels/template.h"

enum { LANGS = 2, SUBJECT_MAX_BYTES = 200 };

static const char *const langs[LANGS] = {"en", "zh"};

enum text { TEXT_SUBJECT, TEXT_MAIL, TEXT_HTML, TEXT_ROBOT, TEXTS };

static const char *const files[TEXTS] = {"subject.%s.txt", "mail.%s.txt", "mail.%s.html", "robot.%s.txt"};

struct forms {
    struct template *texts[LANGS][TEXTS];
};

/* What a template may name: see view() and view_item(). */
static const char *const names[] = {
    /* of the message */
    "key", "recipient", "ledger", "made", "rehearsal", "off_days", "red", "yellow", "notice", "open", "closed", "more", "items",
    "is_now", "is_daily", "is_weekly", "is_summary", "is_failed", "words",
    /* of a line */
    "is_opened", "is_raised", "is_closed", "is_escalated", "is_no_reports", "is_cause", "is_undelivered", "number", "alert",
    "count", "several", "level", "level_before", "is_red", "is_yellow", "is_notice", "rule", "title", "subject", "name", "branch",
    "other_branch", "area", "since", "remedy", "why", "word", "channel", "error", "numbers",
};

/* ---- loading ---------------------------------------------------------------------------------- */

static int read_file(struct buf *out, const char *path, struct err *err)
{
    _cleanup_file_ FILE *file = fopen(path, "re");
    char piece[4096];
    size_t n;

    if (!file)
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s: %s", "%s：%s", path, strerror(errno));
    while (out->len <= TEMPLATE_MAX_BYTES && (n = fread(piece, 1, sizeof piece, file)) > 0)
        buf_add(out, piece, n);
    if (ferror(file))
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s: cannot be read", "%s：无法读取", path);
    return 0;
}

static int load(struct template **out, const char *folder, const char *file, const char *lang, struct err *err)
{
    _cleanup_buf_ struct buf path = {0}, text = {0};
    char name[32];

    snprintf(name, sizeof name, "%.*s%s%s", (int)strcspn(file, "%"), file, lang, strchr(file, '%') + 2);
    buf_addf(&path, "%s/%s", folder, name);
    if (read_file(&text, buf_str(&path), err) != 0)
        return 1;
    return template_parse(out, buf_str(&path), text.data ? text.data : "", text.len, names, ARRAY_LEN(names), err);
}

int forms_load(struct forms **out, const char *folder, struct err *err)
{
    _cleanup_forms_ struct forms *forms = mem_zero(sizeof *forms);

    for (int lang = 0; lang < LANGS; lang++)
        for (int text = 0; text < TEXTS; text++)
            if (load(&forms->texts[lang][text], folder, files[text], langs[lang], err) != 0)
                return 1;
    *out = TAKE(forms);
    return 0;
}

void forms_free(struct forms *forms)
{
    if (!forms)
        return;
    for (int lang = 0; lang < LANGS; lang++)
        for (int text = 0; text < TEXTS; text++)
            template_free(forms->texts[lang][text]);
    free(forms);
}

/* ---- what templates see ------------------------------------------------------------------------- */

static void set_flag(json_t *o, const char *kind)
{
    char key[32];

    snprintf(key, sizeof key, "is_%s", kind);
    json_object_set_new(o, key, json_true());
}

static const char *level_word(const char *level, bool zh)
{
    if (strcmp(level, "red") == 0)
        return zh ? "红牌" : "red";
    if (strcmp(level, "yellow") == 0)
        return zh ? "黄牌" : "yellow";
    return strcmp(level, "notice") == 0 ? zh ? "提示" : "notice" : "";
}

/* "12, 14, 15, ...": of a line that stands for several. */
static void set_numbers(json_t *o, const struct message_item *item)
{
    _cleanup_buf_ struct buf text = {0};

    if (item->alert_count == 0)
        return;
    for (size_t i = 0; i < item->alert_count; i++)
        buf_addf(&text, "%s%lld", i ? ", " : "", (long long)item->alerts[i]);
    if ((int64_t)item->alert_count < item->count)
        buf_add_str(&text, ", ...");
    json_object_set_new(o, "numbers", json_string(buf_str(&text)));
}

static void view_item(json_t *o, const struct message_item *item, size_t number, bool zh)
{
    set_flag(o, item_kind_name(item->kind));
    json_object_set_new(o, "number", json_integer((json_int_t)number));
    if (item->count > 1)
        json_object_set_new(o, "several", json_true());
    set_numbers(o, item);
    if (item->level && item->level[0]) {
        set_flag(o, item->level);
        json_object_set_new(o, "level", json_string(level_word(item->level, zh)));
    }
    if (item->level_before && item->level_before[0])
        json_object_set_new(o, "level_before", json_string(level_word(item->level_before, zh)));
    if (item->subject && item->subject[0])
        json_object_set_new(o, "subject", json_string(item->subject));
    if (item->branch && item->branch[0] && item->subject && strcmp(item->branch, item->subject) != 0)
        json_object_set_new(o, "other_branch", json_string(item->branch));
}

static void set_made(json_t *o, int64_t us)
{
    struct zoned at = zone_local(us / 1000000);
    char text[DAY_TEXT_SIZE + 8], day[DAY_TEXT_SIZE];

    snprintf(text, sizeof text, "%s %02d:%02d", day_format(day, at.day), at.second / 3600, at.second / 60 % 60);
    json_object_set_new(o, "made", json_string(text));
}

/* The first `shown` lines; the others are counted. The caller owns it. */
static json_t *view(const struct message *m, struct discretion discretion, size_t shown)
{
    struct message cut = *m;
    bool zh = strcmp(m->lang, "zh") == 0;
    json_t *o;

    cut.item_count = shown;
    cut.more += (int64_t)(m->item_count - shown);
    o = form_json(&cut, discretion);
    set_flag(o, message_kind_name(m->kind));
    set_made(o, m->made_at_us);
    json_object_set_new(o, "red", json_integer(m->red));
    json_object_set_new(o, "yellow", json_integer(m->yellow));
    json_object_set_new(o, "notice", json_integer(m->notice));
    json_object_set_new(o, "open", json_integer(m->red + m->yellow + m->notice));
    for (size_t i = 0; i < shown; i++) {
        json_t *item = json_array_get(json_object_get(o, "items"), i);

        view_item(item, &m->items[i], i + 1, zh);
        if (json_object_get(item, "word"))
            json_object_set_new(o, "words", json_true());
    }
    return o;
}

static void fill(struct buf *out, const struct forms *forms, enum text text, enum template_form form, const struct message *m,
                 struct discretion discretion, size_t shown)
{
    json_t *seen = view(m, discretion, shown);

    template_fill(out, forms->texts[strcmp(m->lang, "zh") == 0][text], form, seen);
    json_decref(seen);
}

/* ---- the texts ---------------------------------------------------------------------------------- */

void form_subject(struct buf *out, const struct forms *forms, const struct message *m, struct discretion discretion)
{
    _cleanup_buf_ struct buf whole = {0};
    char line[SUBJECT_MAX_BYTES];
    size_t len = 0;

    fill(&whole, forms, TEXT_SUBJECT, TEMPLATE_TEXT, m, discretion, m->item_count);
    for (const char *c = buf_str(&whole); *c; c++)
        if (*c != '\n' && *c != '\r')
            whole.data[len++] = *c;
    whole.len = len;
    text_copy(line, sizeof line, buf_str(&whole));
    buf_add_str(out, line);
}

void form_text(struct buf *out, const struct forms *forms, const struct message *m, struct discretion discretion)
{
    fill(out, forms, TEXT_MAIL, TEMPLATE_TEXT, m, discretion, m->item_count);
}

void form_html(struct buf *out, const struct forms *forms, const struct message *m, struct discretion discretion)
{
    fill(out, forms, TEXT_HTML, TEMPLATE_HTML, m, discretion, m->item_count);
}

void form_robot(struct buf *out, const struct forms *forms, const struct message *m, struct discretion discretion,
                size_t max_bytes)
{
    size_t start = out->len, shown = m->item_count;

    for (;;) {
        fill(out, forms, TEXT_ROBOT, TEMPLATE_ROBOT, m, discretion, shown);
        if (out->len - start <= max_bytes)
            return;
        if (shown == 0)
            break;
        out->len = start;
        shown = shown > 16 ? shown * 3 / 4 : shown - 1;
    }
    out->len = start + max_bytes; /* a template of somebody's own that is longer by itself */
    buf_str(out);
    text_trim_utf8(out->data + start);
    out->len = start + strlen(out->data + start);
}
