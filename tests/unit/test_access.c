/* Grants, scopes and the book of keys, over a ledger: who is in scope, and when that changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "access/book.h"
#include "access/rate.h"
#include "access/realm.h"
#include "base/zone.h"
#include "ledger/ledger.h"
#include "ledger/submitted.h"

#define KEY_1 "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define KEY_2 "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"

struct world {
    struct clock clock;
    struct ledger *ledger;
    struct book *book;
    int number;
    struct arena arena;
    struct desk desk;
};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct ledger_options options = {":memory:", "Asia/Shanghai", false, 90, NULL, 0, NULL};
    struct err err = {0};

    assert_int_equal(zone_set("Asia/Shanghai", &err), 0);
    clock_init(&w->clock, 0);
    w->clock.fake_us = zone_instant(day_from_civil(2023, 1, 1), 43200) * 1000000;
    assert_int_equal(ledger_open(&w->ledger, &options, &w->clock, &err), 0);
    w->book = book_new();
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    desk_deinit(&w->desk);
    arena_deinit(&w->arena);
    book_free(w->book);
    ledger_free(w->ledger);
    free(w);
    return 0;
}

/* Members of an event, with ' for ", after its id. */
static enum submit_status submit_as(struct world *w, struct grant *grant, const char *members, struct submit_result *result)
{
    struct author author = {grant ? grant->name : "tester", grant};
    struct submitted sent;
    char json[1024];
    struct err err = {0};
    int len = snprintf(json, sizeof json, "{'id':'0185a000-0000-7000-8000-%012d',%s}", ++w->number, members);

    for (int i = 0; i < len; i++)
        if (json[i] == '\'')
            json[i] = '"';
    submitted_read(&sent, &w->arena, &w->desk, (struct span){json, (size_t)len}, ledger_kinds(w->ledger));
    assert_int_equal(ledger_take(w->ledger, &sent, &author, result, &err), 0);
    arena_reset(&w->arena);
    return result->status;
}

static void record(struct world *w, const char *members)
{
    struct submit_result result;
    struct err err = {0};

    assert_int_equal(ledger_begin(w->ledger, &err), 0);
    if (submit_as(w, NULL, members, &result) != SUBMIT_RECORDED)
        fail_msg("%s: %s", result.err.en, members);
    assert_int_equal(ledger_commit(w->ledger, &err), 0);
}

static void sync_book(struct world *w)
{
    struct err err = {0};

    assert_int_equal(book_read(w->book, ledger_store(w->ledger), ledger_kinds(w->ledger), ledger_keys_version(w->ledger), &err), 0);
}

static int64_t key_of(struct world *w, enum subject_kind kind, const char *ref)
{
    struct err err = {0};
    int64_t key = 0;

    assert_true(store_subject_find(&key, ledger_store(w->ledger), kind, ref, &err) >= 0);
    return key;
}

static struct realm *realm_of(struct world *w, const char *branch, const char *area)
{
    struct grant *grant = grant_new("g", KEY_ROLE_STAFF);
    struct realm *realm;
    struct err err = {0};

    if (branch)
        grant_add_branch(grant, branch);
    if (area)
        grant_add_area(grant, area);
    assert_int_equal(realm_new(&realm, ledger_store(w->ledger), grant, &err), 0);
    grant_unref(grant);
    return realm;
}

static bool has(struct world *w, struct realm *realm, enum subject_kind kind, const char *ref)
{
    return realm_has(realm, key_of(w, kind, ref));
}

static void make_world(struct world *w)
{
    record(w, "'type':'unit.registered','at':'2022-01-01','unit':'U-1','name':'n','sector':'enterprise','area':'4503'");
    record(w, "'type':'unit.registered','at':'2022-01-01','unit':'U-2','name':'n','sector':'enterprise','area':'4504'");
    record(w, "'type':'branch.founded','at':'2022-01-01','branch':'B-1','name':'n','form':'own','sector':'enterprise','area':'450301','units':['U-2']");
    record(w, "'type':'branch.founded','at':'2022-01-01','branch':'B-2','name':'n','form':'own','sector':'enterprise','area':'4504'");
    record(w, "'type':'branch.founded','at':'2022-01-01','branch':'B-3','name':'n','form':'own','sector':'enterprise'");
    record(w, "'type':'member.admitted','at':'2022-01-02','member':'M-1','name':'n','branch':'B-1','stage':'full','new':false");
    record(w, "'type':'member.moved','at':'2022-06-01','member':'M-1','branch':'B-2'");
    record(w, "'type':'member.left','at':'2022-09-01','member':'M-1','reason':'other'");
}

