#include "service/admission.h"

#include <string.h>
#include <zmq.h>

#include "access/rate.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/text.h"
#include "store/access_rows.h"

static int open_server_key(struct keypair *out, const char *path, struct err *err)
{
    int failed = keyfile_read(out, path, err);

    if (!failed || err->code != ERR_UNKNOWN_REF)
        return failed;
    err_clear(err);
    if (zmq_curve_keypair(out->public, out->secret) != 0)
        return err_fault(err, "libzmq cannot make a key pair: it has no CURVE");
    log_notice("the server's key was made: %s", path);
    return keyfile_write(path, out, "musterd", err);
}

/* recorded_by could not tell them apart. */
static int check_name(const struct settings *settings, const struct settings_user *user, struct ledger *ledger,
                      struct err *err)
{
    bool revoked;
    int r = store_key_find(&revoked, ledger_store(ledger), SQL_KEY_BY_NAME, user->name, err);

    if (r != 1)
        return r;
    return err_say(err, ERR_INVALID_VALUE, "users", "%s:%d: %s is the name of a key already: rows of the two could not be told apart",
                   "%s:%d：%s 已是密钥的名称：两者的记录将无法区分", settings->file, user->line, user->name);
}

int admission_check_users(const struct settings *settings, struct ledger *ledger, struct err *err)
{
    for (size_t i = 0; i < settings->user_count; i++) {
        const struct settings_user *user = &settings->users[i];
        int failed = check_name(settings, user, ledger, err);

        if (failed)
            return failed;
        for (size_t k = 0; k < user->branch_count; k++) {
            int64_t key;
            int r = store_subject_find(&key, ledger_store(ledger), SUBJECT_BRANCH, user->branches[k].text, err);

            if (r < 0)
                return -1;
            if (r == 0)
                return err_say(err, ERR_INVALID_VALUE, "users", "%s:%d: the scope of %s names a branch that there is not: \"%s\"",
                               "%s:%d：%s 的范围指明了不存在的支部：“%s”", settings->file, user->branches[k].line, user->name,
                               user->branches[k].text);
        }
    }
    return 0;
}

static struct grant *grant_of_user(const struct settings_user *user)
{
    struct grant *grant = grant_new(user->name, user->role);

    for (size_t i = 0; i < user->branch_count; i++)
        grant_add_branch(grant, user->branches[i].text);
    for (size_t i = 0; i < user->area_count; i++)
        grant_add_area(grant, user->areas[i].text);
    return grant;
}

void admission_take_users(struct admission *a, const struct settings *settings)
{
    struct grant **users = mem_zero((settings->user_count + 1) * sizeof *users);

    for (size_t i = 0; i < settings->user_count; i++)
        users[i] = grant_of_user(&settings->users[i]);
    book_set_users(a->book, users, settings->user_count);
}

int admission_sync(struct book *book, struct ledger *ledger, struct err *err)
{
    return book_read(book, ledger_store(ledger), ledger_kinds(ledger), ledger_keys_version(ledger), err);
}

int admission_open(struct admission *a, const struct policy *policy, struct ledger *ledger, struct err *err)
{
    int failed = open_server_key(&a->server, policy->settings->server_key, err);

    a->book = book_new();
    if (!failed)
        failed = admission_sync(a->book, ledger, err);
    if (!failed)
        failed = admission_check_users(policy->settings, ledger, err);
    if (!failed)
        admission_take_users(a, policy->settings);
    return failed;
}

void admission_close(struct admission *a)
{
    book_free(a->book);
    memset(&a->server, 0, sizeof a->server);
}

bool admission_knows(void *data, const char *public)
{
    return book_find_key(data, public) != NULL;
}

/* 0: request->grant and user are set; 1: nobody that is known. */
static int find(const struct admission *a, struct request *request)
{
    struct grant *grant;

    if (!request->keyed && request->uid >= 0 && (request->uid == 0 || request->uid == (int64_t)geteuid()))
        return 0;
    if (!request->keyed && request->uid < 0)
        return 1;
    grant = request->keyed ? book_find_key(a->book, request->user) : book_find_user(a->book, request->user);
    if (!grant)
        return 1;
    request->grant = grant;
    text_copy(request->user, sizeof request->user, grant->name);
    return 0;
}

static int say_not_allowed(struct err *err)
{
    return err_say(err, ERR_NOT_ALLOWED, NULL, "this is not allowed to you, or lies outside of your scope",
                   "您无权进行此操作，或其超出您的范围");
}

enum admitted admission_of(struct admission *a, struct request *request, const struct settings *settings,
                           int64_t now_ms, struct err *err)
{
    struct grant *grant;

    request->grant = NULL;
    if (find(a, request) != 0) {
        a->stopped += request->keyed;
        a->refused += !request->keyed;
        if (request->keyed)
            return ADMITTED_NOT;
        say_not_allowed(err);
        return ADMITTED_REFUSED;
    }
    grant = request->grant;
    if (!grant)
        return ADMITTED;
    if (request->keyed && !grant_take(grant, settings->key_requests_per_second, now_ms)) {
        a->hurried++;
        err_say(err, ERR_UNAVAILABLE, NULL, "this key asks too often: try again later", "该密钥请求过于频繁，请稍后重试");
        return ADMITTED_REFUSED;
    }
    /* A message without a verb is malformed, whoever sends it. */
    if (!request->verb[0] || grant_allows(grant, role_may_ask(grant->role, request->verb)))
        return ADMITTED;
    a->refused++;
    say_not_allowed(err);
    return ADMITTED_REFUSED;
}
