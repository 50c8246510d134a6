/* Every figure of figures.md, in its order: name, unit, title, formula and what it counts. */
#include "report/definitions.h"

#include <string.h>

#include "base/buf.h"

#define UNITS_OF {"units", "家"}
#define BODIES {"branches", "个"}
#define PER_CENT {"%", "%"}
#define PEOPLE {"people", "名"}
#define PERSONS {"people", "人"}
#define SESSIONS {"sessions", "场"}
#define PERSON_TIMES {"person-times", "人次"}
#define HOURS_OF {"hours", "学时"}
#define TIMES {"meetings", "次"}
#define POSTS {"posts", "名"}

static const struct figure_def defs[] = {
    {"units", BY_TOTAL, FIGURE_COUNT, 0, UNITS_OF, {"Units", "单位"},
     {"units in force on D", "当日在册的单位"}, collect_units},
    {"branches", BY_TOTAL, FIGURE_COUNT, 0, BODIES, {"Branches", "党支部"},
     {"branches in force on D, by the branch's sector", "当日在册的支部，按支部类别"}, collect_branches},
    {"coverage", BY_SECTOR, FIGURE_PERCENT, 0, PER_CENT, {"Coverage", "组织覆盖率"},
     {"units on D listed by at least one branch on D, over units on D",
      "当日至少有一个支部覆盖的单位 ÷ 当日单位"}, collect_coverage},
    {"own_rate", BY_SECTOR, FIGURE_PERCENT, 0, PER_CENT, {"Own-branch rate", "单独组建率"},
     {"units on D listed by at least one branch of form own on D, over units on D",
      "当日单独建立支部的单位 ÷ 当日单位"}, collect_own_rate},
    {"full_members", BY_TOTAL, FIGURE_COUNT, 0, PEOPLE, {"Full members", "正式党员"},
     {"members on D whose stage is full", "当日在册的正式党员"}, collect_full_members},
    {"probationary.total", BY_NOTHING, FIGURE_COUNT, 0, PEOPLE, {"Probationary members", "预备党员"},
     {"members on D whose stage is probationary", "当日在册的预备党员"}, collect_probationary},
    {"admitted", BY_TOTAL, FIGURE_COUNT, BY_DAY, PERSONS, {"Newly admitted", "发展党员"},
     {"member.admitted with new, dated in the year, by the sector of the branch on that day",
      "本年入册且为新发展的党员，按当日支部类别"}, collect_admitted},
    {"branches.founded", BY_NOTHING, FIGURE_COUNT, BY_DAY, BODIES, {"Branches founded", "新建支部"},
     {"branch.founded dated in the year", "本年成立的支部"}, collect_founded},
    {"branches.dissolved", BY_NOTHING, FIGURE_COUNT, BY_DAY, BODIES, {"Branches dissolved", "撤销支部"},
     {"branch.dissolved dated in the year", "本年撤销的支部"}, collect_dissolved},
    {"branches.dissolved.cleared", BY_NOTHING, FIGURE_COUNT, BY_DAY, BODIES,
     {"Dormant or hollow branches cleared", "清理僵尸、空壳支部"},
     {"branch.dissolved dated in the year with reason dormant or hollow", "本年以僵尸、空壳为由撤销的支部"},
     collect_cleared},
    {"training.sessions", BY_NOTHING, FIGURE_COUNT, BY_DAY, SESSIONS, {"Trainings", "培训场次"},
     {"trainings dated in the year, a joint one once", "本年的培训，联合培训计一场"}, collect_trainings},
    {"training.attendances", BY_NOTHING, FIGURE_COUNT, BY_DAY, PERSON_TIMES,
     {"Attendances at trainings", "培训人次"},
     {"sum of present_count, or of those present where no count is given", "参训人数之和（未填人数者按名单计）"},
     collect_training_attendances},
    {"training.people", BY_NOTHING, FIGURE_COUNT, 0, PERSONS, {"People trained", "参训党员"},
     {"distinct members present at these trainings", "参加培训的党员，不重复计"}, collect_training_people},
    {"training.reach", BY_NOTHING, FIGURE_PERCENT, 0, PER_CENT, {"Reach of training", "培训覆盖率"},
     {"members on D who were present at a training, over members on D", "当日党员中参加过培训者 ÷ 当日党员"},
     collect_training_reach},
    {"training.hours", BY_NOTHING, FIGURE_HOURS, BY_DAY, HOURS_OF, {"Hours of training", "培训学时"},
     {"sum over trainings of hours times attendances", "各场学时 × 人次之和"}, collect_training_hours},
    {"meetings", BY_MEETING, FIGURE_COUNT, BY_DAY, TIMES, {"Meetings", "会议"},
     {"meetings dated in the year of that kind; one of two kinds counts in both",
      "本年该类会议；一次会议兼两类者各计一次"}, collect_meetings},
    {"meetings.total", BY_NOTHING, FIGURE_COUNT, BY_DAY, TIMES, {"Meetings", "会议"},
     {"meetings dated in the year, each once", "本年会议，每次计一次"}, collect_meetings},
    {"meetings.attendances", BY_NOTHING, FIGURE_COUNT, BY_DAY, PERSON_TIMES,
     {"Attendances at meetings", "参会人次"},
     {"sum of present_count, or of those present where no count is given", "到会人数之和（未填人数者按名单计）"},
     collect_meeting_attendances},
    {"duty", BY_RULE, FIGURE_PERCENT, BY_DAY, PER_CENT, {"Duty met", "任务完成率"},
     {"met duty periods over duty periods, of those whose last day is in the year and not after D",
      "已完成的任务期 ÷ 任务期（末日在本年且不晚于当日）"}, collect_duty},
    {"offices.deputies", BY_NOTHING, FIGURE_COUNT, OF_WHOLE, POSTS, {"Deputy secretaries", "副书记"},
     {"office deputy_secretary held on D, by post", "当日在任的副书记，按职务计"}, collect_deputies},
    {"alliance.members", BY_ALLIANCE, FIGURE_COUNT, OF_WHOLE, PEOPLE, {"Alliance members", "联盟党员"},
     {"members on D of its branches", "当日联盟各支部的党员"}, collect_alliance_members},
    {"alliance.enterprises", BY_ALLIANCE, FIGURE_COUNT, OF_WHOLE, UNITS_OF,
     {"Alliance enterprises", "联盟企业"},
     {"enterprises on D among its units and those its branches list", "当日联盟单位及其支部所覆盖单位中的企业"},
     collect_alliance_enterprises},
    {"alliance.staff", BY_ALLIANCE, FIGURE_COUNT, OF_WHOLE, PEOPLE, {"Alliance staff", "联盟职工"},
     {"sum of staff over its units and those its branches list, on D", "当日联盟单位及其支部所覆盖单位的职工之和"},
     collect_alliance_staff},
    {"mobile.away", BY_NOTHING, FIGURE_COUNT, 0, PEOPLE, {"Members away", "流动党员"},
     {"members away on D", "当日流出的党员"}, collect_away},
    {"mobile.transfers_out", BY_NOTHING, FIGURE_COUNT, BY_DAY, PEOPLE, {"Transferred outside", "转出"},
     {"letters to the outside received in the year", "本年被外部接收的转出"}, collect_sent},
    {"mobile.transfers_in", BY_NOTHING, FIGURE_COUNT, BY_DAY, PEOPLE, {"Received from outside", "转入"},
     {"received from outside in the year", "本年由外部转入"}, collect_received},
    {"mobile.within", BY_NOTHING, FIGURE_COUNT, BY_DAY, PEOPLE, {"Transferred within", "内部转接"},
     {"letters between branches received, and moves, in the year", "本年支部之间的转接与调整"}, collect_within},
    {"mobile.turnover", BY_NOTHING, FIGURE_PERCENT, 0, PER_CENT, {"Turnover", "流动率"},
     {"admitted + entered + received + gone + sent, over the mean of opening and closing",
      "（发展＋入册＋转入＋离去＋转出）÷ 期初、期末的平均"}, collect_turnover},
    {"roll.opening", BY_NOTHING, FIGURE_COUNT, 0, PEOPLE, {"Opening", "期初党员"},
     {"members on the last day of the year before", "上年末日的党员"}, collect_opening},
    {"roll.admitted", BY_NOTHING, FIGURE_COUNT, BY_DAY, PEOPLE, {"Admitted", "新发展"},
     {"member.admitted with new, dated in the year", "本年新发展入册"}, collect_admitted},
    {"roll.entered", BY_NOTHING, FIGURE_COUNT, BY_DAY, PEOPLE, {"Entered", "既有名册录入"},
     {"member.admitted without new, dated in the year", "本年由既有名册入册"}, collect_entered},
    {"roll.received", BY_NOTHING, FIGURE_COUNT, BY_DAY, PEOPLE, {"Received", "转入"},
     {"received from outside in the year", "本年由外部转入"}, collect_received},
    {"roll.moved_in", BY_NOTHING, FIGURE_COUNT, OF_PART | BY_DAY, PEOPLE, {"Moved in", "调入"},
     {"changed into it without coming to the ledger", "由台账内其他部分调入"}, collect_moved_in},
    {"roll.gone", BY_NOTHING, FIGURE_COUNT, BY_DAY, PEOPLE, {"Gone", "离去"},
     {"member.left dated in the year", "本年出册"}, collect_gone},
    {"roll.sent", BY_NOTHING, FIGURE_COUNT, BY_DAY, PEOPLE, {"Sent", "转出"},
     {"letters to the outside received in the year", "本年被外部接收的转出"}, collect_sent},
    {"roll.moved_out", BY_NOTHING, FIGURE_COUNT, OF_PART | BY_DAY, PEOPLE, {"Moved out", "调出"},
     {"changed out of it without leaving the ledger", "调往台账内其他部分"}, collect_moved_out},
    {"roll.closing", BY_NOTHING, FIGURE_COUNT, 0, PEOPLE, {"Closing", "期末党员"},
     {"members on D", "当日党员"}, collect_closing},
};

