/* SPDX-License-Identifier: MIT
 *
 * Convolutions for processors without SIMD (core/kernels/scalar).
 */
#include <string.h>

#include "specialize/pairs.h"

static size_t scratch_bytes(int32_t taps, int32_t out_c, int32_t run) {
    return 8 * (size_t)taps + 4 * (size_t)(out_c > run ? out_c : run);
}

/* Reads four pixels before it writes them: in place where a pixel does not grow. */
static void add_pointwise(mdg_spec *s, int32_t pixels, int32_t in_c, const mdg_spec_layer *l) {
    mdg_pointwise_scalar_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_pointwise_scalar_params){
        .pixels = pixels, .in_c = in_c, .out_c = l->out_c, .general = l->two_sided};
    mdg_call *c = mdg_spec_add_call(s, MDG_K_pointwise_scalar_s8, q);
    mdg_spec_add_pairs(s, c, l, in_c);
    mdg_spec_add_scratch(s, c, scratch_bytes(in_c, l->out_c, 0));
    if (l->out_c <= in_c) c->inplace_in = c->inplace_out = 0;
}

static void add_general(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    mdg_conv2d_scalar_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
#define COPY(type, name) q->name = p->name;
#define NONE(type, name, count)
    MDG_PARAMS_conv2d_shape(COPY, NONE)
#undef COPY
#undef NONE
        q->in_zero = p->in_zero;
    q->general = l->two_sided;
    const int32_t taps = p->kernel_h * p->kernel_w * p->in_c;
    mdg_call *c = mdg_spec_add_call(s, MDG_K_conv2d_scalar_s8, q);
    mdg_spec_add_pairs(s, c, l, taps);
    mdg_spec_add_scratch(s, c, scratch_bytes(taps, p->out_c, p->kernel_w * p->in_c));
}

/* Biases, filled up to a multiple of 4, and the factors, one for all where they are the same */
static void add_dense_factors(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l, int32_t count) {
    const int32_t outputs = (l->out_c + 3) / 4 * 4;
    int32_t *bias = mdg_arena_array(s->program->arena, (size_t)outputs, sizeof *bias);
    int32_t *words = mdg_arena_array(s->program->arena, (size_t)count * 2, sizeof *words);
    for (int32_t i = 0; i < l->out_c; i++) bias[i] = l->channels[i].bias;
    for (int32_t i = 0; i < count; i++) mdg_spec_scalar_factors(&l->channels[i], words + 2 * i);
    mdg_spec_add_const(s, c, "bias", bias, (size_t)outputs);
    mdg_spec_add_const(s, c, "requantisation", words, (size_t)count * 2);
}

/* A layer that sees its whole input; weights are [out_c / 4][in_c][4], as w + 128. */
static void add_dense(mdg_spec *s, const mdg_spec_layer *l, int32_t batches, int32_t in_c) {
    const bool one_factor = mdg_spec_has_one_factor(l);
    mdg_fully_connected_scalar_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_fully_connected_scalar_params){
        .batches = batches, .in_c = in_c, .out_c = l->out_c, .factor_step = one_factor ? 0 : 2};
    mdg_call *c = mdg_spec_add_call(s, MDG_K_fully_connected_scalar_s8, q);
    const size_t count = (size_t)(l->out_c + 3) / 4 * 4 * (size_t)in_c;
    uint8_t *bytes = mdg_arena_alloc(s->program->arena, count);
    memset(bytes, 128, count);
    for (int32_t i = 0; i < l->out_c; i++) {
        for (int32_t t = 0; t < in_c; t++)
            bytes[(i / 4 * in_c + t) * 4 + i % 4] = (uint8_t)(l->w[i * l->depth + t] + 128);
    }
    mdg_spec_add_bytes(s, c, mdg_spec_weights_name(s), bytes, count);
    add_dense_factors(s, c, l, one_factor ? 1 : l->out_c);
}

enum { PLANE_BYTES = 3072 }; /* of scratch for a band; more gains little */

/* Rows along the longer side */
static mdg_depthwise_scalar_params plane_params(const mdg_conv2d_params *p) {
    mdg_depthwise_scalar_params q = {.batches = p->batches, .channels = p->in_c, .in_zero = p->in_zero};
    const bool along_w = p->out_w >= p->out_h;
    const int32_t in_row = p->in_w * p->in_c, out_row = p->out_w * p->out_c;
    q.multiplier = p->out_c / p->in_c;
    q.in_n = along_w ? p->in_w : p->in_h, q.in_m = along_w ? p->in_h : p->in_w;
    q.out_n = along_w ? p->out_w : p->out_h, q.out_m = along_w ? p->out_h : p->out_w;
    q.kernel_n = along_w ? p->kernel_w : p->kernel_h, q.kernel_m = along_w ? p->kernel_h : p->kernel_w;
    q.stride_n = along_w ? p->stride_w : p->stride_h, q.stride_m = along_w ? p->stride_h : p->stride_w;
    q.dilation_n = along_w ? p->dilation_w : p->dilation_h;
    q.dilation_m = along_w ? p->dilation_h : p->dilation_w;
    q.pad_n = along_w ? p->pad_w : p->pad_h, q.pad_m = along_w ? p->pad_h : p->pad_w;
    q.in_step_n = along_w ? p->in_c : in_row, q.in_step_m = along_w ? in_row : p->in_c;
    q.out_step_n = along_w ? p->out_c : out_row, q.out_step_m = along_w ? out_row : p->out_c;
    return q;
}

