/* Key files: a pair of 40 characters each, or a verdict with its line. */
#include <stdio.h>
#include <string.h>

#include "base/keyfile.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_file_ FILE *file = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    struct keypair pair;
    struct err err = {0};
    int verdict;

    if (!file)
        return 0;
    verdict = keyfile_read_text(&pair, file, "a.key", &err);
    if (verdict == 0) {
        FUZZ_CHECK(err.code == ERR_NONE);
        FUZZ_CHECK(key_is_z85(pair.public, strlen(pair.public)) && key_is_z85(pair.secret, strlen(pair.secret)));
    } else {
        FUZZ_CHECK(verdict == 1 && err.code == ERR_INVALID_VALUE);
        FUZZ_CHECK(strncmp(err.en, "a.key:", 6) == 0 && err.zh[0]);
    }
    return 0;
}
