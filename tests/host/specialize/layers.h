/* SPDX-License-Identifier: MIT
 *
 * layers.h: programs of random layers that do not depend on each other, and their run on this machine.
 */
#ifndef MDG_TEST_LAYERS_H
#define MDG_TEST_LAYERS_H

#include <stdlib.h>

#include "host/specialize/layers_base.h"
#include "host/specialize/layers_lanes.h"
#include "host/specialize/layers_recurrent.h"
#include "host/specialize/layers_wide.h"
#include "plan/plan.h"

/* Now and then a picture of one column or row, without padding */
static inline void layers_narrow(mdg_rng *r, mdg_conv2d_params *p) {
    const int kind = random_int(r, 0, 5);
    if (kind > 1) return;
    p->pad_h = p->pad_w = 0;
    if (kind == 0) {
        p->out_h = p->kernel_h = 1, p->dilation_h = 1;
        p->kernel_w = random_int(r, 1, 15), p->out_w = random_int(r, 1, 6);
    } else {
        p->out_w = p->kernel_w = 1, p->dilation_w = 1;
        p->kernel_h = random_int(r, 1, 15), p->out_h = random_int(r, 1, 6);
    }
}

/* Now and then few channels and kernel rows of whole words, as first layers have */
static inline void layers_first(mdg_rng *r, mdg_conv2d_params *p) {
    if (random_int(r, 0, 5) > 0) return;
    p->in_c = p->filter_c = random_int(r, 1, 3);
    p->kernel_w = 4 * random_int(r, 1, 2), p->dilation_w = 1;
    p->pad_w = random_int(r, 0, p->kernel_w / 2);
}

static inline void layers_add_conv(layers *l, bool is_depthwise) {
    mdg_rng *r = l->rng;
    mdg_conv2d_params *p = mdg_arena_alloc(l->program.arena, sizeof *p);
    const bool is_typical = random_int(r, 0, 2) > 0, is_1x1 = !is_depthwise && random_int(r, 0, 2) == 0;
    p->batches = random_int(r, 1, 2);
    p->in_c = is_typical ? 4 * random_int(r, 1, 12) - random_int(r, 0, 1) * random_int(r, 0, 3)
                         : random_int(r, 1, 9);
    p->filter_c = is_depthwise ? 1 : p->in_c;
    p->depth_multiplier = is_depthwise && !is_typical ? random_int(r, 1, 3) : 1;
    p->out_c = is_depthwise ? p->in_c * p->depth_multiplier : random_int(r, 1, is_typical ? 20 : 5);
    p->kernel_h = is_1x1 ? 1 : is_typical ? 3 : random_int(r, 1, 5);
    p->kernel_w = is_1x1 ? 1 : is_typical ? 3 : random_int(r, 1, 4);
    p->stride_h = is_1x1 ? 1 : random_int(r, 1, 2),
    p->stride_w = is_1x1 ? 1 : random_int(r, 1, is_typical ? 2 : 3);
    p->dilation_h = is_typical ? 1 : random_int(r, 1, 2),
    p->dilation_w = is_typical ? 1 : random_int(r, 1, 2);
    p->pad_h = is_1x1 ? 0 : random_int(r, 0, p->kernel_h / 2),
    p->pad_w = is_1x1 ? 0 : random_int(r, 0, p->kernel_w / 2);
    p->out_h = random_int(r, 1, 9), p->out_w = random_int(r, 1, is_depthwise ? 20 : 9);
    if (is_depthwise) layers_narrow(r, p);
    if (!is_depthwise && !is_1x1) layers_first(r, p);
    /* padding behind is at most as much as the kernel reaches */
    p->in_h = (p->out_h - 1) * p->stride_h + (p->kernel_h - 1) * p->dilation_h + 1 - p->pad_h -
              random_int(r, 0, p->pad_h);
    p->in_w = (p->out_w - 1) * p->stride_w + (p->kernel_w - 1) * p->dilation_w + 1 - p->pad_w -
              random_int(r, 0, p->pad_w);
    if (is_1x1) p->in_h = p->out_h, p->in_w = p->out_w;
    if (p->in_h < 1) p->in_h = 1;
    if (p->in_w < 1) p->in_w = 1;
    p->in_zero = random_int(r, -128, 127);
    layers_range(r, &p->out_zero, &p->act_min, &p->act_max);
    const int taps = p->kernel_h * p->kernel_w * p->filter_c;
    mdg_call *c =
        mdg_program_add_call(&l->program, is_depthwise ? MDG_K_depthwise_conv2d_s8 : MDG_K_conv2d_s8, p);
    c->n_in = c->n_out = 1;
    layers_io(l, c, p->batches * p->in_h * p->in_w * p->in_c, p->batches * p->out_h * p->out_w * p->out_c);
    layers_const(l, c, "int8_t", layers_weights(l, taps * p->out_c), (size_t)(taps * p->out_c));
    int bits = 13;
    for (int n = taps; n > 1; n /= 4) bits++;
    layers_factors(l, c, p->out_c, bits, true);
}

