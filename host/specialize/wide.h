/* SPDX-License-Identifier: MIT
 *
 * wide.h: layers of int16 activations and int8 weights whose sums hold 32 bits.
 */
#ifndef MDG_SPEC_WIDE_H
#define MDG_SPEC_WIDE_H

#include "specialize/spec.h"

/* A layer as its constants have it. Weight of tap t of channel c: w[c * channel_step + t * tap_step]; factor
 * c: mult[c * factor_step] */
typedef struct mdg_spec_wide {
    int32_t out_c, taps, channel_step, tap_step, factor_step, bias_bits;
    const int8_t *w;
    const void *bias; /* or NULL */
    const int32_t *mult, *shift;
} mdg_spec_wide;

/* Whether no inputs lead beyond 32 bits */
bool mdg_spec_wide_fits(const mdg_spec_wide *l);
/* A channel's multiplier as its kernels take it */
int32_t mdg_spec_wide_multiplier(const mdg_spec_wide *l, int32_t c);
/* The stream of core/kernels/armv7em/wide_rows.h; channels are filled up to a multiple of 4. */
void mdg_spec_add_wide_rows(mdg_spec *s, mdg_call *c, const mdg_spec_wide *l, const char *name);

#endif
