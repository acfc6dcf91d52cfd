/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D.
 */
#include "specialize/spec.h"

enum { PLANES_BYTES = 3072 }; /* of scratch for a band of four channels; more gains little */

static bool is_3x3(const mdg_conv2d_params *p) {
    return p->kernel_h == 3 && p->kernel_w == 3 && p->dilation_h == 1 && p->dilation_w == 1 &&
           p->stride_h <= 2 && p->stride_w <= 2 && (p->out_h >= 2 || p->out_w >= 2);
}

static bool scaled_fit(const mdg_spec_layer *l) {
    for (int32_t c = 0; c < l->out_c; c++) {
        if (!mdg_spec_scaled_fits(&l->channels[c])) return false;
    }
    return true;
}

/* Rows along the longer side */
static mdg_depthwise3x3_smlad_params plane_params(const mdg_conv2d_params *p) {
    mdg_depthwise3x3_smlad_params q = {.batches = p->batches, .channels = p->in_c, .in_zero = p->in_zero};
    const bool along_w = p->out_w >= p->out_h;
    const int32_t in_row = p->in_w * p->in_c, out_row = p->out_w * p->in_c;
    q.in_n = along_w ? p->in_w : p->in_h, q.in_m = along_w ? p->in_h : p->in_w;
    q.out_n = along_w ? p->out_w : p->out_h, q.out_m = along_w ? p->out_h : p->out_w;
    q.stride_n = along_w ? p->stride_w : p->stride_h, q.stride_m = along_w ? p->stride_h : p->stride_w;
    q.pad_n = along_w ? p->pad_w : p->pad_h, q.pad_m = along_w ? p->pad_h : p->pad_w;
    q.in_step_n = along_w ? p->in_c : in_row, q.in_step_m = along_w ? in_row : p->in_c;
    q.out_step_n = along_w ? p->in_c : out_row, q.out_step_m = along_w ? out_row : p->in_c;
    q.row_words = q.stride_n == 1 ? (q.out_n + 1) / 2 + 1 : q.out_n + 1;
    const int32_t rows = PLANES_BYTES / (16 * q.row_words);
    q.band = (rows - 3 + q.stride_m) / q.stride_m;
    if (q.band < 1) q.band = 1;
    if (q.band > q.out_m) q.band = q.out_m;
    return q;
}

/* core/kernels/armv7em/depthwise3x3_smlad_s8.c: the weights of a row, the middle one twice; the shift takes a
 * place in the last row */
static int32_t kernel_row(const int8_t *w, int32_t step) {
    const int8_t bytes[4] = {w[step], w[0], w[2 * step], w[step]};
    uint32_t word = 0;
    for (int i = 0; i < 4; i++) word |= (uint32_t)(uint8_t)bytes[i] << 8 * i;
    return (int32_t)word;
}

static void add_planes(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    mdg_depthwise3x3_smlad_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = plane_params(p);
    const bool along_w = p->out_w >= p->out_h;
    int32_t *words = mdg_arena_array(s->program->arena, (size_t)l->out_c * 5, sizeof *words), *to = words;
    for (int32_t i = 0; i < l->out_c; i++) {
        const int8_t *w = l->w + i * l->depth;
        const mdg_spec_channel *channel = &l->channels[i];
        for (int32_t m = 0; m < 3; m++) *to++ = along_w ? kernel_row(w + 3 * m, 1) : kernel_row(w + m, 3);
        to[-1] = (int32_t)(((uint32_t)to[-1] & 0xFFFFFFu) | (uint32_t)(channel->right + 7) << 24);
        *to++ = (int32_t)((uint32_t)channel->bias * 256u);
        *to++ = channel->mult;
    }
    mdg_call *c = mdg_spec_add_call(s, MDG_K_depthwise3x3_smlad_s8, q);
    mdg_spec_add_const(s, c, mdg_spec_weights_name(s), words, (size_t)l->out_c * 5);
    mdg_spec_add_scratch(s, c, (size_t)(q->band * q->stride_m + 3 - q->stride_m) * (size_t)q->row_words * 16);
    const bool keeps_shape =
        p->in_h == p->out_h && p->in_w == p->out_w && p->stride_h == 1 && p->stride_w == 1;
    if (keeps_shape) c->inplace_in = c->inplace_out = 0;
}

/* A picture of one column is one row as well, which makes the inner loop the long one. */
static void turn(mdg_conv2d_smlad_params *q) {
    q->in_w = q->in_h, q->out_w = q->out_h, q->kernel_w = q->kernel_h;
    q->stride_w = q->stride_h, q->dilation_w = q->dilation_h, q->pad_w = q->pad_h;
    q->in_h = q->out_h = q->kernel_h = q->stride_h = q->dilation_h = 1;
    q->pad_h = 0;
}

static void add_general(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    const int32_t taps = p->kernel_h * p->kernel_w;
    const size_t count = (size_t)(l->out_c + 3) / 4 * (size_t)(16 + taps);
    int32_t *words = mdg_arena_array(s->program->arena, count, sizeof *words), *to = words;
    for (int32_t c = 0; c < l->out_c; c += 4) {
        const int32_t first = c + 4 <= l->out_c ? c : l->out_c - 4;
        for (int32_t i = 0; i < 4; i++, to += 4) {
            to[0] = l->channels[first + i].bias;
            mdg_spec_two_sided(&l->channels[first + i], to + 1);
        }
        for (int32_t t = 0; t < taps; t++) {
            uint32_t word = 0;
            for (int32_t i = 0; i < 4; i++)
                word |= (uint32_t)(uint8_t)l->w[(first + i) * l->depth + t] << 8 * i;
            *to++ = (int32_t)word;
        }
    }
    mdg_conv2d_smlad_params *q = mdg_spec_conv_params(s, l);
    if (p->in_w == 1 && p->out_w == 1 && p->kernel_w == 1 && p->pad_w == 0) turn(q);
    mdg_call *call = mdg_spec_add_call(s, MDG_K_depthwise_smlad_s8, q);
    mdg_spec_add_const(s, call, mdg_spec_weights_name(s), words, count);
}

static bool two_sided_fit(const mdg_spec_layer *l) {
    for (int32_t c = 0; c < l->out_c; c++) {
        if (!mdg_spec_two_sided_fits(&l->channels[c])) return false;
    }
    return true;
}

bool mdg_spec_depthwise_conv2d(mdg_spec *s) {
    const mdg_conv2d_params *p = s->call->params;
    mdg_spec_layer l = {.two_sided = true};
    if (p->in_c == 1) return mdg_spec_conv_of_one_channel(s);
    if (p->depth_multiplier != 1 || p->in_c < 4 || !mdg_spec_conv_bound(s, true, &l)) return false;
    if (is_3x3(p) && mdg_spec_removes_negative(p) && scaled_fit(&l))
        add_planes(s, p, &l);
    else if (two_sided_fit(&l))
        add_general(s, p, &l);
    else
        return false;
    mdg_spec_add_clamp(s, p->batches * p->out_h * p->out_w * p->out_c, p->act_min, p->act_max);
    return true;
}
