/* SPDX-License-Identifier: MIT
 *
 * SignalFilterBankLog: y = scale * ln(x * 2^correction_bits), at most 32767. log2 in Q16 is the position of
 * the highest bit plus a fraction, which is off from a straight line by what a table of 128 pieces says.
 */
#include "midge/kernel.h"
#include "signal_bits.h"

enum { MDG_LN2_Q16 = 45426 };

/* x > 1; table[i] = 2^16 (log2(1 + i/128) - i/128), [130] */
static inline uint32_t mdg_log2_q16(uint32_t x, const int16_t *table) {
    const int32_t whole = mdg_bit_length(x) - 1;
    const uint32_t above = x - (UINT32_C(1) << whole);
    const int32_t fraction = (int32_t)(whole < 16 ? above << (16 - whole) : above >> (whole - 16));
    const int32_t piece = fraction >> 9, offset = fraction & 511;
    const int32_t bend = table[piece] + (((table[piece + 1] - table[piece]) * offset) >> 16);
    return ((uint32_t)whole << 16) + (uint32_t)(fraction + bend);
}

MDG_KERNEL void mdg_filter_bank_log_u32(const void *params, const void *const *in, void *const *out) {
    const mdg_filter_bank_log_params *p = (const mdg_filter_bank_log_params *)params;
    const uint32_t *x = (const uint32_t *)in[0];   /* [count] */
    const int16_t *table = (const int16_t *)in[1]; /* [130] */
    int16_t *y = (int16_t *)out[0];                /* [count] */

    for (int32_t i = 0; i < p->count; i++) {
        const uint32_t scaled = x[i] << p->correction_bits;
        uint32_t value = 0;
        if (scaled > 1) {
            const uint64_t ln_q32 = (uint64_t)MDG_LN2_Q16 * mdg_log2_q16(scaled, table) + (UINT32_C(1) << 15);
            value = ((uint32_t)p->scale * (uint32_t)(ln_q32 >> 16) + (UINT32_C(1) << 15)) >> 16;
        }
        y[i] = (int16_t)(value < INT16_MAX ? value : INT16_MAX);
    }
}
