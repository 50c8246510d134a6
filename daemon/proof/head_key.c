#include "proof/head_key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

static const char first_line[] = "muster head key 1\n";

enum { FILE_MAX = 256 };

struct head_key {
    uint8_t public[HEAD_KEY_SIZE];
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
};

static int take_seed(struct head_key *key, const char *text, size_t len, const char *file, struct err *err)
{
    uint8_t seed[crypto_sign_SEEDBYTES];
    size_t head = sizeof first_line - 1;

    while (len > head && text[len - 1] == '\n')
        len--;
    if (len < head || memcmp(text, first_line, head) != 0 || !hex_read(seed, sizeof seed, text + head, len - head))
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s:%d: this is no key for heads; put the right file back, or move it away: a new "
                       "one is made then, and old heads are still checked by the key in them",
                       "%s:%d：这不是链首值签名密钥；请放回正确的文件，或将其移走：届时会生成新的密钥，旧的链首值仍按其自带密钥校验",
                       file, len < head || memcmp(text, first_line, head) != 0 ? 1 : 2);
    crypto_sign_seed_keypair(key->public, key->secret, seed);
    sodium_memzero(seed, sizeof seed);
    return 0;
}

static int read_key(struct head_key *key, int fd, const char *file, struct err *err)
{
    char text[FILE_MAX];
    struct stat about;
    ssize_t n;
    int r;

    if (fstat(fd, &about) != 0)
        return err_fault(err, "%s: %s", file, strerror(errno));
    if (about.st_mode & 077)
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s:1: others can read this key: chmod 600 it, or move it away if they did",
                       "%s:1：其他用户可读取该密钥：请 chmod 600；若已泄露，请将其移走", file);
    n = read(fd, text, sizeof text);
    if (n < 0)
        return err_fault(err, "%s: %s", file, strerror(errno));
    r = take_seed(key, text, (size_t)n, file, err);
    sodium_memzero(text, sizeof text);
    return r;
}

static bool write_whole(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);

        if (n <= 0)
            return false;
        text += n;
        len -= (size_t)n;
    }
    return true;
}

/* Whole or not at all: written under another name, made durable, then given its name. */
static int make_key(const char *file, struct err *err)
{
    _cleanup_buf_ struct buf text = {0}, part = {0};
    _cleanup_fd_ int fd = -1;
    char hex[2 * crypto_sign_SEEDBYTES + 1];
    uint8_t seed[crypto_sign_SEEDBYTES];
    bool done;

    randombytes_buf(seed, sizeof seed);
    buf_addf(&text, "%s%s\n", first_line, hex_write(hex, seed, sizeof seed));
    buf_addf(&part, "%s.part", file);
    fd = open(buf_str(&part), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    done = fd >= 0 && fchmod(fd, 0600) == 0 && write_whole(fd, text.data, text.len) && fsync(fd) == 0 &&
           rename(buf_str(&part), file) == 0;
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(hex, sizeof hex);
    sodium_memzero(text.data, text.len);
    return done ? 0 : err_fault(err, "cannot write the key for heads, %s: %s", file, strerror(errno));
}

int head_key_open(struct head_key **out, const char *database, struct err *err)
{
    _cleanup_head_key_ struct head_key *key = mem_zero(sizeof *key);
    _cleanup_buf_ struct buf file = {0};
    _cleanup_fd_ int fd = -1;
    int r = 0;

    buf_addf(&file, "%s.headkey", database);
    fd = open(buf_str(&file), O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        r = make_key(buf_str(&file), err);
        fd = r == 0 ? open(buf_str(&file), O_RDONLY | O_CLOEXEC) : -1;
    }
    if (r == 0 && fd < 0)
        r = err_fault(err, "%s: %s", buf_str(&file), strerror(errno));
    if (r == 0)
        r = read_key(key, fd, buf_str(&file), err);
    if (r == 0)
        *out = TAKE(key);
    return r;
}

void head_key_free(struct head_key *key)
{
    if (!key)
        return;
    sodium_memzero(key, sizeof *key);
    free(key);
}

void head_key_derive(uint8_t *out, size_t size, const struct head_key *key, const char *purpose)
{
    /* An Ed25519 secret key of libsodium begins with its seed. */
    crypto_generichash(out, size, (const uint8_t *)purpose, strlen(purpose), key->secret, crypto_sign_SEEDBYTES);
}

void head_key_sign(struct head *head, const struct head_key *key)
{
    _cleanup_buf_ struct buf message = {0};

    memcpy(head->key, key->public, HEAD_KEY_SIZE);
    head_message(&message, head);
    crypto_sign_detached(head->signature, NULL, (const uint8_t *)message.data, message.len, key->secret);
}
