#include "report/annual.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"

/* What facts of branches may take before they are let go: a large district's branches of a year. */
enum { FACTS_BYTES = 32 * 1024 * 1024 };

int figures_new(struct figures **out, const struct figures_source *source,
                const struct figures_question *question, struct err *err)
{
    _cleanup_figures_ struct figures *f = mem_zero(sizeof *f);

    f->source = *source;
    f->question = *question;
    f->first = day_from_civil(question->year, 1, 1);
    f->facts = facts_new(source->store, source->kinds);
    if (read_registers(f, err) < 0 || read_members(f, err) < 0 || read_events(f, err) < 0 ||
        read_whole(f, err) < 0)
        return -1;
    define_figures(f);
    *out = TAKE(f);
    return 0;
}

void figures_free(struct figures *f)
{
    if (!f)
        return;
    facts_free(f->facts);
    free(f->duties);
    free(f->events);
    free(f->movements);
    free(f->away);
    free(f->deputies);
    free(f->list);
    arena_deinit(&f->arena);
    free(f);
}

const char *keep_text(struct figures *f, const char *text)
{
    return text ? arena_strndup(&f->arena, text, strlen(text)) : NULL;
}

int figures_patience(const struct figures *f, struct err *err)
{
    if (!f->source.deadline || !deadline_passed(f->source.deadline))
        return 0;
    return err_fault(err, "this read took longer than it may: ask for less at a time");
}

void figures_bound(struct figures *f)
{
    if (facts_size(f->facts) > FACTS_BYTES)
        facts_reset(f->facts);
}

const struct locality *branch_on(const struct figures *f, int32_t branch, day_t day)
{
    const struct annual_branch *b = &f->branches[branch];
    size_t n = b->run_count;

    while (n > 0 && b->runs[n - 1].from > day)
        n--;
    return n ? &b->runs[n - 1] : NULL;
}

bool asks_place(const struct figures *f, const char *area, const char *sector)
{
    const struct figures_question *q = &f->question;

    if (q->area && (!area || strncmp(area, q->area, strlen(q->area)) != 0))
        return false;
    return !q->sector || (sector && strcmp(sector, q->sector) == 0);
}

bool asks_branch(const struct figures *f, int32_t branch, day_t day)
{
    const struct locality *at;

    if (branch < 0)
        return asks_whole(f);
    if (f->question.branch && f->branches[branch].key != f->question.branch)
        return false;
    at = branch_on(f, branch, day);
    return at && asks_place(f, at->area, at->sector);
}

bool of_sector(const struct figures *f, int32_t branch, day_t day, const char *sector)
{
    const struct locality *at;

    if (!sector)
        return true;
    at = branch < 0 ? NULL : branch_on(f, branch, day);
    return at && strcmp(at->sector, sector) == 0;
}

void figure_items_deinit(struct figure_items *items)
{
    free(items->items);
    memset(items, 0, sizeof *items);
}

bool figure_value(int64_t *hundredths_out, const struct figure *figure, const struct figure_items *items)
{
    *hundredths_out = items->part;
    if (figure->kind != FIGURE_PERCENT)
        return true;
    if (items->whole == 0)
        return false;
    /* Tenths, half up: nothing here is negative. */
    *hundredths_out = (2000 * items->part + items->whole) / (2 * items->whole) * 10;
    return true;
}

void figure_month(struct figure_items *out, const struct figure_items *items, int month)
{
    for (size_t i = 0; i < items->n; i++) {
        if (day_to_civil(items->items[i].day).month != month)
            continue;
        out->part += items->items[i].part;
        out->whole += items->items[i].whole;
    }
}