static int32_t plane_rows(const mdg_depthwise_scalar_params *q) {
    return (q->band - 1) * q->stride_m + (q->kernel_m - 1) * q->dilation_m + 1;
}

static void set_band(mdg_depthwise_scalar_params *q) {
    const int32_t columns = (q->out_n - 1) * q->stride_n + (q->kernel_n - 1) * q->dilation_n + 1;
    q->phase = (columns + q->stride_n - 1) / q->stride_n;
    q->band = q->out_m;
    while (q->band > 1 && plane_rows(q) * q->stride_n * q->phase > PLANE_BYTES / 4) q->band--;
}

/* [out_c][kernel_m][kernel_n] */
static void add_kernels(mdg_spec *s, mdg_call *c, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    const int32_t taps = p->kernel_h * p->kernel_w;
    const bool along_w = p->out_w >= p->out_h;
    int8_t *bytes = mdg_arena_alloc(s->program->arena, (size_t)(l->out_c * taps)), *to = bytes;
    for (int32_t i = 0; i < l->out_c; i++) {
        for (int32_t t = 0; t < taps; t++) {
            const int32_t turned = t % p->kernel_h * p->kernel_w + t / p->kernel_h;
            *to++ = l->w[i * l->depth + (along_w ? t : turned)];
        }
    }
    mdg_spec_add_bytes(s, c, mdg_spec_weights_name(s), bytes, (size_t)(l->out_c * taps));
}

static void add_depthwise(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    mdg_depthwise_scalar_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = plane_params(p);
    q->general = l->two_sided;
    set_band(q);
    mdg_call *c = mdg_spec_add_call(s, MDG_K_depthwise_scalar_s8, q);
    add_kernels(s, c, p, l);
    mdg_spec_add_scalar_factors(s, c, l);
    const int32_t words = 2 * p->kernel_h * p->kernel_w + plane_rows(q) * q->stride_n * q->phase + 3;
    mdg_spec_add_scratch(s, c, 4 * (size_t)words);
    const bool keeps_shape = p->in_h == p->out_h && p->in_w == p->out_w && p->stride_h == 1 &&
                             p->stride_w == 1 && q->multiplier == 1;
    if (keeps_shape) c->inplace_in = c->inplace_out = 0;
}

/* Each pixel by itself: the matrix core takes four, and a single one costs it as much. */
static bool add_pixels(mdg_spec *s, const mdg_conv2d_params *p, mdg_spec_layer *l) {
    enum { MOST = 2 };
    const int32_t pixels = p->batches * p->out_h * p->out_w;
    const bool sees_all = mdg_spec_is_fully_connected(p) || mdg_spec_is_pointwise(p);
    const bool is_better = pixels <= MOST || !mdg_spec_may_use(s, MDG_K_pointwise_scalar_s8);
    if (!sees_all || !is_better || !mdg_spec_may_use(s, MDG_K_fully_connected_scalar_s8) ||
        !mdg_spec_scalar_fits(l, false))
        return false;
    add_dense(s, l, pixels, p->kernel_h * p->kernel_w * p->in_c);
    return true;
}

static bool add_conv(mdg_spec *s, const mdg_conv2d_params *p, mdg_spec_layer *l) {
    if (add_pixels(s, p, l)) return true;
    if (!mdg_spec_scalar_fits(l, mdg_spec_removes_negative(p))) return false;
    if (mdg_spec_is_pointwise(p) && mdg_spec_may_use(s, MDG_K_pointwise_scalar_s8))
        add_pointwise(s, p->batches * p->out_h * p->out_w, p->in_c, l);
    else if (p->in_c == 1 && !mdg_spec_may_use(s, MDG_K_conv2d_scalar_s8))
        add_depthwise(s, p, l);
    else
        add_general(s, p, l);
    return true;
}

bool mdg_spec_scalar_conv2d(mdg_spec *s) {
    return mdg_spec_conv(s, false, add_conv);
}

bool mdg_spec_scalar_depthwise_conv2d(mdg_spec *s) {
    const mdg_conv2d_params *p = s->call->params;
    mdg_spec_layer l;
    if (p->in_c == 1) return mdg_spec_conv(s, true, add_conv);
    if (p->out_c != p->in_c * p->depth_multiplier || !mdg_spec_conv_bound(s, true, &l) ||
        !mdg_spec_scalar_fits(&l, mdg_spec_removes_negative(p)))
        return false;
    if (!mdg_spec_add_depthwise_line_scalar(s, &l)) add_depthwise(s, p, &l);
    mdg_spec_add_clamp(s, p->batches * p->out_h * p->out_w * p->out_c, p->act_min, p->act_max);
    return true;
}

bool mdg_spec_scalar_fully_connected(mdg_spec *s) {
    const mdg_fully_connected_params *p = s->call->params;
    mdg_spec_layer l;
    if (!mdg_spec_fully_connected_bound(s, &l) || !mdg_spec_scalar_fits(&l, false)) return false;
    if (mdg_spec_may_use(s, MDG_K_fully_connected_scalar_s8))
        add_dense(s, &l, p->batches, p->in_c);
    else
        add_pointwise(s, p->batches, p->in_c, &l);
    mdg_spec_add_clamp(s, p->batches * p->out_c, p->act_min, p->act_max);
    return true;
}
