/* SPDX-License-Identifier: MIT
 *
 * CONV_2D, and DEPTHWISE_CONV_2D of a single input channel, which is the same.
 */
#include "specialize/mac.h"

static bool is_pointwise(const mdg_conv2d_params *p) {
    return p->kernel_h == 1 && p->kernel_w == 1 && p->stride_h == 1 && p->stride_w == 1 && p->pad_h == 0 &&
           p->pad_w == 0;
}

void mdg_spec_add_pointwise(mdg_spec *s, int32_t pixels, int32_t in_c, const mdg_spec_layer *l) {
    mdg_pointwise_smlad_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_pointwise_smlad_params){
        .pixels = pixels, .in_c = in_c, .out_c = l->out_c, .two_sided = l->two_sided};
    mdg_call *c = mdg_spec_add_call(s, MDG_K_pointwise_smlad_s8, q);
    mdg_spec_add_mac_stream(s, c, l, mdg_spec_weights_name(s));
    mdg_spec_add_scratch(s, c, (size_t)l->depth * (in_c % 4 ? 9 : 6));
    if (l->out_c <= in_c) c->inplace_in = c->inplace_out = 0;
}

/* One output at a time, where three take much scratch for so small a layer and little RAM comes first */
static bool is_by_pixel(const mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    const int64_t in = (int64_t)p->batches * p->in_h * p->in_w * p->in_c;
    const int64_t out = (int64_t)p->batches * p->out_h * p->out_w * p->out_c;
    return s->optimize == MDG_OPTIMIZE_ram && 9 * (int64_t)l->depth > (in + out) / 12;
}

static void add_general(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    const bool is_narrow = p->in_c % 4 != 0, is_pixel = is_narrow && is_by_pixel(s, p, l);
    const size_t depth = (size_t)l->depth;
    mdg_conv2d_smlad_params *q = mdg_spec_conv_params(s, l);
    mdg_call *c = mdg_spec_add_call(s,
                                    is_pixel    ? MDG_K_conv2d_pixel_smlad_s8
                                    : is_narrow ? MDG_K_conv2d_narrow_smlad_s8
                                                : MDG_K_conv2d_smlad_s8,
                                    q);
    mdg_spec_add_mac_stream(s, c, l, mdg_spec_weights_name(s));
    mdg_spec_add_scratch(s, c,
                         is_pixel    ? depth + 4
                         : is_narrow ? 9 * depth + 4
                                     : 6 * depth + (size_t)p->in_c);
}

static bool add_call(mdg_spec *s, const mdg_conv2d_params *p, mdg_spec_layer *l) {
    if (mdg_spec_is_fully_connected(p) &&
        mdg_spec_add_fully_connected(s, l, p->batches, p->in_h * p->in_w * p->in_c))
        return true;
    if (!mdg_spec_mac_fits(l, mdg_spec_removes_negative(p))) return false;
    if (is_pointwise(p))
        mdg_spec_add_pointwise(s, p->batches * p->out_h * p->out_w, p->in_c, l);
    else
        add_general(s, p, l);
    return true;
}

static bool specialize(mdg_spec *s, bool is_depthwise) {
    const mdg_conv2d_params *p = s->call->params;
    mdg_spec_layer l;
    if (p->filter_c != p->in_c || !mdg_spec_conv_bound(s, is_depthwise, &l) || !add_call(s, p, &l))
        return false;
    mdg_spec_add_clamp(s, p->batches * p->out_h * p->out_w * p->out_c, p->act_min, p->act_max);
    return true;
}

bool mdg_spec_conv2d(mdg_spec *s) {
    return specialize(s, false);
}

bool mdg_spec_conv_of_one_channel(mdg_spec *s) {
    return specialize(s, true);
}
