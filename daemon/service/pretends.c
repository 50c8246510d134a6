#include "service/pretends.h"

#include "service/answer.h"
#include "service/pretend_verb.h"
#include "service/service_state.h"

struct pretend {
    struct pretend *next;
    struct request request;
};

static void pretend_free(struct pretend *p)
{
    grant_unref(p->request.grant);
    request_deinit(&p->request);
    free(p);
}

static bool has_place(const struct pretends *pretends, const struct peer *peer)
{
    size_t left = PRETENDS_MAX - pretends->count, waiting = 0;

    for (const struct pretend *p = pretends->first; p; p = p->next)
        waiting += p->request.from.peer == peer;
    return left > 0 && (waiting == 0 || waiting < left);
}

static void refuse(struct service *s, struct request *request, const struct err *err)
{
    size_t len;
    const char *body = request_body(request, &len);

    service_refuse_request(s, request, err, answer_lang(body, len));
}

void pretends_accept(struct service *s, struct request *request)
{
    struct pretend **end = &s->pretends.first;
    struct err err = {0};

    if (!has_place(&s->pretends, request->from.peer)) {
        err_say(&err, ERR_UNAVAILABLE, NULL, "too much is being asked just now: try again later", "当前查询过多，请稍后重试");
        refuse(s, request, &err);
        request_deinit(request);
        return;
    }
    while (*end)
        end = &(*end)->next;
    *end = mem_zero(sizeof **end);
    request_move(&(*end)->request, request);
    grant_ref((*end)->request.grant);
    s->pretends.count++;
}

static struct pretend *take_first(struct pretends *pretends)
{
    struct pretend *p = pretends->first;

    pretends->first = p->next;
    pretends->count--;
    return p;
}

void pretends_step(struct service *s)
{
    int64_t from_ms = clock_monotonic_ms(), to_ms;
    struct pretend *p;

    if (!s->pretends.first || from_ms < s->pretends.not_before_ms)
        return;
    p = take_first(&s->pretends);
    pretend_answer(s, &p->request);
    pretend_free(p);
    to_ms = clock_monotonic_ms();
    s->pretends.not_before_ms = to_ms + (to_ms - from_ms);
}

int64_t pretends_wait_ms(const struct pretends *pretends, int64_t now_ms)
{
    if (!pretends->first)
        return -1;
    return pretends->not_before_ms > now_ms ? pretends->not_before_ms - now_ms : 0;
}

void pretends_stop(struct service *s)
{
    struct err err = {0};

    err_say(&err, ERR_UNAVAILABLE, NULL, "the daemon stops: ask again later", "服务正在停止，请稍后重试");
    while (s->pretends.first) {
        struct pretend *p = take_first(&s->pretends);

        refuse(s, &p->request, &err);
        pretend_free(p);
    }
}
