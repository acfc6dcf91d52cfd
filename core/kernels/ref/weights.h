/* SPDX-License-Identifier: MIT
 *
 * weights.h: int8 weights as they are, or such of 4 bits that share bytes: two a byte, the first in the low
 * half, as TFLite stores int4.
 */
#ifndef MDG_REF_WEIGHTS_H
#define MDG_REF_WEIGHTS_H

#include "../../fixed.h"

/* Weight i; bits: 8 or 4, a constant where it is called */
static inline int32_t mdg_weight(const int8_t *w, int32_t i, int bits) {
    if (bits == 8) return w[i];
    const uint32_t byte = (uint8_t)w[i / 2];
    return (int8_t)(uint8_t)(i % 2 ? byte : byte << 4) >> 4;
}

/* Weights from `first` on */
typedef struct mdg_filter {
    const int8_t *data;
    int32_t first;
    int bits;
} mdg_filter;

#endif
