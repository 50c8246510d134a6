#include "world.h"

#include <stdio.h>
#include <string.h>

enum {
    MINUTE_NONE = -1,
    DUE_TERM_EVERY = 10,      /* one branch in ten is past its term */
    PROBATION_EVERY = 40,     /* one member in forty is on probation */
    OPENS_EVERY = 10,
    LONG_AWAY_DAYS = 300,     /* the default rules speak up after six months */
    OFFICE_HOURS_FROM = 8 * 60,
    OFFICE_HOURS_FOR = 12 * 60,
};

static const char *const kinds[] = {
    "general_meeting", "committee_meeting", "lecture", "theme_day", "theme_day", "talk", "service", "forum",
};
static const char *const places[] = {
    "园区党群服务中心二楼会议室", "三号楼多功能厅", "企业职工之家", "街道党建工作站", "线上会议室",
};
static const char *const titles[] = {
    "学习贯彻上级会议精神并研究下一步工作安排", "专题学习与交流讨论", "安全生产与诚信经营专题党课",
    "志愿服务进社区活动小结", "组织生活与谈心谈话情况通报",
};
static const char *const topics[] = {
    "理论学习", "安全生产", "志愿服务", "助企纾困", "廉洁教育", "人才引育", "社区共建",
};

#define PICK(rng, list) ((list)[rng_below((rng), (int64_t)ARRAY_LEN(list))])

/* xorshift64*: quick, and the same everywhere. */
uint64_t rng_next(struct rng *rng)
{
    uint64_t x = rng->state ? rng->state : 0x9e3779b97f4a7c15ull;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    rng->state = x;
    return (x * 0x2545f4914f6cdd1dull) >> 11;
}

static const char *numbered_ref(char out[REF_BUF], const char *prefix, int64_t number, int digits)
{
    size_t len = strlen(prefix);

    memcpy(out, prefix, len);
    for (int i = digits - 1; i >= 0; i--) {
        out[len + (size_t)i] = (char)('0' + number % 10);
        number /= 10;
    }
    out[len + (size_t)digits] = '\0';
    return out;
}

const char *branch_ref(char out[REF_BUF], int64_t branch)
{
    return numbered_ref(out, "B-", branch, 7);
}

const char *member_ref(char out[REF_BUF], int64_t member)
{
    return numbered_ref(out, "", member, 8);
}

const char *unit_ref(char out[REF_BUF], int64_t unit)
{
    return numbered_ref(out, "U", unit, 7);
}

void world_id(char out[UUID_TEXT_SIZE], struct rng *rng, int64_t unix_ms)
{
    uint64_t a = rng_next(rng), b = rng_next(rng);
    uint8_t id[UUID_SIZE];

    for (int i = 0; i < 6; i++)
        id[i] = (uint8_t)(unix_ms >> (8 * (5 - i)));
    for (int i = 6; i < 10; i++)
        id[i] = (uint8_t)(a >> (8 * (i - 6)));
    for (int i = 10; i < 16; i++)
        id[i] = (uint8_t)(b >> (8 * (i - 10)));
    id[6] = (uint8_t)(0x70 | (id[6] & 0x0f));
    id[8] = (uint8_t)(0x80 | (id[8] & 0x3f));
    uuid_format(out, id);
}

int world_delay(struct rng *rng)
{
    int64_t of_100 = rng_below(rng, 100);

    if (of_100 < 60)
        return (int)rng_below(rng, 10);
    if (of_100 < 97)
        return (int)rng_below(rng, 60);
    return 60 + (int)rng_below(rng, 300);
}

void put_number(struct buf *out, int64_t number)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%lld", (long long)number);

    buf_add(out, text, (size_t)n);
}

static void put_two(struct buf *out, int number)
{
    buf_add_char(out, (char)('0' + number / 10));
    buf_add_char(out, (char)('0' + number % 10));
}

void put_day(struct buf *out, day_t day)
{
    struct civil c = day_to_civil(day);

    put_two(out, c.year / 100);
    put_two(out, c.year % 100);
    buf_add_char(out, '-');
    put_two(out, c.month);
    buf_add_char(out, '-');
    put_two(out, c.day);
}