static inline void layers_add_fully_connected(layers *l) {
    mdg_rng *r = l->rng;
    mdg_fully_connected_params *p = mdg_arena_alloc(l->program.arena, sizeof *p);
    const bool per_channel = random_int(r, 0, 1);
    p->batches = random_int(r, 1, 2);
    p->in_c = random_int(r, 0, 9) ? random_int(r, 1, 70) : random_int(r, 1000, 1400);
    p->out_c = random_int(r, 1, 11);
    p->in_zero = random_int(r, -128, 127);
    p->filter_zero = random_int(r, 0, 9) || per_channel ? 0 : 3;
    p->mult = random_mult(r), p->shift = -random_int(r, 2, 11);
    layers_range(r, &p->out_zero, &p->act_min, &p->act_max);
    mdg_call *c = mdg_program_add_call(
        &l->program, per_channel ? MDG_K_fully_connected_per_channel_s8 : MDG_K_fully_connected_s8, p);
    c->n_in = c->n_out = 1;
    layers_io(l, c, p->batches * p->in_c, p->batches * p->out_c);
    layers_const(l, c, "int8_t", layers_weights(l, p->in_c * p->out_c), (size_t)(p->in_c * p->out_c));
    layers_factors(l, c, p->out_c, 17, per_channel);
}

/* As TFLite scales operands: the larger by one half, the other by less */
static inline void layers_add_add(layers *l) {
    mdg_rng *r = l->rng;
    mdg_add_params *p = mdg_arena_alloc(l->program.arena, sizeof *p);
    const int count = random_int(r, 1, 50);
    *p = (mdg_add_params){.rank = 1, .dim = {count}, .a_stride = {1}, .b_stride = {1}, .left_shift = 20};
    if (random_int(r, 0, 19) == 0) p->b_stride[0] = 0;
    p->a_zero = random_int(r, -128, 127), p->b_zero = random_int(r, -128, 127);
    p->a_mult = p->b_mult = 1 << 30;
    if (random_int(r, 0, 3)) p->b_mult = random_mult(r), p->b_shift = -random_int(r, 1, 8);
    p->out_mult = random_mult(r), p->out_shift = -random_int(r, 16, 20);
    layers_range(r, &p->out_zero, &p->act_min, &p->act_max);
    const bool swaps = random_int(r, 0, 1);
    if (swaps) {
        const mdg_add_params q = *p;
        p->a_mult = q.b_mult, p->a_shift = q.b_shift, p->b_mult = q.a_mult, p->b_shift = q.a_shift;
    }
    mdg_call *c = mdg_program_add_call(&l->program, MDG_K_add_s8, p);
    c->n_in = c->n_out = 1;
    layers_io(l, c, count, count);
    const int8_t *other = random_s8(r, l->program.arena, count);
    layers_const(l, c, "int8_t", other, (size_t)count);
    c->inplace_in = c->inplace_out = 0;
}

static inline void layers_add(layers *l) {
    switch (random_int(l->rng, 0, 14)) {
    case 0: layers_add_fully_connected(l); break;
    case 4: layers_add_add(l); break;
    case 5: layers_add_mean(l, random_int(l->rng, 0, 2) == 0); break;
    case 6: layers_add_pool(l, random_int(l->rng, 0, 2) == 0); break;
    case 7: layers_add_mul(l); break;
    case 8: layers_add_softmax(l); break;
    case 9: layers_add_conv_s16(l); break;
    case 10: layers_add_fully_connected_s16(l); break;
    case 11: layers_add_svdf(l); break;
    case 12: layers_add_lstm(l); break;
    case 1:
    case 13: layers_add_conv(l, true); break;
    default: layers_add_conv(l, false); break;
    }
}

/* A program for n layers */
static inline layers layers_start(mdg_rng *r, mdg_arena *arena, int n) {
    layers l = {.rng = r, .program = {.arena = arena}};
    l.program.inputs = mdg_arena_array(arena, (size_t)n, sizeof *l.program.inputs);
    l.program.outputs = mdg_arena_array(arena, (size_t)n, sizeof *l.program.outputs);
    return l;
}

/* A program of n layers */
static inline layers layers_new(mdg_rng *r, mdg_arena *arena, int n) {
    layers l = layers_start(r, arena, n);
    for (int i = 0; i < n; i++) layers_add(&l);
    mdg_program_lifetimes(&l.program);
    return l;
}