/* The kinds that every ledger has, in the order of their bits (glossary.md). */
static const struct words kind_titles[KIND_STANDARD] = {
    {"general meetings", "党员大会"}, {"committee meetings", "支委会"}, {"group meetings", "党小组会"},
    {"lectures", "党课"},             {"theme days", "主题党日"},       {"life meetings", "组织生活会"},
    {"annual reviews", "民主评议"},   {"talks", "谈心谈话"},            {"service", "志愿服务"},
    {"forums", "论坛"},               {"other", "其他"},
};

static const struct {
    const char *name;
    struct words title;
} sectors[] = {{"enterprise", {"enterprises", "企业"}}, {"association", {"associations", "社会组织"}}};

static char *text_of(struct figures *f, const char *fmt, ...) PRINTF_LIKE(2, 3);

static char *text_of(struct figures *f, const char *fmt, ...)
{
    _cleanup_free_ char *text = NULL;
    va_list args;
    int len;

    va_start(args, fmt);
    len = vasprintf(&text, fmt, args);
    va_end(args);
    if (len < 0)
        abort();
    return arena_strndup(&f->arena, text, (size_t)len);
}

static struct bilingual both(struct figures *f, const struct words *words)
{
    return (struct bilingual){text_of(f, "%s", words->en), text_of(f, "%s", words->zh)};
}

