#include "fields.h"

#include <jansson.h>
#include <string.h>

#include "field_value.h"
#include "say.h"

struct field_help {
    const char *option; /* NULL: the field's name, with dashes */
    const char *alias;  /* a second name, not shown */
    const char *value;
    const char *en;
};

static const struct field_help helps[F_COUNT] = {
    [F_ABOVE_SCALE] = {"above-scale", NULL, NULL, N_("above the designated size")},
    [F_ABSENT] = {NULL, NULL, "MEMBER=REASON", N_("who was absent and why; may be repeated")},
    [F_ADMITTED_ON] = {"admitted-on", NULL, "D", N_("day of admission, if before --at")},
    [F_ALERT] = {NULL, NULL, "NUMBER", N_("the alert's number")},
    [F_ALLIANCE] = {NULL, NULL, "ALLIANCE", N_("the alliance")},
    [F_AREA] = {NULL, NULL, "AREA", N_("area code")},
    [F_AREAS] = {"areas", NULL, "A[,A]", N_("areas in scope (prefixes); \"*\": the whole district")},
    [F_AUDIENCE] = {NULL, NULL, "TEXT", N_("for whom it was")},
    [F_BODY] = {NULL, NULL, "BODY", N_("the body")},
    [F_BRANCH] = {NULL, NULL, "BRANCH", N_("the branch")},
    [F_BRANCHES] = {"branches", NULL, "B[,B]", N_("branches")},
    [F_CHANNEL] = {NULL, NULL, "WORD", N_("visit, phone, message, letter or other")},
    [F_COMMITTEE] = {NULL, NULL, NULL, N_("has a committee")},
    [F_CYCLE] = {NULL, NULL, "YEAR", N_("year of the rating")},
    [F_DESTINATION] = {NULL, NULL, "PLACE", N_("where to (province level)")},
    [F_DUE_COUNT] = {"due", "due-count", "N", N_("how many should have come")},
    [F_DURATION_MIN] = {"duration-min", NULL, "N", N_("minutes it took")},
    [F_ELIGIBLE] = {NULL, NULL, NULL, N_("could have a branch")},
    [F_EVENT] = {NULL, NULL, "EVENT", N_("the event: its id, or its number")},
    [F_EXEMPTION] = {NULL, NULL, "EXEMPTION", N_("the exemption")},
    [F_FIXED] = {NULL, NULL, NULL, N_("a settled place")},
    [F_FORM] = {NULL, NULL, "WORD", N_("own, joint, mobile or general")},
    [F_FROM_NAME] = {"from-name", NULL, "NAME", N_("the sender outside this ledger")},
    [F_GROUPS] = {NULL, NULL, "N", N_("number of groups")},
    [F_GUESTS] = {NULL, NULL, "N", N_("guests present")},
    [F_HOST] = {NULL, NULL, "TEXT", N_("who held it")},
    [F_HOST_BRANCH] = {"host-branch", NULL, "TEXT", N_("the branch there")},
    [F_HOURS] = {NULL, NULL, "H", N_("class hours")},
    [F_INTO] = {NULL, NULL, "BRANCH", N_("the branch it went into")},
    [F_KEPT] = {NULL, NULL, "HASH", N_("for the daemon to write")},
    [F_KINDS] = {"kind", "kinds", "K[,K]", N_("kinds of meeting, such as theme_day")},
    [F_KEY] = {NULL, NULL, "NAME", N_("the name of the key")},
    [F_MEMBER] = {NULL, NULL, "MEMBER", N_("the member")},
    [F_NAME] = {NULL, NULL, "NAME", N_("name")},
    [F_NEW] = {NULL, NULL, NULL, N_("newly admitted (no: entered from a roster)")},
    [F_NOTE] = {NULL, NULL, "TEXT", N_("a note")},
    [F_NUMBER] = {NULL, NULL, "TEXT", N_("the letter's own number")},
    [F_OFFICE] = {NULL, NULL, "OFFICE", N_("the office, such as deputy_secretary")},
    [F_PERSON] = {NULL, NULL, "NAME", N_("who")},
    [F_PLACE] = {NULL, NULL, "TEXT", N_("where")},
    [F_PRESENT] = {NULL, NULL, "M[,M]", N_("members present")},
    [F_PRESENT_COUNT] = {"count", "present-count", "N", N_("how many were present")},
    [F_PRESENTER] = {NULL, NULL, "TEXT", N_("who presented")},
    [F_PUBLIC] = {NULL, NULL, "KEY", N_("its public part, as muster key new prints it")},
    [F_REASON] = {NULL, NULL, "REASON", N_("why")},
    [F_ROLE] = {NULL, NULL, "WORD", N_("none, secretary or officer")},
    [F_RUBRIC] = {NULL, NULL, "TEXT", N_("by which rubric")},
    [F_RULES] = {"rules", "rule", "R[,R]", N_("rules exempted from, or \"*\"")},
    [F_SCORE] = {NULL, NULL, "NUMBER", N_("score")},
    [F_SECTOR] = {NULL, NULL, "WORD", NC_("fields", "enterprise or association")},
    [F_STAFF] = {NULL, NULL, "N", N_("number of staff")},
    [F_STAGE] = {NULL, NULL, "WORD", N_("probationary or full")},
    [F_STARS] = {NULL, NULL, "0..5", N_("stars")},
    [F_SUBJECT] = {NULL, NULL, "KIND:REF", N_("the subject")},
    [F_TAGS] = {"tag", "tags", "TEXT", N_("a tag; may be repeated")},
    [F_TERM_STARTED] = {"term-started", NULL, "D", N_("day the term began")},
    [F_TERM_YEARS] = {"term-years", NULL, "N", N_("years of a term")},
    [F_TITLE] = {NULL, NULL, "TEXT", N_("title")},
    [F_TO] = {NULL, NULL, "BRANCH", N_("the receiving branch")},
    [F_TO_NAME] = {"to-name", NULL, "NAME", N_("the receiver outside this ledger")},
    [F_TOPICS] = {"topic", "topics", "TEXT", N_("a topic; may be repeated")},
    [F_TRAINER] = {NULL, NULL, "TEXT", N_("who taught")},
    [F_TRANSFER] = {NULL, NULL, "TRANSFER", N_("the transfer")},
    [F_UNIT] = {NULL, NULL, "UNIT", N_("the unit")},
    [F_UNITS] = {NULL, NULL, "U[,U]", N_("units")},
    [F_UNTIL] = {NULL, NULL, "D", N_("until that day, included")},
    [F_VALID_DAYS] = {"valid-days", NULL, "N", N_("days the letter is good for")},
    [F_WITH] = {NULL, NULL, "B[,B]", N_("branches that held it together")},
    [F_WORD] = {NULL, NULL, "WORD", N_("the one-time word of a message")},
};

