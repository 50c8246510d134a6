#include "fields.h"

#include <jansson.h>
#include <string.h>

#include "field_value.h"
#include "say.h"

struct field_help {
    const char *option; /* NULL: the field's name, with dashes */
    const char *alias;  /* a second name, not shown */
    const char *value;
    const char *en, *zh;
};

static const struct field_help helps[F_COUNT] = {
    [F_ABOVE_SCALE] = {"above-scale", NULL, NULL, "above the designated size", "是否规模以上"},
    [F_ABSENT] = {NULL, NULL, "MEMBER=REASON", "who was absent and why; may be repeated", "缺席者及原因，可重复"},
    [F_ADMITTED_ON] = {"admitted-on", NULL, "D", "day of admission, if before --at", "入党日期（早于 --at 时）"},
    [F_ALERT] = {NULL, NULL, "NUMBER", "the alert's number", "预警编号"},
    [F_ALLIANCE] = {NULL, NULL, "ALLIANCE", "the alliance", "联盟"},
    [F_AREA] = {NULL, NULL, "AREA", "area code", "区划代码"},
    [F_AREAS] = {"areas", NULL, "A[,A]", "areas in scope (prefixes); \"*\": the whole district", "范围内的区划（前缀）；“*”为全区"},
    [F_AUDIENCE] = {NULL, NULL, "TEXT", "for whom it was", "培训对象"},
    [F_BODY] = {NULL, NULL, "BODY", "the body", "机构"},
    [F_BRANCH] = {NULL, NULL, "BRANCH", "the branch", "支部"},
    [F_BRANCHES] = {"branches", NULL, "B[,B]", "branches", "各支部"},
    [F_CHANNEL] = {NULL, NULL, "WORD", "visit, phone, message, letter or other", "方式：visit、phone、message、letter、other"},
    [F_COMMITTEE] = {NULL, NULL, NULL, "has a committee", "设支委会"},
    [F_CYCLE] = {NULL, NULL, "YEAR", "year of the rating", "评定年度"},
    [F_DESTINATION] = {NULL, NULL, "PLACE", "where to (province level)", "去向（省级）"},
    [F_DUE_COUNT] = {"due", "due-count", "N", "how many should have come", "应到人数"},
    [F_DURATION_MIN] = {"duration-min", NULL, "N", "minutes it took", "时长（分钟）"},
    [F_ELIGIBLE] = {NULL, NULL, NULL, "could have a branch", "具备建立条件"},
    [F_EVENT] = {NULL, NULL, "EVENT", "the event: its id, or its number", "事件的 id 或序号"},
    [F_EXEMPTION] = {NULL, NULL, "EXEMPTION", "the exemption", "豁免编号"},
    [F_FIXED] = {NULL, NULL, NULL, "a settled place", "去向固定"},
    [F_FORM] = {NULL, NULL, "WORD", "own, joint, mobile or general", "形式：own、joint、mobile、general"},
    [F_FROM_NAME] = {"from-name", NULL, "NAME", "the sender outside this ledger", "转出单位（台账之外）"},
    [F_GROUPS] = {NULL, NULL, "N", "number of groups", "党小组数"},
    [F_GUESTS] = {NULL, NULL, "N", "guests present", "列席人数"},
    [F_HOST] = {NULL, NULL, "TEXT", "who held it", "主办单位"},
    [F_HOST_BRANCH] = {"host-branch", NULL, "TEXT", "the branch there", "流入地支部"},
    [F_HOURS] = {NULL, NULL, "H", "class hours", "学时"},
    [F_INTO] = {NULL, NULL, "BRANCH", "the branch it went into", "并入的支部"},
    [F_KEPT] = {NULL, NULL, "HASH", "for the daemon to write", "由守护进程填写"},
    [F_KINDS] = {"kind", "kinds", "K[,K]", "kinds of meeting, such as theme_day", "会议类型，如 theme_day"},
    [F_KEY] = {NULL, NULL, "NAME", "the name of the key", "密钥名称"},
    [F_MEMBER] = {NULL, NULL, "MEMBER", "the member", "党员"},
    [F_NAME] = {NULL, NULL, "NAME", "name", "名称或姓名"},
    [F_NEW] = {NULL, NULL, NULL, "newly admitted (no: entered from a roster)", "新发展（no：由名册录入）"},
    [F_NOTE] = {NULL, NULL, "TEXT", "a note", "备注"},
    [F_NUMBER] = {NULL, NULL, "TEXT", "the letter's own number", "介绍信编号"},
    [F_OFFICE] = {NULL, NULL, "OFFICE", "the office, such as deputy_secretary", "职务，如 deputy_secretary"},
    [F_PERSON] = {NULL, NULL, "NAME", "who", "姓名"},
    [F_PLACE] = {NULL, NULL, "TEXT", "where", "地点"},
    [F_PRESENT] = {NULL, NULL, "M[,M]", "members present", "到会党员"},
    [F_PRESENT_COUNT] = {"count", "present-count", "N", "how many were present", "实到人数"},
    [F_PRESENTER] = {NULL, NULL, "TEXT", "who presented", "主讲人"},
    [F_PUBLIC] = {NULL, NULL, "KEY", "its public part, as muster key new prints it", "公钥，如 muster key new 所示"},
    [F_REASON] = {NULL, NULL, "REASON", "why", "原因"},
    [F_ROLE] = {NULL, NULL, "WORD", "none, secretary or officer", "职务：none、secretary、officer"},
    [F_RUBRIC] = {NULL, NULL, "TEXT", "by which rubric", "评定标准"},
    [F_RULES] = {"rules", "rule", "R[,R]", "rules exempted from, or \"*\"", "豁免的规则，或“*”"},
    [F_SCORE] = {NULL, NULL, "NUMBER", "score", "得分"},
    [F_SECTOR] = {NULL, NULL, "WORD", "enterprise or association", "类别：enterprise、association"},
    [F_STAFF] = {NULL, NULL, "N", "number of staff", "职工人数"},
    [F_STAGE] = {NULL, NULL, "WORD", "probationary or full", "阶段：probationary、full"},
    [F_STARS] = {NULL, NULL, "0..5", "stars", "星级"},
    [F_SUBJECT] = {NULL, NULL, "KIND:REF", "the subject", "对象"},
    [F_TAGS] = {"tag", "tags", "TEXT", "a tag; may be repeated", "标签，可重复"},
    [F_TERM_STARTED] = {"term-started", NULL, "D", "day the term began", "任期开始日期"},
    [F_TERM_YEARS] = {"term-years", NULL, "N", "years of a term", "任期年数"},
    [F_TITLE] = {NULL, NULL, "TEXT", "title", "标题"},
    [F_TO] = {NULL, NULL, "BRANCH", "the receiving branch", "转入支部"},
    [F_TO_NAME] = {"to-name", NULL, "NAME", "the receiver outside this ledger", "转入单位（台账之外）"},
    [F_TOPICS] = {"topic", "topics", "TEXT", "a topic; may be repeated", "议题，可重复"},
    [F_TRAINER] = {NULL, NULL, "TEXT", "who taught", "授课人"},
    [F_TRANSFER] = {NULL, NULL, "TRANSFER", "the transfer", "转接编号"},
    [F_UNIT] = {NULL, NULL, "UNIT", "the unit", "单位"},
    [F_UNITS] = {NULL, NULL, "U[,U]", "units", "各单位"},
    [F_UNTIL] = {NULL, NULL, "D", "until that day, included", "截止日期（含）"},
    [F_VALID_DAYS] = {"valid-days", NULL, "N", "days the letter is good for", "介绍信有效天数"},
    [F_WITH] = {NULL, NULL, "B[,B]", "branches that held it together", "联合开展的支部"},
};

