/* SPDX-License-Identifier: MIT
 *
 * pairs_run.h: the matrix core of core/kernels/scalar/pairs.h in assembly for ARMv6-M.
 *
 * Registers of the inner loop: r0 panel, r1 distance from there to the weights, r2 weight, r3 r4 products, r5
 * r6 sums of a group, r7 lengths of groups, r8 r9 sums, r10 r11 their upper halves, r12 32768, lr
 * the number of channels. The stack holds the struct.
 */
#ifndef MDG_ARMV6M_PAIRS_RUN_H
#define MDG_ARMV6M_PAIRS_RUN_H

#include "output.h"

/* clang-format off */
/* A tap beyond the first of a group, and the end of a group: 12 and 16 bytes, which pairs_groups.h knows */
#define MDG_ARMV6M_PAIRS_TAPS(n) \
    ".rept " #n "\n" \
    "ldmia r0!, {r3, r4}\n" \
    "ldrsb r2, [r0, r1]\n" \
    "muls r3, r2, r3\n" \
    "muls r4, r2, r4\n" \
    "adds r5, r5, r3\n" \
    "adds r6, r6, r4\n" \
    ".endr\n"

#define MDG_ARMV6M_PAIRS_FLUSH \
    "add r8, r5\n" \
    "add r5, r12\n" \
    "asrs r5, r5, #16\n" \
    "add r10, r5\n" \
    "add r9, r6\n" \
    "add r6, r12\n" \
    "asrs r6, r6, #16\n" \
    "add r11, r6\n"

/* Four outputs of a channel, lr apart */
#define MDG_ARMV6M_PAIRS_ONE_SIDED \
    "mov r0, r8\n" \
    MDG_ARMV6M_OUTPUT("") \
    "add r7, lr\n" \
    "mov r0, r10\n" \
    MDG_ARMV6M_OUTPUT("") \
    "add r7, lr\n" \
    "mov r0, r9\n" \
    MDG_ARMV6M_OUTPUT("") \
    "add r7, lr\n" \
    "mov r0, r11\n" \
    MDG_ARMV6M_OUTPUT("")

#define MDG_ARMV6M_PAIRS_GENERAL \
    "mov r0, r11\n" \
    "push {r0}\n" \
    "mov r0, r9\n" \
    "push {r0}\n" \
    "mov r0, r10\n" \
    "push {r0}\n" \
    "mov r0, sp\n" \
    "adds r0, #12\n" \
    "mov r10, r0\n" \
    "mov r0, r8\n" \
    "b 8f\n" \
    "7:\n" \
    "pop {r0}\n" \
    "add r7, lr\n" \
    "8:\n" \
    MDG_ARMV6M_OUTPUT_GENERAL \
    "cmp sp, r10\n" \
    "bne 7b\n"

/* The struct (mdg_pairs) in r0 */
#define MDG_ARMV6M_PAIRS \
    ".syntax unified\n" \
    "push {r0, r7}\n" \
    "movs r4, #128\n" \
    "lsls r4, r4, #8\n" \
    "mov r12, r4\n" \
    "ldr r4, [r0, #24]\n" /* out_c */ \
    "mov lr, r4\n" \
    "1:\n" /* a channel */ \
    "ldr r4, [sp]\n" \
    "ldmia r4!, {r0, r1, r2, r3}\n" /* panel, w, groups, factors */ \
    "subs r1, r1, r0\n" \
    "subs r1, #8\n" \
    "movs r7, r2\n" \
    "ldr r5, [r3]\n" \
    "mov r10, r5\n" \
    "mov r11, r5\n" \
    "lsls r6, r5, #16\n" \
    "adds r5, r5, r6\n" \
    "mov r8, r5\n" \
    "mov r9, r5\n" \
    "2:\n" /* a group */ \
    "ldmia r0!, {r5, r6}\n" \
    "ldrsb r2, [r0, r1]\n" \
    "muls r5, r2, r5\n" \
    "muls r6, r2, r6\n" \
    "ldrb r2, [r7]\n" \
    "adds r7, #1\n" \
    "add pc, r2\n" \
    "nop\n" \
    MDG_ARMV6M_PAIRS_TAPS(15) \
    MDG_ARMV6M_PAIRS_FLUSH \
    "b 2b\n" \
    MDG_ARMV6M_PAIRS_TAPS(3) \
    MDG_ARMV6M_PAIRS_FLUSH \
    "ldr r0, [sp]\n" \
    "str r7, [r0, #8]\n" \
    "ldr r2, [r0, #12]\n" \
    "ldmia r2!, {r3, r4, r5}\n" \
    "str r2, [r0, #12]\n" \
    "lsrs r6, r4, #12\n" \
    "lsls r3, r4, #20\n" \
    "asrs r3, r3, #20\n" \
    "uxtb r2, r5\n" \
    "subs r4, r5, r2\n" \
    "movs r5, r2\n" \
    "ldr r7, [r0, #16]\n" /* y */ \
    "ldr r1, [r0, #32]\n" /* general */ \
    "mov r0, r10\n" \
    "lsls r0, r0, #16\n" \
    "mov r2, r8\n" \
    "subs r2, r2, r0\n" \
    "mov r8, r2\n" \
    "mov r0, r11\n" \
    "lsls r0, r0, #16\n" \
    "mov r2, r9\n" \
    "subs r2, r2, r0\n" \
    "mov r9, r2\n" \
    "cmp r1, #0\n" \
    "bne 3f\n" \
    MDG_ARMV6M_PAIRS_ONE_SIDED \
    "b 4f\n" \
    "3:\n" \
    MDG_ARMV6M_PAIRS_GENERAL \
    "4:\n" /* the next channel */ \
    "ldr r4, [sp]\n" \
    "ldr r5, [r4, #16]\n" \
    "adds r5, #1\n" \
    "str r5, [r4, #16]\n" \
    "ldr r1, [r4, #4]\n" \
    "adds r1, #1\n" \
    "ldr r2, [r4, #20]\n" /* channel */ \
    "adds r2, #1\n" \
    "str r2, [r4, #20]\n" \
    "lsls r3, r2, #29\n" \
    "bne 5f\n" \
    "ldr r3, [r4, #28]\n" /* block */ \
    "adds r1, r1, r3\n" \
    "5:\n" \
    "str r1, [r4, #4]\n" \
    "cmp r2, lr\n" \
    "beq 6f\n" \
    "b 1b\n" \
    "6:\n" \
    "pop {r0, r7}\n"

/* Panel in r0, four pointers behind r1, their values' number, at least 1, in r2; returns the panel's end in r0. */
#define MDG_ARMV6M_PAIRS_SPREAD \
    ".syntax unified\n" \
    "push {r7}\n" \
    "movs r7, r1\n" \
    "ldmia r7!, {r1, r3, r4, r5}\n" \
    "adds r1, r1, r2\n" \
    "adds r3, r3, r2\n" \
    "adds r4, r4, r2\n" \
    "adds r5, r5, r2\n" \
    "rsbs r2, r2, #0\n" \
    "1:\n" \
    "ldrsb r6, [r1, r2]\n" \
    "ldrsb r7, [r3, r2]\n" \
    "lsls r7, r7, #16\n" \
    "adds r6, r6, r7\n" \
    "stmia r0!, {r6}\n" \
    "ldrsb r6, [r4, r2]\n" \
    "ldrsb r7, [r5, r2]\n" \
    "lsls r7, r7, #16\n" \
    "adds r6, r6, r7\n" \
    "stmia r0!, {r6}\n" \
    "adds r2, #1\n" \
    "bne 1b\n" \
    "pop {r7}\n"
/* clang-format on */

#endif
