/* SPDX-License-Identifier: MIT
 *
 * chains.h: programs of random layers one behind the other, on an int8 picture.
 */
#ifndef MDG_TEST_CHAINS_H
#define MDG_TEST_CHAINS_H

#include "host/specialize/layers.h"

/* What the last layer wrote */
typedef struct chain {
    layers l;
    int buffer;
    int32_t h, w, c;
} chain;

static inline int chain_buffer(chain *s, int32_t h, int32_t w, int32_t c) {
    return layers_buffer(&s->l, MDG_BUF_ARENA, "int8_t", (size_t)(h * w * c), NULL);
}

static inline chain chain_new(mdg_rng *r, mdg_arena *arena, int32_t h, int32_t w, int32_t c) {
    static const mdg_tensor tensor = {.name = "t", .type = MDG_INT8};
    chain s = {.l = {.rng = r, .program = {.arena = arena}}, .h = h, .w = w, .c = c};
    mdg_program *p = &s.l.program;
    s.buffer = chain_buffer(&s, h, w, c);
    p->inputs = mdg_arena_array(arena, 4, sizeof *p->inputs);
    p->outputs = mdg_arena_array(arena, 4, sizeof *p->outputs);
    p->inputs[p->n_inputs++] = (mdg_io){s.buffer, &tensor};
    return s;
}

/* What has been written becomes an output of the program. */
static inline void chain_output(chain *s) {
    mdg_program *p = &s->l.program;
    p->outputs[p->n_outputs++] = (mdg_io){s->buffer, p->inputs[0].tensor};
}

static inline int32_t chain_bytes(const chain *s) {
    return s->h * s->w * s->c;
}

/* A call from what the last layer wrote to a picture of h x w x c */
static inline mdg_call *chain_call(chain *s, mdg_kernel_id kernel, const void *params, const int32_t to[3]) {
    mdg_call *c = mdg_program_add_call(&s->l.program, kernel, params);
    c->op = s->l.program.n_calls;
    mdg_call_add_in(c, s->buffer);
    s->h = to[0], s->w = to[1], s->c = to[2];
    s->buffer = chain_buffer(s, s->h, s->w, s->c);
    mdg_call_add_out(c, s->buffer);
    return c;
}

static inline void *chain_params(chain *s, size_t bytes) {
    return mdg_arena_alloc(s->l.program.arena, bytes);
}

/* The window of a layer: out = as SAME or VALID has it */
typedef struct chain_window {
    int32_t kernel, stride, pad, out;
} chain_window;

static inline chain_window chain_random_window(mdg_rng *r, int32_t in, int32_t max_kernel) {
    chain_window v = {.kernel = random_int(r, 1, max_kernel), .stride = random_int(r, 1, 2)};
    const bool same = random_int(r, 0, 2) > 0;
    if (v.kernel > in) v.kernel = in;
    v.out = same ? (in + v.stride - 1) / v.stride : (in - v.kernel) / v.stride + 1;
    const int32_t total = (v.out - 1) * v.stride + v.kernel - in;
    v.pad = same && total > 0 ? (total + random_int(r, 0, 1)) / 2 : 0;
    return v;
}

static inline void chain_conv(chain *s, bool is_depthwise, int32_t out_c, int32_t max_kernel,
                              int32_t in_zero) {
    mdg_rng *r = s->l.rng;
    mdg_conv2d_params *p = chain_params(s, sizeof *p);
    const chain_window h = chain_random_window(r, s->h, max_kernel),
                       w = chain_random_window(r, s->w, max_kernel);
    *p = (mdg_conv2d_params){.batches = 1, .in_h = s->h, .in_w = s->w, .in_c = s->c};
    p->out_h = h.out, p->out_w = w.out, p->out_c = is_depthwise ? s->c : out_c;
    p->kernel_h = h.kernel, p->kernel_w = w.kernel, p->filter_c = is_depthwise ? 1 : s->c;
    p->stride_h = h.stride, p->stride_w = w.stride, p->pad_h = h.pad, p->pad_w = w.pad;
    p->dilation_h = p->dilation_w = p->depth_multiplier = 1;
    p->in_zero = in_zero;
    layers_range(r, &p->out_zero, &p->act_min, &p->act_max);
    const int taps = p->kernel_h * p->kernel_w * p->filter_c;
    mdg_call *c = chain_call(s, is_depthwise ? MDG_K_depthwise_conv2d_s8 : MDG_K_conv2d_s8, p,
                             (const int32_t[]){p->out_h, p->out_w, p->out_c});
    layers_const(&s->l, c, "int8_t", layers_weights(&s->l, taps * p->out_c), (size_t)(taps * p->out_c));
    int bits = 13;
    for (int n = taps; n > 1; n /= 4) bits++;
    layers_factors(&s->l, c, p->out_c, bits, true);
}

static inline void chain_pool(chain *s, mdg_kernel_id kernel, int32_t max_kernel) {
    mdg_rng *r = s->l.rng;
    mdg_pool2d_params *p = chain_params(s, sizeof *p);
    const chain_window h = chain_random_window(r, s->h, max_kernel),
                       w = chain_random_window(r, s->w, max_kernel);
    int32_t zero;
    *p = (mdg_pool2d_params){.batches = 1, .in_h = s->h, .in_w = s->w, .channels = s->c};
    p->out_h = h.out, p->out_w = w.out, p->kernel_h = h.kernel, p->kernel_w = w.kernel;
    p->stride_h = h.stride, p->stride_w = w.stride, p->pad_h = h.pad, p->pad_w = w.pad;
    layers_range(r, &zero, &p->act_min, &p->act_max);
    chain_call(s, kernel, p, (const int32_t[]){p->out_h, p->out_w, s->c});
}

/* To another buffer of the same picture: y = f(x) for each element */
static inline mdg_call *chain_unary(chain *s, mdg_kernel_id kernel, const void *params) {
    mdg_call *c = chain_call(s, kernel, params, (const int32_t[]){s->h, s->w, s->c});
    c->inplace_in = c->inplace_out = 0;
    return c;
}

/* ADD of another tensor of the same shape */
static inline void chain_add(chain *s, int other) {
    mdg_rng *r = s->l.rng;
    mdg_add_params *p = chain_params(s, sizeof *p);
    *p = (mdg_add_params){
        .rank = 1, .dim = {chain_bytes(s)}, .a_stride = {1}, .b_stride = {1}, .left_shift = 20};
    p->a_zero = random_int(r, -128, 127), p->b_zero = random_int(r, -128, 127);
    p->a_mult = p->b_mult = 1 << 30;
    p->out_mult = random_mult(r), p->out_shift = -random_int(r, 17, 19);
    layers_range(r, &p->out_zero, &p->act_min, &p->act_max);
    mdg_call *c = chain_unary(s, MDG_K_add_s8, p);
    mdg_call_add_in(c, other);
}

#endif
