/* SPDX-License-Identifier: MIT
 *
 * CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED on int16 with int8 weights.
 */
#include "core/fixed.h"
#include "specialize/wide.h"

#include <string.h>

enum {
    SUM_LIMIT = 1 << 30, /* the doubled sum fits 32 bits */
    MAX_RIGHT = 29,      /* and so does its requantisation */
    MIN_INPUTS = 16,     /* of a FULLY_CONNECTED that is worth the panel */
    MIN_OUTPUTS = 3      /* of a CONV_2D that is */
};

static int64_t bias_of(const mdg_spec_wide *l, int32_t c) {
    if (!l->bias) return 0;
    return l->bias_bits == 64 ? ((const int64_t *)l->bias)[c] : ((const int32_t *)l->bias)[c];
}

static int8_t weight_of(const mdg_spec_wide *l, int32_t c, int32_t t) {
    return t < l->taps ? l->w[c * l->channel_step + t * l->tap_step] : 0;
}

/* Whether no inputs lead beyond 32 bits */
static bool channel_fits(const mdg_spec_wide *l, int32_t c) {
    const int64_t bias = bias_of(l, c);
    if (bias <= -SUM_LIMIT || bias >= SUM_LIMIT) return false;
    int64_t reach = bias < 0 ? -bias : bias;
    for (int32_t t = 0; t < l->taps; t++) {
        const int32_t w = weight_of(l, c, t);
        reach += 32768 * (w < 0 ? -w : w);
    }
    const int32_t right = -l->shift[c * l->factor_step];
    return reach < SUM_LIMIT && right >= 1 && right <= MAX_RIGHT;
}

bool mdg_spec_wide_fits(const mdg_spec_wide *l) {
    for (int32_t c = 0; c < l->out_c; c++)
        if (!channel_fits(l, c)) return false;
    return true;
}

/* With a bias of 64 bits, the multiplier has 16 (mdg_requantize_s64). */
int32_t mdg_spec_wide_multiplier(const mdg_spec_wide *l, int32_t c) {
    const int32_t mult = l->mult[c * l->factor_step];
    if (l->bias_bits == 32) return mult;
    return (mult < 0x7FFF0000 ? (mult + (1 << 15)) >> 16 : 0x7FFF) * (1 << 16);
}

/* Bytes (w0 w2 w1 w3) of four taps */
static int32_t weights_word(const mdg_spec_wide *l, int32_t c, int32_t t) {
    const uint32_t w0 = (uint8_t)weight_of(l, c, t), w1 = (uint8_t)weight_of(l, c, t + 1);
    const uint32_t w2 = (uint8_t)weight_of(l, c, t + 2), w3 = (uint8_t)weight_of(l, c, t + 3);
    return (int32_t)(w0 | w2 << 8 | w1 << 16 | w3 << 24);
}

static int32_t *put_pair(const mdg_spec_wide *l, int32_t a, int32_t b, int32_t *to) {
    *to++ = (int32_t)bias_of(l, a);
    *to++ = (int32_t)bias_of(l, b);
    for (int32_t t = 0; t < l->taps; t += 4) {
        *to++ = weights_word(l, a, t);
        *to++ = weights_word(l, b, t);
    }
    for (int i = 0; i < 2; i++) {
        *to++ = mdg_spec_wide_multiplier(l, i ? b : a);
        *to++ = -l->shift[(i ? b : a) * l->factor_step];
    }
    return to;
}

/* The stream of core/kernels/armv7em/conv2d_smlad_s16.c */
static void add_stream(mdg_spec *s, mdg_call *c, const mdg_spec_wide *l) {
    const size_t words = (size_t)(l->out_c + 1) / 2 * (6 + 2 * ((size_t)(l->taps + 3) / 4));
    int32_t *stream = mdg_arena_array(s->program->arena, words, sizeof *stream), *to = stream;
    for (int32_t i = 0; i < l->out_c; i += 2) {
        const int32_t a = l->out_c == 1 ? 0 : i + 2 <= l->out_c ? i : l->out_c - 2;
        to = put_pair(l, a, l->out_c == 1 ? 0 : a + 1, to);
    }
    mdg_spec_add_const(s, c, mdg_spec_weights_name(s), stream, words);
}

void mdg_spec_add_wide_rows(mdg_spec *s, mdg_call *c, const mdg_spec_wide *l, const char *name) {
    const size_t words = (size_t)(l->out_c + 3) / 4 * (4 + (size_t)(l->taps + 3) / 4 * 4);
    int32_t *stream = mdg_arena_array(s->program->arena, words, sizeof *stream), *to = stream;
    for (int32_t first = 0; first < l->out_c; first += 4) {
        const int32_t rows = l->out_c - first < 4 ? l->out_c - first : 4;
        for (int32_t i = 0; i < rows; i++) to[i] = (int32_t)bias_of(l, first + i);
        to += 4;
        for (int32_t t = 0; t < l->taps; t += 4, to += 4)
            for (int32_t i = 0; i < rows; i++) to[i] = weights_word(l, first + i, t);
    }
    mdg_spec_add_const(s, c, name, stream, words);
}

