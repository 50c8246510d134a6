#include "service/chore_verbs.h"

#include <jansson.h>
#include <string.h>

#include "base/log.h"
#include "service/answer.h"
#include "service/service_state.h"
#include "store/store.h"

enum { BODY_MAX = 64 * 1024, FILE_NAME_MAX = 4095 };

struct order {
    json_t *body;
    const char *file;
    int64_t run; /* 0: begin one */
    bool deep;
};

static void order_deinit(struct order *order)
{
    json_decref(order->body);
}

bool is_chore_verb(const char *verb)
{
    return strcmp(verb, "verify") == 0 || strcmp(verb, "backup") == 0;
}

/* --- the request --- */

static int malformed(struct err *err, const char *field)
{
    return err_say(err, ERR_MALFORMED, field, "\"%.40s\" is no field of this request, or not of that kind",
                   "本请求没有字段“%.40s”，或其类型不符", field);
}

static int take_field(struct order *order, bool backup, const char *key, const json_t *value, struct err *err)
{
    if (json_is_null(value) || strcmp(key, "lang") == 0 || strcmp(key, "ledger") == 0)
        return 0;
    if (strcmp(key, "run") == 0 && json_is_integer(value) && json_integer_value(value) > 0) {
        order->run = json_integer_value(value);
        return 0;
    }
    if (!backup && strcmp(key, "deep") == 0 && json_is_boolean(value)) {
        order->deep = json_is_true(value);
        return 0;
    }
    if (backup && strcmp(key, "file") == 0 && json_is_string(value)) {
        order->file = json_string_value(value);
        return 0;
    }
    return malformed(err, key);
}

static int read_order(struct order *order, struct request *request, const struct ledger *ledger, struct err *err)
{
    bool backup = strcmp(request->verb, "backup") == 0;
    const char *key, *pin;
    json_t *value;
    size_t len;
    const char *text = request_body(request, &len);

    if (len > BODY_MAX)
        return err_say(err, ERR_TOO_LARGE, NULL, "the request is longer than one of %s may be", "%s 请求过长",
                       request->verb);
    order->body = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(order->body))
        return err_say(err, ERR_MALFORMED, NULL, "the body must be a JSON object", "正文必须是 JSON 对象");
    json_object_foreach(order->body, key, value)
        if (take_field(order, backup, key, value, err) != 0)
            return 1;
    pin = json_string_value(json_object_get(order->body, "ledger"));
    if (pin && strcmp(pin, ledger_uuid(ledger)) != 0)
        return err_say(err, ERR_NOT_ALLOWED, "ledger", "this daemon keeps ledger %s, not the one meant: nothing was done",
                       "此服务保管的台账是 %s，而不是所指的那一份：未作任何处理", ledger_uuid(ledger));
    if (backup && !order->run &&
        (!order->file || order->file[0] != '/' || strlen(order->file) > FILE_NAME_MAX))
        return err_say(err, ERR_MALFORMED, "file", "backup needs a file, by its whole path from / on",
                       "backup 需要 file：以 / 开头的完整路径");
    return 0;
}

/* That it is an admin who asks, admission has seen to. A backup is a file of the daemon's machine: nobody from outside says where. */
static int check_place(const struct request *request, struct err *err)
{
    if (!request->keyed || strcmp(request->verb, "backup") != 0)
        return 0;
    return err_say(err, ERR_NOT_ALLOWED, NULL, "a backup is written on the daemon's own machine: ask for it there (over ipc)",
                   "备份写在服务所在的机器上：请在该机器上（通过 ipc）操作");
}

/* --- the reply --- */

static const char *lang_of(const struct order *order)
{
    const char *lang = json_string_value(json_object_get(order->body, "lang"));

    return lang && strcmp(lang, "zh") == 0 ? "zh" : "en";
}

static void write_misfit(struct json *out, const struct misfit *misfit, const char *lang)
{
    json_key(out, "misfit");
    json_open(out, '{');
    json_kv_int(out, "row", misfit->row);
    json_kv_str(out, "found", misfit_name(misfit->kind));
    json_kv_str(out, "message", err_text(&misfit->why, lang));
    json_close(out, '}');
}

static void write_found(struct json *out, const struct chore *chore, const char *lang)
{
    char hex[CHAIN_HEX_SIZE];

    json_kv_bool(out, "holds", chore->holds);
    json_kv_int(out, "rows", chore->rows);
    json_kv_int(out, "erased", chore->erased);
    if (chore->rows)
        json_kv_str(out, "head", hex_write(hex, chore->head, CHAIN_SIZE));
    if (chore->kind == CHORE_BACKUP)
        json_kv_int(out, "bytes", chore->bytes);
    if (chore->deep_rows && chore->holds)
        json_kv_str(out, "differs", chore->differs);
    if (!chore->holds)
        write_misfit(out, &chore->misfit, lang);
}