static const struct option_spec of_all[] = {
    {"at", OPTION_TIME, "T", NULL, N_("when it happened")},
    {"replaces", OPTION_TEXT, "EVENT", NULL, N_("corrects that event (id or number)")},
    {"extra", OPTION_TEXT, "JSON", NULL, N_("fields of your own, a JSON object")},
    {"id", OPTION_TEXT, "UUID", NULL, N_("the event's id (else a new one)")},
    {"no-outbox", OPTION_FLAG, NULL, NULL, N_("keep nothing on this machine if musterd is away")},
    {"yes", OPTION_FLAG, NULL, NULL, N_("do not ask about what is unusual")},
};

const char *field_option(enum field_id id)
{
    return helps[id].option ? helps[id].option : field_name(id);
}

const char *field_word(enum field_id id)
{
    return helps[id].value ? helps[id].value : "yes|no";
}

static enum option_kind kind_of(const struct field_spec *field)
{
    if (field->kind == VALUE_BOOL)
        return OPTION_YES_NO;
    return field->kind == VALUE_DATE ? OPTION_DATE : OPTION_TEXT;
}

static void add(struct option_set *set, struct option_spec spec)
{
    ARRAY_GROW(set->specs, set->count, set->cap);
    set->specs[set->count++] = spec;
}

static void add_subject(struct option_set *set)
{
    add(set, (struct option_spec){"branch", OPTION_TEXT, "BRANCH", "subject", N_("a branch is meant")});
    add(set, (struct option_spec){"member", OPTION_TEXT, "MEMBER", "subject", N_("a member is meant")});
    add(set, (struct option_spec){"unit", OPTION_TEXT, "UNIT", "subject", N_("a unit is meant")});
}