/* q: the shape */
static void add_call(mdg_spec *s, const mdg_spec_wide *l, mdg_conv2d_wide_params *q) {
    q->depth = (l->taps + 3) / 4 * 4;
    q->roundings = l->bias_bits == 64 ? 1 : 2;
    mdg_call *c = mdg_spec_add_call(s, MDG_K_conv2d_smlad_s16, q);
    add_stream(s, c, l);
    mdg_spec_add_scratch(s, c, 4 * (size_t)q->depth);
}

static bool is_constant(const mdg_spec *s, const mdg_spec_wide *l) {
    return l->w && l->mult && l->shift && (l->bias || s->call->in[2] < 0);
}

/* The stream of core/kernels/armv7em/depthwise_smlad_s16.c */
static void add_depthwise(mdg_spec *s, const mdg_spec_wide *l, mdg_conv2d_wide_params *q) {
    const size_t words = (size_t)(l->out_c + 3) / 4 * (12 + (size_t)l->taps);
    int32_t *stream = mdg_arena_array(s->program->arena, words, sizeof *stream), *to = stream;
    for (int32_t i = 0; i < l->out_c; i += 4) {
        const int32_t first = i + 4 <= l->out_c ? i : l->out_c - 4;
        for (int32_t c = first; c < first + 4; c++) {
            *to++ = (int32_t)bias_of(l, c);
            *to++ = mdg_spec_wide_multiplier(l, c);
            *to++ = -l->shift[c];
        }
        for (int32_t t = 0; t < l->taps; t++, to++)
            for (int32_t c = 0; c < 4; c++) ((int8_t *)to)[c] = weight_of(l, first + c, t);
    }
    q->roundings = 1;
    mdg_call *call = mdg_spec_add_call(s, MDG_K_depthwise_smlad_s16, q);
    mdg_spec_add_const(s, call, mdg_spec_weights_name(s), stream, words);
}

static bool conv2d(mdg_spec *s, int32_t bias_bits) {
    const mdg_conv2d_params *p = s->call->params;
    const bool is_depthwise = s->call->kernel == MDG_K_depthwise_conv2d_s16_b64;
    const int32_t taps = p->kernel_h * p->kernel_w * p->filter_c;
    const mdg_spec_wide l = {.out_c = p->out_c,
                             .taps = taps,
                             .channel_step = is_depthwise ? 1 : taps,
                             .tap_step = is_depthwise ? p->out_c : 1,
                             .factor_step = 1,
                             .bias_bits = bias_bits,
                             .w = mdg_spec_const(s, 1),
                             .bias = mdg_spec_const(s, 2),
                             .mult = mdg_spec_const(s, 3),
                             .shift = mdg_spec_const(s, 4)};
    const bool is_conv2d = p->filter_c == p->in_c && p->out_c >= MIN_OUTPUTS;
    if (!is_constant(s, &l) || !mdg_spec_wide_fits(&l)) return false;
    mdg_conv2d_wide_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    memcpy(q, p, sizeof(mdg_conv2d_shape_params));
    if (is_conv2d)
        add_call(s, &l, q);
    else if (is_depthwise && p->depth_multiplier == 1 && p->in_c >= 4)
        add_depthwise(s, &l, q);
    else
        return false;
    mdg_spec_add_clamp_s16(s, p->batches * p->out_h * p->out_w * p->out_c, p->act_min, p->act_max);
    return true;
}

bool mdg_spec_conv2d_s16_b32(mdg_spec *s) {
    return conv2d(s, 32);
}

bool mdg_spec_conv2d_s16_b64(mdg_spec *s) {
    return conv2d(s, 64);
}

bool mdg_spec_depthwise_conv2d_s16(mdg_spec *s) {
    return conv2d(s, 64);
}

static bool fully_connected(mdg_spec *s, int32_t bias_bits) {
    const mdg_fully_connected_params *p = s->call->params;
    const bool per_channel = s->call->n_in > 3 && s->call->in[3] >= 0;
    const mdg_spec_wide l = {.out_c = p->out_c,
                             .taps = p->in_c,
                             .channel_step = p->in_c,
                             .tap_step = 1,
                             .factor_step = per_channel,
                             .bias_bits = bias_bits,
                             .w = mdg_spec_const(s, 1),
                             .bias = mdg_spec_const(s, 2),
                             .mult = per_channel ? mdg_spec_const(s, 3) : &p->mult,
                             .shift = per_channel ? mdg_spec_const(s, 4) : &p->shift};
    if (p->in_c < MIN_INPUTS || p->in_zero || p->filter_zero || p->out_zero || !is_constant(s, &l) ||
        !mdg_spec_wide_fits(&l))
        return false;
    mdg_conv2d_wide_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_conv2d_wide_params){.batches = p->batches, .in_c = p->in_c, .out_c = p->out_c};
    q->in_h = q->in_w = q->out_h = q->out_w = q->kernel_h = q->kernel_w = 1;
    q->stride_h = q->stride_w = q->dilation_h = q->dilation_w = 1;
    q->filter_c = p->in_c;
    add_call(s, &l, q);
    mdg_spec_add_clamp_s16(s, p->batches * p->out_c, p->act_min, p->act_max);
    return true;
}

bool mdg_spec_fully_connected_s16_b32(mdg_spec *s) {
    return fully_connected(s, 32);
}

bool mdg_spec_fully_connected_s16_b64(mdg_spec *s) {
    return fully_connected(s, 64);
}
