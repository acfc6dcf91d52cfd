/* SPDX-License-Identifier: MIT
 *
 * lut.h: clustered weights: of a layer, at most 16 different values, so that each takes the 4 bits of its
 * place in a table. Kernels decode a block of channels into scratch, in the form in which the loops for 8
 * bits read them, and run these.
 *
 * A word holds the places of 4 inputs of two channels, a and b, as bytes a + 16 b. It stands for the words
 * (0 2) and (1 3) of mac.h, whose halves are a + 256 b: a table of all 256 pairs, made from the 16 values
 * when the kernel begins, gives one half a byte.
 */
#ifndef MDG_ARMV7EM_LUT_H
#define MDG_ARMV7EM_LUT_H

#include <stdint.h>

enum { MDG_LUT_VALUES = 16, MDG_LUT_PAIRS = 256 };

/* Table of all a + 256 b */
static inline void mdg_lut_pairs(uint16_t *pair, const int8_t *value) {
    for (int32_t b = 0; b < MDG_LUT_VALUES; b++)
        for (int32_t a = 0; a < MDG_LUT_VALUES; a++) *pair++ = (uint16_t)(value[a] + 256 * value[b]);
}

static inline int32_t mdg_lut_even(const uint16_t *pair, uint32_t places) {
    return (int32_t)(pair[places & 255u] | (uint32_t)pair[places >> 16 & 255u] << 16);
}

static inline int32_t mdg_lut_odd(const uint16_t *pair, uint32_t places) {
    return mdg_lut_even(pair, places >> 8);
}

#endif
