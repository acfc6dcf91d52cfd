/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int8 along a line, without padding, for few outputs, as when a model streams, for
 * processors without SIMD: an output after the other, from where the input lies. Taps are tap_step bytes
 * apart, outputs out_step.
 */
#include "midge/kernel.h"
#include "requantize.h"

MDG_KERNEL void mdg_depthwise_line_scalar_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_depthwise_line_scalar_params *p = (const mdg_depthwise_line_scalar_params *)params;
    const int8_t *x = (const int8_t *)in[0];         /* [channels] at each tap */
    const int8_t *w = (const int8_t *)in[1];         /* [channels][taps] */
    const int32_t *factors = (const int32_t *)in[2]; /* [channels][3]: bias, then as in requantize.h */
    int8_t *y = (int8_t *)out[0];                    /* [outputs][channels] */

    for (int32_t c = 0; c < p->channels; c++, factors += 3, w += p->taps) {
        const mdg_scalar_factors f = mdg_scalar_factors_of(factors + 1);
        for (int32_t o = 0; o < p->outputs; o++) {
            const int8_t *at = x + c + o * p->out_step;
            int32_t sum = factors[0];
            for (int32_t t = 0; t < p->taps; t++, at += p->tap_step) sum = mdg_wrapping_add(sum, *at * w[t]);
            y[o * p->channels + c] = mdg_scalar_requantize(sum, &f, p->general);
        }
    }
}