/* One more, named `name`, or `name.part` and called after it. */
static struct figure *add(struct figures *f, const struct figure_def *def, const char *part,
                          const char *part_en, const char *part_zh)
{
    struct figure *figure;

    ARRAY_GROW(f->list, f->list_count, f->list_cap);
    figure = &f->list[f->list_count++];
    *figure = (struct figure){
        .def = def,
        .name = part ? text_of(f, "%s.%s", def->name, part) : def->name,
        .kind = def->kind,
        .unit = both(f, &def->unit),
        .title = both(f, &def->title),
        .formula = both(f, &def->formula),
        .meeting_kind = -1,
        .alliance = -1,
    };
    figure->full_name = figure->name;
    if (part_en) {
        figure->title.en = text_of(f, "%s: %s", def->title.en, part_en);
        figure->title.zh = text_of(f, "%s：%s", def->title.zh, part_zh);
    }
    return figure;
}

static void by_sector(struct figures *f, const struct figure_def *def)
{
    const char *asked = f->question.sector;

    for (size_t i = 0; i < ARRAY_LEN(sectors); i++)
        if (!asked || strcmp(asked, sectors[i].name) == 0)
            add(f, def, sectors[i].name, sectors[i].title.en, sectors[i].title.zh)->sector = sectors[i].name;
}

