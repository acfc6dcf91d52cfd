/* SPDX-License-Identifier: MIT
 *
 * Decisions over the radio: their bytes, there and back, and what is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "midge/decision.h"

static const mdg_decision bell = {0x12345678, 2, 0x01020304, 0xABCD, 3, 230};
static const uint8_t packet[MDG_ADVERTISEMENT_BYTES - 2] = {
    2,    0x01, 0x06, 0x19, 0xFF, 0xFF, 0xFF, 'M',  'd',  1, 0, 0x78, 0x56, 0x34,
    0x12, 2,    0,    0,    0,    3,    230,  0xCD, 0xAB, 4, 3, 2,    1}; /* and the check */

static void test_bytes(void **state) {
    (void)state;
    uint8_t bytes[MDG_ADVERTISEMENT_BYTES];
    assert_int_equal(mdg_decision_advertise(&bell, 0xFFFF, bytes), sizeof bytes);
    assert_memory_equal(bytes, packet, sizeof packet);
    assert_int_equal(mdg_decision_model("123456789"), 0xCBF43926); /* the CRC's check value */
}

static void test_there_and_back(void **state) {
    (void)state;
    uint8_t bytes[MDG_ADVERTISEMENT_BYTES];
    mdg_decision heard, read;
    mdg_decision_advertise(&bell, 1, bytes);
    assert_int_equal(mdg_decision_hear(bytes + 7, 22, &heard), MDG_OK);
    assert_memory_equal(&heard, &bell, sizeof bell);
    mdg_decision_write(&bell, bytes);
    assert_int_equal(mdg_decision_read(bytes, MDG_DECISION_BYTES, &read), MDG_OK);
    assert_memory_equal(&read, &bell, sizeof bell);
}

static void test_others(void **state) {
    (void)state;
    uint8_t bytes[MDG_ADVERTISEMENT_BYTES];
    mdg_decision d;
    mdg_decision_advertise(&bell, 1, bytes);
    assert_int_equal(mdg_decision_hear(bytes + 7, 21, &d), MDG_INVALID);
    assert_int_equal(mdg_decision_read(bytes + 7, 19, &d), MDG_INVALID);
    for (int i = 7; i < MDG_ADVERTISEMENT_BYTES; i++) {
        bytes[i] ^= 0x40;
        assert_int_equal(mdg_decision_hear(bytes + 7, 22, &d), MDG_INVALID);
        bytes[i] ^= 0x40;
    }
    for (int i = 7; i < 10; i++) {
        bytes[i] ^= 0x40;
        assert_int_equal(mdg_decision_read(bytes + 7, 20, &d), MDG_INVALID);
        bytes[i] ^= 0x40;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bytes), cmocka_unit_test(test_there_and_back),
                                       cmocka_unit_test(test_others)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
