/* The outbox of libmuster: what is kept, its order and bounds, and what it does with files that are not its own. No daemon. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "muster/muster.h"

static const char ledger[] = "01856000-0000-7000-8000-000000000001";
static const char server[] = "/run/muster/musterd.sock";

struct stage {
    char folder[64];
    char path[96];
};

static int setup(void **state)
{
    struct stage *stage = mem_zero(sizeof *stage);

    strcpy(stage->folder, "/tmp/muster-outbox-XXXXXX");
    if (!mkdtemp(stage->folder))
        return -1;
    snprintf(stage->path, sizeof stage->path, "%s/outbox.db", stage->folder);
    *state = stage;
    return 0;
}

static int teardown(void **state)
{
    struct stage *stage = *state;
    char command[128];
    int result;

    snprintf(command, sizeof command, "rm -rf %s", stage->folder);
    result = system(command);
    free(stage);
    return result;
}

static struct muster_outbox *opened(const struct stage *stage, int64_t events, int64_t bytes)
{
    struct muster_outbox_bounds bounds = {events, bytes};
    struct muster_outbox *outbox;
    int result = muster_outbox_open(&outbox, stage->path, &bounds);

    if (result != MUSTER_OK)
        fail_msg("%s", muster_outbox_error(outbox)->message);
    return outbox;
}

static int keep(struct muster_outbox *outbox, int number, const char *note)
{
    char event[512];

    snprintf(event, sizeof event, "{\"id\":\"01856000-0000-7000-8000-%012d\",\"type\":\"contact\",\"note\":\"%s\"}", number, note);
    return muster_outbox_keep(outbox, server, ledger, event, strlen(event));
}

static int64_t size_of(struct muster_outbox *outbox)
{
    struct muster_outbox_count count;

    assert_int_equal(muster_outbox_count(outbox, NULL, &count), MUSTER_OK);
    assert_int_equal(count.waiting, 0); /* nobody is asked: nothing waits for this session */
    return count.elsewhere + count.refused;
}

static void add_tail(void *context, const struct muster_kept *kept)
{
    buf_addf(context, "%s ", kept->id + 32);
    assert_string_equal(kept->server, "ipc:///run/muster/musterd.sock");
    assert_string_equal(kept->ledger, ledger);
    assert_true(kept->kept_us > 1600000000000000);
    assert_int_equal(kept->tried_us, 0);
    assert_null(kept->refusal);
}

static void test_order(void **state)
{
    struct muster_outbox *outbox = opened(*state, 0, 0), *again;
    struct buf seen = {0};

    for (int i = 120; i > 0; i--)
        assert_int_equal(keep(outbox, i, "x"), MUSTER_OK);
    muster_outbox_close(outbox);
    again = opened(*state, 0, 0);
    assert_int_equal(muster_outbox_each(again, add_tail, &seen), MUSTER_OK);
    assert_int_equal(seen.len, 120 * 5);
    assert_memory_equal(seen.data, "0120 0119 0118 ", 15);
    assert_memory_equal(seen.data + seen.len - 10, "0002 0001 ", 10);
    buf_deinit(&seen);
    muster_outbox_close(again);
}

static void test_the_same_again(void **state)
{
    struct muster_outbox *outbox = opened(*state, 1, 0);

    assert_int_equal(keep(outbox, 1, "x"), MUSTER_OK);
    assert_int_equal(keep(outbox, 1, "x"), MUSTER_OK); /* also where there is no more room */
    assert_int_equal(size_of(outbox), 1);
    assert_int_equal(keep(outbox, 1, "other"), MUSTER_REFUSED);
    assert_string_equal(muster_outbox_error(outbox)->code, "id_conflict");
    muster_outbox_close(outbox);
}