static void by_meeting(struct figures *f, const struct figure_def *def)
{
    const struct kinds *kinds = f->source.kinds;

    for (int i = 0; i <= KIND_MAX; i++) {
        const char *name = kinds->names[i];
        struct words title = {name, name};
        struct figure *figure;

        if (!name || i == KIND_TRAINING || i == KIND_CONTACT)
            continue;
        if (i < KIND_STANDARD)
            title = kind_titles[i];
        figure = add(f, def, name, title.en, title.zh);
        figure->meeting_kind = i;
        figure->only_if_any = true;
    }
}

static void by_rule(struct figures *f, const struct figure_def *def)
{
    const struct pack *pack = f->source.pack;

    for (size_t i = 0; i < pack->rule_count; i++) {
        const struct rule *rule = &pack->rules[i];
        const char *zh = rule->title.zh ? rule->title.zh : rule->title.en;

        if (rule->kind == RULE_CADENCE && rule->subject == SUBJECT_BRANCH)
            add(f, def, rule->id, rule->title.en, zh)->rule = rule;
    }
}

static void by_alliance(struct figures *f, const struct figure_def *def)
{
    for (size_t i = 0; i < f->alliance_count; i++) {
        const struct annual_alliance *a = &f->alliances[i];
        struct figure *figure = add(f, def, NULL, a->name, a->name);

        figure->full_name = text_of(f, "%s/%s", def->name, a->ref);
        figure->alliance = (int)i;
        figure->alliance_ref = a->ref;
    }
    add(f, def, NULL, "all together", "合计");
}

static void define(struct figures *f, const struct figure_def *def)
{
    switch (def->by) {
    case BY_NOTHING:
        add(f, def, NULL, NULL, NULL);
        break;
    case BY_TOTAL:
        add(f, def, "total", NULL, NULL);
        by_sector(f, def);
        break;
    case BY_SECTOR:
        by_sector(f, def);
        break;
    case BY_MEETING:
        by_meeting(f, def);
        break;
    case BY_RULE:
        by_rule(f, def);
        break;
    case BY_ALLIANCE:
        by_alliance(f, def);
        break;
    }
}

void define_figures(struct figures *f)
{
    unsigned not_asked = asks_whole(f) ? OF_PART : OF_WHOLE;

    for (size_t i = 0; i < ARRAY_LEN(defs); i++)
        if (!(defs[i].flags & not_asked))
            define(f, &defs[i]);
}

size_t figures_not_told(const char *out[FIGURES_NOT_TOLD_MAX], const struct figures *f)
{
    unsigned not_asked = asks_whole(f) ? OF_PART : OF_WHOLE;
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(defs) && n < FIGURES_NOT_TOLD_MAX; i++)
        if (defs[i].flags & not_asked)
            out[n++] = defs[i].name;
    return n;
}

bool figure_has_months(const struct figure *figure)
{
    return figure->def->flags & BY_DAY;
}

size_t figures_list(const struct figure **out, const struct figures *f)
{
    *out = f->list;
    return f->list_count;
}

const struct figure *figures_find(const struct figures *f, const char *full_name)
{
    for (size_t i = 0; i < f->list_count; i++)
        if (strcmp(f->list[i].full_name, full_name) == 0)
            return &f->list[i];
    return NULL;
}

void figure_collect(struct figure_items *out, const struct figures *f, const struct figure *figure)
{
    figure->def->collect(out, f, figure);
}