void fields_options(struct option_set *set, const struct verb *verb)
{
    const struct type_spec *type = catalogue_type(verb->type);

    for (size_t i = 0; i < type->field_count; i++) {
        const struct field_spec *field = &type->fields[i];
        const struct field_help *help = &helps[field->id];
        struct option_spec spec = {field_option(field->id), kind_of(field), field_word(field->id),
                                   field_name(field->id), help->en};

        if (field->kind == VALUE_SUBJECT)
            add_subject(set);
        for (size_t w = 0; w < verb->max_words && w < VERB_WORDS; w++)
            if (verb->word_fields[w] == field->id)
                spec.en = NULL; /* the help shows it as a word */
        add(set, spec);
        if (help->alias) {
            spec.name = help->alias;
            spec.en = NULL;
            add(set, spec);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(of_all); i++)
        add(set, of_all[i]);
}

/* The values given for a field: its word first, then its options. */
static size_t values_of(struct field_value *values, size_t most, const struct draft *draft,
                        const struct field_spec *field)
{
    const struct arguments *args = draft->args;
    const struct verb *verb = args->verb;
    size_t n = 0;

    for (size_t w = 0; w < verb->max_words && w < VERB_WORDS; w++)
        if (verb->word_fields[w] == field->id && w < args->word_count)
            values[n++] = (struct field_value){field_option(field->id), args->words[w]};
    for (size_t i = 0; i < args->given_count && n < most; i++)
        if (args->given[i].spec->field && strcmp(args->given[i].spec->field, field_name(field->id)) == 0)
            values[n++] = (struct field_value){args->given[i].spec->name, args->given[i].value};
    if (n == 0 && draft->made_ref && verb->word_fields[0] == field->id)
        values[n++] = (struct field_value){field_option(field->id), draft->made_ref};
    return n;
}

static int missing(const struct draft *draft, const struct field_spec *field, struct err *err)
{
    const struct verb *verb = draft->args->verb;

    for (size_t w = 0; w < verb->max_words && w < VERB_WORDS; w++)
        if (verb->word_fields[w] == field->id)
            return err_say(err, ERR_MISSING_FIELD, NULL, "%s is missing; see: muster %s --help",
                           "缺少 %s；请看：muster %s --help", field_word(field->id), verb->name);
    if (field->kind == VALUE_SUBJECT)
        return err_say(err, ERR_MISSING_FIELD, NULL, "one of --branch, --member, --unit is missing",
                       "缺少 --branch、--member 或 --unit");
    return err_say(err, ERR_MISSING_FIELD, NULL, "--%s is missing; see: muster %s --help",
                   "缺少 --%s；请看：muster %s --help", field_option(field->id), verb->name);
}

static int write_field(struct json *j, const struct draft *draft, const struct field_spec *field, struct err *err)
{
    enum { VALUES_MAX = 2000 }; /* repeats of one option: beyond any shell's command line in use */
    _cleanup_free_ struct field_value *values = mem_alloc((VALUES_MAX + VERB_WORDS + 1) * sizeof *values);
    size_t n = values_of(values, VALUES_MAX, draft, field);

    if (n == 0)
        return field->flags & FIELD_REQUIRED ? missing(draft, field, err) : 0;
    json_key(j, field_name(field->id));
    return field_value_write(j, field, values, n, draft->today, err);
}

static int write_extra(struct json *j, const char *extra, struct err *err)
{
    json_t *object = json_loads(extra, JSON_REJECT_DUPLICATES, NULL);
    bool fits = json_is_object(object);

    json_decref(object);
    if (!fits)
        return err_say(err, ERR_INVALID_VALUE, NULL, "--extra needs a JSON object, such as '{\"page\": 12}'",
                       "--extra 需要 JSON 对象，例如 '{\"page\": 12}'");
    json_key(j, "extra");
    json_raw(j, extra, strlen(extra));
    return 0;
}

int fields_write(struct buf *out, const struct draft *draft, struct err *err)
{
    const struct type_spec *type = catalogue_type(draft->args->verb->type);
    const char *extra = arguments_value(draft->args, "extra");
    struct json j = json_to(out);

    json_open(&j, '{');
    json_kv_str(&j, "id", draft->id);
    json_kv_str(&j, "type", type->name);
    json_kv_str(&j, "at", draft->at);
    if (draft->replaces)
        json_kv_str(&j, "replaces", draft->replaces);
    for (size_t i = 0; i < type->field_count; i++)
        if (write_field(&j, draft, &type->fields[i], err))
            return 1;
    if (extra && write_extra(&j, extra, err))
        return 1;
    json_close(&j, '}');
    return 0;
}
