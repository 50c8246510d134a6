#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/text.h"

int secret_check(int fd, const char *path, struct err *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return err_fault(err, "cannot look at %s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s:1: is no file", "%s:1：不是文件", path);
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return err_say(err, ERR_NOT_ALLOWED, NULL,
                       "%s:1: this secret can be read by others (mode %04o): chmod 600, and better make a new one",
                       "%s:1：该密钥可被他人读取（权限 %04o）：请 chmod 600，最好重新生成", path,
                       (unsigned)(st.st_mode & 07777));
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return err_say(err, ERR_NOT_ALLOWED, NULL, "%s:1: this secret belongs to another user", "%s:1：该密钥属于其他用户",
                       path);
    return 0;
}

void secret_free(char *secret)
{
    if (!secret)
        return;
    explicit_bzero(secret, strlen(secret));
    free(secret);
}

/* As many bytes as there are, at most `size`; -1: the system failed. */
static ssize_t read_whole(int fd, char *to, size_t size)
{
    size_t len = 0;

    while (len < size) {
        ssize_t n = read(fd, to + len, size - len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        len += (size_t)n;
    }
    return (ssize_t)len;
}

static size_t without_line_end(const char *text, size_t len)
{
    if (len > 0 && text[len - 1] == '\n')
        len--;
    if (len > 0 && text[len - 1] == '\r')
        len--;
    return len;
}

static int check_line(const char *text, size_t len, size_t max_bytes, const char *path, struct err *err)
{
    if (len == 0)
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s:1: is empty", "%s:1：文件为空", path);
    if (len > max_bytes)
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s:1: is longer than %zu bytes", "%s:1：超过 %zu 字节", path, max_bytes);
    if (!text_utf8_valid(text, len) || text_has_control(text, len) || memchr(text, '\n', len) || memchr(text, '\t', len) ||
        memchr(text, '\0', len))
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s:1: must hold one line of text (UTF-8) and nothing else",
                       "%s:1：应只有一行文本（UTF-8）", path);
    return 0;
}

int secret_read(char **out, const char *path, size_t max_bytes, struct err *err)
{
    _cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    size_t size = max_bytes + 3; /* the end of the line, and one byte too many */
    char *text;
    ssize_t got;
    size_t len;
    int r;

    if (fd < 0)
        return err_say(err, errno == ENOENT ? ERR_UNKNOWN_REF : ERR_INVALID_VALUE, NULL, "%s:1: %s", "%s:1：%s", path,
                       strerror(errno));
    r = secret_check(fd, path, err);
    if (r != 0)
        return r;
    text = mem_zero(size + 1);
    got = read_whole(fd, text, size);
    len = got > 0 ? without_line_end(text, (size_t)got) : 0;
    r = got < 0 ? err_fault(err, "cannot read %s: %s", path, strerror(errno)) : check_line(text, len, max_bytes, path, err);
    if (r != 0) {
        explicit_bzero(text, size);
        free(text);
        return r;
    }
    text[len] = '\0';
    *out = text;
    return 0;
}
