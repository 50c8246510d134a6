/* Ownership helpers.
 *
 * Every owning local carries a cleanup attribute and is handed over with TAKE().
 * A type `struct x` with `void x_free(struct x *)` gets its attribute from DEFINE_CLEANUP(x).
 */
#ifndef MUSTER_BASE_CLEANUP_H
#define MUSTER_BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* Hands the value of `p` over and leaves NULL behind. */
#define TAKE(p)                                                                                    \
    ({                                                                                             \
        __typeof__(p) taken_ = (p);                                                                \
        (p) = NULL;                                                                                \
        taken_;                                                                                    \
    })

#define DEFINE_CLEANUP(name)                                                                       \
    static inline void name##_cleanup(struct name **p)                                             \
    {                                                                                              \
        name##_free(*p);                                                                           \
    }                                                                                              \
    struct cleanup_needs_semicolon_

static inline void cleanup_free(void *p)
{
    free(*(void **)p);
}

static inline void cleanup_file(FILE **p)
{
    if (*p)
        fclose(*p);
}

static inline void cleanup_fd(int *p)
{
    if (*p >= 0)
        close(*p);
}

#define _cleanup_free_ CLEANUP(cleanup_free)
#define _cleanup_file_ CLEANUP(cleanup_file)
#define _cleanup_fd_ CLEANUP(cleanup_fd)

#endif
