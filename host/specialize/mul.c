/* SPDX-License-Identifier: MIT
 *
 * MUL.
 */
#include "specialize/spec.h"

#include <string.h>

bool mdg_spec_mul(mdg_spec *s) {
    const mdg_mul_params *p = s->call->params;
    const int32_t right = -p->shift;
    if (right < 1 || right > 21) return false;
    mdg_mul_smlad_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    memcpy(q, p, sizeof(mdg_broadcast_params));
    q->a_zero = p->a_zero, q->b_zero = p->b_zero;
    q->mult = p->mult, q->right = right;
    q->offset = p->out_zero * (1 << right) + (1 << (right - 1));
    mdg_call *c = mdg_spec_add_call(s, MDG_K_mul_smlad_s8, q);
    mdg_call_add_in(c, s->call->in[1]);
    c->inplace_in = s->call->inplace_in, c->inplace_out = s->call->inplace_out;
    int32_t count = 1;
    for (int32_t d = 0; d < p->rank; d++) count *= p->dim[d];
    mdg_spec_add_clamp(s, count, p->act_min, p->act_max);
    return true;
}
