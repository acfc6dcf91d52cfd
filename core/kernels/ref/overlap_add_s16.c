/* SPDX-License-Identifier: MIT
 *
 * SignalOverlapAdd on int16; sums saturate.
 */
#include "overlap_add.h"
#include "../../fixed.h"

static inline int16_t mdg_overlap_sum_s16(int16_t a, int16_t b) {
    return (int16_t)mdg_clamp(a + b, INT16_MIN, INT16_MAX);
}

MDG_OVERLAP_ADD_KERNEL(overlap_add_s16, int16_t, mdg_overlap_sum_s16)
