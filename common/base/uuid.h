/* UUIDs: RFC 9562 text and version 7. */
#ifndef MUSTER_BASE_UUID_H
#define MUSTER_BASE_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UUID_SIZE = 16, UUID_TEXT_SIZE = 37 };

/* Lower case, 36 characters, any version; false otherwise. */
bool uuid_parse(uint8_t out[UUID_SIZE], const char *s, size_t len_bytes);
const char *uuid_format(char out[UUID_TEXT_SIZE], const uint8_t uuid[UUID_SIZE]);

/* Version 7 of a millisecond since 1970; random bits from the system. */
void uuid_make(uint8_t out[UUID_SIZE], int64_t unix_ms);

#endif
