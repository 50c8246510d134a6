#include "query/figures_since.h"

#include "query/figures_rows.h"
#include "query/scope.h"
#include "report/differences.h"

/* The branch asked about, by its key then. 0: it was not known. */
static int question_then(struct figures_question *q, struct asking *ask, struct store *then, struct err *err)
{
    const char *ref;
    enum subject_kind kind;
    int r = store_subject_get(&kind, &ref, &ask->arena, ask->store, q->branch, err);

    if (r == 1)
        r = store_subject_find(&q->branch, then, SUBJECT_BRANCH, ref, err);
    if (r == 0)
        q->branch = 0;
    return r;
}

/* As known then. NULL: the branch asked about was not known. */
static int figures_then(struct figures **out, struct asking *ask, struct store *store, const struct figures_source *source,
                        const struct figures_question *question, struct err *err)
{
    struct figures_source from = *source;
    struct figures_question q = *question;
    int r = q.branch ? question_then(&q, ask, store, err) : 1;

    from.store = store;
    return r == 1 ? figures_new(out, &from, &q, err) : r;
}

static int is_seen(bool *out, struct asking *ask, const struct figure_item *item, struct err *err)
{
    *out = true;
    return item->subject ? scope_has_key(out, ask, item->subject, err) : 0;
}

static int write_difference(struct asking *ask, const struct figure_difference *d, struct err *err)
{
    json_open(ask->out, '{');
    json_kv_str(ask->out, "figure", d->figure->full_name);
    json_kv_str(ask->out, "figure_title", ask_choose(ask, &d->figure->title));
    json_kv_str(ask->out, "counted", d->then ? "then" : "now");
    if (write_figure_item_fields(ask, d->figure, &d->item, err) < 0)
        return -1;
    json_close(ask->out, '}');
    return 0;
}

static int write_differences(struct asking *ask, const struct figure_differences *list, int64_t after, struct err *err)
{
    page_begin(ask);
    for (size_t i = (size_t)(after + 1); i < list->n; i++) {
        enum page_step step;
        bool seen;

        if (is_seen(&seen, ask, &list->items[i].item, err) < 0)
            return -1;
        step = seen ? page_step(ask) : PAGE_COUNT;
        if (step == PAGE_FULL)
            break;
        if (step != PAGE_WRITE)
            continue;
        if (ask_patience(ask, err) < 0 || write_difference(ask, &list->items[i], err) < 0)
            return -1;
        page_mark(ask, 'd', "%zu", i);
    }
    page_end(ask);
    return 0;
}

int write_figures_since(struct asking *ask, const struct figures *now, const struct figures_source *source,
                        const struct figures_question *question, struct err *err)
{
    _cleanup_store_ struct store *store = NULL;
    _cleanup_figures_ struct figures *then = NULL;
    _cleanup_differences_ struct figure_differences list = {0};
    int64_t after = -1, seq;
    int r = figures_cursor(&after, ask, 'd', err);

    if (r == 0)
        r = ask_replay(&store, &seq, ask, "since_known", err);
    if (r != 0)
        return r;
    /* Each page goes back anew: as much in one as a reply may hold. */
    if (!ask_field(ask, "limit"))
        ask->page.limit = INT64_MAX;
    if (store && (figures_then(&then, ask, store, source, question, err) < 0 || figures_differ(&list, then, now, err) < 0))
        return -1;
    json_kv_int(ask->out, "then_seq", seq);
    return write_differences(ask, &list, after, err);
}
