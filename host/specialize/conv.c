/* SPDX-License-Identifier: MIT
 *
 * What the rules of CONV_2D and DEPTHWISE_CONV_2D share.
 */
#include "specialize/spec.h"

bool mdg_spec_removes_negative(const mdg_conv2d_params *p) {
    return p->out_zero == -128 && p->act_min == -128;
}

bool mdg_spec_is_pointwise(const mdg_conv2d_params *p) {
    return p->kernel_h == 1 && p->kernel_w == 1 && p->stride_h == 1 && p->stride_w == 1 && p->pad_h == 0 &&
           p->pad_w == 0;
}

bool mdg_spec_is_fully_connected(const mdg_conv2d_params *p) {
    return p->out_h == 1 && p->out_w == 1 && p->kernel_h == p->in_h && p->kernel_w == p->in_w &&
           p->pad_h == 0 && p->pad_w == 0 && p->dilation_h == 1 && p->dilation_w == 1;
}

const char *mdg_spec_weights_name(const mdg_spec *s) {
    return s->program->buffers[s->call->in[1]].name;
}

bool mdg_spec_conv_bound(mdg_spec *s, bool is_depthwise, mdg_spec_layer *out) {
    const mdg_conv2d_params *p = s->call->params;
    const int32_t taps = p->kernel_h * p->kernel_w * p->filter_c;
    const mdg_spec_sums sums = {.out_c = p->out_c,
                                .taps = taps,
                                .in_zero = p->in_zero,
                                .out_zero = p->out_zero,
                                .act_min = p->act_min,
                                .w = mdg_spec_const(s, 1),
                                .channel_step = is_depthwise ? 1 : taps,
                                .tap_step = is_depthwise ? p->out_c : 1,
                                .bias = mdg_spec_const(s, 2),
                                .mult = mdg_spec_const(s, 3),
                                .shift = mdg_spec_const(s, 4),
                                .factor_step = 1};
    const bool constant = sums.w && sums.mult && sums.shift && (sums.bias || s->call->in[2] < 0);
    return constant && mdg_spec_bound(s, &sums, out);
}

bool mdg_spec_conv(mdg_spec *s, bool is_depthwise, mdg_spec_add_layer *add) {
    const mdg_conv2d_params *p = s->call->params;
    mdg_spec_layer l;
    if (p->filter_c != p->in_c || !mdg_spec_conv_bound(s, is_depthwise, &l) || !add(s, p, &l)) return false;
    mdg_spec_add_clamp(s, p->batches * p->out_h * p->out_w * p->out_c, p->act_min, p->act_max);
    return true;
}

mdg_conv2d_smlad_params *mdg_spec_conv_params(mdg_spec *s, const mdg_spec_layer *l) {
    const mdg_conv2d_params *p = s->call->params;
    mdg_conv2d_smlad_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
#define COPY(type, name) q->name = p->name;
#define NONE(type, name, count)
    MDG_PARAMS_conv2d_shape(COPY, NONE)
#undef COPY
#undef NONE
        q->in_zero = p->in_zero;
    q->depth = l->depth;
    q->two_sided = l->two_sided;
    return q;
}
