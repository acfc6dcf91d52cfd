/* SPDX-License-Identifier: MIT
 *
 * What instructions take, one by one: encodings as the assembler makes them, cycles as the manuals state.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "host/measure/plugin/cycles.h"

typedef struct timing {
    uint16_t half[2];
    const char *text;
    uint32_t m4, m0plus; /* 0: it is none of this core's */
} timing;

static const timing timings[] = {
    {{0x2001}, "movs r0, #1", 1, 1},
    {{0x4348}, "muls r0, r1, r0", 1, 1},
    {{0x6848}, "ldr r0, [r1, #4]", 2, 2},
    {{0x571a}, "ldrsb r2, [r3, r4]", 2, 2},
    {{0x6048}, "str r0, [r1, #4]", 1, 2},
    {{0x5088}, "str r0, [r1, r2]", 2, 2},
    {{0x483c}, "ldr r0, =...", 2, 2},
    {{0xb530}, "push {r4, r5, lr}", 4, 4},
    {{0xbc30}, "pop {r4, r5}", 3, 3},
    {{0xc80e}, "ldm r0!, {r1-r3}", 4, 4},
    {{0xd0fe}, "beq", 1, 1},
    {{0xbf08}, "it eq", 1, 0},
    {{0xe8bc, 0x0209}, "ldm r12!, {r0, r3, r9}", 4, 0},
    {{0xe8fc, 0x6702}, "ldrd r6, r7, [r12], #8", 3, 0},
    {{0xe9cd, 0x6700}, "strd r6, r7, [sp]", 3, 0},
    {{0xf859, 0x802a}, "ldr r8, [r9, r10, lsl #2]", 2, 0},
    {{0xf849, 0x800a}, "str r8, [r9, r10]", 2, 0},
    {{0xf849, 0x8b04}, "str r8, [r9], #4", 1, 0},
    {{0xfb21, 0x3002}, "smlad r0, r1, r2, r3", 1, 0},
    {{0xfb82, 0x0103}, "smull r0, r1, r2, r3", 1, 0},
    {{0xfbb1, 0xf0f2}, "udiv r0, r1, r2", 7, 0},
    {{0xf321, 0x00c7}, "ssat r0, #8, r1, asr #3", 1, 0},
    {{0xf3ef, 0x8010}, "mrs r0, primask", 1, 3},
    {{0xf3bf, 0x8f4f}, "dsb", 1, 3},
    {{0xed90, 0x0b00}, "vldr d0, [r0]", 3, 0},
    {{0xed2d, 0x8a04}, "vpush {s16-s19}", 5, 0},
    {{0xeea0, 0x0a81}, "vfma.f32 s0, s1, s2", 3, 0},
    {{0xee30, 0x0a81}, "vadd.f32 s0, s1, s2", 1, 0},
    {{0xee80, 0x0a81}, "vdiv.f32 s0, s1, s2", 14, 0},
    {{0xec51, 0x0b10}, "vmov r0, r1, d0", 2, 0},
};

static void charges_what_the_manuals_state(void **state) {
    const mdg_core *m4 = mdg_core_find("cortex-m4"), *m0plus = mdg_core_find("cortex-m0plus");
    (void)state;
    for (size_t i = 0; i < sizeof timings / sizeof *timings; i++) {
        const timing *t = &timings[i];
        const mdg_insn insn = mdg_thumb_decode(t->half);
        if (insn.bytes != (t->half[1] ? 4 : 2) || m4->cycles(&insn, NULL) != t->m4)
            fail_msg("%s: %u cycles on the M4", t->text, m4->cycles(&insn, NULL));
        if (t->m0plus && m0plus->cycles(&insn, NULL) != t->m0plus)
            fail_msg("%s: %u cycles on the M0+", t->text, m0plus->cycles(&insn, NULL));
    }
    assert_int_equal(m0plus->slow_multiply, 31);
    assert_null(mdg_core_find("cortex-m7"));
}