void put_head(struct buf *out, const char *type, const char *id, day_t day, int minute)
{
    buf_add_str(out, "{\"id\":\"");
    buf_add(out, id, UUID_TEXT_SIZE - 1);
    buf_add_str(out, "\",\"type\":\"");
    buf_add_str(out, type);
    buf_add_str(out, "\",\"at\":\"");
    put_day(out, day);
    if (minute != MINUTE_NONE) {
        buf_add_char(out, 'T');
        put_two(out, minute / 60);
        buf_add_char(out, ':');
        put_two(out, minute % 60);
        buf_add_str(out, ":00+08:00");
    }
    buf_add_char(out, '"');
}

static void put_text(struct buf *out, const char *name, const char *text)
{
    buf_add_str(out, ",\"");
    buf_add_str(out, name);
    buf_add_str(out, "\":\"");
    buf_add_str(out, text);
    buf_add_char(out, '"');
}

static void put_int(struct buf *out, const char *name, int64_t number)
{
    buf_add_str(out, ",\"");
    buf_add_str(out, name);
    buf_add_str(out, "\":");
    put_number(out, number);
}

static void put_area(struct buf *out, int64_t branch)
{
    char area[REF_BUF];

    put_text(out, "area", numbered_ref(area, "45", branch / 50, 7));
}

static struct subjects nobody(void)
{
    return (struct subjects){.branch = -1, .member = -1, .unit = -1};
}

void world_unit(struct buf *out, struct subjects *about, struct world *w, const char *id, int64_t unit)
{
    char ref[REF_BUF];

    *about = nobody();
    about->unit = unit;
    put_head(out, "unit.registered", id, w->today - 2000, MINUTE_NONE);
    put_text(out, "unit", unit_ref(ref, unit));
    put_text(out, "name", "青岭文旅服务有限公司");
    put_text(out, "sector", unit % 3 ? "enterprise" : "association");
    put_area(out, unit);
    put_int(out, "staff", 20 + unit % 300);
    buf_add_str(out, ",\"eligible\":true}");
}

void world_branch(struct buf *out, struct subjects *about, struct world *w, const char *id, int64_t branch)
{
    day_t founded = w->today - 1900 + (day_t)(branch % 100);
    bool past_term = branch % DUE_TERM_EVERY == DUE_TERM_EVERY - 1;
    char ref[REF_BUF];

    *about = nobody();
    about->branch = about->unit = branch;
    put_head(out, "branch.founded", id, founded, MINUTE_NONE);
    put_text(out, "branch", branch_ref(ref, branch));
    put_text(out, "name", "青岭文旅服务有限公司支部");
    put_text(out, "form", "own");
    put_text(out, "sector", branch % 3 ? "enterprise" : "association");
    put_area(out, branch);
    buf_add_str(out, ",\"units\":[\"");
    buf_add_str(out, unit_ref(ref, branch));
    buf_add_str(out, "\"],\"committee\":true,\"groups\":0,\"term_started\":\"");
    put_day(out, past_term ? w->today - 1400 : w->today - 400);
    buf_add_str(out, "\",\"term_years\":3}");
}

void world_member(struct buf *out, struct subjects *about, struct world *w, const char *id, int64_t member)
{
    int64_t branch = member / w->members;
    char ref[REF_BUF];

    *about = nobody();
    about->member = member;
    about->branch = about->unit = branch;
    put_head(out, "member.admitted", id, w->today - 1500 + (day_t)(member % 300), MINUTE_NONE);
    put_text(out, "member", member_ref(ref, member));
    put_text(out, "name", member % 2 ? "郑远辉" : "薛嘉敏");
    put_text(out, "branch", branch_ref(ref, branch));
    put_text(out, "stage", member % PROBATION_EVERY == PROBATION_EVERY - 1 ? "probationary" : "full");
    put_text(out, "unit", unit_ref(ref, branch));
    if (member % w->members == 0)
        put_text(out, "role", "secretary");
    buf_add_str(out, ",\"new\":false}");
}

static void put_roll(struct buf *out, struct subjects *about, struct world *w, int64_t branch, int roll)
{
    char ref[REF_BUF];

    /* Some members in a row of the branch, and for more than it has, of the branches after it. */
    for (int i = 0; i < roll; i++) {
        int64_t member = (branch * w->members + i) % (w->branches * w->members);

        about->present[about->present_count++] = member;
        buf_add_str(out, i ? "\",\"" : ",\"present\":[\"");
        buf_add(out, member_ref(ref, member), 8);
    }
    if (roll)
        buf_add_str(out, "\"]");
}

