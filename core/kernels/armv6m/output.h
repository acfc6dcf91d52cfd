/* SPDX-License-Identifier: MIT
 *
 * output.h: requantisation (core/kernels/scalar/requantize.h) in assembly for ARMv6-M: the sum in r0, lower
 * in r3, offset in r4, shift in r5, upper in r6, the output's place in r7; r1 and r2 are used. sign: what is
 * added to r1 for negative sums, or ""
 */
#ifndef MDG_ARMV6M_OUTPUT_H
#define MDG_ARMV6M_OUTPUT_H

/* clang-format off */
#define MDG_ARMV6M_OUTPUT(sign) \
    "lsls r1, r0, #21\n" \
    "lsrs r1, r1, #21\n" \
    "muls r1, r6, r1\n" \
    "movs r2, r0\n" \
    "muls r2, r3, r2\n" \
    "asrs r2, r2, #11\n" \
    "adds r1, r1, r2\n" \
    "asrs r1, r1, #11\n" \
    sign \
    "asrs r0, r0, #11\n" \
    "muls r0, r6, r0\n" \
    "adds r0, r0, r1\n" \
    "adds r0, r0, r4\n" \
    "asrs r0, r5\n" \
    "cmp r0, #255\n" \
    "bls 9f\n" \
    "mvns r0, r0\n" \
    "asrs r0, r0, #31\n" \
    "9:\n" \
    "subs r0, #128\n" \
    "strb r0, [r7]\n"

/* Any sum and any result */
#define MDG_ARMV6M_OUTPUT_GENERAL \
    "asrs r1, r0, #31\n" \
    "asrs r2, r0, #20\n" \
    "cmp r1, r2\n" \
    "beq 8f\n" \
    "movs r0, #1\n" \
    "lsls r0, r0, #20\n" \
    "subs r0, #1\n" \
    "eors r0, r1\n" \
    "8:\n" \
    MDG_ARMV6M_OUTPUT( \
        "asrs r2, r0, #31\n" \
        "lsls r2, r2, #9\n" \
        "adds r1, r1, r2\n")
/* clang-format on */

#endif
