/* SPDX-License-Identifier: MIT
 *
 * Convolutions for processors without SIMD (core/kernels/scalar).
 */
#include "specialize/pairs.h"

static bool is_pointwise(const mdg_conv2d_params *p) {
    return p->kernel_h == 1 && p->kernel_w == 1 && p->stride_h == 1 && p->stride_w == 1 && p->pad_h == 0 &&
           p->pad_w == 0;
}

static size_t scratch_bytes(int32_t taps, int32_t out_c, int32_t run) {
    return 8 * (size_t)taps + 4 * (size_t)(out_c > run ? out_c : run);
}

/* Reads four pixels before it writes them: in place where a pixel does not grow. */
static void add_pointwise(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    mdg_pointwise_scalar_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_pointwise_scalar_params){.pixels = p->batches * p->out_h * p->out_w,
                                       .in_c = p->in_c,
                                       .out_c = p->out_c,
                                       .two_sided = l->two_sided};
    mdg_call *c = mdg_spec_add_call(s, MDG_K_pointwise_scalar_s8, q);
    mdg_spec_add_pairs(s, c, l, p->in_c);
    mdg_spec_add_scratch(s, c, scratch_bytes(p->in_c, p->out_c, 0));
    if (p->out_c <= p->in_c) c->inplace_in = c->inplace_out = 0;
}

static void add_general(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    mdg_conv2d_scalar_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
#define COPY(type, name) q->name = p->name;
#define NONE(type, name, count)
    MDG_PARAMS_conv2d_shape(COPY, NONE)
#undef COPY
#undef NONE
        q->in_zero = p->in_zero;
    q->two_sided = l->two_sided;
    const int32_t taps = p->kernel_h * p->kernel_w * p->in_c;
    mdg_call *c = mdg_spec_add_call(s, MDG_K_conv2d_scalar_s8, q);
    mdg_spec_add_pairs(s, c, l, taps);
    mdg_spec_add_scratch(s, c, scratch_bytes(taps, p->out_c, p->kernel_w * p->in_c));
}

static bool specialize(mdg_spec *s, bool is_depthwise) {
    const mdg_conv2d_params *p = s->call->params;
    mdg_spec_layer l;
    if (p->filter_c != p->in_c || !mdg_spec_conv_bound(s, is_depthwise, &l) ||
        !mdg_spec_pairs_fit(&l, mdg_spec_removes_negative(p)))
        return false;
    if (is_pointwise(p))
        add_pointwise(s, p, &l);
    else
        add_general(s, p, &l);
    mdg_spec_add_clamp(s, p->batches * p->out_h * p->out_w * p->out_c, p->act_min, p->act_max);
    return true;
}

bool mdg_spec_scalar_conv2d(mdg_spec *s) {
    return specialize(s, false);
}

bool mdg_spec_scalar_depthwise_conv2d(mdg_spec *s) {
    const mdg_conv2d_params *p = s->call->params;
    return p->in_c == 1 && specialize(s, true);
}
