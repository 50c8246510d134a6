#include "channels/sign.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/buf.h"

enum { MAC_SIZE = crypto_auth_hmacsha256_BYTES };

static void mac_of(unsigned char mac[MAC_SIZE], const char *key, const char *first, const char *second)
{
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key, strlen(key));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)first, strlen(first));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)second, strlen(second));
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
}

void sign_webhook(char out[SIGN_TEXT_SIZE], const char *secret, int64_t timestamp_s, const char *body)
{
    unsigned char mac[MAC_SIZE];
    char time[32];

    snprintf(time, sizeof time, "%" PRId64 ".", timestamp_s);
    mac_of(mac, secret, time, body);
    sodium_bin2hex(out, SIGN_TEXT_SIZE, mac, MAC_SIZE);
}

void sign_dingtalk(char out[SIGN_TEXT_SIZE], const char *secret, int64_t timestamp_ms)
{
    unsigned char mac[MAC_SIZE];
    char time[32];

    snprintf(time, sizeof time, "%" PRId64 "\n", timestamp_ms);
    mac_of(mac, secret, time, secret);
    sodium_bin2base64(out, SIGN_TEXT_SIZE, mac, MAC_SIZE, sodium_base64_VARIANT_ORIGINAL);
}

void sign_feishu(char out[SIGN_TEXT_SIZE], const char *secret, int64_t timestamp_s)
{
    unsigned char mac[MAC_SIZE];
    char key[SIGN_TIMED_SIZE];

    snprintf(key, sizeof key, "%" PRId64 "\n%s", timestamp_s, secret);
    mac_of(mac, key, "", "");
    sodium_memzero(key, sizeof key);
    sodium_bin2base64(out, SIGN_TEXT_SIZE, mac, MAC_SIZE, sodium_base64_VARIANT_ORIGINAL);
}