static void test_realm(void **state)
{
    struct world *w = *state;
    struct realm *realm;

    make_world(w);
    realm = realm_of(w, NULL, "4503");
    assert_true(has(w, realm, SUBJECT_BRANCH, "B-1"));
    assert_false(has(w, realm, SUBJECT_BRANCH, "B-2"));
    assert_false(has(w, realm, SUBJECT_BRANCH, "B-3"));
    assert_true(has(w, realm, SUBJECT_UNIT, "U-1"));
    assert_true(has(w, realm, SUBJECT_UNIT, "U-2")); /* a branch in scope lists it */
    assert_false(realm_has(realm, 0));
    realm_free(realm);
    realm = realm_of(w, "B-3", NULL);
    assert_true(has(w, realm, SUBJECT_BRANCH, "B-3"));
    assert_false(has(w, realm, SUBJECT_BRANCH, "B-1"));
    realm_free(realm);
    realm = realm_of(w, "B-9", "45030");
    assert_true(has(w, realm, SUBJECT_BRANCH, "B-1"));
    assert_false(has(w, realm, SUBJECT_UNIT, "U-1")); /* 4503 is not below 45030 */
    realm_free(realm);
}

/* The newest that was said in effect, whatever the order of arrival. */
static void test_realm_follows_the_ledger(void **state)
{
    struct world *w = *state;
    struct realm *realm;
    struct err err = {0};

    make_world(w);
    record(w, "'type':'branch.changed','at':'2022-05-01','branch':'B-1','area':'4504'");
    record(w, "'type':'branch.changed','at':'2022-04-01','branch':'B-1','area':'4503','units':[]");
    for (int round = 0; round < 2; round++) {
        realm = realm_of(w, NULL, "4503");
        assert_false(has(w, realm, SUBJECT_BRANCH, "B-1"));
        assert_false(has(w, realm, SUBJECT_UNIT, "U-2"));
        realm_free(realm);
        assert_int_equal(ledger_rebuild(w->ledger, NULL, &err), 0); /* and the same of a replayed ledger */
    }
    record(w, "'type':'event.voided','at':'2022-05-02','event':'0185a000-0000-7000-8000-000000000009','reason':'r'");
    realm = realm_of(w, NULL, "4503");
    assert_true(has(w, realm, SUBJECT_BRANCH, "B-1"));
    realm_free(realm);
}

static bool has_member(struct world *w, struct realm *realm, const char *ref, int month, int day)
{
    struct err err = {0};
    bool out;

    assert_int_equal(realm_has_member(&out, realm, ledger_store(w->ledger), key_of(w, SUBJECT_MEMBER, ref),
                                      day_from_civil(2022, month, day), &err), 0);
    return out;
}

static void test_members(void **state)
{
    struct world *w = *state;
    struct realm *first, *second;

    make_world(w);
    first = realm_of(w, "B-1", NULL);
    second = realm_of(w, "B-2", NULL);
    assert_true(has_member(w, first, "M-1", 3, 1));
    assert_false(has_member(w, second, "M-1", 3, 1));
    assert_true(has_member(w, first, "M-1", 6, 1)); /* the day of moving counts for both */
    assert_true(has_member(w, second, "M-1", 6, 1));
    assert_false(has_member(w, first, "M-1", 7, 1));
    assert_true(has_member(w, second, "M-1", 12, 1)); /* the last one it had */
    assert_false(has_member(w, first, "M-1", 12, 1));
    assert_false(has_member(w, first, "M-1", 1, 1)); /* before it had any: the last one it had */
    assert_false(has_member(w, first, "M-9", 3, 1));
    realm_free(first);
    realm_free(second);
}

static void test_book(void **state)
{
    struct world *w = *state;
    struct grant *first;

    make_world(w);
    sync_book(w);
    assert_int_equal(book_key_count(w->book), 0);
    record(w, "'type':'key.allowed','at':'2023-01-01','key':'zhang','public':'" KEY_1 "','role':'recorder','branches':['B-1'],'areas':['4504']");
    assert_int_not_equal(book_version(w->book), ledger_keys_version(w->ledger));
    sync_book(w);
    first = grant_ref(book_find_key(w->book, KEY_1));
    assert_non_null(first);
    assert_string_equal(first->name, "zhang");
    assert_int_equal(first->role, KEY_ROLE_RECORDER);
    assert_false(first->whole);
    assert_true(grant_names_branch(first, "B-1"));
    assert_true(grant_has_area(first, "450412"));
    assert_false(grant_has_area(first, "450"));
    assert_false(grant_has_area(first, NULL));
    assert_null(book_find_key(w->book, KEY_2));
    record(w, "'type':'key.allowed','at':'2023-01-01','key':'li','public':'" KEY_2 "','role':'staff','areas':['*']");
    sync_book(w);
    assert_ptr_equal(book_find_key(w->book, KEY_1), first); /* the same object, as long as it is in force */
    assert_true(book_find_key(w->book, KEY_2)->whole);
    record(w, "'type':'key.revoked','at':'2023-01-01','key':'zhang'");
    sync_book(w);
    assert_null(book_find_key(w->book, KEY_1));
    assert_true(first->gone);
    assert_int_equal(book_key_count(w->book), 1);
    grant_unref(first);
}

static struct grant *user(const char *name, const char *area)
{
    struct grant *grant = grant_new(name, KEY_ROLE_READER);

