#include "base/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/secret.h"

enum { LINE_MAX_BYTES = 1024, LINES_MAX = 1000, GROUP = 5 };

/* rfc.zeromq.org/spec/32 */
static const char alphabet[] =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

bool key_is_z85(const char *s, size_t len_bytes)
{
    if (len_bytes != KEY_TEXT_SIZE - 1)
        return false;
    for (size_t i = 0; i < len_bytes; i += GROUP) {
        uint64_t value = 0;

        for (size_t k = 0; k < GROUP; k++) {
            const char *at = s[i + k] ? strchr(alphabet, s[i + k]) : NULL;

            if (!at)
                return false;
            value = value * 85 + (uint64_t)(at - alphabet);
        }
        if (value > UINT32_MAX)
            return false;
    }
    return true;
}

/* key = "value": the value's text into `out`. 1 with err. */
static int take_value(char out[KEY_TEXT_SIZE], char *line, const char *path, int number, struct err *err)
{
    char *value = strchr(line, '=');
    size_t len;

    value = value ? value + 1 + strspn(value + 1, " \t") : line + strlen(line);
    len = strcspn(value, "\r\n");
    while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t'))
        len--;
    if (len >= 2 && value[0] == '"' && value[len - 1] == '"') {
        value++;
        len -= 2;
    }
    if (!key_is_z85(value, len))
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s:%d: a key has 40 characters of Z85, in quotation marks",
                       "%s:%d：密钥应为引号中的 40 个 Z85 字符", path, number);
    memcpy(out, value, len);
    out[len] = '\0';
    return 0;
}

static int take_line(struct keypair *out, char *line, const char *path, int number, struct err *err)
{
    static const char *const ignored[] = {"#", "metadata", "curve", "name"};

    line += strspn(line, " \t\r\n");
    if (*line == '\0')
        return 0;
    if (strncmp(line, "public-key", strlen("public-key")) == 0)
        return take_value(out->public, line, path, number, err);
    if (strncmp(line, "secret-key", strlen("secret-key")) == 0)
        return take_value(out->secret, line, path, number, err);
    for (size_t i = 0; i < ARRAY_LEN(ignored); i++)
        if (strncmp(line, ignored[i], strlen(ignored[i])) == 0)
            return 0;
    return err_say(err, ERR_INVALID_VALUE, NULL, "%s:%d: this is no line of a key file", "%s:%d：密钥文件中不应有此行", path,
                   number);
}

int keyfile_read_text(struct keypair *out, FILE *file, const char *path, struct err *err)
{
    char line[LINE_MAX_BYTES];
    int number = 0;

    memset(out, 0, sizeof *out);
    while (fgets(line, sizeof line, file)) {
        number++;
        if (number > LINES_MAX || strlen(line) == sizeof line - 1)
            return err_say(err, ERR_INVALID_VALUE, NULL, "%s:%d: this is no key file: it is too long",
                           "%s:%d：不是密钥文件：过长", path, number);
        if (take_line(out, line, path, number, err) != 0)
            return 1;
    }
    if (!out->public[0] || !out->secret[0])
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s:%d: the key file ends without a %s", "%s:%d：密钥文件缺少 %s", path,
                       number + 1, out->public[0] ? "secret-key" : "public-key");
    return 0;
}

int keyfile_read(struct keypair *out, const char *path, struct err *err)
{
    _cleanup_file_ FILE *file = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), failed;

    memset(out, 0, sizeof *out);
    if (fd < 0)
        return err_say(err, errno == ENOENT ? ERR_UNKNOWN_REF : ERR_INVALID_VALUE, NULL, "%s:1: %s", "%s:1：%s", path,
                       strerror(errno));
    file = fdopen(fd, "r");
    if (!file) {
        close(fd);
        return err_fault(err, "cannot read %s: %s", path, strerror(errno));
    }
    failed = secret_check(fd, path, err);
    if (!failed)
        failed = keyfile_read_text(out, file, path, err);
    if (failed)
        memset(out, 0, sizeof *out);
    return failed;
}

static int write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        text += n;
        len -= (size_t)n;
    }
    return fsync(fd);
}

static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    _cleanup_free_ char *folder = slash ? mem_strndup(path, (size_t)(slash - path) + 1) : mem_strdup(".");
    _cleanup_fd_ int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0)
        (void)fsync(fd);
}

int keyfile_write(const char *path, const struct keypair *pair, const char *name, struct err *err)
{
    _cleanup_buf_ struct buf text = {0};
    _cleanup_fd_ int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0 && errno == EEXIST)
        return err_say(err, ERR_EXISTS, NULL, "%s is there already, and is left alone", "%s 已存在，未作改动", path);
    if (fd < 0)
        return err_fault(err, "cannot make %s: %s", path, strerror(errno));
    buf_add_str(&text, "#   A key pair of muster. The secret part is its owner's alone: never send this file.\n");
    if (name)
        buf_addf(&text, "metadata\n    name = \"%s\"\n", name);
    buf_addf(&text, "curve\n    public-key = \"%s\"\n    secret-key = \"%s\"\n", pair->public, pair->secret);
    if (fchmod(fd, 0600) == 0 && write_all(fd, text.data, text.len) == 0) {
        sync_folder(path);
        return 0;
    }
    err_fault(err, "cannot write %s: %s", path, strerror(errno));
    unlink(path);
    return -1;
}
