/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int8 by depthwise_taps_smlad.h.
 */
#include "depthwise_taps_smlad.h"

MDG_INLINE int32_t depthwise_taps_weight(const int8_t *at, int32_t i) {
    return 2 * at[i];
}

static inline void depthwise_taps_convolve(const mdg_planes *planes, int8_t *y, int32_t channel, int32_t skip,
                                           int32_t rows) {
    const mdg_taps_pair pair = {depthwise_taps_weight, 2};
    mdg_depthwise_taps_convolve(planes, y, channel, skip, rows, pair);
}

MDG_KERNEL void mdg_depthwise_taps_smlad_s8(const void *params, const void *const *in, void *const *out) {
    mdg_depthwise_taps(params, in, out, depthwise_taps_convolve);
}
