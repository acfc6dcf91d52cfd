/* SPDX-License-Identifier: MIT
 *
 * MUL, for all processors.
 */
#include "core/kernels/scalar/requantize.h"
#include "specialize/mve.h"
#include "specialize/pairs.h"

#include <string.h>

/* The other operand, and the clamp */
static bool finish(mdg_spec *s, mdg_call *c) {
    const mdg_mul_params *p = s->call->params;
    mdg_call_add_in(c, s->call->in[1]);
    c->inplace_in = s->call->inplace_in, c->inplace_out = s->call->inplace_out;
    int32_t count = 1;
    for (int32_t d = 0; d < p->rank; d++) count *= p->dim[d];
    mdg_spec_add_clamp(s, count, p->act_min, p->act_max);
    return true;
}

bool mdg_spec_mul(mdg_spec *s) {
    const mdg_mul_params *p = s->call->params;
    const int32_t right = -p->shift;
    if (right < 1 || right > 21) return false;
    mdg_mul_smlad_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    memcpy(q, p, sizeof(mdg_broadcast_params));
    q->a_zero = p->a_zero, q->b_zero = p->b_zero;
    q->mult = p->mult, q->right = right;
    q->offset = p->out_zero * (1 << right) + (1 << (right - 1));
    return finish(s, mdg_spec_add_call(s, MDG_K_mul_smlad_s8, q));
}

bool mdg_spec_scalar_mul(mdg_spec *s) {
    enum { MOST = 255 * 255 }; /* of a product */
    const mdg_mul_params *p = s->call->params;
    mdg_spec_channel product = {.min = -MOST, .max = MOST, .mult = p->mult, .right = -p->shift};
    product.zero = p->out_zero;
    mdg_spec_layer l = {.out_c = 1, .channels = &product};
    if (!mdg_spec_scalar_fits(&l, false)) return false;
    int32_t words[2];
    mdg_spec_scalar_factors(&product, words);
    const mdg_scalar_factors f = mdg_scalar_factors_of(words);
    mdg_mul_scalar_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    memcpy(q, p, sizeof(mdg_broadcast_params));
    q->a_zero = p->a_zero, q->b_zero = p->b_zero;
    q->lower = f.lower, q->offset = f.offset, q->shift = f.shift, q->upper = f.upper;
    return finish(s, mdg_spec_add_call(s, MDG_K_mul_scalar_s8, q));
}

bool mdg_spec_mve_mul(mdg_spec *s) {
    const mdg_mul_params *p = s->call->params;
    const int32_t last = p->rank - 1;
    if (p->shift >= 0 || p->a_stride[last] != 1 || p->b_stride[last] != 1) return mdg_spec_mul(s);
    mdg_mul_mve_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    memcpy(q, p, sizeof(mdg_broadcast_params));
    q->a_zero = p->a_zero, q->b_zero = p->b_zero, q->out_zero = p->out_zero;
    q->mult = p->mult, q->right = -p->shift;
    return finish(s, mdg_spec_add_call(s, MDG_K_mul_mve_s8, q));
}
