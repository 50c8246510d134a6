/* The history of a member: where they belong, day by day, and their letters of transfer. */
#include "ledger/fold.h"

#include <string.h>

#include "base/buf.h"

enum { PROBATION_MONTHS = 12 }; /* rules.md section 2: one year after admission */

struct folding {
    struct member_fold *out;
    struct contradiction *bad;
    struct arena *arena;
    struct member_state now;
    const struct entry *moved;  /* a member.moved of this day */
    const struct entry *issued; /* the latest letter issued on this day */
    day_t day;
    bool came_today;
};

static void say(struct folding *f, const struct entry *e, enum err_code code, const char *en,
                const char *zh)
{
    contradiction_note(f->bad, e, code, en, zh);
}

static bool member_that_day(const struct folding *f, const struct entry *e)
{
    return f->now.in || f->now.left == e->day;
}

/* True if the member is in; says so otherwise. */
static bool needs_in(struct folding *f, const struct entry *e)
{
    if (f->now.in)
        return true;
    if (f->now.left == e->day)
        say(f, e, ERR_IMPOSSIBLE, "%s has left on that very day", "%s 当日已经离开");
    else
        say(f, e, ERR_NOT_IN_FORCE, "%s is not a member on that date", "%s 在该日期不在册");
    return false;
}

static void *grow(struct folding *f, void *items, size_t n, size_t *cap, size_t size)
{
    void *bigger;

    if (n < *cap)
        return items;
    *cap = *cap ? *cap * 2 : 8;
    bigger = arena_alloc(f->arena, *cap * size);
    if (n)
        memcpy(bigger, items, n * size);
    return bigger;
}

static struct letter *letter_find(struct folding *f, const char *ref)
{
    for (size_t i = 0; i < f->out->letter_count; i++)
        if (strcmp(f->out->letters[i].ref, ref) == 0)
            return &f->out->letters[i];
    return NULL;
}

static struct letter *letter_add(struct folding *f, const struct entry *e)
{
    struct member_fold *out = f->out;
    struct letter *l;

    out->letters = grow(f, out->letters, out->letter_count, &out->letter_cap, sizeof *l);
    l = &out->letters[out->letter_count++];
    memset(l, 0, sizeof *l);
    l->ref = event_text(e->event, F_TRANSFER);
    l->created = e;
    l->issued = l->valid_until = l->received = l->receipted = l->ended = DAY_NONE;
    return l;
}

static void join(struct folding *f, const struct entry *e, const char *branch)
{
    const struct event *ev = e->event;
    const struct value *admitted_on = ev->values[F_ADMITTED_ON];
    struct member_state *m = &f->now;

    if (m->in) {
        say(f, e, ERR_EXISTS, "%s is a member already", "%s 已经在册");
        return;
    }
    memset(m, 0, sizeof *m);
    m->in = true;
    m->since = e->day;
    m->left = DAY_NONE;
    m->away_since = DAY_NONE;
    m->branch = branch;
    m->name = event_text(ev, F_NAME);
    m->stage = event_text(ev, F_STAGE);
    m->unit = event_text(ev, F_UNIT);
    m->role = event_has(ev, F_ROLE) ? event_text(ev, F_ROLE) : "none";
    m->probation_ends = DAY_NONE;
    if (admitted_on)
        m->probation_ends = day_add_months(admitted_on->day, PROBATION_MONTHS);
    else if (e->type == EV_MEMBER_ADMITTED)
        m->probation_ends = day_add_months(e->day, PROBATION_MONTHS);
    f->came_today = true;
}

static void leave(struct folding *f, const struct entry *e)
{
    struct member_state *m = &f->now;

    if (f->came_today) {
        struct day_span *spans;
        size_t n = f->out->passing_count;

        spans = arena_alloc(f->arena, (n + 1) * sizeof *spans);
        if (n)
            memcpy(spans, f->out->passing, n * sizeof *spans);
        spans[n] = (struct day_span){e->day, e->day};
        f->out->passing = spans;
        f->out->passing_count = n + 1;
    }
    m->in = false;
    m->left = e->day;
    m->away = false;
    m->away_since = DAY_NONE;
    m->destination = NULL;
}