static void test_bounds(void **state)
{
    struct muster_outbox *outbox = opened(*state, 3, 0), *small;

    for (int i = 1; i <= 3; i++)
        assert_int_equal(keep(outbox, i, "x"), MUSTER_OK);
    assert_int_equal(keep(outbox, 4, "x"), MUSTER_FULL);
    assert_string_equal(muster_outbox_error(outbox)->code, "outbox_full");
    assert_int_equal(size_of(outbox), 3);
    muster_outbox_close(outbox);
    small = opened(*state, 0, 400);
    assert_int_equal(keep(small, 5, "x"), MUSTER_OK);
    assert_int_equal(keep(small, 6, "a note that is so long that it does not fit into what is left of four hundred bytes here"), MUSTER_FULL);
    assert_int_equal(size_of(small), 4);
    muster_outbox_close(small);
}

static void test_no_events(void **state)
{
    static const char *const bad[] = {"", "{}", "[]", "{\"id\":1}", "{\"id\":\"x\"}", "{\"id\":\"01856000-0000-7000-8000-000000000001\"",
                                      "{\"id\":\"01856000-0000-7000-8000-000000000001\"} x"};
    struct muster_outbox *outbox = opened(*state, 0, 0);
    char *large = mem_zero(MUSTER_OUTBOX_EVENT_BYTES + 1);

    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(muster_outbox_keep(outbox, server, ledger, bad[i], strlen(bad[i])), MUSTER_BAD_CALL);
    assert_int_equal(muster_outbox_keep(outbox, server, ledger, large, MUSTER_OUTBOX_EVENT_BYTES + 1), MUSTER_BAD_CALL);
    assert_string_equal(muster_outbox_error(outbox)->code, "too_large");
    assert_int_equal(muster_outbox_keep(outbox, "", ledger, "{}", 2), MUSTER_BAD_CALL);
    assert_int_equal(muster_outbox_keep(outbox, server, "no uuid", "{}", 2), MUSTER_BAD_CALL);
    assert_int_equal(size_of(outbox), 0);
    free(large);
    muster_outbox_close(outbox);
}

static void test_drop(void **state)
{
    struct muster_outbox *outbox = opened(*state, 0, 0);
    int found;

    assert_int_equal(keep(outbox, 1, "secretword"), MUSTER_OK);
    assert_int_equal(keep(outbox, 2, "x"), MUSTER_OK);
    assert_int_equal(muster_outbox_drop(outbox, "01856000-0000-7000-8000-000000000001", 0, &found), MUSTER_OK);
    assert_int_equal(found, 1);
    assert_int_equal(muster_outbox_drop(outbox, "01856000-0000-7000-8000-000000000001", 0, &found), MUSTER_OK);
    assert_int_equal(found, 0);
    assert_int_equal(size_of(outbox), 1);
    muster_outbox_close(outbox);
}

static bool file_has(const char *path, const char *word)
{
    _cleanup_file_ FILE *file = fopen(path, "re");
    static char content[1 << 20];
    size_t len;

    assert_non_null(file);
    len = fread(content, 1, sizeof content, file);
    return memmem(content, len, word, strlen(word)) != NULL;
}

static void test_what_goes_is_erased(void **state)
{
    const struct stage *stage = *state;
    struct muster_outbox *outbox = opened(stage, 0, 0);

    assert_int_equal(keep(outbox, 1, "secretword"), MUSTER_OK);
    assert_true(file_has(stage->path, "secretword"));
    assert_int_equal(muster_outbox_drop(outbox, "01856000-0000-7000-8000-000000000001", 0, NULL), MUSTER_OK);
    assert_false(file_has(stage->path, "secretword"));
    muster_outbox_close(outbox);
}

