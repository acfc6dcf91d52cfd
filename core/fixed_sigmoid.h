/* SPDX-License-Identifier: MIT
 *
 * fixed_sigmoid.h: sigmoid and tanh of int16 by interpolation, integers alone.
 *
 * Both read one table, sigmoid(i / 24) for i = 0 ... 255 in Q0.16, which lowering builds
 * (mdg_lo_sigmoid_table); tanh(x) is 2 sigmoid(2x) - 1. The steps are those of TFLM's int16 Logistic and
 * Tanh.
 */
#ifndef MDG_FIXED_SIGMOID_H
#define MDG_FIXED_SIGMOID_H

#include "fixed.h"

/* The argument of the functions below: round(x * mult / 2^shift), halves up; x an int16, mult < 2^16, shift
 * in [0, 30]. For x in Q3.12 mult is 3 and shift 0. */
static inline int32_t mdg_sigmoid_argument(int32_t x, int32_t mult, int32_t shift) {
    const int32_t round = shift > 0 ? (int32_t)1 << (shift - 1) : 0;
    return (x * mult + round) >> shift;
}

/* Entry |x| / 2^bits of the table, between its neighbours, times 2^bits; `beyond` behind its end */
static inline int32_t mdg_sigmoid_lookup(const uint16_t *table, int32_t magnitude, int bits, int32_t beyond) {
    const int32_t i = magnitude >> bits;
    if (i >= 255) return beyond;
    const int32_t fraction = magnitude & ((INT32_C(1) << bits) - 1);
    return (int32_t)((uint32_t)table[i] << bits) + fraction * (table[i + 1] - table[i]);
}

/* sigmoid in Q0.15; x has 24 * 2^9 to one */
static inline int16_t mdg_sigmoid_s16(int32_t x, const uint16_t *table) {
    const int32_t y = mdg_sigmoid_lookup(table, x < 0 ? -x : x, 9, 0x7FFF << 10);
    return (int16_t)((x < 0 ? (INT32_C(1) << 25) - y + (1 << 9) - 1 : y + (1 << 9)) >> 10);
}

/* tanh in Q0.15; x has 12 * 2^8 to one */
static inline int16_t mdg_tanh_s16(int32_t x, const uint16_t *table) {
    const int32_t y = mdg_sigmoid_lookup(table, x < 0 ? -x : x, 8, 0xFFFF << 8) - (INT32_C(1) << 23);
    return (int16_t)((x < 0 ? -y + (1 << 7) - 1 : y + (1 << 7)) >> 8);
}

#endif