/* The same program for specialising, so that both can be run */
static inline mdg_program layers_copy(const mdg_program *p) {
    mdg_program copy = *p;
    copy.buffers = mdg_arena_copy(p->arena, p->buffers, (size_t)p->n_buffers * sizeof *p->buffers);
    copy.calls = mdg_arena_copy(p->arena, p->calls, (size_t)p->n_calls * sizeof *p->calls);
    copy.buffers_capacity = p->n_buffers;
    copy.calls_capacity = p->n_calls;
    return copy;
}

/* Places buffers; input and output of layer i stand i % 4 bytes off a multiple of 4. */
static inline void layers_plan(mdg_program *p) {
    assert_int_equal(mdg_plan(p, NULL, NULL), MDG_OK);
    for (int i = 0; i < p->n_inputs; i++) {
        mdg_buffer *io[] = {&p->buffers[p->inputs[i].buffer], &p->buffers[p->outputs[i].buffer]};
        for (int k = 0; k < 2; k++) {
            /* the same for both, since they may share memory */
            io[k]->offset += strcmp(io[k]->element, "int16_t") == 0 ? (size_t)i % 2 * 2 : (size_t)i % 4;
            io[k]->bytes -= LAYER_SLACK;
        }
    }
}

static inline size_t layers_bytes(const mdg_program *p, const mdg_io *io, int n) {
    size_t bytes = 0;
    for (int i = 0; i < n; i++) bytes += p->buffers[io[i].buffer].bytes;
    return bytes;
}

/* What stands in a buffer at the beginning: constants, states at zero, noise in what nobody writes */
static inline void layers_fill(const mdg_buffer *b, uint8_t *at) {
    if (b->kind == MDG_BUF_CONST)
        memcpy(at, b->data, b->bytes);
    else
        memset(at, b->kind == MDG_BUF_STATE ? 0 : 0xA5, b->bytes);
}

/* Where each buffer stands: as planned, or each in memory of its own and of just its size, so that a
 * sanitizer sees who leaves it. layers_release frees it. */
static inline uint8_t **layers_memory(const mdg_program *p, bool apart) {
    uint8_t **at = calloc((size_t)p->n_buffers + 1, sizeof *at);
    uint8_t *arena = at[p->n_buffers] = malloc(p->arena_bytes + 1);
    memset(arena, 0xA5, p->arena_bytes);
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *b = &p->buffers[i];
        at[i] = arena + b->offset;
        if (!apart && b->kind == MDG_BUF_ARENA) continue;
        at[i] = malloc(b->bytes + !b->bytes);
        layers_fill(b, at[i]);
    }
    return at;
}

static inline void layers_release(const mdg_program *p, uint8_t **at, bool apart) {
    for (int i = 0; i < p->n_buffers; i++)
        if (apart || p->buffers[i].kind != MDG_BUF_ARENA) free(at[i]);
    free(at[p->n_buffers]);
    free(at);
}

static inline void layers_call(const mdg_call *c, uint8_t *const *at) {
    const void *in[MDG_CALL_MAX_IO];
    void *out[MDG_CALL_MAX_IO];
    for (int k = 0; k < c->n_in; k++) in[k] = c->in[k] < 0 ? NULL : at[c->in[k]];
    for (int k = 0; k < c->n_out; k++) out[k] = at[c->out[k]];
    mdg_kernels[c->kernel].run(c->params, in, out);
}

/* Runs a planned program so many times, states going on; gives each run's outputs one after the other. */
static inline uint8_t *layers_run_in(const mdg_program *p, const uint8_t *input, int runs, bool apart) {
    uint8_t **at = layers_memory(p, apart);
    const size_t bytes = layers_bytes(p, p->outputs, p->n_outputs);
    uint8_t *output = mdg_arena_alloc(p->arena, (size_t)runs * bytes), *to = output;
    while (runs-- > 0) {
        for (int i = 0; i < p->n_inputs; input += p->buffers[p->inputs[i++].buffer].bytes)
            memcpy(at[p->inputs[i].buffer], input, p->buffers[p->inputs[i].buffer].bytes);
        for (int i = 0; i < p->n_calls; i++) layers_call(&p->calls[i], at);
        for (int i = 0; i < p->n_outputs; to += p->buffers[p->outputs[i++].buffer].bytes)
            memcpy(to, at[p->outputs[i].buffer], p->buffers[p->outputs[i].buffer].bytes);
    }
    layers_release(p, at, apart);
    return output;
}

static inline uint8_t *layers_run(const mdg_program *p, const uint8_t *input) {
    return layers_run_in(p, input, 1, false);
}

#endif
