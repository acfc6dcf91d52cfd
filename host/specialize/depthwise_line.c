/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D along a line, with few outputs: what streaming makes of temporal networks.
 */
#include "specialize/depthwise4.h"
#include "specialize/pairs.h"

/* From there on, kernels that spread the input before they use it are faster. */
enum { MAX_OUTPUTS = 8, MAX_OUTPUTS_SCALAR = 3 };

/* What both kernels have in common; steps in bytes of the input */
typedef struct line {
    int32_t taps, outputs, tap_step, out_step;
} line;

/* A picture of one column, or a row of it, that the windows do not leave */
static bool set_line(const mdg_conv2d_params *p, line *l) {
    const bool is_column = p->in_w == 1 && p->out_w == 1 && p->kernel_w == 1;
    const bool is_row = p->in_h == 1 && p->out_h == 1 && p->kernel_h == 1;
    const int32_t stride = is_column ? p->stride_h : p->stride_w;
    const int32_t dilation = is_column ? p->dilation_h : p->dilation_w;
    if (!is_column && !is_row) return false;
    l->taps = is_column ? p->kernel_h : p->kernel_w, l->outputs = is_column ? p->out_h : p->out_w;
    l->tap_step = dilation * p->in_c, l->out_step = stride * p->in_c;
    const int64_t seen = (int64_t)(l->outputs - 1) * stride + (int64_t)(l->taps - 1) * dilation + 1;
    return p->batches == 1 && p->depth_multiplier == 1 && p->pad_h == 0 && p->pad_w == 0 &&
           l->outputs <= MAX_OUTPUTS && seen <= (is_column ? p->in_h : p->in_w);
}

/* Channels i and i + 1 of taps t and t + 1, in the order of the kernel's input */
static int32_t weight_word(const mdg_spec_layer *l, int32_t i, int32_t t, int32_t taps) {
    uint32_t word = 0;
    for (int32_t k = 0; k < 4 && t + k / 2 < taps; k++)
        word |= (uint32_t)(uint8_t)l->w[(i + k % 2) * l->depth + t + k / 2] << 8 * k;
    return (int32_t)word;
}

/* biases | weights | factors; weights of 4 bits come before the biases */
static int32_t *put_group(const mdg_spec_layer *l, int32_t first, int32_t taps, bool packed, int32_t *to) {
    for (int32_t i = 0; i < 4 && !packed; i++) *to++ = l->channels[first + i].bias;
    for (int32_t t = 0; t < taps; t += 2) {
        *to++ = packed ? mdg_spec_line_word_w4(l, first, t, taps) : weight_word(l, first, t, taps);
        if (!packed) *to++ = weight_word(l, first + 2, t, taps);
    }
    for (int32_t i = 0; i < 4 && packed; i++) *to++ = l->channels[first + i].bias;
    for (int32_t i = 0; i < 4; i++, to += 3) mdg_spec_two_sided(&l->channels[first + i], to);
    return to;
}

bool mdg_spec_add_depthwise_line(mdg_spec *s, const mdg_spec_layer *l) {
    const mdg_conv2d_params *p = s->call->params;
    const bool packed = mdg_spec_packs_line(s, l);
    const mdg_kernel_id kernel = packed ? MDG_K_depthwise_line_smlad_s8_w4 : MDG_K_depthwise_line_smlad_s8;
    line at;
    if (!set_line(p, &at) || !mdg_spec_may_use(s, kernel)) return false;
    mdg_depthwise_line_smlad_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_depthwise_line_smlad_params){p->in_c, at.taps, at.outputs, at.tap_step, at.out_step};
    const size_t group = 16 + (size_t)(q->taps + 1) / 2 * (packed ? 1 : 2);
    const size_t count = (size_t)(l->out_c + 3) / 4 * group;
    int32_t *words = mdg_arena_array(s->program->arena, count, sizeof *words), *to = words;
    for (int32_t c = 0; c < l->out_c; c += 4)
        to = put_group(l, c + 4 <= l->out_c ? c : l->out_c - 4, q->taps, packed, to);
    mdg_call *call = mdg_spec_add_call(s, kernel, q);
    mdg_spec_add_const(s, call, mdg_spec_weights_name(s), words, count);
    return true;
}

/* [channels][taps] */
static void add_kernels(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l, int32_t taps) {
    int8_t *bytes = mdg_arena_alloc(s->program->arena, (size_t)(l->out_c * taps)), *to = bytes;
    for (int32_t i = 0; i < l->out_c; i++)
        for (int32_t t = 0; t < taps; t++) *to++ = l->w[i * l->depth + t];
    mdg_spec_add_bytes(s, c, mdg_spec_weights_name(s), bytes, (size_t)(l->out_c * taps));
}

bool mdg_spec_add_depthwise_line_scalar(mdg_spec *s, const mdg_spec_layer *l) {
    const mdg_conv2d_params *p = s->call->params;
    line at;
    if (!set_line(p, &at) || at.outputs > MAX_OUTPUTS_SCALAR ||
        !mdg_spec_may_use(s, MDG_K_depthwise_line_scalar_s8))
        return false;
    mdg_depthwise_line_scalar_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_depthwise_line_scalar_params){p->in_c,     at.taps,     at.outputs,
                                            at.tap_step, at.out_step, l->two_sided};
    mdg_call *c = mdg_spec_add_call(s, MDG_K_depthwise_line_scalar_s8, q);
    add_kernels(s, c, l, at.taps);
    mdg_spec_add_scalar_factors(s, c, l);
    return true;
}