static void test_for_its_owner_alone(void **state)
{
    const struct stage *stage = *state;
    mode_t before = umask(0);
    struct muster_outbox *outbox = opened(stage, 0, 0);
    struct stat about;

    assert_int_equal(stat(stage->path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    muster_outbox_close(outbox);
    assert_int_equal(chmod(stage->path, 0644), 0);
    muster_outbox_close(opened(stage, 0, 0));
    assert_int_equal(stat(stage->path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    umask(before);
}

static void refuses(const struct stage *stage, const char *code, const char *words)
{
    struct muster_outbox *outbox;

    assert_int_equal(muster_outbox_open(&outbox, stage->path, NULL), MUSTER_SYSTEM);
    assert_string_equal(muster_outbox_error(outbox)->code, code);
    assert_non_null(strstr(muster_outbox_error(outbox)->message, words));
    assert_int_equal(keep(outbox, 1, "x"), MUSTER_BAD_CALL); /* good for nothing, and harmless */
    muster_outbox_close(outbox);
}

static void write_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void test_other_files(void **state)
{
    const struct stage *stage = *state;
    char other[128];

    write_file(stage->path, "this is a text, and long enough that it could be the header of a database, which it is not, however long");
    refuses(stage, "outbox_damaged", "move it away");
    unlink(stage->path);
    snprintf(other, sizeof other, "%s/other", stage->folder);
    write_file(other, "");
    assert_int_equal(symlink(other, stage->path), 0);
    refuses(stage, "system", "plain file");
    unlink(stage->path);
    run_sql(stage->path, "CREATE TABLE theirs (x); PRAGMA user_version = 1");
    refuses(stage, "system", "");
    unlink(stage->path);
    muster_outbox_close(opened(stage, 0, 0));
    run_sql(stage->path, "PRAGMA user_version = 2");
    refuses(stage, "system", "newer version");
    unlink(stage->path);
    assert_int_equal(mkdir(stage->path, 0700), 0);
    refuses(stage, "system", "plain file");
}

/* Processes that open a new outbox and keep in it all at once lose nothing, and nothing of each other's. */
static void test_at_once(void **state)
{
    enum { PROCESSES = 4, EACH = 8 };
    const struct stage *stage = *state;
    struct muster_outbox *outbox;

    for (int p = 0; p < PROCESSES; p++) {
        pid_t child = fork();

        assert_true(child >= 0);
        if (child == 0) {
            struct muster_outbox *own;
            int failed = muster_outbox_open(&own, stage->path, NULL);

            for (int i = 0; i < EACH && !failed; i++)
                failed = keep(own, p * EACH + i, "x");
            _exit(failed);
        }
    }
    for (int p = 0; p < PROCESSES; p++) {
        int status;

        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    outbox = opened(stage, 0, 0);
    assert_int_equal(size_of(outbox), PROCESSES * EACH);
    muster_outbox_close(outbox);
}

/* What is being delivered is not dropped meanwhile: it would be recorded all the same. */
static void test_drop_waits_for_delivery(void **state)
{
    const struct stage *stage = *state;
    struct muster_outbox *outbox = opened(stage, 0, 0);
    _cleanup_fd_ int lock = -1;
    char name[128];
    int found;

    assert_int_equal(keep(outbox, 1, "x"), MUSTER_OK);
    snprintf(name, sizeof name, "%s.lock", stage->path);
    lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    assert_int_equal(muster_outbox_drop(outbox, "01856000-0000-7000-8000-000000000001", 20, &found), MUSTER_BUSY);
    assert_string_equal(muster_outbox_error(outbox)->code, "outbox_busy");
    assert_int_equal(keep(outbox, 2, "x"), MUSTER_OK); /* keeping does not wait for it */
    assert_int_equal(size_of(outbox), 2);
    assert_int_equal(flock(lock, LOCK_UN), 0);
    assert_int_equal(muster_outbox_drop(outbox, "01856000-0000-7000-8000-000000000001", 0, &found), MUSTER_OK);
    assert_int_equal(found, 1);
    muster_outbox_close(outbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_same_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bounds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_events, setup, teardown),
        cmocka_unit_test_setup_teardown(test_drop, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_goes_is_erased, setup, teardown),
        cmocka_unit_test_setup_teardown(test_for_its_owner_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_files, setup, teardown),
        cmocka_unit_test_setup_teardown(test_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_drop_waits_for_delivery, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
