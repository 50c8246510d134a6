/* Signatures of webhooks and robots: HMAC-SHA256 (libsodium). */
#ifndef MUSTER_CHANNELS_SIGN_H
#define MUSTER_CHANNELS_SIGN_H

#include <stdint.h>

enum { SIGN_TEXT_SIZE = 72, SIGN_TIMED_SIZE = 1100 };

/* Ours: in hex, of "<timestamp in seconds>.<body>" by the secret. */
void sign_webhook(char out[SIGN_TEXT_SIZE], const char *secret, int64_t timestamp_s, const char *body);
/* DingTalk's: in base64, of "<timestamp in milliseconds>\n<secret>" by the secret. */
void sign_dingtalk(char out[SIGN_TEXT_SIZE], const char *secret, int64_t timestamp_ms);
/* Feishu's: in base64, of nothing by "<timestamp in seconds>\n<secret>". */
void sign_feishu(char out[SIGN_TEXT_SIZE], const char *secret, int64_t timestamp_s);

#endif
