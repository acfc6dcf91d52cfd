/* SPDX-License-Identifier: MIT
 *
 * LESS_EQUAL and, with its inputs exchanged, GREATER_EQUAL on int8, with broadcasting: both operands are
 * brought to real numbers in fixed point, then compared.
 */
#include "midge/kernel.h"
#include "compare.h"

static inline uint8_t less_equal_s8(const mdg_compare_params *p, int32_t a, int32_t b) {
    return mdg_compare_a(p, a) <= mdg_compare_b(p, b);
}

MDG_BROADCAST_KERNEL(less_equal_s8, compare, int8_t, uint8_t, less_equal_s8)