static const struct option_spec of_all[] = {
    {"at", OPTION_TIME, "T", NULL, "when it happened", "发生的日期或时间"},
    {"replaces", OPTION_TEXT, "EVENT", NULL, "corrects that event (id or number)", "更正该事件（id 或序号）"},
    {"extra", OPTION_TEXT, "JSON", NULL, "fields of your own, a JSON object", "自定义字段（JSON 对象）"},
    {"id", OPTION_TEXT, "UUID", NULL, "the event's id (else a new one)", "事件 id（默认新生成）"},
    {"no-outbox", OPTION_FLAG, NULL, NULL, "keep nothing on this machine if musterd is away", "musterd 不在时不存入待发箱"},
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
    add(set, (struct option_spec){"branch", OPTION_TEXT, "BRANCH", "subject", "a branch is meant", "对象为支部"});
    add(set, (struct option_spec){"member", OPTION_TEXT, "MEMBER", "subject", "a member is meant", "对象为党员"});
    add(set, (struct option_spec){"unit", OPTION_TEXT, "UNIT", "subject", "a unit is meant", "对象为单位"});
}

void fields_options(struct option_set *set, const struct verb *verb)
{
    const struct type_spec *type = catalogue_type(verb->type);

    for (size_t i = 0; i < type->field_count; i++) {
        const struct field_spec *field = &type->fields[i];
        const struct field_help *help = &helps[field->id];
        struct option_spec spec = {field_option(field->id), kind_of(field), field_word(field->id),
                                   field_name(field->id), help->en, help->zh};

        if (field->kind == VALUE_SUBJECT)
            add_subject(set);
        for (size_t w = 0; w < verb->max_words && w < VERB_WORDS; w++)
            if (verb->word_fields[w] == field->id)
                spec.en = spec.zh = NULL; /* the help shows it as a word */
        add(set, spec);
        if (help->alias) {
            spec.name = help->alias;
            spec.en = spec.zh = NULL;
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
