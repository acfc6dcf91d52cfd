/* SPDX-License-Identifier: MIT
 *
 * CONV_2D, DEPTHWISE_CONV_2D.
 */
#include "lower/lower.h"

#include <string.h>

/* Products of an int8 difference and an int8 weight that a 32-bit sum holds. (Sums of int16 wrap around as
 * TFLM's, or have 64 bits.) */
enum { MAX_TAPS = 65536 };

/* What the attributes of both operators have in common */
typedef struct conv_attrs {
    int padding, activation;
    int32_t stride_h, stride_w, dilation_h, dilation_w;
} conv_attrs;

/* Kernels count elements from tap to tap, and from row to row, in 32 bits. */
static bool has_reach(const mdg_conv2d_shape_params *p) {
    const int64_t limit = 1 << 29, h = (int64_t)p->dilation_h * p->kernel_h, pixels = limit / p->in_c;
    return h <= limit && h * p->in_w <= pixels && (int64_t)p->dilation_w * p->kernel_w <= pixels;
}

static mdg_status set_windows(const mdg_lowering *lo, const conv_attrs *a, mdg_conv2d_shape_params *p) {
    p->stride_h = a->stride_h, p->stride_w = a->stride_w;
    p->dilation_h = a->dilation_h, p->dilation_w = a->dilation_w;
    const mdg_window h = {a->padding, p->in_h, p->kernel_h, p->stride_h, p->dilation_h, p->out_h};
    const mdg_window w = {a->padding, p->in_w, p->kernel_w, p->stride_w, p->dilation_w, p->out_w};
    MDG_TRY(mdg_lo_window(lo, &h, &p->pad_h));
    MDG_TRY(mdg_lo_window(lo, &w, &p->pad_w));
    if (has_reach(p)) return MDG_OK;
    return mdg_lo_fail(lo, MDG_UNSUPPORTED, "windows of %dx%d, dilated by %dx%d, are too far spread",
                       (int)p->kernel_h, (int)p->kernel_w, (int)p->dilation_h, (int)p->dilation_w);
}

/* Sizes that both operators take from input x, filter w and output y, all of rank 4 */
static mdg_status set_sizes(const mdg_lowering *lo, mdg_conv2d_shape_params *p) {
    for (int k = 0; k < 2; k++) MDG_TRY(mdg_lo_need_rank(lo, mdg_lo_input(lo, k), 4, 4));
    MDG_TRY(mdg_lo_need_rank(lo, mdg_lo_output(lo, 0), 4, 4));
    const int32_t *x = mdg_lo_input(lo, 0)->shape.dim, *w = mdg_lo_input(lo, 1)->shape.dim;
    const int32_t *y = mdg_lo_output(lo, 0)->shape.dim;
    p->batches = x[0], p->in_h = x[1], p->in_w = x[2], p->in_c = x[3];
    p->kernel_h = w[1], p->kernel_w = w[2];
    p->out_h = y[1], p->out_w = y[2], p->out_c = y[3];
    MDG_TRY(mdg_lo_need(lo, y[0] == x[0], "input and output have different batch sizes"));
    const mdg_tensor *bias = mdg_lo_input(lo, 2);
    return bias ? mdg_lo_need_elements(lo, bias, p->out_c) : MDG_OK;
}

static mdg_status set_quantisation(mdg_lowering *lo, int axis, int activation, mdg_conv2d_params *p) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *w = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    MDG_TRY(x->type == MDG_INT16 ? mdg_lo_need_symmetric(lo, x) : mdg_lo_need_scale(lo, x));
    MDG_TRY(x->type == MDG_INT16 ? mdg_lo_need_symmetric(lo, y) : mdg_lo_need_scale(lo, y));
    MDG_TRY(mdg_lo_need_channel_scales(lo, w, axis));
    if (w->type == MDG_INT4) MDG_TRY(mdg_lo_need_const(lo, w));
    if (x->type == MDG_INT8 && (int64_t)p->kernel_h * p->kernel_w * p->filter_c > MAX_TAPS)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "more than %d weights per output overflow the sum", MAX_TAPS);
    p->in_zero = mdg_lo_zero(x);
    p->out_zero = mdg_lo_zero(y);
    return mdg_lo_activation(lo, activation, y, &p->act_min, &p->act_max);
}

