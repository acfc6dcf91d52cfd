/* SPDX-License-Identifier: MIT
 *
 * Cortex-M55, M85: DEPTHWISE_CONV_2D.
 */
#include "specialize/mve.h"

#include "core/fixed.h"

/* A convolution along one axis; steps in bytes */
typedef struct axis {
    int32_t in, out, kernel, stride, dilation, pad;
    int32_t in_step, out_step;
} axis;

static axis axis_h(const mdg_conv2d_params *p) {
    return (axis){p->in_h,       p->out_h, p->kernel_h,       p->stride_h,
                  p->dilation_h, p->pad_h, p->in_w * p->in_c, p->out_w * p->in_c};
}

static axis axis_w(const mdg_conv2d_params *p) {
    return (axis){p->in_w, p->out_w, p->kernel_w, p->stride_w, p->dilation_w, p->pad_w, p->in_c, p->in_c};
}

static bool has_three_taps(const axis *a) {
    return a->kernel == 3 && a->dilation == 1 && a->stride <= 2;
}

/* core/kernels/mve/plane.h: columns n of three weights each */
static void put_channel(int32_t to[5], const mdg_spec_channel *c, const int8_t *w, bool along_w) {
    for (int32_t n = 0; n < 3; n++) {
        int8_t bytes[4] = {0, 0, 0, n == 0 ? (int8_t)-c->right : 0};
        for (int32_t m = 0; m < 3; m++) bytes[m] = along_w ? w[3 * m + n] : w[3 * n + m];
        to[n] = mdg_spec_mve_word(bytes);
    }
    to[3] = c->bias;
    to[4] = c->mult;
}

enum { CHANNEL_WORDS = 5, COLUMN_BYTES = 64 };

static void add_columns(mdg_spec *s, mdg_call *call, const mdg_spec_layer *l, bool along_w) {
    const size_t count = (size_t)l->out_c * CHANNEL_WORDS;
    int32_t *words = mdg_arena_array(s->program->arena, count, sizeof *words);
    for (int32_t c = 0; c < l->out_c; c++)
        put_channel(words + CHANNEL_WORDS * c, &l->channels[c], l->w + c * l->depth, along_w);
    mdg_spec_add_const(s, call, mdg_spec_weights_name(s), words, count);
}

static int32_t larger(int32_t a, int32_t b) {
    return a > b ? a : b;
}

static void add_3x3(mdg_spec *s, const mdg_spec_layer *l) {
    const mdg_conv2d_params *p = s->call->params;
    const bool along_w = p->out_w >= p->out_h;
    const axis n = along_w ? axis_w(p) : axis_h(p), m = along_w ? axis_h(p) : axis_w(p);
    const int32_t reach = n.stride == 1 ? n.out + 2 : (n.out + 3) / 4 * 8 + 2; /* columns that are read */
    mdg_depthwise3x3_mve_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_depthwise3x3_mve_params){.batches = p->batches,
                                       .channels = p->in_c,
                                       .in_n = n.in,
                                       .in_m = m.in,
                                       .out_n = n.out,
                                       .out_m = m.out,
                                       .stride = n.stride,
                                       .pad_n = n.pad,
                                       .pad_m = m.pad,
                                       .in_step_n = n.in_step,
                                       .in_step_m = m.in_step,
                                       .out_step_n = n.out_step,
                                       .out_step_m = m.out_step,
                                       .columns = larger(n.pad + n.in, reach),
                                       .in_zero = p->in_zero,
                                       .out_zero = p->out_zero};
    mdg_call *call = mdg_spec_add_call(s, MDG_K_depthwise3x3_mve_s8, q);
    add_columns(s, call, l, along_w);
    mdg_spec_add_scratch(s, call, (size_t)q->columns * COLUMN_BYTES);
    if (n.stride == 1 && n.in == n.out && m.in == m.out) call->inplace_in = call->inplace_out = 0;
}

enum { LANES = 8, FACTOR_WORDS = 18 };

