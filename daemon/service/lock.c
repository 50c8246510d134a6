#include "service/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/buf.h"

static int make_folder(const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/');
    _cleanup_free_ char *folder = slash ? mem_strndup(path, (size_t)(slash - path)) : NULL;

    if (!folder || folder[0] == '\0' || mkdir(folder, 0700) == 0 || errno == EEXIST)
        return 0;
    return err_fault(err, "cannot make the folder %s: %s", folder, strerror(errno));
}

int lock_take(int *fd_out, const char *database, struct err *err)
{
    _cleanup_fd_ int fd = -1;
    _cleanup_buf_ struct buf path = {0};

    if (make_folder(database, err) != 0)
        return -1;
    buf_addf(&path, "%s.lock", database);
    fd = open(buf_str(&path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_fault(err, "cannot open %s: %s", buf_str(&path), strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return err_fault(err, "cannot lock %s: %s", buf_str(&path), strerror(errno));
        return err_say(err, ERR_NOT_ALLOWED, "database", "another musterd keeps the ledger %s",
                       "另一个 musterd 正在使用台账 %s", database);
    }
    *fd_out = fd;
    fd = -1;
    return 0;
}