static void issue(struct folding *f, const struct entry *e)
{
    const char *to = event_text(e->event, F_TO);
    struct letter *l;

    if (letter_find(f, event_text(e->event, F_TRANSFER)))
        return; /* the transfer's own history says so */
    if (!needs_in(f, e))
        return;
    if (to && strcmp(to, f->now.branch) == 0)
        say(f, e, ERR_IMPOSSIBLE, "%s belongs to that branch already", "%s 已属于该支部");
    l = letter_add(f, e);
    l->from = f->now.branch;
    l->to = to;
    l->to_outside = to == NULL;
    l->issued = e->day;
    l->valid_until = e->day + (day_t)event_int(e->event, F_VALID_DAYS, 0);
    l->state = LETTER_ISSUED;
    f->issued = e;
}

static void receive(struct folding *f, const struct entry *e)
{
    struct letter *l;

    if (event_has(e->event, F_FROM_NAME)) {
        join(f, e, event_text(e->event, F_BRANCH));
        if (letter_find(f, event_text(e->event, F_TRANSFER)))
            return;
        l = letter_add(f, e);
        l->to = event_text(e->event, F_BRANCH);
        l->from_outside = true;
        l->received = e->day;
        l->state = LETTER_RECEIVED;
        return;
    }
    l = letter_find(f, event_text(e->event, F_TRANSFER));
    if (!l || l->state != LETTER_ISSUED) {
        say(f, e, ERR_IMPOSSIBLE, "the letter of %s is not open on that date",
            "%s 的介绍信在该日期并非待接收状态");
        return;
    }
    l->state = LETTER_RECEIVED;
    l->received = e->day;
    f->now.away = false;
    f->now.away_since = DAY_NONE;
    f->now.destination = NULL;
    if (!l->to)
        leave(f, e);
    else if (strcmp(l->to, f->now.branch) == 0)
        say(f, e, ERR_IMPOSSIBLE, "%s belongs to that branch already", "%s 已属于该支部");
    else
        f->now.branch = l->to;
}

static void end_letter(struct folding *f, const struct entry *e)
{
    struct letter *l = letter_find(f, event_text(e->event, F_TRANSFER));
    bool receipt = e->type == EV_TRANSFER_RECEIPTED;

    /* A letter that ended with its member's leaving may still be cancelled in words that day. */
    if (l && !receipt && l->state == LETTER_CANCELLED && l->ended == e->day && f->now.left == e->day)
        return;
    if (!l || l->state != (receipt ? LETTER_RECEIVED : LETTER_ISSUED)) {
        say(f, e, ERR_IMPOSSIBLE,
            receipt ? "the letter of %s has not been received by that date, or its receipt is back"
                    : "the letter of %s is not open on that date",
            receipt ? "%s 的介绍信在该日期尚未接收，或回执已收到" : "%s 的介绍信在该日期并非待接收状态");
        return;
    }
    l->state = receipt ? LETTER_RECEIPTED : LETTER_CANCELLED;
    l->ended = e->day;
    if (receipt)
        l->receipted = e->day;
}

static void left(struct folding *f, const struct entry *e)
{
    if (!needs_in(f, e))
        return;
    for (size_t i = 0; i < f->out->letter_count; i++) {
        struct letter *l = &f->out->letters[i];

        if (l->state == LETTER_ISSUED) {
            l->state = LETTER_CANCELLED;
            l->ended = e->day;
        }
    }
    leave(f, e);
}

static void away(struct folding *f, const struct entry *e)
{
    if (!needs_in(f, e))
        return;
    if (!f->now.away)
        f->now.away_since = e->day;
    f->now.away = true;
    f->now.fixed = event_int(e->event, F_FIXED, 0) != 0;
    f->now.destination = event_text(e->event, F_DESTINATION);
}

static void moved(struct folding *f, const struct entry *e)
{
    if (!needs_in(f, e))
        return;
    if (strcmp(event_text(e->event, F_BRANCH), f->now.branch) == 0)
        say(f, e, ERR_IMPOSSIBLE, "%s belongs to that branch already", "%s 已属于该支部");
    f->now.branch = event_text(e->event, F_BRANCH);
    f->moved = e;
}

static void changed(struct folding *f, const struct entry *e)
{
    const struct event *ev = e->event;

    if (!needs_in(f, e))
        return;
    if (event_has(ev, F_NAME))
        f->now.name = event_text(ev, F_NAME);
    if (event_has(ev, F_UNIT))
        f->now.unit = event_text(ev, F_UNIT);
    if (event_has(ev, F_ROLE))
        f->now.role = event_text(ev, F_ROLE);
}