static void write_reply(struct json *out, const struct ledger *ledger, const struct chore *chore, const char *lang)
{
    static const char *const states[] = {
        [CHORE_WAITS] = "waits", [CHORE_RUNS] = "runs", [CHORE_DONE] = "done", [CHORE_FAILED] = "failed"};

    json_open(out, '{');
    json_kv_str(out, "ledger", ledger_uuid(ledger));
    json_kv_bool(out, "rehearsal", ledger_rehearsal(ledger));
    json_kv_int(out, "run", chore->number);
    json_kv_str(out, "state", states[chore->state]);
    json_kv_int(out, "done", chore->done);
    json_kv_int(out, "all", chore->all);
    if (chore->state == CHORE_DONE)
        write_found(out, chore, lang);
    if (chore->state == CHORE_FAILED) {
        json_key(out, "error");
        answer_error(out, &chore->err, lang);
    }
    json_close(out, '}');
}

static int begin(struct service *s, struct order *order, enum chore_kind kind, struct err *err)
{
    const struct chore_order what = {
        .kind = kind,
        .file = order->file,
        .deep_rows = order->deep ? s->policy->settings->history_rows : 0,
        .newest = ledger_seq(s->ledger),
        .newest_chain = ledger_head(s->ledger),
    };

    return chores_add(&order->run, s->chores, &what, err);
}

static int answer(struct service *s, struct request *request, struct order *order, struct buf *reply, struct err *err)
{
    enum chore_kind kind = strcmp(request->verb, "backup") == 0 ? CHORE_BACKUP : CHORE_VERIFY;
    struct json out = json_to(reply);
    struct chore chore;
    int failed = check_place(request, err);

    if (!failed)
        failed = read_order(order, request, s->ledger, err);
    if (!failed && !order->run)
        failed = begin(s, order, kind, err);
    if (!failed && (!chores_look(&chore, s->chores, order->run) || chore.kind != kind))
        failed = err_say(err, ERR_UNKNOWN_REF, "run", "there is no %s of that number (any more)", "没有该编号的 %s（或已被遗忘）",
                         request->verb);
    if (!failed)
        write_reply(&out, s->ledger, &chore, lang_of(order));
    return failed;
}

void chores_accept(struct service *s, struct request *request)
{
    CLEANUP(order_deinit) struct order order = {0};
    _cleanup_buf_ struct buf reply = {0};
    struct err err = {0};

    chores_collect(s);
    if (answer(s, request, &order, &reply, &err) == 0)
        service_answer(s, &request->from, true, &reply);
    else
        service_refuse(s, &request->from, &err, lang_of(&order));
    request_deinit(request);
}

/* --- what status tells --- */

static int save(struct service *s, struct err *err)
{
    struct store *store = ledger_store(s->ledger);

    if (store_begin(store, err) < 0)
        return -1;
    if (store_meta_set(store, "verified", s->verified, err) == 0 && store_commit(store, err) == 0)
        return 0;
    store_rollback(store);
    return -1;
}

static char *found_text(struct service *s, const struct chore *chore)
{
    _cleanup_buf_ struct buf text = {0};
    struct json out = json_to(&text);
    char at[CLOCK_TEXT_SIZE];

    json_open(&out, '{');
    json_kv_str(&out, "at", clock_format_us(at, clock_now_us(&s->clock)));
    json_kv_bool(&out, "holds", chore->holds);
    json_kv_int(&out, "rows", chore->rows);
    if (!chore->holds)
        write_misfit(&out, &chore->misfit, "en");
    json_close(&out, '}');
    return mem_strdup(buf_str(&text));
}

/* Structural damage: it is said, and no more is done to it. */
static void take_soundness(struct service *s, const struct chore *chore)
{
    if (chore->state == CHORE_FAILED)
        log_warning("the structure of the database could not be looked at: %s", chore->err.en);
    if (chore->state == CHORE_FAILED || chore->holds)
        return;
    s->stopping = true;
    s->unsound = chore->err;
}

void chores_collect(struct service *s)
{
    struct err err = {0};
    struct chore chore;

    while (chores_take_ended(&chore, s->chores)) {
        if (chore.kind == CHORE_SOUND) {
            take_soundness(s, &chore);
            continue;
        }
        free(s->verified);
        s->verified = found_text(s, &chore);
        if (chore.differs[0])
            log_error("table %s does not follow from the rows: musterd --rebuild", chore.differs);
        if (chore.holds)
            log_notice("the ledger was verified: %lld rows hold", (long long)chore.rows);
        else
            log_error("the ledger does NOT hold: row %lld is %s", (long long)chore.misfit.row, misfit_name(chore.misfit.kind));
        if (save(s, &err) != 0)
            log_warning("what a verification found could not be noted: %s", err.en);
    }
}

int chores_remember(struct service *s, struct err *err)
{
    return store_meta_get(&s->verified, ledger_store(s->ledger), "verified", err) < 0 ? -1 : 0;
}
