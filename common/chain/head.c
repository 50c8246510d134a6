#include "chain/head.h"

#include <sodium.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "wire/scan.h"

void head_message(struct buf *out, const struct head *head)
{
    char chain[CHAIN_HEX_SIZE];

    buf_addf(out, "muster head 1\n%s\n%lld\n%s\n%s\n", head->ledger, (long long)head->seq,
             hex_write(chain, head->chain, CHAIN_SIZE), head->at);
}

void head_write(struct buf *out, const struct head *head)
{
    char chain[CHAIN_HEX_SIZE], key[2 * HEAD_KEY_SIZE + 1], signature[2 * HEAD_SIGNATURE_SIZE + 1];
    struct json j = json_to(out);

    json_kv_str(&j, "ledger", head->ledger);
    json_kv_int(&j, "seq", head->seq);
    json_kv_str(&j, "chain", hex_write(chain, head->chain, CHAIN_SIZE));
    json_kv_str(&j, "at", head->at);
    json_kv_str(&j, "key", hex_write(key, head->key, HEAD_KEY_SIZE));
    json_kv_str(&j, "signature", hex_write(signature, head->signature, HEAD_SIGNATURE_SIZE));
}

static const struct scan_node *member(const struct scan *s, const char *name, enum scan_kind kind)
{
    for (size_t key = 1; key < s->count; key = s->nodes[key + 1].next)
        if (s->nodes[key].len == strlen(name) && memcmp(scan_str(s, &s->nodes[key]), name, strlen(name)) == 0)
            return s->nodes[key + 1].kind == kind ? &s->nodes[key + 1] : NULL;
    return NULL;
}

static bool take_text(char *out, size_t size, const struct scan *s, const char *name)
{
    const struct scan_node *n = member(s, name, SCAN_STRING);

    if (!n || n->len >= size)
        return false;
    text_copy(out, size, scan_str(s, n));
    return true;
}

static bool take_hex(uint8_t *out, size_t size, const struct scan *s, const char *name)
{
    const struct scan_node *n = member(s, name, SCAN_STRING);

    return n && hex_read(out, size, scan_str(s, n), n->len);
}

static bool take_number(int64_t *out, const struct scan *s, const char *name)
{
    const struct scan_node *n = member(s, name, SCAN_NUMBER);
    char digits[24], *end;

    if (!n || n->len >= sizeof digits)
        return false;
    memcpy(digits, scan_str(s, n), n->len);
    digits[n->len] = '\0';
    *out = strtoll(digits, &end, 10);
    return *end == '\0' && *out > 0;
}

static bool take(struct head *out, const struct scan *s)
{
    return s->nodes[0].kind == SCAN_OBJECT && take_text(out->ledger, sizeof out->ledger, s, "ledger") &&
           take_number(&out->seq, s, "seq") && take_hex(out->chain, CHAIN_SIZE, s, "chain") &&
           take_text(out->at, sizeof out->at, s, "at") && take_hex(out->key, HEAD_KEY_SIZE, s, "key") &&
           take_hex(out->signature, HEAD_SIGNATURE_SIZE, s, "signature");
}

int head_read(struct head *out, const char *line, size_t len_bytes, struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    _cleanup_buf_ struct buf message = {0};
    struct scan scan;

    memset(out, 0, sizeof *out);
    if (scan_read(&scan, &arena, line, len_bytes, EVENT_DEPTH_MAX) || !take(out, &scan))
        return err_say(err, ERR_INVALID_VALUE, NULL, "this is no signed head, as muster head writes it",
                       "这不是 muster head 所写的签名链首值");
    head_message(&message, out);
    if (crypto_sign_verify_detached(out->signature, (const uint8_t *)message.data, message.len, out->key) != 0)
        return err_say(err, ERR_INVALID_VALUE, "signature", "the signature does not fit: this head was changed after it was signed",
                       "签名不符：该链首值在签名后被改动");
    return 0;
}
