/* SPDX-License-Identifier: MIT
 *
 * ADD.
 */
#include "specialize/spec.h"

/* One of the operands as the reference scales it */
typedef struct operand {
    int32_t zero, mult, shift;
} operand;

/* By one half, exactly */
static bool is_halved(const operand *o) {
    return o->mult == 1 << 30 && o->shift == 0;
}

static bool walks_alike(const mdg_add_params *p) {
    return p->rank == 1 && p->a_stride[0] == 1 && p->b_stride[0] == 1;
}

/* The second rounding is there at least once; a half is brought to that by doubling what comes in. */
static void set_operand(mdg_add_smlad_params *q, const operand *o) {
    const int32_t right = is_halved(o) ? 1 : -o->shift;
    q->b_scale = is_halved(o) ? 1 << 22 : 1 << 21;
    q->b_start = -o->zero * q->b_scale;
    q->b_mult = o->mult;
    q->b_right = right;
    q->b_offset = 1 << (right - 1);
}

/* Swaps the operands where b is the halved one. */
static mdg_call *add_call(mdg_spec *s, const mdg_add_smlad_params *q, bool swaps) {
    mdg_call *c = mdg_spec_add_call(s, MDG_K_add_smlad_s8, q);
    c->in[0] = s->call->in[swaps ? 1 : 0];
    mdg_call_add_in(c, s->call->in[swaps ? 0 : 1]);
    c->inplace_out = s->call->inplace_out;
    c->inplace_in = swaps && s->call->inplace_in >= 0 ? 1 - s->call->inplace_in : s->call->inplace_in;
    return c;
}

bool mdg_spec_add(mdg_spec *s) {
    const mdg_add_params *p = s->call->params;
    operand a = {p->a_zero, p->a_mult, p->a_shift}, b = {p->b_zero, p->b_mult, p->b_shift};
    const bool swaps = !is_halved(&a);
    if (swaps) {
        const operand other = a;
        a = b;
        b = other;
    }
    if (!walks_alike(p) || p->left_shift != 20 || !is_halved(&a)) return false;
    if (p->out_shift >= 0 || p->out_shift < -21 || (!is_halved(&b) && (b.shift >= 0 || b.shift < -21)))
        return false;
    mdg_add_smlad_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_add_smlad_params){.count = p->dim[0], .a_start = -a.zero * (1 << 20)};
    set_operand(q, &b);
    q->mult = p->out_mult;
    q->right = -p->out_shift;
    q->offset = p->out_zero * (1 << q->right) + (1 << (q->right - 1));
    add_call(s, q, swaps);
    mdg_spec_add_clamp(s, q->count, p->act_min, p->act_max);
    return true;
}
