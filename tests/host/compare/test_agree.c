/* SPDX-License-Identifier: MIT
 *
 * Outputs of two machines: integers to the byte, floats nearly.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "compare/agree.h"

/* Two floats, then three bytes */
typedef struct outputs {
    float real[2];
    int8_t byte[4];
} outputs;

static mdg_agreement agree(const outputs *here, const outputs *there, int n) {
    static const mdg_tensor real = {.name = "real", .type = MDG_FLOAT32};
    static const mdg_tensor byte = {.name = "byte", .type = MDG_INT8};
    mdg_buffer buffers[2] = {{.bytes = sizeof here->real}, {.bytes = sizeof here->byte}};
    mdg_io io[2] = {{0, &real}, {1, &byte}};
    const mdg_program p = {.n_buffers = 2, .buffers = buffers, .n_outputs = 2, .outputs = io};
    return mdg_agree(&p, (const uint8_t *)here, (const uint8_t *)there, n);
}

static void last_bits_of_floats_do_not_count(void **state) {
    (void)state;
    const outputs here = {{1.0f, -1e20f}, {1, 2, 3, 4}},
                  there = {{nextafterf(1.0f, 2.0f), -1.000001e20f}, {1, 2, 3, 4}};
    const mdg_agreement a = agree(&here, &there, 1);
    assert_int_equal(a.differing, 0);
    assert_true(a.has_floats);
    assert_true(a.largest > 1e13 && a.largest < 2e14);
}

static void other_floats_do(void **state) {
    (void)state;
    const float apart[][2] = {
        {1.0f, 1.00002f}, {0.0f, 2e-6f}, {1.0f, NAN}, {INFINITY, 3e38f}, {INFINITY, -INFINITY}};
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++) {
        for (int turn = 0; turn < 2; turn++) {
            const outputs here = {{0, apart[i][turn]}, {0}}, there = {{0, apart[i][!turn]}, {0}};
            if (agree(&here, &there, 1).differing != 1)
                fail_msg("%g and %g", (double)here.real[1], (double)there.real[1]);
        }
    }
    const outputs same = {{NAN, INFINITY}, {0}};
    assert_int_equal(agree(&same, &same, 1).differing, 0);
}

static void one_bit_of_an_integer_does(void **state) {
    (void)state;
    outputs here[3] = {{{0}, {0}}}, there[3] = {{{0}, {0}}};
    there[1].byte[3] = there[2].byte[0] = 1;
    const mdg_agreement a = agree(here, there, 3);
    assert_int_equal(a.differing, 2);
    assert_int_equal(a.first, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_bits_of_floats_do_not_count),
        cmocka_unit_test(other_floats_do),
        cmocka_unit_test(one_bit_of_an_integer_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