static void stage_event(struct folding *f, const struct entry *e)
{
    if (!needs_in(f, e))
        return;
    if (strcmp(f->now.stage, "full") == 0) {
        say(f, e, ERR_IMPOSSIBLE, "%s is a full member already", "%s 已是正式党员");
        return;
    }
    if (e->type == EV_MEMBER_CONVERTED)
        f->now.stage = "full";
    else
        f->now.probation_ends = e->event->values[F_UNTIL]->day;
}

static void apply(struct folding *f, const struct entry *e)
{
    switch (e->type) {
    case EV_MEMBER_ADMITTED:
        join(f, e, event_text(e->event, F_BRANCH));
        break;
    case EV_MEMBER_CONVERTED:
    case EV_MEMBER_EXTENDED:
        stage_event(f, e);
        break;
    case EV_MEMBER_CHANGED:
        changed(f, e);
        break;
    case EV_MEMBER_MOVED:
        moved(f, e);
        break;
    case EV_MEMBER_LEFT:
        left(f, e);
        break;
    case EV_MEMBER_AWAY:
        away(f, e);
        break;
    case EV_MEMBER_RETURNED:
        if (needs_in(f, e) && !f->now.away)
            say(f, e, ERR_IMPOSSIBLE, "%s is not away on that date", "%s 在该日期并未外出");
        f->now.away = false;
        f->now.away_since = DAY_NONE;
        f->now.destination = NULL;
        break;
    case EV_TRANSFER_ISSUED:
        issue(f, e);
        break;
    case EV_TRANSFER_RECEIVED:
        receive(f, e);
        break;
    case EV_TRANSFER_RECEIPTED:
    case EV_TRANSFER_CANCELLED:
        end_letter(f, e);
        break;
    case EV_EXEMPTION_ENDED:
        return;
    default:
        if (!member_that_day(f, e))
            say(f, e, ERR_NOT_IN_FORCE, "%s is not a member on that date",
                "%s 在该日期不在册");
        return;
    }
    f->now.seq = e->seq;
}

/* What concerns two things at once is judged at the end of the day (ledger.md section 2). */
static void end_day(struct folding *f)
{
    struct member_fold *out = f->out;
    const struct entry *open = NULL;
    size_t count = 0;

    for (size_t i = 0; i < out->letter_count; i++)
        if (out->letters[i].state == LETTER_ISSUED) {
            open = out->letters[i].created;
            count++;
        }
    if (count > 1)
        say(f, f->issued ? f->issued : open, ERR_IMPOSSIBLE,
            "another letter of %s is open on that date", "%s 在该日期另有未接收的介绍信");
    if (count > 0 && f->moved)
        say(f, f->moved, ERR_IMPOSSIBLE, "a letter of %s is open on that date",
            "%s 在该日期有未接收的介绍信");
    f->moved = f->issued = NULL;
    f->came_today = false;
    if (f->now.from != f->day)
        return;
    out->states = grow(f, out->states, out->n, &out->cap, sizeof *out->states);
    out->states[out->n++] = f->now;
}

static bool comes(const struct entry *e)
{
    return e->rank == 0 &&
           (e->type == EV_MEMBER_ADMITTED || e->type == EV_TRANSFER_RECEIVED);
}

/* Those who come on a day are there for all of that day's events. */
static void apply_run(struct folding *f, const struct history *h, size_t first, size_t end)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = first; i < end; i++) {
            const struct entry *e = &h->entries[i];

            if (comes(e) != (pass == 0))
                continue;
            apply(f, e);
            if (e->event)
                f->now.from = e->day;
        }
}

void fold_member(struct member_fold *out, struct contradiction *bad, const struct history *h,
                 struct arena *arena)
{
    struct folding f = {.out = out, .bad = bad, .arena = arena};
    size_t i = 0;

    memset(out, 0, sizeof *out);
    f.now.from = f.now.left = f.now.away_since = f.now.probation_ends = DAY_NONE;
    while (i < h->n) {
        size_t end = i;

        while (end < h->n && h->entries[end].day == h->entries[i].day)
            end++;
        f.day = h->entries[i].day;
        apply_run(&f, h, i, end);
        end_day(&f);
        i = end;
    }
}
