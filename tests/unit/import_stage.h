/* A file in memory, and registers that answer what reading a sheet asks: two branches, three members; M-3 of B-2 was in B-1 until June 2022. */
#ifndef MUSTER_TESTS_IMPORT_STAGE_H
#define MUSTER_TESTS_IMPORT_STAGE_H

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "import/importer.h"

struct fake {
    int asked;    /* how often about a place outside */
    bool outside; /* and what is answered */
};

static inline int file_of(const char *bytes, size_t len)
{
    int fd = memfd_create("sheet", MFD_CLOEXEC);

    if (fd < 0 || write(fd, bytes, len) != (ssize_t)len || lseek(fd, 0, SEEK_SET) != 0)
        abort();
    return fd;
}

static inline int fake_registers(void *context, struct directory *d, enum directory_kind kind)
{
    static const struct entry members[] = {{"M-1", "张伟", "B-1", 0}, {"M-2", "王芳", "B-1", 0}, {"M-3", "赵敏", "B-2", 0}};
    static const struct entry branches[] = {{"B-1", "第一支部", NULL, 2}, {"B-2", "第二支部", NULL, 1}};

    (void)context;
    for (size_t i = 0; i < ARRAY_LEN(members) && kind == DIRECTORY_MEMBER; i++)
        directory_add(d, kind, &members[i]);
    for (size_t i = 0; i < ARRAY_LEN(branches) && kind == DIRECTORY_BRANCH; i++)
        directory_add(d, kind, &branches[i]);
    return 0;
}

static inline int fake_belonged(void *context, bool *out, const char *member, const char *branch, day_t day)
{
    (void)context;
    *out = strcmp(member, "M-3") == 0 && strcmp(branch, "B-1") == 0 && day < day_from_civil(2022, 6, 1);
    return 0;
}

static inline int fake_outside(void *context, bool *out, int64_t row, const char *place, const char *branch)
{
    struct fake *fake = context;

    (void)row;
    (void)place;
    (void)branch;
    fake->asked++;
    *out = fake->outside;
    return 0;
}

static inline struct import_asking fake_asking(struct fake *fake)
{
    return (struct import_asking){fake, false, fake_registers, fake_belonged, fake_outside};
}

#endif
