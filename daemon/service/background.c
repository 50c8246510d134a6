#include "service/background.h"

#include <linux/sched.h>
#include <linux/sched/types.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    NICE = 10, /* a tenth of the share of the others, where all want the processor */
    /* The longest that Linux takes. Since 6.12 a thread that wakes up takes the processor at once from one whose slice is
     * longer than its own; it would wait for the end of the slice otherwise, and a commit wakes up several times. Older
     * kernels look at the share alone, and let it in. */
    SLICE_NS = 100 * 1000 * 1000,
};

/* Not SCHED_IDLE: it would hardly get on beside anything else that runs, and whoever waits for a lock of it neither. */
void background_thread(void)
{
    struct sched_attr attr = {.size = sizeof attr, .sched_policy = SCHED_NORMAL, .sched_nice = NICE, .sched_runtime = SLICE_NS};

    if (syscall(SYS_sched_setattr, 0, &attr, 0) != 0)
        (void)!setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE);
}
