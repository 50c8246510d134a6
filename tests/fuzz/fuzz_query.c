/* Requests and cursors, over a ledger. The first line is the verb, the rest the body. Asked by an admin and by a reader of
 * one branch: there is one answer, whole JSON or an error in both languages, and the reader is told nothing of the other branch. */
#include <string.h>

#include "../unit/query_stage.h"
#include "access/grant.h"
#include "fuzz.h"

/* In every name and text of what lies out of the reader's scope, in the refs of what has nothing to do with the reader's branch, and
 * in nothing else. */
#define HIDDEN "Zyzzyva"

static struct stage *stage;
static struct grant *reader;

static void clean_up(void)
{
    void *state = stage;

    grant_unref(reader);
    stage_teardown(&state);
}

static void fill(void)
{
    stage_people(stage);
    stage_begin(stage);
    stage_record(stage, "branch.changed", "2021-01-01", "\"branch\":\"B-2\",\"name\":\"" HIDDEN "\"");
    stage_record(stage, "member.changed", "2021-01-01", "\"member\":\"M-4\",\"name\":\"" HIDDEN " 4\"");
    stage_record(stage, "member.admitted", "2022-01-05",
                 "\"member\":\"M-6\",\"name\":\"" HIDDEN " 6\",\"branch\":\"B-2\",\"stage\":\"full\",\"new\":true");
    stage_record(stage, "unit.registered", "2022-01-01", "\"unit\":\"U-9\",\"name\":\"" HIDDEN "\",\"sector\":\"enterprise\",\"area\":\"450102\"");
    stage_record(stage, "office.taken", "2022-01-01", "\"body\":\"W-1\",\"office\":\"deputy_secretary\",\"person\":\"" HIDDEN "\"");
    stage_record(stage, "alliance.formed", "2022-01-01", "\"alliance\":\"A-1\",\"name\":\"" HIDDEN "\",\"branches\":[\"B-1\",\"B-2\"]");
    for (int month = 1; month <= 12; month++) {
        char day[16];

        snprintf(day, sizeof day, "2022-%02d-15", month);
        stage_record(stage, "meeting", day, "\"branch\":\"B-%d\",\"kinds\":[\"theme_day\"],\"present_count\":3%s", month % 2 + 1,
                     month % 2 ? ",\"title\":\"" HIDDEN "\",\"present\":[\"M-4\"]" : ",\"with\":[\"B-2\"],\"present\":[\"M-1\",\"M-6\"]");
        stage_record(stage, "training", day, "\"title\":\"%s\",\"hours\":2%s", month % 2 ? "here" : HIDDEN, month % 2 ? ",\"branch\":\"B-1\"" : "");
    }
    stage_record(stage, "branch.founded", "2022-01-01",
                 "\"branch\":\"" HIDDEN "-B\",\"name\":\"" HIDDEN "\",\"form\":\"own\",\"sector\":\"enterprise\",\"area\":\"450102\"");
    stage_record(stage, "member.admitted", "2022-01-06",
                 "\"member\":\"" HIDDEN "-M\",\"name\":\"" HIDDEN "\",\"branch\":\"" HIDDEN "-B\",\"stage\":\"probationary\",\"new\":true");
    stage_record(stage, "meeting", "2022-02-01", "\"branch\":\"" HIDDEN "-B\",\"kinds\":[\"theme_day\"],\"present\":[\"" HIDDEN "-M\"]");
    stage_record(stage, "contact", "2022-02-01", "\"member\":\"M-5\",\"channel\":\"phone\",\"note\":\"" HIDDEN "\"");
    stage_record(stage, "member.moved", "2022-08-01", "\"member\":\"M-5\",\"branch\":\"B-1\"");
    stage_record(stage, "contact", "2022-03-01", "\"member\":\"M-4\",\"channel\":\"phone\",\"note\":\"" HIDDEN "\"");
    stage_record(stage, "member.away", "2022-03-02", "\"member\":\"M-1\",\"destination\":\"44\",\"fixed\":true");
    stage_record(stage, "transfer.issued", "2022-04-01", "\"transfer\":\"T-1\",\"member\":\"M-2\",\"to\":\"B-2\"");
    stage_record(stage, "transfer.received", "2022-04-20", "\"transfer\":\"T-1\"");
    stage_record(stage, "exemption.granted", "2022-05-01",
                 "\"exemption\":\"E-1\",\"subject\":{\"branch\":\"B-2\"},\"rules\":[\"*\"],\"until\":\"2022-06-01\",\"reason\":\"" HIDDEN "\"");
    stage_commit(stage);
}

static void begin(void)
{
    void *state = NULL;

    stage_setup(&state);
    stage = state;
    fill();
    stage->env.database = stage->path;
    reader = grant_new("reader", KEY_ROLE_READER);
    grant_add_branch(reader, "B-1");
    atexit(clean_up);
}

static void ask(const char *verb, const char *body, size_t len, struct grant *grant, bool echoes)
{
    _cleanup_buf_ struct buf reply = {0};
    struct err err = {0};
    json_t *root;

    stage->env.grant = grant;
    if (query_answer(stage->query, &stage->env, verb, body, len, &reply, &err) != 0) {
        FUZZ_CHECK(err.code != ERR_NONE && err.en[0] && err.zh[0] && reply.len == 0);
        FUZZ_CHECK(echoes || !grant || (!strstr(err.en, HIDDEN) && !strstr(err.hint, HIDDEN)));
        return;
    }
    root = json_loadb(reply.data, reply.len, JSON_REJECT_DUPLICATES, NULL);
    FUZZ_CHECK(json_is_object(root) && json_object_get(root, "ledger"));
    json_decref(root);
    FUZZ_CHECK(echoes || !grant || !strstr(buf_str(&reply), HIDDEN));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *line_end = size ? memchr(text, '\n', size) : NULL;
    _cleanup_free_ char *verb = NULL;
    const char *body;
    size_t len;
    bool needs_alerts, echoes;

    if (!stage)
        begin();
    if (!line_end)
        return 0;
    verb = mem_strndup(text, (size_t)(line_end - text));
    body = line_end + 1;
    len = size - (size_t)(body - text);
    echoes = memmem(text, size, HIDDEN, strlen(HIDDEN)) != NULL || memmem(text, size, "\\u", 2) != NULL;
    query_classify(verb, body, len, &needs_alerts);
    ask(verb, body, len, NULL, echoes);
    ask(verb, body, len, reader, echoes);
    return 0;
}
