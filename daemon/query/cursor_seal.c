#include "query/cursor_seal.h"

#include <sodium.h>
#include <string.h>

#include "proof/head_key.h"

enum {
    BLOCK_SIZE = 64, /* cursors are padded to multiples of it */
    NONCE_SIZE = crypto_secretbox_NONCEBYTES,
    MAC_SIZE = crypto_secretbox_MACBYTES,
    KEY_SIZE = crypto_secretbox_KEYBYTES,
    VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
};

static void derive(uint8_t out[KEY_SIZE], const struct head_key *key)
{
    head_key_derive(out, KEY_SIZE, key, "cursors");
}

void cursor_seal(struct buf *out, const struct head_key *key, const char *cursor, size_t len_bytes)
{
    size_t room = len_bytes + BLOCK_SIZE, padded = 0, text_size;
    _cleanup_free_ uint8_t *box = mem_zero(NONCE_SIZE + MAC_SIZE + room);
    uint8_t *plain = box + NONCE_SIZE + MAC_SIZE, box_key[KEY_SIZE];

    memcpy(plain, cursor, len_bytes);
    sodium_pad(&padded, plain, len_bytes, BLOCK_SIZE, room);
    randombytes_buf(box, NONCE_SIZE);
    derive(box_key, key);
    crypto_secretbox_easy(box + NONCE_SIZE, plain, padded, box, box_key);
    sodium_memzero(box_key, sizeof box_key);
    text_size = sodium_base64_encoded_len(NONCE_SIZE + MAC_SIZE + padded, VARIANT);
    buf_reserve(out, text_size);
    sodium_bin2base64(out->data + out->len, text_size, box, NONCE_SIZE + MAC_SIZE + padded, VARIANT);
    out->len += text_size - 1;
}

const char *cursor_unseal(struct arena *arena, const struct head_key *key, const char *sealed)
{
    size_t len = strlen(sealed), size, text_len;
    uint8_t *box = arena_alloc(arena, len + 1), box_key[KEY_SIZE];
    char *plain;
    int failed;

    if (sodium_base642bin(box, len, sealed, len, NULL, &size, NULL, VARIANT) != 0 || size <= NONCE_SIZE + MAC_SIZE)
        return NULL;
    size -= NONCE_SIZE;
    plain = arena_alloc(arena, size - MAC_SIZE + 1);
    derive(box_key, key);
    failed = crypto_secretbox_open_easy((uint8_t *)plain, box + NONCE_SIZE, size, box, box_key);
    sodium_memzero(box_key, sizeof box_key);
    if (failed || sodium_unpad(&text_len, (const uint8_t *)plain, size - MAC_SIZE, BLOCK_SIZE) != 0)
        return NULL;
    plain[text_len] = '\0';
    return plain;
}