    grant_add_area(grant, area);
    return grant;
}

static void set_users(struct book *book, struct grant *one, struct grant *other)
{
    struct grant **users = calloc(3, sizeof *users);
    size_t n = 0;

    if (one)
        users[n++] = one;
    if (other)
        users[n++] = other;
    book_set_users(book, users, n);
}

/* A reload: who stays what he was, goes on; who changes or is taken out, is gone. */
static void test_users(void **state)
{
    struct world *w = *state;
    struct grant *zhang, *li;

    set_users(w->book, user("zhang", "4501"), user("li", "4502"));
    zhang = grant_ref(book_find_user(w->book, "zhang"));
    li = grant_ref(book_find_user(w->book, "li"));
    assert_null(book_find_user(w->book, "wang"));
    set_users(w->book, user("zhang", "4501"), user("li", "4503"));
    assert_ptr_equal(book_find_user(w->book, "zhang"), zhang);
    assert_false(zhang->gone);
    assert_ptr_not_equal(book_find_user(w->book, "li"), li);
    assert_true(li->gone);
    set_users(w->book, NULL, NULL);
    assert_null(book_find_user(w->book, "zhang"));
    assert_true(zhang->gone);
    grant_unref(zhang);
    grant_unref(li);
}

/* A key allowed in a batch that is taken back was never allowed. */
static void test_rollback(void **state)
{
    struct world *w = *state;
    struct submit_result result;
    struct err err = {0};

    make_world(w);
    assert_int_equal(ledger_begin(w->ledger, &err), 0);
    assert_int_equal(submit_as(w, NULL, "'type':'key.allowed','at':'2023-01-01','key':'zhang','public':'" KEY_1 "','role':'admin'", &result),
                     SUBMIT_RECORDED);
    sync_book(w);
    assert_int_equal(book_key_count(w->book), 1);
    ledger_rollback(w->ledger);
    assert_int_not_equal(book_version(w->book), ledger_keys_version(w->ledger));
    sync_book(w);
    assert_int_equal(book_key_count(w->book), 0);
}

/* A grant is judged by with every event: also by rows of the batch at hand. */
static void test_submit_by(void **state)
{
    struct world *w = *state;
    struct grant *grant = grant_new("staff", KEY_ROLE_STAFF);
    struct submit_result result;
    struct err err = {0};

    make_world(w);
    grant_add_area(grant, "4503");
    assert_int_equal(ledger_begin(w->ledger, &err), 0);
    assert_int_equal(submit_as(w, grant, "'type':'meeting','at':'2022-03-01','branch':'B-1','kinds':['lecture']", &result), SUBMIT_RECORDED);
    assert_int_equal(submit_as(w, grant, "'type':'meeting','at':'2022-03-01','branch':'B-2','kinds':['lecture']", &result), SUBMIT_REFUSED);
    assert_int_equal(result.err.code, ERR_NOT_ALLOWED);
    assert_string_equal(result.err.field, "");
    assert_int_equal(submit_as(w, grant, "'type':'branch.founded','at':'2022-01-01','branch':'B-4','name':'n','form':'own','sector':'enterprise','area':'45039'", &result),
                     SUBMIT_RECORDED);
    assert_int_equal(submit_as(w, grant, "'type':'meeting','at':'2022-03-01','branch':'B-4','kinds':['lecture']", &result), SUBMIT_RECORDED);
    grant->gone = true;
    assert_int_equal(submit_as(w, grant, "'type':'meeting','at':'2022-03-01','branch':'B-1','kinds':['lecture']", &result), SUBMIT_REFUSED);
    assert_int_equal(result.err.code, ERR_NOT_ALLOWED);
    assert_int_equal(ledger_commit(w->ledger, &err), 0);
    grant_unref(grant);
}

static void test_rate(void **state)
{
    struct grant *grant = grant_new("g", KEY_ROLE_READER);
    int taken = 0;

    (void)state;
    while (grant_take(grant, 10, 1000))
        taken++;
    assert_int_equal(taken, 20);
    assert_false(grant_take(grant, 10, 1050));
    assert_true(grant_take(grant, 10, 1100));
    assert_false(grant_take(grant, 10, 1100));
    for (taken = 0; grant_take(grant, 10, 1000000); taken++)
        ;
    assert_int_equal(taken, 20);
    for (int i = 0; i < 1000; i++)
        assert_true(grant_take(grant, 0, 1000000)); /* no bound */
    grant_unref(grant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_realm, setup, teardown),
        cmocka_unit_test_setup_teardown(test_realm_follows_the_ledger, setup, teardown),
        cmocka_unit_test_setup_teardown(test_members, setup, teardown),
        cmocka_unit_test_setup_teardown(test_book, setup, teardown),
        cmocka_unit_test_setup_teardown(test_users, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rollback, setup, teardown),
        cmocka_unit_test_setup_teardown(test_submit_by, setup, teardown),
        cmocka_unit_test(test_rate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
