/* SPDX-License-Identifier: MIT
 *
 * LESS and, with its inputs exchanged, GREATER on int16, with broadcasting: both operands are brought to real
 * numbers in fixed point, then compared.
 */
#include "midge/kernel.h"
#include "compare.h"

static inline uint8_t less_s16(const mdg_compare_params *p, int32_t a, int32_t b) {
    return mdg_compare_a(p, a) < mdg_compare_b(p, b);
}

MDG_BROADCAST_KERNEL(less_s16, compare, int16_t, uint8_t, less_s16)
