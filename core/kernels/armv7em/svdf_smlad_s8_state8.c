/* SPDX-License-Identifier: MIT
 *
 * SVDF on int8 with a state of int8.
 */
#include "svdf_smlad.h"

static inline int32_t svdf_smlad_product8(const int8_t *time, const int8_t *state, int32_t n) {
    int32_t sum = 0, i = 0;
    for (; i + 4 <= n; i += 4) {
        const uint32_t t = mdg_load4(time + i), s = mdg_load4(state + i);
        sum = mdg_smlad(mdg_sxtb16(t), mdg_sxtb16(s), sum);
        sum = mdg_smlad(mdg_sxtb16_odd(t), mdg_sxtb16_odd(s), sum);
    }
    for (; i < n; i++) sum = mdg_wrapping_add(sum, time[i] * state[i]);
    return sum;
}

MDG_SVDF_SMLAD_KERNEL(svdf_smlad_s8_state8, int8_t, svdf_smlad_product8, INT8_MIN, INT8_MAX)
