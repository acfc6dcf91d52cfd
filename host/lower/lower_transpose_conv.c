/* SPDX-License-Identifier: MIT
 *
 * TRANSPOSE_CONV. Its inputs are the output's shape, filter, input and bias; the first says nothing that the
 * output's tensor does not.
 */
#include "lower/lower.h"

#include <string.h>

enum { SHAPE, FILTER, INPUT, BIAS };
enum { MAX_TAPS = 65536, LIMIT = 1 << 28 }; /* sums and coordinates stay within 32 bits */

/* The padding that the convolution from the output's size to the input's has */
static mdg_status set_padding(const mdg_lowering *lo, int32_t out, int32_t kernel, int32_t stride,
                              int32_t *pad) {
    const mdg_transpose_conv_attrs *a = lo->op->attrs;
    if (stride < 1 || (int64_t)stride * out > LIMIT || kernel > LIMIT)
        return mdg_lo_fail(lo, MDG_INVALID, "stride %d, kernel %d or output %d is out of range", (int)stride,
                           (int)kernel, (int)out);
    if (a->padding != MDG_PADDING_SAME && a->padding != MDG_PADDING_VALID)
        return mdg_lo_fail(lo, MDG_INVALID, "unknown padding %d", a->padding);
    const int64_t total = ((int64_t)(out + stride - 1) / stride - 1) * stride + kernel - out;
    *pad = a->padding == MDG_PADDING_SAME && total > 0 ? (int32_t)(total / 2) : 0;
    return MDG_OK;
}

static mdg_status set_shape(const mdg_lowering *lo, mdg_conv2d_shape_params *p) {
    const mdg_transpose_conv_attrs *a = lo->op->attrs;
    MDG_TRY(mdg_lo_need_rank(lo, mdg_lo_input(lo, INPUT), 4, 4));
    MDG_TRY(mdg_lo_need_rank(lo, mdg_lo_input(lo, FILTER), 4, 4));
    MDG_TRY(mdg_lo_need_rank(lo, mdg_lo_output(lo, 0), 4, 4));
    const int32_t *x = mdg_lo_input(lo, INPUT)->shape.dim, *w = mdg_lo_input(lo, FILTER)->shape.dim;
    const int32_t *y = mdg_lo_output(lo, 0)->shape.dim;
    *p = (mdg_conv2d_shape_params){.batches = x[0], .in_h = x[1], .in_w = x[2], .in_c = x[3]};
    p->out_h = y[1], p->out_w = y[2], p->out_c = y[3];
    p->kernel_h = w[1], p->kernel_w = w[2], p->filter_c = w[3];
    p->stride_h = a->stride_h, p->stride_w = a->stride_w;
    p->dilation_h = p->dilation_w = p->depth_multiplier = 1;
    MDG_TRY(mdg_lo_need(lo, y[0] == x[0], "input and output have different batch sizes"));
    MDG_TRY(
        mdg_lo_need(lo, w[0] == y[3] && w[3] == x[3], "the filter's channels fit neither input nor output"));
    MDG_TRY(mdg_lo_need(lo, x[1] <= LIMIT && x[2] <= LIMIT, "the input is too large"));
    MDG_TRY(set_padding(lo, p->out_h, p->kernel_h, p->stride_h, &p->pad_h));
    MDG_TRY(set_padding(lo, p->out_w, p->kernel_w, p->stride_w, &p->pad_w));
    const mdg_tensor *bias = mdg_lo_input(lo, BIAS);
    return bias ? mdg_lo_need_elements(lo, bias, p->out_c) : MDG_OK;
}

