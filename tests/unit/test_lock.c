/* One daemon for one ledger. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "service/lock.h"

static void test_lock(void **state)
{
    char folder[] = "/tmp/muster-lock-XXXXXX", database[64], file[80], inner[48];
    int first = -1, second = -1;
    struct err err = {0};
    struct stat st;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(inner, sizeof inner, "%s/state", folder);
    snprintf(database, sizeof database, "%s/l.db", inner);
    snprintf(file, sizeof file, "%s.lock", database);
    assert_int_equal(lock_take(&first, database, &err), 0);
    assert_int_equal(stat(inner, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(lock_take(&second, database, &err), 1);
    assert_int_equal(err.code, ERR_NOT_ALLOWED);
    assert_int_equal(second, -1);
    err_clear(&err);
    close(first);
    assert_int_equal(lock_take(&second, database, &err), 0); /* the file alone locks nothing */
    close(second);
    unlink(file);
    rmdir(inner);
    assert_int_equal(symlink("/dev/null", file), -1);
    assert_int_equal(mkdir(inner, 0700), 0);
    assert_int_equal(symlink("/dev/null", file), 0);
    assert_int_equal(lock_take(&second, database, &err), -1); /* not through a link */
    unlink(file);
    rmdir(inner);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lock)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
