/* SPDX-License-Identifier: MIT
 *
 * dense_run.h: the sums of core/kernels/scalar/fully_connected_scalar_s8.c in assembly for ARMv6-M.
 *
 * Registers of the loop: r0 inputs, r1 weights, r3 input, r4 product, r2 r5 r6 r7 0 to 3, r8-r11 sums, r12
 * end of the weights.
 */
#ifndef MDG_ARMV6M_DENSE_RUN_H
#define MDG_ARMV6M_DENSE_RUN_H

/* clang-format off */
/* One input by four weights: 26 bytes. x: the register of its place; a to d: those of the weights */
#define MDG_ARMV6M_DENSE_INPUT(x, a, b, c, d) \
    "ldrsb r3, [r0, " #x "]\n" \
    "ldrb r4, [r1, #" #a "]\n" \
    "muls r4, r3, r4\n" \
    "add r8, r4\n" \
    "ldrb r4, [r1, #" #b "]\n" \
    "muls r4, r3, r4\n" \
    "add r9, r4\n" \
    "ldrb r4, [r1, #" #c "]\n" \
    "muls r4, r3, r4\n" \
    "add r10, r4\n" \
    "ldrb r4, [r1, #" #d "]\n" \
    "muls r4, r3, r4\n" \
    "add r11, r4\n"

/* The struct (mdg_dense) in r0 */
#define MDG_ARMV6M_DENSE \
    ".syntax unified\n" \
    "push {r0, r7}\n" \
    "ldmia r0!, {r1, r2, r3, r4}\n" /* sums */ \
    "mov r8, r1\n" \
    "mov r9, r2\n" \
    "mov r10, r3\n" \
    "mov r11, r4\n" \
    "ldmia r0!, {r1, r2, r3, r4}\n" /* x, w, end, entry */ \
    "movs r0, r1\n" \
    "movs r1, r2\n" \
    "mov r12, r3\n" \
    "movs r2, #0\n" \
    "movs r5, #1\n" \
    "movs r6, #2\n" \
    "movs r7, #3\n" \
    "add pc, r4\n" \
    "nop\n" \
    "1:\n" \
    MDG_ARMV6M_DENSE_INPUT(r2, 0, 1, 2, 3) \
    MDG_ARMV6M_DENSE_INPUT(r5, 4, 5, 6, 7) \
    MDG_ARMV6M_DENSE_INPUT(r6, 8, 9, 10, 11) \
    MDG_ARMV6M_DENSE_INPUT(r7, 12, 13, 14, 15) \
    "adds r0, #4\n" \
    MDG_ARMV6M_DENSE_INPUT(r2, 16, 17, 18, 19) \
    MDG_ARMV6M_DENSE_INPUT(r5, 20, 21, 22, 23) \
    MDG_ARMV6M_DENSE_INPUT(r6, 24, 25, 26, 27) \
    MDG_ARMV6M_DENSE_INPUT(r7, 28, 29, 30, 31) \
    "adds r0, #4\n" \
    "adds r1, #32\n" \
    "cmp r1, r12\n" \
    "bne 1b\n" \
    "ldr r0, [sp]\n" \
    "mov r1, r8\n" \
    "mov r2, r9\n" \
    "mov r3, r10\n" \
    "mov r4, r11\n" \
    "stmia r0!, {r1, r2, r3, r4}\n" \
    "pop {r0, r7}\n"
/* clang-format on */

#endif
