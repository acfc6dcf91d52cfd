/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D.
 */
#include "specialize/depthwise4.h"

#include <string.h>

enum { MAX_TAPS = 15 }; /* of a row of depthwise_taps_smlad_s8 */

/* Scratch for a band of four channels, of at least one row of outputs. From 3 KB on more gains little: each
 * band costs some 20 instructions a channel, and rows that it shares with the next one are moved. */
static const int32_t planes_limit[MDG_OPTIMIZE_COUNT] = {[MDG_OPTIMIZE_balanced] = 3072,
                                                         [MDG_OPTIMIZE_speed] = 8192,
                                                         [MDG_OPTIMIZE_size] = 3072,
                                                         [MDG_OPTIMIZE_ram] = 0};

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

/* A band of rows, as far as the scratch goes; span: input rows of an output row, words: that two outputs of a
 * row need */
static void set_rows(const mdg_spec *s, mdg_depthwise_planes_params *q, int32_t span, int32_t words) {
    q->row_words = ((q->out_n + 1) / 2 - 1) * q->stride_n + q->stride_n / 2 + words;
    const int32_t rows = planes_limit[s->optimize] / (16 * q->row_words);
    q->band = (rows - span + q->stride_m) / q->stride_m;
    if (q->band < 1) q->band = 1;
    if (q->band > q->out_m) q->band = q->out_m;
}

/* Rows along w or along h */
static mdg_depthwise_planes_params plane_params(const mdg_conv2d_params *p, bool along_w) {
    mdg_depthwise_planes_params q = {.batches = p->batches, .channels = p->in_c, .in_zero = p->in_zero};
    const int32_t in_row = p->in_w * p->in_c, out_row = p->out_w * p->out_c;
    q.in_n = along_w ? p->in_w : p->in_h, q.in_m = along_w ? p->in_h : p->in_w;
    q.out_n = along_w ? p->out_w : p->out_h, q.out_m = along_w ? p->out_h : p->out_w;
    q.stride_n = along_w ? p->stride_w : p->stride_h, q.stride_m = along_w ? p->stride_h : p->stride_w;
    q.pad_n = along_w ? p->pad_w : p->pad_h, q.pad_m = along_w ? p->pad_h : p->pad_w;
    q.in_step_n = along_w ? p->in_c : in_row, q.in_step_m = along_w ? in_row : p->in_c;
    q.out_step_n = along_w ? p->out_c : out_row, q.out_step_m = along_w ? out_row : p->out_c;
    return q;
}

static size_t planes_bytes(const mdg_depthwise_planes_params *q, int32_t span) {
    return ((size_t)(q->band - 1) * (size_t)q->stride_m + (size_t)span) * (size_t)q->row_words * 16;
}

static void allow_inplace(mdg_call *c, const mdg_conv2d_params *p) {
    const bool keeps_shape = p->in_h == p->out_h && p->in_w == p->out_w && p->stride_h == 1 &&
                             p->stride_w == 1 && p->depth_multiplier == 1;
    if (keeps_shape) c->inplace_in = c->inplace_out = 0;
}

/* core/kernels/armv7em/depthwise3x3_smlad_s8.c: the weights of a row, the middle one twice; the shift takes a
 * place in the last row */
static int32_t kernel_row(const int8_t *w, int32_t step) {
    const int8_t bytes[4] = {w[step], w[0], w[2 * step], w[step]};
    uint32_t word = 0;
    for (int i = 0; i < 4; i++) word |= (uint32_t)(uint8_t)bytes[i] << 8 * i;
    return (int32_t)word;
}

static void put_3x3(const mdg_spec_layer *l, int32_t channel, bool along_w, int32_t *to) {
    const int8_t *w = l->w + channel * l->depth;
    const mdg_spec_channel *c = &l->channels[channel];
    for (int32_t m = 0; m < 3; m++) to[m] = along_w ? kernel_row(w + 3 * m, 1) : kernel_row(w + m, 3);
    to[2] = (int32_t)(((uint32_t)to[2] & 0xFFFFFFu) | (uint32_t)(c->right + 7) << 24);
    to[3] = (int32_t)((uint32_t)c->bias * 256u);
    to[4] = c->mult;
}

/* Rows along the longer side */
static void add_3x3(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    const bool along_w = p->out_w >= p->out_h, packed = mdg_spec_packs_3x3(s, l);
    const int32_t record = packed ? 3 : 5;
    mdg_depthwise_planes_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = plane_params(p, along_w);
    set_rows(s, q, 3, 2);
    const size_t count = (size_t)(l->out_c * record);
    int32_t *words = mdg_arena_array(s->program->arena, count, sizeof *words);
    for (int32_t i = 0; i < l->out_c; i++)
        (packed ? mdg_spec_put_3x3_w4 : put_3x3)(l, i, along_w, words + i * record);
    mdg_call *c =
        mdg_spec_add_call(s, packed ? MDG_K_depthwise3x3_smlad_s8_w4 : MDG_K_depthwise3x3_smlad_s8, q);
    mdg_spec_add_const(s, c, mdg_spec_weights_name(s), words, count);
    mdg_spec_add_scratch(s, c, planes_bytes(q, 3));
    allow_inplace(c, p);
}

