#include "chain/walk.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "chain/walk_parts.h"

const char *misfit_name(enum misfit_kind kind)
{
    switch (kind) {
    case MISFIT_CHANGED:
        return "changed";
    case MISFIT_MISSING:
        return "missing";
    case MISFIT_INSERTED:
        return "inserted";
    case MISFIT_REORDERED:
        return "reordered";
    case MISFIT_NONE:
        break;
    }
    return "none";
}

enum walk_result chain_walk_say(struct chain_walk *walk, enum misfit_kind kind, int64_t row, const char *en, const char *zh)
{
    walk->misfit.kind = kind;
    walk->misfit.row = row;
    err_clear(&walk->misfit.why);
    /* Always 1: it is a sentence to be told, not an error of ours. */
    if (err_say(&walk->misfit.why, ERR_IMPOSSIBLE, NULL, "row %2$lld %1$s", "第 %2$lld 行%1$s", en, (long long)row))
        snprintf(walk->misfit.why.zh, sizeof walk->misfit.why.zh, "第 %lld 行%s", (long long)row, zh);
    return WALK_MISFIT;
}

struct chain_walk *chain_walk_new(struct row_source source)
{
    struct chain_walk *walk = mem_zero(sizeof *walk);

    walk->source = source;
    return walk;
}

void chain_walk_free(struct chain_walk *walk)
{
    if (!walk)
        return;
    free(walk->unsealed);
    free(walk->noted);
    arena_deinit(&walk->arena);
    free(walk);
}

void chain_walk_expect(struct chain_walk *walk, int64_t newest)
{
    walk->newest = newest;
}

void chain_walk_expect_value(struct chain_walk *walk, int64_t seq, const uint8_t value[CHAIN_SIZE])
{
    struct noted *n;

    ARRAY_GROW(walk->noted, walk->noted_count, walk->noted_cap);
    n = &walk->noted[walk->noted_count++];
    n->seq = seq;
    memcpy(n->value, value, CHAIN_SIZE);
}

/* --- one row that has the right value: does the rest of it follow? --- */

static const char *wrong_seal(const struct chain_row *row)
{
    uint8_t seal[SEAL_SIZE];

    if (row->has_salt && (!row->has_personal || !row->has_seal))
        return "has a salt, but not the text and the seal that belong to it";
    if (row->has_personal && !row->has_seal)
        return "has a personal text that was never sealed";
    if (!row->has_salt)
        return NULL; /* none, or erased */
    link_seal(seal, row->salt, row->personal);
    return memcmp(seal, row->seal, SEAL_SIZE) == 0 ? NULL : "was changed: its personal text or its salt";
}

static const char *wrong_columns(const struct chain_row *row, const struct content *content)
{
    if (!row->has_columns)
        return NULL;
    if (!content->has_id || memcmp(content->id, row->id, UUID_SIZE) != 0)
        return "was changed: its column id is not that of the event";
    return (int64_t)content->type == row->type ? NULL : "was changed: its column type is not that of the event";
}

static void note_unsealed(struct chain_walk *walk, const struct chain_row *row, const struct content *content)
{
    struct unsealed *u;

    ARRAY_GROW(walk->unsealed, walk->unsealed_count, walk->unsealed_cap);
    u = &walk->unsealed[walk->unsealed_count++];
    u->seq = row->seq;
    memcpy(u->id, content->id, UUID_SIZE);
    u->kept[0] = '\0';
    if (row->has_personal)
        link_kept(u->kept, row->personal);
}

/* A redaction accounts for one row whose text is gone. */
static const char *take_redaction(struct chain_walk *walk, const struct content *content)
{
    for (size_t i = 0; i < walk->unsealed_count; i++) {
        struct unsealed *u = &walk->unsealed[i];

        if (memcmp(u->id, content->event, UUID_SIZE) != 0)
            continue;
        if (strlen(u->kept) != content->kept.len || (content->kept.len && memcmp(u->kept, content->kept.s, content->kept.len) != 0))
            return "says what an erasure left of an event, and that was changed since";
        *u = walk->unsealed[--walk->unsealed_count];
        walk->erased++;
        return NULL;
    }
    return "says that a text was erased, but it is still there";
}

