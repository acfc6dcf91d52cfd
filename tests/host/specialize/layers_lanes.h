/* SPDX-License-Identifier: MIT
 *
 * layers_lanes.h: random layers that read each element once.
 */
#ifndef MDG_TEST_LAYERS_LANES_H
#define MDG_TEST_LAYERS_LANES_H

#include "host/specialize/layers_base.h"

/* [outer][inputs][inner]; seldom with a second reduced dimension in front */
static inline void layers_add_mean(layers *l, bool is_wide) {
    mdg_rng *r = l->rng;
    mdg_reduce_params *p = mdg_arena_alloc(l->program.arena, sizeof *p);
    const int inner = random_int(r, 0, 2) ? random_int(r, 1, 21) : 1, outer = random_int(r, 1, 3);
    const int inputs = random_int(r, 0, 4) ? random_int(r, 1, 40) : random_int(r, 200, 1100);
    const int front = random_int(r, 0, 9) ? 1 : random_int(r, 2, 3);
    *p = (mdg_reduce_params){.kept = {1, 1, outer, inner}, .kept_stride = {0, 0, inputs * inner, 1}};
    p->reduced[0] = p->reduced[1] = 1, p->reduced[2] = front, p->reduced[3] = inputs;
    p->reduced_stride[2] = outer * inputs * inner, p->reduced_stride[3] = inner;
    p->outputs = outer * inner, p->inputs = front * inputs;
    const int zero = is_wide ? 32767 : 127;
    p->in_zero = random_int(r, -zero - 1, zero), p->out_zero = random_int(r, -zero - 1, zero);
    p->mult = random_int(r, 1 << 20, INT32_MAX), p->shift = random_int(r, -10, 1);
    mdg_call *c = mdg_program_add_call(&l->program, is_wide ? MDG_K_mean_s16 : MDG_K_mean_s8, p);
    c->n_in = c->n_out = 1;
    layers_io_of(l, c, 1 + is_wide, p->inputs * p->outputs, p->outputs);
}

/* Windows begin in the padding and end behind the picture, but always reach into it. */
static inline void layers_pool_axis(mdg_rng *r, int32_t axis[5], int most) {
    const int32_t in = random_int(r, 1, most), kernel = random_int(r, 1, 5) > 1 ? random_int(r, 1, 4) : in;
    const int32_t stride = random_int(r, 1, 3), pad = random_int(r, 0, kernel - 1);
    const int32_t out = random_int(r, 1, (in - 1 + pad) / stride + 1);
    const int32_t values[5] = {in, kernel, stride, pad, out};
    memcpy(axis, values, sizeof values);
}

static inline void layers_add_pool(layers *l, bool is_wide) {
    mdg_rng *r = l->rng;
    const bool is_average = random_int(r, 0, 1);
    static const mdg_kernel_id kernels[2][2] = {{MDG_K_max_pool2d_s8, MDG_K_average_pool2d_s8},
                                                {MDG_K_max_pool2d_s16, MDG_K_average_pool2d_s16}};
    mdg_pool2d_params *p = mdg_arena_alloc(l->program.arena, sizeof *p);
    int32_t h[5], w[5], zero;
    layers_pool_axis(r, h, 9);
    layers_pool_axis(r, w, random_int(r, 0, 19) ? 9 : 300);
    *p = (mdg_pool2d_params){.batches = random_int(r, 1, 2), .channels = random_int(r, 1, 14)};
    p->in_h = h[0], p->kernel_h = h[1], p->stride_h = h[2], p->pad_h = h[3], p->out_h = h[4];
    p->in_w = w[0], p->kernel_w = w[1], p->stride_w = w[2], p->pad_w = w[3], p->out_w = w[4];
    layers_range(r, &zero, &p->act_min, &p->act_max);
    if (is_wide) p->act_min *= 256, p->act_max = p->act_max * 256 + 255;
    mdg_call *c = mdg_program_add_call(&l->program, kernels[is_wide][is_average], p);
    c->n_in = c->n_out = 1;
    layers_io_of(l, c, 1 + is_wide, p->batches * p->in_h * p->in_w * p->channels,
                 p->batches * p->out_h * p->out_w * p->channels);
}

/* The second operand may be repeated along either of two dimensions. */
static inline void layers_add_mul(layers *l) {
    mdg_rng *r = l->rng;
    mdg_mul_params *p = mdg_arena_alloc(l->program.arena, sizeof *p);
    const int rows = random_int(r, 1, 5), n = random_int(r, 1, 30);
    *p = (mdg_mul_params){.rank = 2, .dim = {rows, n}, .a_stride = {n, 1}};
    p->b_stride[0] = random_int(r, 0, 1) * n, p->b_stride[1] = random_int(r, 0, 1);
    p->a_zero = random_int(r, -128, 127), p->b_zero = random_int(r, -128, 127);
    p->mult = random_mult(r), p->shift = random_int(r, 0, 9) ? -random_int(r, 1, 12) : random_int(r, -31, 3);
    layers_range(r, &p->out_zero, &p->act_min, &p->act_max);
    mdg_call *c = mdg_program_add_call(&l->program, MDG_K_mul_s8, p);
    c->n_in = c->n_out = 1;
    layers_io(l, c, rows * n, rows * n);
    const int8_t *other = random_s8(r, l->program.arena, rows * n);
    layers_const(l, c, "int8_t", other, (size_t)(rows * n));
    c->inplace_in = c->inplace_out = 0;
}

/* Differences below diff_min do not fit Q5.26. */
static inline void layers_add_softmax(layers *l) {
    mdg_rng *r = l->rng;
    mdg_softmax_params *p = mdg_arena_alloc(l->program.arena, sizeof *p);
    *p = (mdg_softmax_params){.rows = random_int(r, 1, 9), .depth = random_int(r, 1, 200)};
    p->mult = random_mult(r), p->shift = random_int(r, 20, 25);
    p->diff_min = -(int32_t)((31ll << 26) >> p->shift);
    mdg_call *c = mdg_program_add_call(&l->program, MDG_K_softmax_s8, p);
    c->n_in = c->n_out = 1;
    layers_io(l, c, p->rows * p->depth, p->rows * p->depth);
}

#endif
