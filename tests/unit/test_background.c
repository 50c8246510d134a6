/* Of the thread that asks for it, and of no other. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "service/background.h"

static int own_nice(void)
{
    errno = 0;
    return getpriority(PRIO_PROCESS, 0);
}

static void *run(void *data)
{
    int *nice_out = data;

    background_thread();
    *nice_out = own_nice();
    return NULL;
}

static void test_background(void **state)
{
    int before = own_nice(), in_thread = -100;
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, run, &in_thread), 0);
    pthread_join(thread, NULL);
    /* Where this runs at less than that already, it may not be allowed to have more: then it stays as it is. */
    assert_true(in_thread == 10 || (before > 10 && in_thread == before));
    assert_int_equal(own_nice(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_background)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
