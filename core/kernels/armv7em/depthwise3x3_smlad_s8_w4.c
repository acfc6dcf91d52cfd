/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D of 3x3 on int8 with weights of 4 bits (depthwise3x3_smlad.h).
 *
 * Per channel, the first in the low bits: eight weights | shift of 5 bits, the last weight, bias of 23 bits |
 * multiplier
 */
#include "depthwise3x3_smlad.h"

/* Weights i and i + 1, 256 times as large */
static inline uint32_t depthwise3x3_pair4(uint32_t w, int32_t i) {
    const int32_t low = (int32_t)(w << (28 - 4 * i)) >> 28, high = (int32_t)(w << (24 - 4 * i)) >> 28;
    return mdg_pack16(256 * low, 256 * high);
}

static inline void depthwise3x3_read4(mdg_plane *q, const int32_t *record) {
    const uint32_t w = (uint32_t)record[0], rest = (uint32_t)record[1];
    q->w0a = depthwise3x3_pair4(w, 0), q->w0b = depthwise3x3_pair4(w, 1);
    q->w1a = depthwise3x3_pair4(w, 3), q->w1b = depthwise3x3_pair4(w, 4);
    q->w2a = depthwise3x3_pair4(w, 6), q->w2b = depthwise3x3_pair4(w >> 28 | (rest >> 1 & 0xF0u), 0);
    q->bias[0] = q->bias[1] = (int32_t)(rest & ~0x1FFu) >> 1;
    q->mult = record[2];
    q->shift = (int32_t)(rest & 31);
}

static inline void depthwise3x3_convolve4(const mdg_planes *planes, int8_t *y, int32_t channel, int32_t skip,
                                          int32_t rows) {
    const mdg_depthwise3x3_record record = {depthwise3x3_read4, 3};
    mdg_depthwise3x3_convolve(planes, y, channel, skip, rows, record);
}

MDG_KERNEL void mdg_depthwise3x3_smlad_s8_w4(const void *params, const void *const *in, void *const *out) {
    mdg_depthwise3x3(params, in, out, depthwise3x3_convolve4);
}
