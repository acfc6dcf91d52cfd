/* SPDX-License-Identifier: MIT
 *
 * Cortex-M55, M85: ADD and pooling.
 */
#include "specialize/mve.h"

/* One of the operands of ADD as the reference scales it */
typedef struct operand {
    int input;
    int32_t zero, mult, shift;
} operand;

enum { LEFT_SHIFT = 20 };

/* By one half, exactly */
static bool is_half(const operand *o) {
    return o->mult == 1 << 30 && o->shift == 0;
}

bool mdg_spec_mve_add(mdg_spec *s) {
    const mdg_add_params *p = s->call->params;
    operand a = {0, p->a_zero, p->a_mult, p->a_shift}, b = {1, p->b_zero, p->b_mult, p->b_shift};
    if (!is_half(&a)) {
        const operand other = a;
        a = b;
        b = other;
    }
    const bool walks_alike = p->rank == 1 && p->a_stride[0] == 1 && p->b_stride[0] == 1;
    if (!walks_alike || p->left_shift != LEFT_SHIFT || !is_half(&a) || p->out_shift >= 0 ||
        (!is_half(&b) && b.shift >= 0))
        return false;
    /* The second rounding needs a shift: a half is brought to it by doubling what comes in. */
    const int32_t left = is_half(&b) ? LEFT_SHIFT + 1 : LEFT_SHIFT;
    mdg_add_mve_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_add_mve_params){.count = p->dim[0],
                              .a_start = -a.zero * (1 << (LEFT_SHIFT - 1)),
                              .b_left = left,
                              .b_start = -b.zero * (1 << left),
                              .b_mult = b.mult,
                              .b_right = is_half(&b) ? 1 : -b.shift,
                              .mult = p->out_mult,
                              .right = -p->out_shift,
                              .out_zero = p->out_zero};
    mdg_call *c = mdg_spec_add_call(s, MDG_K_add_mve_s8, q);
    c->in[0] = s->call->in[a.input];
    mdg_call_add_in(c, s->call->in[b.input]);
    c->inplace_out = s->call->inplace_out;
    c->inplace_in = s->call->inplace_in < 0 ? -1 : s->call->inplace_in == a.input ? 0 : 1;
    mdg_spec_add_clamp(s, q->count, p->act_min, p->act_max);
    return true;
}

static bool add_pool(mdg_spec *s, mdg_kernel_id kernel) {
    const mdg_pool2d_params *p = s->call->params;
    mdg_spec_add_call(s, kernel, p);
    mdg_spec_add_clamp(s, p->batches * p->out_h * p->out_w * p->channels, p->act_min, p->act_max);
    return true;
}

enum { MAX_WINDOW = 256 }; /* whose sum average_pool2d_mve_s8 holds in 16 bits */

bool mdg_spec_mve_average_pool2d(mdg_spec *s) {
    const mdg_pool2d_params *p = s->call->params;
    return (int64_t)p->kernel_h * p->kernel_w <= MAX_WINDOW && add_pool(s, MDG_K_average_pool2d_mve_s8);
}

bool mdg_spec_mve_max_pool2d(mdg_spec *s) {
    return add_pool(s, MDG_K_max_pool2d_mve_s8);
}
