/* One row of each register, as it was on the day asked for. */
#include <string.h>

#include "query/list.h"
#include "query/registers.h"

static void optional_str(struct json *out, const char *key, const char *text)
{
    if (text)
        json_kv_str(out, key, text);
}

static void optional_day(struct json *out, const char *key, day_t day)
{
    if (day != DAY_NONE)
        json_kv_day(out, key, day);
}

static void write_refs(struct json *out, const char *key, const char *const *refs, size_t n)
{
    json_key(out, key);
    json_open(out, '[');
    for (size_t i = 0; i < n; i++)
        json_str(out, refs[i]);
    json_close(out, ']');
}

static void write_values(struct json *out, const char *key, const struct value *list)
{
    json_key(out, key);
    json_open(out, '[');
    for (size_t i = 0; list && i < list->count; i++)
        json_strn(out, list->items[i].s, list->items[i].len);
    json_close(out, ']');
}

static bool text_is(const char *text, const char *wanted)
{
    return !wanted || (text && strcmp(text, wanted) == 0);
}

static bool narrowed(const struct listing *l)
{
    return l->area || l->sector;
}

static bool region_passes(const struct listing *l, const char *area, const char *sector)
{
    return (!l->area || area_within(area, l->area)) && text_is(sector, l->sector);
}

static int branch_passes(bool *out, const struct listing *l, const char *branch, struct err *err)
{
    struct region region;
    int64_t key;
    int r;

    *out = !narrowed(l);
    if (*out || !branch)
        return 0;
    r = store_subject_find(&key, l->ask->store, SUBJECT_BRANCH, branch, err);
    if (r != 1)
        return r;
    if (ask_region(&region, l->ask, SUBJECT_BRANCH, key, l->ask->day, err) < 0)
        return -1;
    *out = region_passes(l, region.area, region.sector);
    return 0;
}