static void put_session(struct buf *out, struct subjects *about, struct world *w, int64_t branch, int roll)
{
    put_text(out, "title", PICK(&w->rng, titles));
    if (roll) {
        put_roll(out, about, w, branch, roll);
        return;
    }
    buf_add_str(out, ",\"topics\":[\"");
    buf_add_str(out, PICK(&w->rng, topics));
    buf_add_str(out, "\"]");
    put_text(out, "place", PICK(&w->rng, places));
    put_int(out, "present_count", 3 + rng_below(&w->rng, w->members));
    put_int(out, "due_count", 3 + w->members);
}

static int minute_of(struct world *w)
{
    return OFFICE_HOURS_FROM + 5 * (int)rng_below(&w->rng, OFFICE_HOURS_FOR / 5);
}

static void put_meeting(struct buf *out, struct subjects *about, struct world *w, const char *id,
                        int64_t branch, day_t day)
{
    char ref[REF_BUF];

    *about = nobody();
    about->branch = branch;
    put_head(out, "meeting", id, day, minute_of(w));
    put_text(out, "branch", branch_ref(ref, branch));
}

void world_meeting(struct buf *out, struct subjects *about, struct world *w, const char *id,
                   int64_t branch, day_t day, int roll)
{
    put_meeting(out, about, w, id, branch, day);
    buf_add_str(out, ",\"kinds\":[\"");
    buf_add_str(out, PICK(&w->rng, kinds));
    buf_add_str(out, "\"]");
    put_session(out, about, w, branch, roll);
    put_int(out, "duration_min", 30 * (1 + rng_below(&w->rng, 5)));
    buf_add_char(out, '}');
}

void world_duties(struct buf *out, struct subjects *about, struct world *w, const char *id,
                  int64_t branch, day_t day)
{
    put_meeting(out, about, w, id, branch, day);
    buf_add_str(out, ",\"kinds\":[\"general_meeting\",\"committee_meeting\",\"theme_day\",\"lecture\"]");
    put_session(out, about, w, branch, 0);
    buf_add_char(out, '}');
}

void world_training(struct buf *out, struct subjects *about, struct world *w, const char *id,
                    int64_t branch, day_t day, int roll)
{
    char ref[REF_BUF];

    *about = nobody();
    about->branch = branch;
    put_head(out, "training", id, day, minute_of(w));
    put_int(out, "hours", 2 + rng_below(&w->rng, 14));
    put_text(out, "branch", branch_ref(ref, branch));
    put_text(out, "host", "区党群服务中心");
    put_session(out, about, w, branch, roll);
    buf_add_char(out, '}');
}

void world_contact(struct buf *out, struct subjects *about, struct world *w, const char *id,
                   int64_t member, day_t day)
{
    char ref[REF_BUF];

    *about = nobody();
    about->member = member;
    put_head(out, "contact", id, day, minute_of(w));
    put_text(out, "member", member_ref(ref, member));
    put_text(out, "channel", rng_below(&w->rng, 2) ? "phone" : "visit");
    put_text(out, "note", "已联系，近况良好，将于月底返回参加组织生活");
    buf_add_char(out, '}');
}

void world_away(struct buf *out, struct subjects *about, const char *id, int64_t member, day_t day)
{
    char ref[REF_BUF];

    *about = nobody();
    about->member = member;
    put_head(out, "member.away", id, day, MINUTE_NONE);
    put_text(out, "member", member_ref(ref, member));
    put_text(out, "destination", "广东");
    buf_add_str(out, ",\"fixed\":true,\"reason\":\"务工\"}");
}

void world_plain(struct buf *out, struct world *w, const char *id)
{
    int64_t branch = rng_below(&w->rng, w->branches);
    day_t day = w->today - world_delay(&w->rng);
    struct subjects about;

    if (rng_below(&w->rng, 10) == 0)
        world_training(out, &about, w, id, branch, day, 0);
    else
        world_meeting(out, &about, w, id, branch, day, 0);
}

void world_rolls(struct buf *out, struct world *w, const char *id)
{
    int64_t branch = rng_below(&w->rng, w->branches);
    struct subjects about;

    world_meeting(out, &about, w, id, branch, w->today - world_delay(&w->rng), w->roll);
}

void world_opens(struct buf *out, struct world *w, const char *id)
{
    struct subjects about;

    if (rng_below(&w->rng, OPENS_EVERY) == 0)
        world_away(out, &about, id, rng_below(&w->rng, w->branches * w->members), w->today - LONG_AWAY_DAYS);
    else
        world_plain(out, w, id);
}
