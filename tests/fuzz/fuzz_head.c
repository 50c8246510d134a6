/* Signed heads: whatever the line, a verdict; what is taken is rightly signed, and says the same when written and read again. */
#include <string.h>

#include "chain/head.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_buf_ struct buf again = {0};
    struct head head = {0}, back = {0};
    struct err err = {0};
    int verdict = head_read(&head, (const char *)data, size, &err);

    FUZZ_CHECK(verdict == 0 || verdict == 1);
    FUZZ_CHECK((verdict == 0) == (err.code == ERR_NONE));
    FUZZ_CHECK(verdict == 0 || (err.en[0] && err.zh[0]));
    if (verdict != 0)
        return 0;
    buf_add_str(&again, "{");
    head_write(&again, &head);
    buf_add_str(&again, "}");
    FUZZ_CHECK(head_read(&back, again.data, again.len, &err) == 0);
    FUZZ_CHECK(memcmp(&head, &back, sizeof head) == 0);
    return 0;
}