/* A layer for depthwise_taps_smlad_s8, with rows along w or along h */
typedef struct taps_layer {
    mdg_depthwise_taps_params params;
    mdg_depthwise_planes_params *shape; /* the same, as planes have them */
    bool along_w;
    int32_t taps, dilation; /* along the row */
    int32_t span, words;    /* see set_rows */
} taps_layer;

static size_t taps_scratch(const taps_layer *t) {
    return planes_bytes(t->shape, t->span) + 8 * (size_t)t->params.kernel_m * (size_t)t->words;
}

/* Whether the kernel takes it so; a dilation along the row puts zeros between the taps. */
static bool set_taps(const mdg_spec *s, bool along_w, taps_layer *t) {
    const mdg_conv2d_params *p = s->call->params;
    const mdg_depthwise_planes_params shape = plane_params(p, along_w);
    mdg_depthwise_taps_params *q = &t->params;
    memcpy(q, &shape, sizeof shape);
    t->shape = (mdg_depthwise_planes_params *)q;
    t->along_w = along_w;
    t->taps = along_w ? p->kernel_w : p->kernel_h;
    t->dilation = along_w ? p->dilation_w : p->dilation_h;
    q->kernel_n = (t->taps - 1) * t->dilation + 1;
    q->kernel_m = along_w ? p->kernel_h : p->kernel_w;
    q->dilation_m = q->kernel_m == 1 ? 1 : along_w ? p->dilation_h : p->dilation_w;
    q->multiplier = p->depth_multiplier, q->out_zero = p->out_zero;
    t->span = (q->kernel_m - 1) * q->dilation_m + 1;
    t->words = (q->kernel_n + q->stride_n % 2 + 1) / 2;
    set_rows(s, t->shape, t->span, t->words);
    const size_t in_bytes = (size_t)p->in_h * (size_t)p->in_w * (size_t)p->in_c;
    return q->kernel_n <= MAX_TAPS && (t->taps == 1 || t->dilation <= 2) &&
           planes_bytes(t->shape, t->span) <= (size_t)planes_limit[MDG_OPTIMIZE_balanced] + in_bytes / 8;
}

/* Instructions a channel, about, as measured: weights, rows, pairs of outputs, spreading */
static int64_t cost_of_taps(const taps_layer *t) {
    const mdg_depthwise_taps_params *q = &t->params;
    const int64_t pairs = (q->out_n + 1) / 2, rows = (q->out_m - 1) * q->stride_m + t->span;
    const int64_t row = 45 + pairs * (22 + q->kernel_m * (4 * t->words + 3));
    return 200 + 16 * t->words * q->kernel_m + q->out_m * row + 6 * rows * q->row_words;
}

/* The same of depthwise_smlad_s8 */
static int64_t cost_of_general(const mdg_conv2d_params *p) {
    if (p->depth_multiplier > 1) return INT64_MAX;
    const int64_t tap = p->pad_h || p->pad_w ? 5 : 3;
    return (int64_t)p->out_h * p->out_w * (36 + tap * p->kernel_h * p->kernel_w);
}

static bool choose_taps(const mdg_spec *s, const mdg_spec_layer *l, taps_layer *t) {
    const mdg_conv2d_params *p = s->call->params;
    taps_layer h, w;
    const bool takes_h = set_taps(s, false, &h), takes_w = set_taps(s, true, &w);
    const bool along_w = takes_w && (!takes_h || cost_of_taps(&w) <= cost_of_taps(&h));
    const bool has_other = mdg_spec_packs_general(s, l) || mdg_spec_may_use(s, MDG_K_depthwise_smlad_s8);
    return (mdg_spec_packs_taps(s, l) || mdg_spec_may_use(s, MDG_K_depthwise_taps_smlad_s8)) &&
           set_taps(s, along_w, t) && (!has_other || cost_of_taps(t) < cost_of_general(p));
}

/* Weights of a channel as the rows have them */
static void put_taps(const taps_layer *t, const int8_t *w, int8_t *to) {
    const mdg_depthwise_taps_params *q = &t->params;
    for (int32_t m = 0; m < q->kernel_m; m++)
        for (int32_t n = 0; n < t->taps; n++)
            to[2 * m * t->words + n * t->dilation] = t->along_w ? w[m * t->taps + n] : w[n * q->kernel_m + m];
}

