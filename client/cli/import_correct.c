/* Corrections: a row that was recorded before and says something else now replaces what is in effect of it.
 *
 * What became of the row's first event is a chain: each replaced by the next. Ours are those whose ids were made from this row; the
 * last of them is what the sheet said when it was imported last. If it says the same now, whatever people did since stands. If it
 * says something else, that replaces the end of the chain.
 */
#include <string.h>

#include "base/uuid.h"
#include "import/ids.h"
#include "import_run.h"
#include "say.h"

enum { CHAIN_MOST = 1000 }; /* as much of a history as one reply tells */

struct chain {
    const json_t *last;      /* the end: in effect, or voided */
    bool voided;
    bool said;               /* the newest of ours says what the row says */
    bool by_hand;            /* the end is none of ours */
};

static const char *text_of(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));

    return text ? text : "";
}

static const json_t *find_event(const json_t *history, const char *id)
{
    json_t *row;
    size_t i;

    json_array_foreach(history, i, row)
        if (strcmp(text_of(row, "id"), id) == 0)
            return row;
    return NULL;
}

static bool is_ours(const json_t *row)
{
    const char *id = text_of(row, "id");
    uint8_t uuid[UUID_SIZE];

    return uuid_parse(uuid, id, strlen(id)) && id_is_ours(uuid);
}

static bool says_the_same(const json_t *row, struct row_event *event)
{
    _cleanup_buf_ struct buf json = {0};
    char id[UUID_TEXT_SIZE];

    row_event_json(id, &json, event, text_of(row, "replaces"));
    return strcmp(id, text_of(row, "id")) == 0;
}

static void follow(struct chain *out, const json_t *reply, struct row_event *event, bool first_same)
{
    const json_t *history = json_object_get(reply, "history"), *next = json_object_get(reply, "row");

    out->said = first_same;
    for (int i = 0; next && i < CHAIN_MOST; i++) {
        out->last = next;
        out->by_hand = !is_ours(next);
        if (!out->by_hand && *text_of(next, "replaces"))
            out->said = says_the_same(next, event);
        out->voided = *text_of(next, "voided_by") != '\0';
        next = find_event(history, text_of(next, "replaced_by"));
    }
}

static void refuse_voided(struct event_verdict *v, const struct chain *chain)
{
    v->state = VERDICT_REFUSED;
    snprintf(v->code, sizeof v->code, "impossible");
    free(v->message);
    if (asprintf(&v->message, _("what it said was voided (row %lld of the ledger): record by hand what did take place"),
                 (long long)json_integer_value(json_object_get(chain->last, "seq"))) < 0)
        abort();
}

static enum exit_status send_correction(struct import_run *run, struct pending *p, size_t i, const struct chain *chain, uint64_t tag)
{
    struct event_verdict *v = &p->events[i];
    _cleanup_buf_ struct buf json = {0};

    if (chain->by_hand)
        row_flag(p->row, "corrected_by_hand", _("replaces what %s recorded by hand (row %lld of the ledger)"),
                 text_of(chain->last, "recorded_by"), (long long)json_integer_value(json_object_get(chain->last, "seq")));
    v->state = VERDICT_NONE;
    v->corrects = true;
    row_event_json(v->id, &json, &p->row->events[i], text_of(chain->last, "id"));
    return import_put(run, &json, tag);
}

static enum exit_status correct(struct import_run *run, struct pending *p, size_t i, uint64_t tag)
{
    struct event_verdict *v = &p->events[i];
    _cleanup_json_ json_t *body = json_pack("{s:s, s:s, s:i}", "what", "event", "ref", v->id, "limit", CHAIN_MOST), *reply = NULL;
    struct chain chain = {0};
    enum exit_status status = cli_ask(run->cli, "show", body, &reply);

    if (status != EXIT_DONE)
        return status;
    follow(&chain, reply, &p->row->events[i], v->same);
    if (!chain.last || chain.said) {
        v->state = VERDICT_DUPLICATE;
        if (chain.voided)
            row_flag(p->row, "voided", _("it was voided (row %lld of the ledger), and stays so"),
                     (long long)json_integer_value(json_object_get(chain.last, "seq")));
        return EXIT_DONE;
    }
    if (chain.voided) {
        refuse_voided(v, &chain);
        return EXIT_DONE;
    }
    return send_correction(run, p, i, &chain, tag);
}

enum exit_status import_correct(struct import_run *run)
{
    enum exit_status status = EXIT_DONE;

    for (uint64_t n = run->head; n < run->end && status == EXIT_DONE; n++) {
        struct pending *p = &run->ring[n % PENDING_MOST];

        for (size_t i = 0; i < p->row->event_count && status == EXIT_DONE; i++)
            if (p->events[i].state == VERDICT_TO_CORRECT)
                status = correct(run, p, i, import_tag(n, i));
    }
    run->to_correct = 0;
    return status;
}