/* The stream of core/kernels/mve/depthwise_mve_s8.c for channels from `first` on; returns its end. */
static int32_t *put_group(int32_t *to, const mdg_spec_layer *l, int32_t first, int32_t taps) {
    int8_t shift[LANES], w[LANES];
    for (int32_t i = 0; i < LANES; i++) {
        const mdg_spec_channel *c = &l->channels[first + (i < 4 ? 2 * i : 2 * i - 7)];
        to[i] = c->bias;
        to[LANES + i] = c->mult;
        shift[i] = (int8_t)-c->right;
    }
    to += 2 * LANES;
    *to++ = mdg_spec_mve_word(shift);
    *to++ = mdg_spec_mve_word(shift + 4);
    for (int32_t t = 0; t < taps; t++) {
        for (int32_t i = 0; i < LANES; i++) w[i] = l->w[(first + i) * l->depth + t];
        *to++ = mdg_spec_mve_word(w);
        *to++ = mdg_spec_mve_word(w + 4);
    }
    return to;
}

/* A picture of one column is one row as well, which makes the inner loop the long one. */
static void turn(mdg_conv2d_mve_params *q) {
    q->in_w = q->in_h, q->out_w = q->out_h, q->kernel_w = q->kernel_h;
    q->stride_w = q->stride_h, q->dilation_w = q->dilation_h, q->pad_w = q->pad_h;
    q->in_h = q->out_h = q->kernel_h = q->stride_h = q->dilation_h = 1;
    q->pad_h = 0;
}

static void add_general(mdg_spec *s, const mdg_spec_layer *l) {
    const mdg_conv2d_params *p = s->call->params;
    const int32_t taps = p->kernel_h * p->kernel_w;
    const size_t count = (size_t)(l->out_c + LANES - 1) / LANES * (size_t)(FACTOR_WORDS + 2 * taps);
    int32_t *words = mdg_arena_array(s->program->arena, count, sizeof *words), *to = words;
    for (int32_t c = 0; c < l->out_c; c += LANES)
        to = put_group(to, l, c + LANES <= l->out_c ? c : l->out_c - LANES, taps);
    mdg_conv2d_mve_params *q = mdg_spec_mve_conv_params(s, l);
    if (p->in_w == 1 && p->out_w == 1 && p->kernel_w == 1 && p->pad_w == 0) turn(q);
    mdg_call *call = mdg_spec_add_call(s, MDG_K_depthwise_mve_s8, q);
    mdg_spec_add_const(s, call, mdg_spec_weights_name(s), words, count);
}

/* Inputs lose their zero point in the general kernel, so biases keep it. */
static void unfold_zero(mdg_spec_layer *l, int32_t in_zero) {
    for (int32_t c = 0; c < l->out_c; c++)
        for (int32_t t = 0; t < l->depth; t++)
            l->channels[c].bias = mdg_wrapping_add(l->channels[c].bias, l->w[c * l->depth + t] * in_zero);
}

static bool with_helium(mdg_spec *s) {
    const mdg_conv2d_params *p = s->call->params;
    const axis h = axis_h(p), w = axis_w(p);
    const bool is_3x3 = has_three_taps(&h) && has_three_taps(&w) && h.stride == w.stride &&
                        mdg_spec_may_use(s, MDG_K_depthwise3x3_mve_s8);
    mdg_spec_layer l;
    if (p->depth_multiplier != 1 || !mdg_spec_conv_bound(s, true, &l) || !mdg_spec_mve_fits(&l, p->act_min))
        return false;
    if (is_3x3 && !l.two_sided && (h.out >= 2 || w.out >= 2)) {
        add_3x3(s, &l);
    } else if (p->in_c >= LANES) {
        unfold_zero(&l, p->in_zero);
        add_general(s, &l);
    } else {
        return false;
    }
    mdg_spec_add_clamp(s, p->batches * p->out_h * p->out_w * p->out_c, p->act_min, p->act_max);
    return true;
}

/* What is left can still use the SIMD of the Cortex-M4, which these processors have too. */
bool mdg_spec_mve_depthwise_conv2d(mdg_spec *s) {
    const mdg_conv2d_params *p = s->call->params;
    if (p->in_c == 1 && p->filter_c == 1) return mdg_spec_mve_conv2d(s);
    return with_helium(s) || mdg_spec_depthwise_conv2d(s);
}
