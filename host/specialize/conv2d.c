/* SPDX-License-Identifier: MIT
 *
 * CONV_2D, and DEPTHWISE_CONV_2D of a single input channel, which is the same.
 */
#include "specialize/clusters.h"
#include "specialize/mac.h"

size_t mdg_spec_pointwise_scratch(const mdg_spec_layer *l, int32_t in_c) {
    return (size_t)l->depth * (in_c % 4 ? 9 : 6);
}

void mdg_spec_add_pointwise(mdg_spec *s, int32_t pixels, int32_t in_c, const mdg_spec_layer *l) {
    mdg_pointwise_smlad_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_pointwise_smlad_params){
        .pixels = pixels, .in_c = in_c, .out_c = l->out_c, .two_sided = l->two_sided};
    mdg_call *c = mdg_spec_add_call(s, l->packed ? MDG_K_pointwise_smlad_s8_w4 : MDG_K_pointwise_smlad_s8, q);
    mdg_spec_add_mac_stream(s, c, l, mdg_spec_weights_name(s));
    mdg_spec_add_scratch(s, c, mdg_spec_pointwise_scratch(l, in_c));
    if (l->out_c <= in_c) c->inplace_in = c->inplace_out = 0;
}

/* A kernel and its scratch, in bytes */
typedef struct choice {
    mdg_kernel_id kernel;
    size_t scratch;
} choice;

/* Three outputs at a time take much scratch for so small a layer. */
static bool is_crowded(const mdg_conv2d_params *p, int32_t depth) {
    const int64_t in = (int64_t)p->batches * p->in_h * p->in_w * p->in_c;
    const int64_t out = (int64_t)p->batches * p->out_h * p->out_w * p->out_c;
    return 9 * (int64_t)depth > (in + out) / 12;
}

/* For few input channels: two outputs at a time where three are too many, one where little RAM comes first */
static choice narrow_choice(const mdg_spec *s, const mdg_conv2d_params *p, size_t depth) {
    const size_t row = (size_t)(p->kernel_w * p->in_c);
    const bool may_be_less =
        s->optimize != MDG_OPTIMIZE_speed && p->in_c % 4 != 0 && is_crowded(p, (int32_t)depth);
    if (may_be_less && s->optimize == MDG_OPTIMIZE_ram)
        return (choice){MDG_K_conv2d_pixel_smlad_s8, depth + 4};
    if (may_be_less && p->dilation_w == 1 && row % 4 == 0 && mdg_spec_may_use(s, MDG_K_conv2d_rows_smlad_s8))
        return (choice){MDG_K_conv2d_rows_smlad_s8, 4 * depth + row};
    return (choice){MDG_K_conv2d_narrow_smlad_s8, 9 * depth + 4};
}

static void add_matrix(mdg_spec *s, const mdg_spec_layer *l, choice to) {
    mdg_call *c = mdg_spec_add_call(s, to.kernel, mdg_spec_conv_params(s, l));
    mdg_spec_add_mac_stream(s, c, l, mdg_spec_weights_name(s));
    mdg_spec_add_scratch(s, c, to.scratch);
}

static void add_general(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    const bool is_narrow = p->in_c % 4 != 0 || !mdg_spec_may_use(s, MDG_K_conv2d_smlad_s8);
    const size_t depth = (size_t)l->depth;
    const choice to =
        is_narrow ? narrow_choice(s, p, depth) : (choice){MDG_K_conv2d_smlad_s8, 6 * depth + (size_t)p->in_c};
    add_matrix(s, l, to);
}

/* With weights of 4 bits, unless that kernel may not be used */
static bool add_packed(mdg_spec *s, const mdg_conv2d_params *p, mdg_spec_layer *l) {
    const size_t depth = (size_t)l->depth;
    const bool is_narrow = p->in_c % 4 != 0, is_pointwise = mdg_spec_is_pointwise(p);
    const mdg_kernel_id kernel = is_pointwise ? MDG_K_pointwise_smlad_s8_w4
                                 : is_narrow  ? MDG_K_conv2d_narrow_smlad_s8_w4
                                              : MDG_K_conv2d_smlad_s8_w4;
    l->packed = mdg_spec_may_use(s, kernel);
    if (!l->packed) return false;
    if (is_pointwise)
        mdg_spec_add_pointwise(s, p->batches * p->out_h * p->out_w, p->in_c, l);
    else
        add_matrix(s, l, (choice){kernel, is_narrow ? 9 * depth + 4 : 6 * depth + (size_t)p->in_c});
    return true;
}

static bool add_call(mdg_spec *s, const mdg_conv2d_params *p, mdg_spec_layer *l) {
    if (mdg_spec_is_fully_connected(p) &&
        mdg_spec_add_fully_connected(s, l, p->batches, p->in_h * p->in_w * p->in_c))
        return true;
    if (!mdg_spec_mac_fits(l, mdg_spec_removes_negative(p))) return false;
    if (s->optimize != MDG_OPTIMIZE_speed && mdg_spec_mac4_fits(l) && add_packed(s, p, l)) return true;
    if (mdg_spec_add_clustered_conv2d(s, p, l)) return true;
    if (mdg_spec_is_pointwise(p) && mdg_spec_may_use(s, MDG_K_pointwise_smlad_s8))
        mdg_spec_add_pointwise(s, p->batches * p->out_h * p->out_w, p->in_c, l);
    else
        add_general(s, p, l);
    return true;
}

bool mdg_spec_conv2d(mdg_spec *s) {
    return mdg_spec_conv(s, false, add_call);
}

bool mdg_spec_conv_of_one_channel(mdg_spec *s) {
    return mdg_spec_conv(s, true, add_call);
}
