/* SPDX-License-Identifier: MIT
 *
 * weights.h: int8 weights as they are, or such of 4 bits that share bytes: two a byte, the first in the low
 * half, as TFLite stores int4.
 */
#ifndef MDG_REF_WEIGHTS_H
#define MDG_REF_WEIGHTS_H

#include "../../fixed.h"

typedef struct mdg_weights {
    const int8_t *data;
    int32_t first; /* of 4 bits: the one that counts as 0 */
    int bits;      /* 8 or 4: a constant in every kernel */
} mdg_weights;

MDG_INLINE mdg_weights mdg_weights_of(const void *data, int bits) {
    const mdg_weights w = {(const int8_t *)data, 0, bits};
    return w;
}

/* Those from weight n on */
MDG_INLINE mdg_weights mdg_weights_from(mdg_weights w, int32_t n) {
    if (w.bits == 8)
        w.data += n;
    else
        w.first += n;
    return w;
}

MDG_INLINE int32_t mdg_weight(mdg_weights w, int32_t i) {
    if (w.bits == 8) return w.data[i];
    const uint32_t byte = (uint8_t)w.data[(w.first + i) / 2];
    return (int8_t)(uint8_t)((w.first + i) % 2 ? byte : byte << 4) >> 4;
}

#endif
