/* Endpoints: which may be bound, and what is cleared away before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cmocka.h>

#include "base/endpoint.h"
#include "net/socket_file.h"

static char folder[] = "/tmp/muster-endpoint-XXXXXX";

static void test_which(void **state)
{
    static const char *const good[] = {"ipc:///run/muster/musterd.sock", "tcp://127.0.0.1:5000", "tcp://127.9.8.7:1",
                                       "tcp://[::1]:65535", "tcp://localhost:5000", "tcp://127.0.0.1:*",
                                       "tcp://0.0.0.0:5000", "tcp://*:5000", "tcp://192.168.1.2:5000", "tcp://[::]:5000"};
    static const char *const bad[] = {
        "", "ipc://", "ipc://relative", "ipc://@abstract", "ipc:///", "ipc:///run/", "ipc://*", "inproc://x",
        "tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://127.0.0.1:0", "tcp://127.0.0.1:65536", "tcp://127.0.0.1:50x",
        "tcp://example.org:5000", "tcp://[::1:5000", "tcp://[zz]:5000",
        "tcp://lo:5000", "tcp://1270.0.0.1:5000", "/run/muster.sock", "pgm://127.0.0.1:5"};
    char long_path[256] = "ipc:///";

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct err err = {0};

        assert_int_equal(endpoint_check(good[i], &err), 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct err err = {0};

        print_message("%s\n", bad[i]);
        assert_int_equal(endpoint_check(bad[i], &err), 1);
        assert_int_equal(err.code, ERR_INVALID_VALUE);
        assert_true(err.zh[0]);
    }
    memset(long_path + 7, 'a', 200);
    assert_int_equal(endpoint_check(long_path, &(struct err){0}), 1);
    long_path[6 + 107] = '\0';
    assert_int_equal(endpoint_check(long_path, &(struct err){0}), 0);
}

/* Open to others than this machine. */
static void test_open(void **state)
{
    static const char *const open_ones[] = {"tcp://0.0.0.0:5000", "tcp://*:1", "tcp://192.168.1.2:5", "tcp://[::]:5", "tcp://[fe80::1]:5"};
    static const char *const closed[] = {"ipc:///run/x", "tcp://127.0.0.1:5", "tcp://127.1.2.3:*", "tcp://[::1]:5", "tcp://localhost:5"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(open_ones); i++)
        assert_true(endpoint_is_open(open_ones[i]));
    for (size_t i = 0; i < ARRAY_LEN(closed); i++)
        assert_false(endpoint_is_open(closed[i]));
}

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    memcpy(address.sun_path, path, strlen(path) + 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 1), 0);
    return fd;
}

static void test_prepare(void **state)
{
    char endpoint[128], path[128], inner[128];
    struct err err = {0};
    struct stat st;
    int fd;

    (void)state;
    snprintf(inner, sizeof inner, "%s/run", folder);
    snprintf(path, sizeof path, "%.100s/x.sock", inner);
    snprintf(endpoint, sizeof endpoint, "ipc://%.110s", path);

    assert_int_equal(socket_file_prepare(endpoint, &err), 0); /* makes the folder */
    assert_int_equal(stat(inner, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);

    fd = listen_at(path);
    assert_int_equal(socket_file_prepare(endpoint, &err), 1); /* in use */
    assert_int_equal(err.code, ERR_NOT_ALLOWED);
    assert_int_equal(lstat(path, &st), 0);
    err_clear(&err);

    close(fd); /* as after a kill: the file stays */
    assert_int_equal(socket_file_prepare(endpoint, &err), 0);
    assert_int_equal(lstat(path, &st), -1);

    fclose(fopen(path, "w"));
    assert_int_equal(socket_file_prepare(endpoint, &err), 1); /* somebody's file */
    assert_int_equal(lstat(path, &st), 0);
    err_clear(&err);
    unlink(path);
    rmdir(inner);

    snprintf(endpoint, sizeof endpoint, "ipc://%.50s/a/b/x.sock", folder);
    assert_int_equal(socket_file_prepare(endpoint, &err), -1); /* one folder is made, not a tree */
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which),
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_prepare),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
