/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D of 3x3 on int8 (depthwise3x3_smlad.h).
 *
 * Per channel: bytes (w1 w0 w2 w1) of three kernel rows, where the shift takes the place of the last | bias,
 * multiplier
 */
#include "depthwise3x3_smlad.h"

static inline void depthwise3x3_read(mdg_plane *q, const int32_t *w) {
    const uint32_t mask = 0xFF00FF00u, r0 = (uint32_t)w[0], r1 = (uint32_t)w[1], r2 = (uint32_t)w[2];
    q->w0a = r0 & mask, q->w0b = r0 << 8 & mask;
    q->w1a = r1 & mask, q->w1b = r1 << 8 & mask;
    q->w2a = (r2 & 0xFF00u) | r2 << 24, q->w2b = r2 << 8 & mask;
    q->bias[0] = q->bias[1] = w[3];
    q->mult = w[4];
    q->shift = (int32_t)(r2 >> 24);
}

static inline void depthwise3x3_convolve(const mdg_planes *planes, int8_t *y, int32_t channel, int32_t skip,
                                         int32_t rows) {
    const mdg_depthwise3x3_record record = {depthwise3x3_read, 5};
    mdg_depthwise3x3_convolve(planes, y, channel, skip, rows, record);
}

MDG_KERNEL void mdg_depthwise3x3_smlad_s8(const void *params, const void *const *in, void *const *out) {
    mdg_depthwise3x3(params, in, out, depthwise3x3_convolve);
}
