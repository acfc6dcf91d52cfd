/* SPDX-License-Identifier: MIT
 *
 * SignalOverlapAdd on float.
 */
#include "overlap_add.h"

static inline float mdg_overlap_sum_f32(float a, float b) {
    return a + b;
}

MDG_OVERLAP_ADD_KERNEL(overlap_add_f32, float, mdg_overlap_sum_f32)
