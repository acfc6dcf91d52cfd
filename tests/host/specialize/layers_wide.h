/* SPDX-License-Identifier: MIT
 *
 * layers_wide.h: random layers of int16 with int8 weights.
 */
#ifndef MDG_TEST_LAYERS_WIDE_H
#define MDG_TEST_LAYERS_WIDE_H

#include "host/specialize/layers_base.h"

/* Weights, biases of 32 or 64 bits, factors of n channels with `taps` weights each */
static inline void layers_wide_constants(layers *l, mdg_call *c, int n, int taps, int bias_bits) {
    mdg_rng *r = l->rng;
    mdg_arena *a = l->program.arena;
    int bits = 21;
    for (int k = taps; k > 1; k /= 4) bits++;
    const int32_t limit = 1 << (bits < 29 ? bits : 29);
    const int32_t *narrow = random_s32(r, a, n, -limit, limit);
    int64_t *bias = mdg_arena_array(a, (size_t)n, sizeof *bias);
    for (int i = 0; i < n; i++) bias[i] = random_int(r, 0, 99) ? narrow[i] : narrow[i] * ((int64_t)1 << 20);
    layers_const(l, c, "int8_t", layers_weights(l, taps * n), (size_t)(taps * n));
    const void *data = bias_bits == 64 ? (const void *)bias : narrow;
    layers_const(l, c, bias_bits == 64 ? "int64_t" : "int32_t", random_int(r, 0, 3) ? data : NULL,
                 (size_t)(n * bias_bits / 8));
    layers_const(l, c, "int32_t", random_s32(r, a, n, 1 << 30, INT32_MAX), 4u * (size_t)n);
    const int32_t low = 16 - bits, high = random_int(r, 0, 19) ? low + 4 : 1;
    layers_const(l, c, "int32_t", random_s32(r, a, n, low < high ? low : high, low < high ? high : low),
                 4u * (size_t)n);
}

static inline void layers_range_s16(mdg_rng *r, int32_t *min, int32_t *max) {
    *min = random_int(r, 0, 2) ? INT16_MIN : 0;
    *max = random_int(r, 0, 2) ? INT16_MAX : random_int(r, 1, INT16_MAX);
}

static inline void layers_wide_axis(mdg_rng *r, int32_t axis[6]) {
    const int32_t kernel = random_int(r, 1, 4), stride = random_int(r, 1, 2), dilation = random_int(r, 1, 2);
    const int32_t pad = random_int(r, 0, kernel / 2), out = random_int(r, 1, 7);
    const int32_t in = (out - 1) * stride + (kernel - 1) * dilation + 1 - pad - random_int(r, 0, pad);
    const int32_t values[6] = {in < 1 ? 1 : in, kernel, stride, dilation, pad, out};
    memcpy(axis, values, sizeof values);
}

static inline void layers_wide_shape(mdg_rng *r, mdg_conv2d_params *p) {
    int32_t h[6], w[6];
    layers_wide_axis(r, h);
    layers_wide_axis(r, w);
    p->in_h = h[0], p->kernel_h = h[1], p->stride_h = h[2], p->dilation_h = h[3], p->pad_h = h[4];
    p->in_w = w[0], p->kernel_w = w[1], p->stride_w = w[2], p->dilation_w = w[3], p->pad_w = w[4];
    p->out_h = h[5], p->out_w = w[5];
}

static inline void layers_add_conv_s16(layers *l) {
    mdg_rng *r = l->rng;
    const bool is_depthwise = random_int(r, 0, 1);
    const int bias_bits = is_depthwise || random_int(r, 0, 1) ? 64 : 32;
    mdg_conv2d_params *p = mdg_arena_alloc(l->program.arena, sizeof *p);
    layers_wide_shape(r, p);
    p->batches = random_int(r, 1, 2);
    p->in_c = random_int(r, 0, 1) ? random_int(r, 1, 5) : 4 * random_int(r, 1, 6);
    p->filter_c = is_depthwise ? 1 : p->in_c;
    p->depth_multiplier = is_depthwise ? random_int(r, 1, 2) : 1;
    p->out_c = is_depthwise ? p->in_c * p->depth_multiplier : random_int(r, 1, 12);
    layers_range_s16(r, &p->act_min, &p->act_max);
    mdg_call *c = mdg_program_add_call(&l->program,
                                       is_depthwise      ? MDG_K_depthwise_conv2d_s16_b64
                                       : bias_bits == 64 ? MDG_K_conv2d_s16_b64
                                                         : MDG_K_conv2d_s16_b32,
                                       p);
    c->n_in = c->n_out = 1;
    layers_io_of(l, c, 2, p->batches * p->in_h * p->in_w * p->in_c,
                 p->batches * p->out_h * p->out_w * p->out_c);
    layers_wide_constants(l, c, p->out_c, p->kernel_h * p->kernel_w * p->filter_c, bias_bits);
}

static inline void layers_add_fully_connected_s16(layers *l) {
    mdg_rng *r = l->rng;
    const int bias_bits = random_int(r, 0, 1) ? 64 : 32;
    mdg_fully_connected_params *p = mdg_arena_alloc(l->program.arena, sizeof *p);
    *p = (mdg_fully_connected_params){.batches = random_int(r, 1, 3), .out_c = random_int(r, 1, 9)};
    p->in_c = random_int(r, 1, 90);
    p->mult = random_mult(r), p->shift = -random_int(r, 5, 12);
    layers_range_s16(r, &p->act_min, &p->act_max);
    mdg_call *c = mdg_program_add_call(
        &l->program, bias_bits == 64 ? MDG_K_fully_connected_s16_b64 : MDG_K_fully_connected_s16_b32, p);
    c->n_in = c->n_out = 1;
    layers_io_of(l, c, 2, p->batches * p->in_c, p->batches * p->out_c);
    layers_wide_constants(l, c, p->out_c, p->in_c, bias_bits);
    if (random_int(r, 0, 1)) c->in[3] = c->in[4] = -1;
}

#endif