static mdg_status add_call(mdg_lowering *lo, int axis, const conv_attrs *a,
                           const mdg_conv2d_shape_params *shape) {
    if (mdg_lo_output(lo, 0)->type == MDG_FLOAT32) {
        mdg_conv2d_f32_params *p = mdg_lo_params(lo, sizeof *p);
        memcpy(p, shape, sizeof *shape);
        MDG_TRY(mdg_lo_activation_f32(lo, a->activation, &p->act_min, &p->act_max));
        mdg_lo_call(lo, p);
        return MDG_OK;
    }
    mdg_conv2d_params *p = mdg_lo_params(lo, sizeof *p);
    memcpy(p, shape, sizeof *shape);
    MDG_TRY(set_quantisation(lo, axis, a->activation, p));
    int mult, shift;
    MDG_TRY(mdg_lo_channel_multipliers(lo, mdg_lo_input(lo, 0), mdg_lo_input(lo, 1), &mult, &shift));
    mdg_call *c = mdg_lo_call(lo, p);
    mdg_call_add_in(c, mult);
    mdg_call_add_in(c, shift);
    return MDG_OK;
}

static mdg_status lower_conv2d(mdg_lowering *lo) {
    const mdg_conv2d_attrs *o = lo->op->attrs;
    const conv_attrs a = {o->padding, o->activation, o->stride_h, o->stride_w, o->dilation_h, o->dilation_w};
    mdg_conv2d_shape_params p = {.depth_multiplier = 1};
    MDG_TRY(set_sizes(lo, &p));
    const int32_t *w = mdg_lo_input(lo, 1)->shape.dim;
    p.filter_c = w[3];
    MDG_TRY(mdg_lo_need(lo, w[0] == p.out_c, "filter and output have different numbers of channels"));
    MDG_TRY(mdg_lo_need(lo, p.in_c % p.filter_c == 0 && p.out_c % (p.in_c / p.filter_c) == 0,
                        "the channels do not divide into groups"));
    MDG_TRY(set_windows(lo, &a, &p));
    if (lo->kernel == MDG_K_conv2d_s16_b64 && !mdg_lo_input(lo, 2) && o->quantized_bias_type == MDG_INT32)
        lo->kernel = MDG_K_conv2d_s16_b32;
    return add_call(lo, 0, &a, &p);
}

static mdg_status lower_depthwise_conv2d(mdg_lowering *lo) {
    const mdg_depthwise_conv2d_attrs *o = lo->op->attrs;
    const conv_attrs a = {o->padding, o->activation, o->stride_h, o->stride_w, o->dilation_h, o->dilation_w};
    mdg_conv2d_shape_params p = {.filter_c = 1};
    MDG_TRY(set_sizes(lo, &p));
    const int32_t *w = mdg_lo_input(lo, 1)->shape.dim;
    p.depth_multiplier = p.out_c / p.in_c;
    MDG_TRY(mdg_lo_need(lo, w[0] == 1 && w[3] == p.out_c && p.out_c % p.in_c == 0,
                        "the filter's channels fit neither input nor output"));
    MDG_TRY(set_windows(lo, &a, &p));
    return add_call(lo, 3, &a, &p);
}

static const mdg_variant conv2d[] = {
    {"int8,int8->int8", MDG_K_conv2d_s8},
    {"int8,int8,int32->int8", MDG_K_conv2d_s8},
    {"int8,int4->int8", MDG_K_conv2d_s8},
    {"int8,int4,int32->int8", MDG_K_conv2d_s8},
    {"int16,int8->int16", MDG_K_conv2d_s16_b64},
    {"int16,int8,int64->int16", MDG_K_conv2d_s16_b64},
    {"int16,int8,int32->int16", MDG_K_conv2d_s16_b32},
    {"float32,float32->float32", MDG_K_conv2d_f32},
    {"float32,float32,float32->float32", MDG_K_conv2d_f32},
};
MDG_RULE(conv2d, 2, 3, 1, conv2d, lower_conv2d);

static const mdg_variant depthwise_conv2d[] = {
    {"int8,int8->int8", MDG_K_depthwise_conv2d_s8},
    {"int8,int8,int32->int8", MDG_K_depthwise_conv2d_s8},
    {"int8,int4->int8", MDG_K_depthwise_conv2d_s8},
    {"int8,int4,int32->int8", MDG_K_depthwise_conv2d_s8},
    {"int16,int8->int16", MDG_K_depthwise_conv2d_s16_b64},
    {"int16,int8,int64->int16", MDG_K_depthwise_conv2d_s16_b64},
    {"float32,float32->float32", MDG_K_depthwise_conv2d_f32},
    {"float32,float32,float32->float32", MDG_K_depthwise_conv2d_f32},
};
MDG_RULE(depthwise_conv2d, 2, 3, 1, depthwise_conv2d, lower_depthwise_conv2d);
