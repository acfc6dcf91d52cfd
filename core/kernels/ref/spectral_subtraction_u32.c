/* SPDX-License-Identifier: MIT
 *
 * SignalFilterBankSpectralSubtraction: estimates each channel's noise by a first-order low-pass and subtracts
 * it, leaving at least a fraction of the signal. Channels with odd numbers have a smoothing of their own.
 */
#include "midge/kernel.h"

/* (a * p + b * q) >> bits, cut off to 32 bits */
static inline uint32_t mdg_spectral_mix(uint32_t a, int32_t p, uint32_t b, int32_t q, int32_t bits) {
    return (uint32_t)(((uint64_t)a * (uint32_t)p + (uint64_t)b * (uint32_t)q) >> bits);
}

MDG_KERNEL void mdg_spectral_subtraction_u32(const void *params, const void *const *in, void *const *out) {
    const mdg_spectral_subtraction_params *p = (const mdg_spectral_subtraction_params *)params;
    const uint32_t *x = (const uint32_t *)in[0]; /* [channels] */
    uint32_t *y = (uint32_t *)out[0];            /* [channels] */
    uint32_t *estimate = (uint32_t *)out[1];     /* [channels] */
    uint32_t *state = (uint32_t *)out[2];        /* [channels] the estimate, from call to call */

    for (int32_t c = 0; c < p->channels; c++) {
        const uint32_t signal = x[c] << p->smoothing_bits;
        const int32_t now = c % 2 ? p->odd_smoothing : p->even_smoothing;
        const int32_t before = c % 2 ? p->odd_one_minus_smoothing : p->even_one_minus_smoothing;
        const uint32_t noise = mdg_spectral_mix(signal, now, state[c], before, p->bits);
        const uint32_t subtracted = noise < signal ? noise : signal;
        const uint32_t least = mdg_spectral_mix(x[c], p->min_signal_remaining, 0, 0, p->bits);
        const uint32_t rest = (signal - subtracted) >> p->smoothing_bits;
        state[c] = estimate[c] = p->clamping ? subtracted : noise;
        y[c] = rest > least ? rest : least;
    }
}
