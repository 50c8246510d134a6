#include "access/word.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

enum {
    MARK_SIZE = 3,
    MAC_SIZE = 10, /* 80 bits: guessing over the wire is hopeless long before an alert is closed */
    BODY_SIZE = 16, /* level, until (2), mark, mac */
    CODE_LEN = 26,  /* of it in base 32 */
};

static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";

static void mac_of(uint8_t *out, size_t size, const uint8_t key[WORD_KEY_SIZE], const char *what, const char *text,
                   const uint8_t *body, size_t body_size)
{
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, key, WORD_KEY_SIZE);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)what, strlen(what) + 1);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)text, strlen(text) + 1);
    crypto_auth_hmacsha256_update(&state, body, body_size);
    crypto_auth_hmacsha256_final(&state, mac);
    memcpy(out, mac, size);
    sodium_memzero(&state, sizeof state);
}

static void mark_of(uint8_t out[MARK_SIZE], const uint8_t key[WORD_KEY_SIZE], const char *recipient)
{
    mac_of(out, MARK_SIZE, key, "recipient", recipient, NULL, 0);
}

static void seal(uint8_t body[BODY_SIZE], const uint8_t key[WORD_KEY_SIZE], int64_t alert)
{
    char number[24];

    snprintf(number, sizeof number, "%" PRId64, alert);
    mac_of(body + BODY_SIZE - MAC_SIZE, MAC_SIZE, key, "word", number, body, BODY_SIZE - MAC_SIZE);
}

/* 128 bits as 26 digits of 5, the first of 3. */
static void write_code(char out[CODE_LEN + 1], const uint8_t body[BODY_SIZE])
{
    for (int i = 0; i < CODE_LEN; i++) {
        int digit = 0;

        for (int bit = i * 5 - 2; bit < i * 5 + 3; bit++)
            digit = digit * 2 + (bit >= 0 ? body[bit / 8] >> (7 - bit % 8) & 1 : 0);
        out[i] = letters[digit];
    }
    out[CODE_LEN] = '\0';
}

static bool read_code(uint8_t body[BODY_SIZE], const char *code)
{
    memset(body, 0, BODY_SIZE);
    if (strlen(code) != CODE_LEN)
        return false;
    for (int i = 0; i < CODE_LEN; i++) {
        const char *at = strchr(letters, code[i]);
        int digit = at ? (int)(at - letters) : 0;

        if (!at || (i == 0 && digit > 7))
            return false;
        for (int k = 0, bit = i * 5 - 2; k < 5; k++, bit++)
            if (bit >= 0 && digit >> (4 - k) & 1)
                body[bit / 8] |= (uint8_t)(1 << (7 - bit % 8));
    }
    return true;
}

void word_make(char out[WORD_TEXT_SIZE], const uint8_t key[WORD_KEY_SIZE], const struct word_claim *claim,
               const char *recipient)
{
    uint8_t body[BODY_SIZE] = {(uint8_t)claim->level, (uint8_t)(claim->until >> 8), (uint8_t)claim->until};
    char code[CODE_LEN + 1];

    mark_of(body + 3, key, recipient);
    seal(body, key, claim->alert);
    write_code(code, body);
    snprintf(out, WORD_TEXT_SIZE, "%" PRId64 "-%s", claim->alert, code);
}

/* The alert's number, written as word_make does, and what follows it; NULL. */
static const char *read_number(int64_t *out, const char *text)
{
    char again[24];
    char *end;

    if (*text < '1' || *text > '9')
        return NULL;
    *out = strtoll(text, &end, 10);
    snprintf(again, sizeof again, "%" PRId64 "-", *out);
    return strncmp(text, again, strlen(again)) == 0 ? end + 1 : NULL;
}

bool word_read(struct word_claim *out, const uint8_t key[WORD_KEY_SIZE], const char *text)
{
    uint8_t body[BODY_SIZE], sealed[BODY_SIZE];
    const char *code = read_number(&out->alert, text);

    if (!code || !read_code(body, code))
        return false;
    memcpy(sealed, body, sizeof sealed);
    seal(sealed, key, out->alert);
    out->level = body[0];
    out->until = body[1] << 8 | body[2];
    return sodium_memcmp(sealed, body, BODY_SIZE) == 0;
}

bool word_is_for(const uint8_t key[WORD_KEY_SIZE], const char *text, const char *recipient)
{
    uint8_t body[BODY_SIZE], mark[MARK_SIZE];
    int64_t alert;
    const char *code = read_number(&alert, text);

    if (!code || !read_code(body, code))
        return false;
    mark_of(mark, key, recipient);
    return memcmp(mark, body + 3, MARK_SIZE) == 0;
}