static int write_member_counts(struct json *out, const struct listing *l, int64_t branch, struct err *err)
{
    struct asking *ask = l->ask;
    int64_t members = 0, full = 0;
    struct stint *stints;
    size_t n;

    if (store_stints(&stints, &n, &ask->scratch, ask->store, SQL_STINTS_OF_BRANCH, branch, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (stints[i].from > ask->day || ask->day >= stints[i].to)
            continue;
        members++;
        full += stints[i].full;
    }
    json_kv_int(out, "members", members);
    json_kv_int(out, "full_members", full);
    return 0;
}

static int branch_row(struct json *out, const struct listing *l, int64_t key, const char *ref,
                      struct err *err)
{
    struct branch_record b;
    struct history h;

    if (ask_history(&h, l->ask, &l->ask->scratch, key, l->ask->day, err) < 0)
        return -1;
    branch_fold(&b, h.entries, h.n);
    if (!b.known || (!l->all && b.dissolved != DAY_NONE) || !text_is(ref, l->branch) ||
        !region_passes(l, b.area, b.sector))
        return 0;
    json_open(out, '{');
    json_kv_str(out, "branch", ref);
    json_kv_str(out, "name", b.name);
    json_kv_str(out, "form", b.form);
    json_kv_str(out, "sector", b.sector);
    optional_str(out, "area", b.area);
    write_values(out, "units", b.units);
    json_kv_bool(out, "committee", b.committee);
    json_kv_int(out, "groups", b.groups);
    optional_day(out, "term_ends", b.term_ends);
    if (b.stars >= 0)
        json_kv_int(out, "stars", b.stars);
    if (write_member_counts(out, l, key, err) < 0)
        return -1;
    json_kv_day(out, "founded", b.founded);
    optional_day(out, "dissolved", b.dissolved);
    json_close(out, '}');
    return 1;
}

static int member_row(struct json *out, const struct listing *l, int64_t key, const char *ref,
                      struct err *err)
{
    struct contradiction bad = {0};
    const struct member_state *m;
    struct member_fold fold;
    struct history h;
    bool passes;

    if (ask_history(&h, l->ask, &l->ask->scratch, key, l->ask->day, err) < 0)
        return -1;
    fold_member(&fold, &bad, &h, &l->ask->scratch);
    if (fold.n == 0)
        return 0;
    m = &fold.states[fold.n - 1];
    if (!m->branch || (!l->all && !m->in) || !text_is(m->branch, l->branch))
        return 0;
    if (branch_passes(&passes, l, m->branch, err) < 0)
        return -1;
    if (!passes)
        return 0;
    json_open(out, '{');
    json_kv_str(out, "member", ref);
    json_kv_str(out, "name", m->name ? m->name : "");
    json_kv_str(out, "branch", m->branch);
    optional_str(out, "unit", m->unit);
    json_kv_str(out, "stage", m->stage);
    json_kv_str(out, "role", m->role);
    json_kv_str(out, "presence", m->away ? "away" : "home");
    json_kv_day(out, "since", m->since);
    optional_day(out, "left", m->in ? DAY_NONE : m->left);
    json_close(out, '}');
    return 1;
}

static void write_fact(struct json *out, const struct frame *frame, enum fact_id id)
{
    const struct fact *fact = &frame->facts[id];

    switch (fact->type) {
    case FACT_UNSET:
        break;
    case FACT_NUMBER:
        json_kv_int(out, fact_name(id), fact->number);
        break;
    case FACT_BOOL:
        json_kv_bool(out, fact_name(id), fact->number != 0);
        break;
    case FACT_TEXT:
        json_kv_str(out, fact_name(id), fact->text);
        break;
    }
}

enum { FACTS_MAX_BYTES = 16 * 1024 * 1024 };

static int unit_row(struct json *out, const struct listing *l, int64_t key, const char *ref,
                    struct err *err)
{
    static const enum fact_id facts[] = {FACT_STAFF,        FACT_ELIGIBLE, FACT_ABOVE_SCALE,
                                         FACT_FULL_MEMBERS, FACT_COVERED,  FACT_OWN_BRANCH};
    const struct subject_data *data;
    const struct frame *frame;
    struct unit_record u;
    struct history h;
    int r;

    if (ask_history(&h, l->ask, &l->ask->scratch, key, l->ask->day, err) < 0)
        return -1;
    unit_fold(&u, h.entries, h.n);
    if (!u.known || (!l->all && u.closed != DAY_NONE) || !region_passes(l, u.area, u.sector))
        return 0;
    if (facts_size(ask_facts(l->ask)) > FACTS_MAX_BYTES)
        facts_reset(ask_facts(l->ask));
    r = facts_subject(&data, ask_facts(l->ask), key, false, err);
    frame = r == 1 ? frame_on(data, l->ask->day) : NULL;
    if (r < 0 || !frame)
        return r < 0 ? -1 : 0;
    json_open(out, '{');
    json_kv_str(out, "unit", ref);
    json_kv_str(out, "name", u.name);
    json_kv_str(out, "sector", u.sector);
    optional_str(out, "area", u.area);
    for (size_t i = 0; i < ARRAY_LEN(facts); i++)
        write_fact(out, frame, facts[i]);
    json_kv_day(out, "registered", u.registered);
    optional_day(out, "closed", u.closed);
    json_close(out, '}');
    return 1;
}

/* A letter belongs to its member's history. 1 found, 0 none, -1. */
static int find_letter(const struct letter **out, const char **member_out, const struct listing *l,
                       int64_t key, const char *ref, struct err *err)
{
    struct asking *ask = l->ask;
    struct reading rd = ask_reading(ask, &ask->scratch);
    struct contradiction bad = {0};
    struct member_fold fold;
    struct stored *creator;
    struct history h;
    int64_t member;
    int r = history_creator_of(&creator, &rd, SUBJECT_TRANSFER, key, err);

    if (r != 1)
        return r;
    *member_out = event_text(&creator->event, F_MEMBER);
    r = store_subject_find(&member, ask->store, SUBJECT_MEMBER, *member_out, err);
    if (r != 1)
        return r;
    if (ask_history(&h, ask, &ask->scratch, member, ask->day, err) < 0)
        return -1;
    fold_member(&fold, &bad, &h, &ask->scratch);
    for (size_t i = 0; i < fold.letter_count; i++)
        if (strcmp(fold.letters[i].ref, ref) == 0) {
            *out = &fold.letters[i];
            return 1;
        }
    return 0;
}

static int letter_passes(bool *out, const struct listing *l, const struct letter *letter,
                         struct err *err)
{
    bool to = false;

    *out = !l->branch || (letter->from && strcmp(letter->from, l->branch) == 0) ||
           (letter->to && strcmp(letter->to, l->branch) == 0);
    if (!*out || !narrowed(l))
        return 0;
    if (branch_passes(out, l, letter->from, err) < 0 || branch_passes(&to, l, letter->to, err) < 0)
        return -1;
    *out = *out || to;
    return 0;
}

static int transfer_row(struct json *out, const struct listing *l, int64_t key, const char *ref,
                        struct err *err)
{
    static const char *const states[] = {
        [LETTER_ISSUED] = "issued", [LETTER_RECEIVED] = "received",
        [LETTER_RECEIPTED] = "receipted", [LETTER_CANCELLED] = "cancelled"};
    const struct letter *letter;
    const struct event *e;
    const char *member;
    bool passes;
    int r = find_letter(&letter, &member, l, key, ref, err);

    if (r != 1)
        return r;
    if (letter_passes(&passes, l, letter, err) < 0)
        return -1;
    if (!passes || (!l->all && letter->ended != DAY_NONE))
        return 0;
    e = letter->created->event;
    json_open(out, '{');
    json_kv_str(out, "transfer", ref);
    optional_str(out, "number", event_text(e, F_NUMBER));
    json_kv_str(out, "member", member);
    optional_str(out, "from", letter->from);
    optional_str(out, "from_name", event_text(e, F_FROM_NAME));
    optional_str(out, "to", letter->to);
    optional_str(out, "to_name", event_text(e, F_TO_NAME));
    json_kv_str(out, "state", states[letter->state]);
    optional_day(out, "issued", letter->issued);
    optional_day(out, "valid_until", letter->valid_until);
    optional_day(out, "received", letter->received);
    optional_day(out, "ended", letter->ended);
    json_close(out, '}');
    return 1;
}

static int alliance_row(struct json *out, const struct listing *l, int64_t key, const char *ref,
                        struct err *err)
{
    struct alliance_record a;
    struct history h;
    bool passes;

    if (ask_history(&h, l->ask, &l->ask->scratch, key, l->ask->day, err) < 0)
        return -1;
    alliance_fold(&a, &l->ask->scratch, h.entries, h.n);
    passes = l->branch == NULL;
    for (size_t i = 0; i < a.branch_count && !passes; i++)
        passes = strcmp(a.branches[i], l->branch) == 0;
    if (!a.known || !passes)
        return 0;
    json_open(out, '{');
    json_kv_str(out, "alliance", ref);
    json_kv_str(out, "name", a.name);
    write_refs(out, "branches", a.branches, a.branch_count);
    write_refs(out, "units", a.units, a.unit_count);
    json_kv_day(out, "formed", a.formed);
    json_close(out, '}');
    return 1;
}

/* Whether an exemption's subject is the branch asked for, or a member of it. */
static int exempts_branch(bool *out, const struct listing *l, const struct value *subject, int64_t key,
                          struct err *err)
{
    int64_t branches[BRANCHES_OF_MAX];
    size_t n;

    *out = !l->branch || (subject->subject == SUBJECT_BRANCH && key == l->branch_key);
    if (*out || subject->subject != SUBJECT_MEMBER)
        return 0;
    if (ask_branches_of_member(branches, &n, l->ask, key, l->ask->day, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        *out = *out || branches[i] == l->branch_key;
    return 0;
}

static int exemption_passes(bool *out, const struct listing *l, const struct value *subject,
                            struct err *err)
{
    int64_t key;
    int r = store_subject_find(&key, l->ask->store, subject->subject, subject->text.s, err);

    *out = false;
    if (r != 1)
        return r;
    if (exempts_branch(out, l, subject, key, err) < 0)
        return -1;
    if (!*out || !narrowed(l))
        return 0;
    return ask_subject_within(out, l->ask, key, l->area, l->sector, l->ask->day, err);
}

static int exemption_row(struct json *out, const struct listing *l, int64_t key, const char *ref,
                         struct err *err)
{
    const struct event *granted;
    struct contradiction bad = {0};
    struct lifetime life;
    struct history h;
    bool passes;

    if (ask_history(&h, l->ask, &l->ask->scratch, key, l->ask->day, err) < 0)
        return -1;
    fold_lifetime(&life, &bad, &h, SUBJECT_EXEMPTION);
    if (!life.created)
        return 0;
    granted = life.created->event;
    if (!l->all && (life.ended || granted->values[F_UNTIL]->day < l->ask->day))
        return 0;
    if (exemption_passes(&passes, l, granted->values[F_SUBJECT], err) < 0)
        return -1;
    if (!passes)
        return 0;
    json_open(out, '{');
    json_kv_str(out, "exemption", ref);
    json_key(out, "subject");
    write_subject(out, granted->values[F_SUBJECT]->subject, granted->values[F_SUBJECT]->text.s);
    write_values(out, "rules", granted->values[F_RULES]);
    json_kv_day(out, "from", granted->day);
    json_kv_day(out, "until", granted->values[F_UNTIL]->day);
    optional_day(out, "ended", life.ended ? life.ended->day : DAY_NONE);
    optional_str(out, "reason", event_text(granted, F_REASON));
    json_close(out, '}');
    return 1;
}

void write_tenure(struct json *out, const char *body, const struct tenure *t)
{
    json_open(out, '{');
    json_kv_str(out, "body", body);
    json_kv_str(out, "office", t->office);
    json_kv_str(out, "person", t->person ? t->person : "");
    json_kv_day(out, "since", t->since);
    optional_day(out, "left", t->left);
    json_close(out, '}');
}

/* For show: the body with those who hold its offices. */
static int body_row(struct json *out, const struct listing *l, int64_t key, const char *ref,
                    struct err *err)
{
    struct tenure *tenures;
    struct history h;
    size_t n;

    if (ask_history(&h, l->ask, &l->ask->scratch, key, l->ask->day, err) < 0)
        return -1;
    n = tenures_fold(&tenures, &l->ask->scratch, h.entries, h.n);
    if (n == 0)
        return 0;
    json_open(out, '{');
    json_kv_str(out, "body", ref);
    json_key(out, "offices");
    json_open(out, '[');
    for (size_t i = 0; i < n; i++)
        if (tenures[i].left == DAY_NONE)
            write_tenure(out, ref, &tenures[i]);
    json_close(out, ']');
    json_close(out, '}');
    return 1;
}

const struct register_kind register_kinds[SUBJECT_KIND_COUNT] = {
    [SUBJECT_BRANCH] = {"branches", SUBJECT_BRANCH, true, true, branch_row},
    [SUBJECT_MEMBER] = {"members", SUBJECT_MEMBER, true, true, member_row},
    [SUBJECT_UNIT] = {"units", SUBJECT_UNIT, true, true, unit_row},
    [SUBJECT_TRANSFER] = {"transfers", SUBJECT_TRANSFER, true, true, transfer_row},
    [SUBJECT_ALLIANCE] = {"alliances", SUBJECT_ALLIANCE, false, true, alliance_row},
    [SUBJECT_BODY] = {"offices", SUBJECT_BODY, false, false, body_row},
    [SUBJECT_EXEMPTION] = {"exemptions", SUBJECT_EXEMPTION, true, true, exemption_row},
};