static mdg_status set_quantisation(const mdg_lowering *lo, mdg_conv2d_params *p) {
    const mdg_transpose_conv_attrs *a = lo->op->attrs;
    const mdg_tensor *x = mdg_lo_input(lo, INPUT), *y = mdg_lo_output(lo, 0);
    MDG_TRY(x->type == MDG_INT16 ? mdg_lo_need_symmetric(lo, x) : mdg_lo_need_scale(lo, x));
    MDG_TRY(x->type == MDG_INT16 ? mdg_lo_need_symmetric(lo, y) : mdg_lo_need_scale(lo, y));
    MDG_TRY(mdg_lo_need_channel_scales(lo, mdg_lo_input(lo, FILTER), 0));
    if (x->type == MDG_INT8 && (int64_t)p->kernel_h * p->kernel_w * p->in_c > MAX_TAPS)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "more than %d weights per output overflow the sum", MAX_TAPS);
    p->in_zero = mdg_lo_zero(x);
    p->out_zero = mdg_lo_zero(y);
    return mdg_lo_activation(lo, a->activation, y, &p->act_min, &p->act_max);
}

/* An int16 bias is widened to what the kernel takes. */
static mdg_status bias_buffer(mdg_lowering *lo, int *buffer) {
    const mdg_tensor *bias = mdg_lo_input(lo, BIAS);
    *buffer = mdg_lo_input_buffer(lo, BIAS);
    if (!bias || bias->type != MDG_INT16) return MDG_OK;
    MDG_TRY(mdg_lo_need_const(lo, bias));
    const int32_t n = mdg_lo_elements(bias);
    int64_t *wide = mdg_arena_array(lo->program->arena, (size_t)n, sizeof *wide);
    for (int32_t i = 0; i < n; i++) {
        int16_t value;
        memcpy(&value, (const uint8_t *)bias->data + 2 * i, sizeof value);
        wide[i] = value;
    }
    *buffer = mdg_lo_const(lo, bias->name, "int64_t", wide, (size_t)n * sizeof *wide);
    return MDG_OK;
}

static mdg_status add_call(mdg_lowering *lo, const void *params, int mult, int shift) {
    int bias;
    MDG_TRY(bias_buffer(lo, &bias));
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, params);
    mdg_call_add_in(c, mdg_lo_input_buffer(lo, INPUT));
    mdg_call_add_in(c, mdg_lo_input_buffer(lo, FILTER));
    mdg_call_add_in(c, bias);
    if (mult >= 0) mdg_call_add_in(c, mult);
    if (shift >= 0) mdg_call_add_in(c, shift);
    mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
    return MDG_OK;
}

static mdg_status lower(mdg_lowering *lo) {
    const mdg_transpose_conv_attrs *a = lo->op->attrs;
    mdg_conv2d_shape_params shape;
    MDG_TRY(set_shape(lo, &shape));
    if (lo->kernel == MDG_K_transpose_conv_f32) {
        mdg_conv2d_f32_params *p = mdg_lo_params(lo, sizeof *p);
        memcpy(p, &shape, sizeof shape);
        MDG_TRY(mdg_lo_activation_f32(lo, a->activation, &p->act_min, &p->act_max));
        return add_call(lo, p, -1, -1);
    }
    mdg_conv2d_params *p = mdg_lo_params(lo, sizeof *p);
    int mult, shift;
    memcpy(p, &shape, sizeof shape);
    MDG_TRY(set_quantisation(lo, p));
    MDG_TRY(mdg_lo_channel_multipliers(lo, mdg_lo_input(lo, INPUT), mdg_lo_input(lo, FILTER), &mult, &shift));
    return add_call(lo, p, mult, shift);
}

static const mdg_variant variants[] = {
    {"int32,int8,int8->int8", MDG_K_transpose_conv_s8},
    {"int32,int8,int8,int32->int8", MDG_K_transpose_conv_s8},
    {"int32,int8,int16->int16", MDG_K_transpose_conv_s16_b64},
    {"int32,int8,int16,int16->int16", MDG_K_transpose_conv_s16_b64},
    {"int32,int8,int16,int64->int16", MDG_K_transpose_conv_s16_b64},
    {"int32,float32,float32->float32", MDG_K_transpose_conv_f32},
    {"int32,float32,float32,float32->float32", MDG_K_transpose_conv_f32},
};
MDG_RULE(transpose_conv, 3, 4, 1, variants, lower);