static const char *wrong_content(struct chain_walk *walk, const struct chain_row *row)
{
    struct content content;
    const char *wrong = wrong_seal(row);

    if (wrong)
        return wrong;
    if (!content_read(&content, &walk->arena, row->body))
        return "was changed: it is no event";
    if (row->seq == 1 && content.type == EV_LEDGER_OPENED)
        text_copy(walk->ledger, sizeof walk->ledger, content.ledger.s ? content.ledger.s : "");
    wrong = wrong_columns(row, &content);
    if (wrong)
        return wrong;
    if (row->has_seal && !row->has_salt)
        note_unsealed(walk, row, &content);
    return content.type == EV_EVENT_REDACTED ? take_redaction(walk, &content) : NULL;
}

static const char *wrong_note(const struct chain_walk *walk, int64_t seq, const uint8_t value[CHAIN_SIZE])
{
    for (size_t i = 0; i < walk->noted_count; i++)
        if (walk->noted[i].seq == seq && memcmp(walk->noted[i].value, value, CHAIN_SIZE) != 0)
            return "is another one than the head that was kept says: it, or one before it, was written anew";
    return NULL;
}

static int look_at(enum walk_result *out, struct chain_walk *walk, const struct chain_row *row, struct err *err)
{
    uint8_t value[CHAIN_SIZE];
    const char *wrong;

    *out = WALK_MISFIT;
    link_value(value, walk->seq ? walk->value : NULL, row, row->seq);
    if (row->seq != walk->seq + 1 || row->broken || memcmp(value, row->chain, CHAIN_SIZE) != 0 ||
        (walk->newest && row->seq > walk->newest))
        return chain_walk_explain(walk, row, err);
    wrong = wrong_content(walk, row);
    if (!wrong)
        wrong = wrong_note(walk, row->seq, value);
    if (wrong) {
        chain_walk_say(walk, MISFIT_CHANGED, row->seq, wrong, "与链不符：内容已被改动");
        return 0;
    }
    walk->seq = row->seq;
    memcpy(walk->value, value, CHAIN_SIZE);
    *out = WALK_GOES_ON;
    return 0;
}

static enum walk_result at_end(struct chain_walk *walk)
{
    const struct unsealed *first = walk->unsealed;
    int64_t expected = walk->newest;

    for (size_t i = 0; i < walk->noted_count; i++)
        if (walk->noted[i].seq > expected)
            expected = walk->noted[i].seq;
    if (walk->seq < expected)
        return chain_walk_say(walk, MISFIT_MISSING, walk->seq + 1, "is missing: the ledger ends before it", "缺失：台账在其之前结束");
    if (walk->seq == 0)
        return chain_walk_say(walk, MISFIT_MISSING, 1, "is missing: there are no rows at all", "缺失：没有任何记录");
    for (size_t i = 1; i < walk->unsealed_count; i++)
        if (walk->unsealed[i].seq < first->seq)
            first = &walk->unsealed[i];
    if (walk->unsealed_count)
        return chain_walk_say(walk, MISFIT_CHANGED, first->seq,
                        "was changed: its personal text or its salt is gone, and no row says that it was erased",
                        "已被改动：其个人信息缺失，而没有删除记录");
    return WALK_FITS;
}

int chain_walk_step(enum walk_result *out, struct chain_walk *walk, int64_t rows, struct err *err)
{
    struct chain_row row;

    *out = WALK_GOES_ON;
    for (int64_t i = 0; i < rows && *out == WALK_GOES_ON; i++) {
        int r;

        arena_reset(&walk->arena);
        r = walk->source.next(walk->source.data, &row, &walk->arena, err);
        if (r == 1)
            r = look_at(out, walk, &row, err);
        else if (r == 0)
            *out = at_end(walk);
        if (r < 0)
            return -1;
    }
    return 0;
}

int64_t chain_walk_seq(const struct chain_walk *walk)
{
    return walk->seq;
}

const uint8_t *chain_walk_value(const struct chain_walk *walk)
{
    return walk->value;
}

const struct misfit *chain_walk_misfit(const struct chain_walk *walk)
{
    return &walk->misfit;
}

size_t chain_walk_erased(const struct chain_walk *walk)
{
    return walk->erased;
}

const char *chain_walk_ledger(const struct chain_walk *walk)
{
    return walk->ledger;
}
