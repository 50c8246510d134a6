#include "notify/whereabouts.h"

static const char *area_of(const struct subject_data *data, day_t day)
{
    const struct frame *frame = frame_on(data, day);

    return frame && frame->facts[FACT_AREA].type == FACT_TEXT ? frame->facts[FACT_AREA].text : NULL;
}

int whereabouts_of(struct whereabouts *out, struct store *store, struct facts *facts, struct arena *arena,
                   int64_t subject, const struct subject_data *data, day_t day, struct err *err)
{
    const struct subject_data *branch = NULL;
    enum subject_kind kind;
    int r;

    *out = (struct whereabouts){.area = data ? area_of(data, day) : NULL};
    if (facts_branch_of(&out->branch, facts, subject, day, err) < 0)
        return -1;
    if (out->branch == 0)
        return 0;
    if (store_subject_get(&kind, &out->ref, arena, store, out->branch, err) < 0)
        return -1;
    if (out->area || out->branch == subject)
        return 0;
    r = facts_subject(&branch, facts, out->branch, false, err);
    if (r == 1 && branch)
        out->area = area_of(branch, day);
    return r < 0 ? -1 : 0;
}
