/* SPDX-License-Identifier: MIT
 *
 * SVDF on int8 with a state of int16.
 */
#include "svdf_smlad.h"

static inline int32_t svdf_smlad_product16(const int16_t *time, const int16_t *state, int32_t n) {
    int32_t sum = 0, i = 0;
    for (; i + 2 <= n; i += 2)
        sum = mdg_smlad(mdg_load4((const int8_t *)(time + i)), mdg_load4((const int8_t *)(state + i)), sum);
    return i < n ? mdg_wrapping_add(sum, time[i] * state[i]) : sum;
}

MDG_SVDF_SMLAD_KERNEL(svdf_smlad_s8_state16, int16_t, svdf_smlad_product16, INT16_MIN, INT16_MAX)