/* Cycles of the second of two instructions on the M4 */
static uint32_t after(uint16_t first, uint16_t second) {
    const mdg_insn a = mdg_thumb_decode((uint16_t[]){first, 0}),
                   b = mdg_thumb_decode((uint16_t[]){second, 0});
    return mdg_core_find("cortex-m4")->cycles(&b, &a);
}

static void pipelines_neighbours(void **state) {
    enum { LDR_R0_R1 = 0x6808, LDR_R2_R3 = 0x681a, LDR_R2_R0 = 0x6802, LDR_R2_R0_R1 = 0x5842 };
    enum { STR_R0_R1_R2 = 0x5088, ADDS_R0 = 0x3001, IT_EQ = 0xbf08, LDM_R0 = 0xc80e };
    (void)state;
    assert_int_equal(after(LDR_R0_R1, LDR_R2_R3), 1);
    assert_int_equal(after(LDR_R0_R1, STR_R0_R1_R2), 1); /* what is stored is not the address */
    assert_int_equal(after(LDR_R0_R1, LDR_R2_R0), 2);
    assert_int_equal(after(LDR_R0_R1, LDR_R2_R0_R1), 2);
    assert_int_equal(after(STR_R0_R1_R2, LDR_R2_R3), 2);
    assert_int_equal(after(ADDS_R0, LDR_R2_R3), 2);
    assert_int_equal(after(ADDS_R0, LDR_R2_R0), 3); /* the address comes late */
    assert_int_equal(after(ADDS_R0, LDM_R0), 5);
    assert_int_equal(after(ADDS_R0, IT_EQ), 0);
}

static void refills_the_pipeline(void **state) {
    const mdg_core *m4 = mdg_core_find("cortex-m4"), *m0plus = mdg_core_find("cortex-m0plus");
    const mdg_insn branch = mdg_thumb_decode((uint16_t[]){0xd0fe, 0});
    const mdg_insn call = mdg_thumb_decode((uint16_t[]){0xf7ff, 0xfffe});
    const mdg_insn back = mdg_thumb_decode((uint16_t[]){0x4770, 0});
    const mdg_insn pop = mdg_thumb_decode((uint16_t[]){0xbd30, 0});
    const mdg_insn load = mdg_thumb_decode((uint16_t[]){0xf8dd, 0xf014});
    const mdg_insn narrow = mdg_thumb_decode((uint16_t[]){0x2001, 0});
    (void)state;
    assert_int_equal(m4->refill(&branch, &narrow, 2), 1);
    assert_int_equal(m4->refill(&branch, &call, 4), 1);
    assert_int_equal(m4->refill(&branch, &call, 2), 2); /* half of it stands in the next word */
    assert_int_equal(m4->refill(&back, &narrow, 4), 2);
    assert_int_equal(m4->refill(&pop, &call, 2), 3);
    assert_int_equal(m4->refill(&load, &narrow, 4), 3);
    assert_int_equal(m4->refill(&narrow, &narrow, 4), 0); /* an exception, which is nobody's */
    assert_int_equal(m0plus->refill(&branch, &narrow, 2), 1);
    assert_int_equal(m0plus->refill(&call, &narrow, 2), 2);
    assert_int_equal(m0plus->refill(&pop, &narrow, 2), 2);
}

static void charges_what_is_not_aligned(void **state) {
    const mdg_core *m4 = mdg_core_find("cortex-m4");
    (void)state;
    assert_int_equal(m4->misaligned(4, 4), 0);
    assert_int_equal(m4->misaligned(6, 4), 1);
    assert_int_equal(m4->misaligned(7, 4), 2);
    assert_int_equal(m4->misaligned(7, 2), 1);
    assert_int_equal(m4->misaligned(7, 1), 0);
    assert_int_equal(m4->misaligned(4, 8), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charges_what_the_manuals_state),
        cmocka_unit_test(pipelines_neighbours),
        cmocka_unit_test(refills_the_pipeline),
        cmocka_unit_test(charges_what_is_not_aligned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
