/* Runs of bytes: the same as a look at each of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bytes.h"

static int stops(unsigned char c, unsigned which)
{
    return ((which & STOP_QUOTE) && (c == '"' || c == '\\')) || ((which & STOP_CONTROL) && c < 0x20) ||
           ((which & STOP_HIGH) && c >= 0x80) || ((which & STOP_DEL_C2) && (c == 0x7F || c == 0xC2));
}

/* Every byte at every place of a word and of what is left over, between neighbours that might disturb it. */
static void test_every_byte_everywhere(void **state)
{
    static const unsigned char neighbours[] = {'a', 0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7E, 0x80, 0xC1, 0xC3, 0xFF, 0x00, '"'};
    char text[19];

    (void)state;
    for (unsigned which = 0; which < 16; which++)
        for (size_t n = 0; n < sizeof neighbours; n++)
            for (int c = 0; c < 256; c++)
                for (size_t at = 0; at < sizeof text; at++) {
                    size_t expected = 0;

                    memset(text, neighbours[n], sizeof text);
                    text[at] = (char)c;
                    while (expected < sizeof text && !stops((unsigned char)text[expected], which))
                        expected++;
                    if (bytes_run(text, sizeof text, which) != expected)
                        fail_msg("stops %u, byte %02x at %zu among %02x: %zu, not %zu", which, (unsigned)c, at,
                                 neighbours[n], bytes_run(text, sizeof text, which), expected);
                }
    assert_int_equal(bytes_run("", 0, STOP_QUOTE), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_byte_everywhere)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
