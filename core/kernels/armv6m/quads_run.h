/* SPDX-License-Identifier: MIT
 *
 * quads_run.h: the row of outputs of core/kernels/scalar/quads.h in assembly for ARMv6-M.
 *
 * Registers of the inner loop: r0 words, r1 distance to the next tap's, r2 weight, r3-r6 products, r7 taps,
 * r8-r11 sums, r12 end of the outputs, lr from one to the next. The stack holds the struct.
 */
#ifndef MDG_ARMV6M_QUADS_RUN_H
#define MDG_ARMV6M_QUADS_RUN_H

#include "output.h"

/* clang-format off */
/* Up to four outputs; goes to 4 behind the last of the row. */
#define MDG_ARMV6M_QUADS_ONE_SIDED \
    "mov r0, r8\n" \
    MDG_ARMV6M_OUTPUT("") \
    "add r7, lr\n" \
    "cmp r7, r12\n" \
    "beq 4f\n" \
    "mov r0, r9\n" \
    MDG_ARMV6M_OUTPUT("") \
    "add r7, lr\n" \
    "cmp r7, r12\n" \
    "beq 4f\n" \
    "mov r0, r10\n" \
    MDG_ARMV6M_OUTPUT("") \
    "add r7, lr\n" \
    "cmp r7, r12\n" \
    "beq 4f\n" \
    "mov r0, r11\n" \
    MDG_ARMV6M_OUTPUT("") \
    "add r7, lr\n" \
    "cmp r7, r12\n" \
    "beq 4f\n"

/* The same; the sums move down one by one. */
#define MDG_ARMV6M_QUADS_GENERAL \
    "mov r0, r7\n" \
    "add r0, lr\n" \
    "add r0, lr\n" \
    "add r0, lr\n" \
    "add r0, lr\n" \
    "push {r0}\n" /* where the outputs of this round end */ \
    "7:\n" \
    "mov r0, r8\n" \
    "mov r8, r9\n" \
    "mov r9, r10\n" \
    "mov r10, r11\n" \
    MDG_ARMV6M_OUTPUT_GENERAL \
    "add r7, lr\n" \
    "ldr r0, [sp]\n" \
    "cmp r7, r12\n" \
    "beq 7f\n" \
    "cmp r7, r0\n" \
    "bne 7b\n" \
    "7:\n" \
    "add sp, #4\n" \
    "cmp r7, r12\n" \
    "beq 4f\n"

/* The struct (mdg_quads) in r0; a tap takes 22 bytes, which quads.h knows. */
#define MDG_ARMV6M_QUADS \
    ".syntax unified\n" \
    "push {r0, r7}\n" \
    "ldr r1, [r0, #40]\n" /* y_end */ \
    "mov r12, r1\n" \
    "ldr r1, [r0, #44]\n" /* y_step */ \
    "mov lr, r1\n" \
    "1:\n" /* four outputs */ \
    "ldr r4, [sp]\n" \
    "ldmia r4!, {r0, r1, r2, r3}\n" /* x, taps, bias, entry */ \
    "movs r7, r1\n" \
    "mov r8, r2\n" \
    "mov r9, r2\n" \
    "mov r10, r2\n" \
    "mov r11, r2\n" \
    "add pc, r3\n" \
    "nop\n" \
    "2:\n" \
    ".rept 9\n" \
    "ldmia r7!, {r1, r2}\n" \
    "ldmia r0!, {r3, r4, r5, r6}\n" \
    "muls r3, r2, r3\n" \
    "muls r4, r2, r4\n" \
    "muls r5, r2, r5\n" \
    "muls r6, r2, r6\n" \
    "add r8, r3\n" \
    "add r9, r4\n" \
    "add r10, r5\n" \
    "add r11, r6\n" \
    "adds r0, r0, r1\n" \
    ".endr\n" \
    "ldr r1, [sp]\n" \
    "ldr r2, [r1, #36]\n" /* taps_end */ \
    "cmp r7, r2\n" \
    "bne 2b\n" \
    "adds r1, #16\n" \
    "ldmia r1!, {r3, r4, r5, r6, r7}\n" /* factors, y */ \
    "ldr r1, [r1, #12]\n" /* general */ \
    "cmp r1, #0\n" \
    "bne 5f\n" \
    MDG_ARMV6M_QUADS_ONE_SIDED \
    "3:\n" \
    "ldr r1, [sp]\n" \
    "str r7, [r1, #32]\n" \
    "ldr r0, [r1]\n" \
    "adds r0, #16\n" \
    "str r0, [r1]\n" \
    "b 1b\n" \
    "5:\n" \
    MDG_ARMV6M_QUADS_GENERAL \
    "b 3b\n" \
    "4:\n" \
    "pop {r0, r7}\n"
/* clang-format on */

#endif