static void add_taps(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l, const taps_layer *t) {
    mdg_arena *arena = s->program->arena;
    const bool packed = mdg_spec_packs_taps(s, l);
    const size_t taps = 2 * (size_t)(t->params.kernel_m * t->words);
    const size_t record = 2 + ((packed ? taps / 2 : taps) + 4) / 4;
    int8_t *row_taps = mdg_arena_alloc(arena, taps);
    int32_t *words = mdg_arena_array(arena, (size_t)l->out_c * record, sizeof *words), *to = words;
    for (int32_t i = 0; i < l->out_c; i++, to += record) {
        to[0] = l->channels[i].bias, to[1] = l->channels[i].mult;
        int8_t *bytes = (int8_t *)(to + 2);
        bytes[0] = (int8_t)l->channels[i].right;
        put_taps(t, l->w + i * l->depth, row_taps);
        if (packed)
            mdg_spec_pack_4_bits(row_taps, taps, (uint8_t *)bytes + 1);
        else
            memcpy(bytes + 1, row_taps, taps);
    }
    const void *params = mdg_arena_copy(arena, &t->params, sizeof t->params);
    mdg_call *c = mdg_spec_add_call(
        s, packed ? MDG_K_depthwise_taps_smlad_s8_w4 : MDG_K_depthwise_taps_smlad_s8, params);
    mdg_spec_add_const(s, c, mdg_spec_weights_name(s), words, (size_t)l->out_c * record);
    mdg_spec_add_scratch(s, c, taps_scratch(t));
    allow_inplace(c, p);
}

/* A picture of one column is one row as well, which makes the inner loop the long one. */
static void turn(mdg_conv2d_smlad_params *q) {
    q->in_w = q->in_h, q->out_w = q->out_h, q->kernel_w = q->kernel_h;
    q->stride_w = q->stride_h, q->dilation_w = q->dilation_h, q->pad_w = q->pad_h;
    q->in_h = q->out_h = q->kernel_h = q->stride_h = q->dilation_h = 1;
    q->pad_h = 0;
}

/* Four weights of a tap to a word */
static int32_t *put_taps_words(const mdg_spec_layer *l, int32_t first, int32_t taps, int32_t *to) {
    for (int32_t t = 0; t < taps; t++) {
        uint32_t word = 0;
        for (int32_t i = 0; i < 4; i++) word |= (uint32_t)(uint8_t)l->w[(first + i) * l->depth + t] << 8 * i;
        *to++ = (int32_t)word;
    }
    return to;
}

static void add_general(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    mdg_conv2d_smlad_params *q = mdg_spec_conv_params(s, l);
    if (p->in_w == 1 && p->out_w == 1 && p->kernel_w == 1 && p->pad_w == 0) turn(q);
    const bool packed = mdg_spec_packs_general(s, l);
    const int32_t row = packed ? (q->kernel_w + 1) / 2 : q->kernel_w;
    const size_t count = (size_t)(l->out_c + 3) / 4 * (size_t)(16 + q->kernel_h * row);
    int32_t *words = mdg_arena_array(s->program->arena, count, sizeof *words), *to = words;
    for (int32_t c = 0; c < l->out_c; c += 4) {
        const int32_t first = c + 4 <= l->out_c ? c : l->out_c - 4;
        for (int32_t i = 0; i < 4; i++, to += 4) {
            to[0] = l->channels[first + i].bias;
            mdg_spec_two_sided(&l->channels[first + i], to + 1);
        }
        to = packed ? mdg_spec_put_rows_w4(l, first, q, to)
                    : put_taps_words(l, first, q->kernel_h * q->kernel_w, to);
    }
    mdg_call *call = mdg_spec_add_call(s, packed ? MDG_K_depthwise_smlad_s8_w4 : MDG_K_depthwise_smlad_s8, q);
    mdg_spec_add_const(s, call, mdg_spec_weights_name(s), words, count);
}

static bool two_sided_fit(const mdg_spec_layer *l) {
    for (int32_t c = 0; c < l->out_c; c++) {
        if (!mdg_spec_two_sided_fits(&l->channels[c])) return false;
    }
    return true;
}

static bool add_call(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    taps_layer taps;
    const bool is_single = p->depth_multiplier == 1;
    if (is_single && is_3x3(p) && mdg_spec_removes_negative(p) && scaled_fit(l) &&
        (mdg_spec_packs_3x3(s, l) || mdg_spec_may_use(s, MDG_K_depthwise3x3_smlad_s8))) {
        add_3x3(s, p, l);
        return true;
    }
    if (!two_sided_fit(l)) return false;
    if (is_single && mdg_spec_add_depthwise_line(s, l)) return true;
    if (choose_taps(s, l, &taps))
        add_taps(s, p, l, &taps);
    else if (is_single)
        add_general(s, p, l);
    else
        return false;
    return true;
}

bool mdg_spec_depthwise_conv2d(mdg_spec *s) {
    const mdg_conv2d_params *p = s->call->params;
    mdg_spec_layer l = {.two_sided = true};
    if (p->in_c == 1) return mdg_spec_conv_of_one_channel(s);
    if (p->in_c < 4 || !mdg_spec_conv_bound(s, true, &l)) return false;
    l.packed =
        s->optimize != MDG_OPTIMIZE_speed && mdg_spec_fits_4_bits(l.w, (size_t)l.out_c * (size_t)l.depth);
    if (!add_call(s, p, &l)) return false;
    mdg_spec_add_clamp(s, p->batches * p->out_h * p->out_w * p->out_c, p->act_min, p->act_max);
    return true;
}
