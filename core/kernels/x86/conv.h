/* SPDX-License-Identifier: MIT
 *
 * conv.h: convolutions over several input channels, or of one input channel to many.
 *
 * Eight output channels are the lanes of a vector. Weights are packed once per call, a block of channels at a
 * time: [pair of taps][channel][2]; a pair of inputs is repeated in all lanes and multiplied with it. Four
 * pixels of one or two vectors are computed side by side, which reuses both weights and inputs.
 *
 * The taps of a row of the kernel that lie side by side in the input are a run; without dilation that is the
 * whole row.
 */
#ifndef MDG_X86_CONV_H
#define MDG_X86_CONV_H

#include "requantize.h"
#include "window.h"

enum { MDG_CONV_VECTORS = 2, MDG_CONV_WEIGHTS = 20480, MDG_CONV_ROWS = 12288 }; /* of int16: 64 KB */

typedef struct mdg_conv {
    mdg_conv2d_params p;
    const int8_t *x, *w;
    const int32_t *bias, *mult, *shift;
    int8_t *y;
    int32_t channel_step, tap_step; /* of weights */
    int32_t runs_w, run, pairs;     /* runs of a row of the kernel, their length in taps and in pairs */
    int32_t vectors;
    mdg_tile tile;
} mdg_conv;

/* A block of output channels */
typedef struct mdg_conv_block {
    int32_t channel, n;
    mdg_range range;
    mdg_channels channels[MDG_CONV_VECTORS];
    int16_t weights[MDG_CONV_WEIGHTS]; /* [kernel_h][runs_w][pairs][vectors][8][2] */
    int16_t rows[MDG_CONV_ROWS];       /* [kernel_h][columns][filter_c], minus the zero point */
} mdg_conv_block;

/* Pixels that are computed alike become one row. */
static inline void mdg_conv_flatten(mdg_conv2d_params *p) {
    if (p->kernel_h != 1 || p->kernel_w != 1 || p->stride_h != 1 || p->stride_w != 1 || p->pad_h != 0 ||
        p->pad_w != 0 || p->in_h != p->out_h || p->in_w != p->out_w)
        return;
    p->in_w = p->out_w = p->batches * p->in_h * p->in_w;
    p->in_h = p->out_h = p->batches = 1;
}

/* Returns false where the shape does not fit the buffers. */
static inline bool mdg_conv_plan(mdg_conv *c) {
    mdg_conv_flatten(&c->p);
    const mdg_conv2d_params *p = &c->p;
    c->runs_w = p->dilation_w == 1 ? 1 : p->kernel_w;
    c->run = p->dilation_w == 1 ? p->kernel_w * p->filter_c : p->filter_c;
    c->pairs = (c->run + 1) / 2;
    const int32_t vector_weights = p->kernel_h * c->runs_w * c->pairs * 2 * MDG_LANES;
    const bool is_narrow = p->out_c / (p->in_c / p->filter_c) <= MDG_LANES;
    c->vectors = is_narrow || 2 * vector_weights > MDG_CONV_WEIGHTS ? 1 : 2;
    c->tile = mdg_tile_of(p, (MDG_CONV_ROWS - 1) / (p->kernel_h * p->filter_c));
    return vector_weights <= MDG_CONV_WEIGHTS && c->tile.pixels > 0;
}

/* One tap of a channel, or it and the next */
MDG_AVX2_INLINE int16_t mdg_conv_taps(const int8_t *w, const int32_t tap_step, bool has_second) {
    return (int16_t)((uint8_t)w[0] | (has_second ? w[tap_step] * 256 : 0));
}

/* The same of eight channels, widened */
MDG_AVX2_INLINE __m256i mdg_conv_pair(const int8_t *const *w, int32_t at, const int32_t tap_step,
                                      bool has_second) {
#define TAPS(lane) mdg_conv_taps(w[lane] + at, tap_step, has_second)
    return _mm256_cvtepi8_epi16(
        _mm_set_epi16(TAPS(7), TAPS(6), TAPS(5), TAPS(4), TAPS(3), TAPS(2), TAPS(1), TAPS(0)));
#undef TAPS
}

/* Eight channels from `channel` on, to every step-th vector of `to`; beyond the block's last channel, that
 * one over and over. */
MDG_AVX2_INLINE void mdg_conv_pack_vector(const mdg_conv *c, int32_t channel, int32_t last, int16_t *to,
                                          const int32_t tap_step) {
    const int32_t runs = c->p.kernel_h * c->runs_w, step = c->vectors * 2 * MDG_LANES;
    const int8_t *w[MDG_LANES];
    for (int32_t i = 0; i < MDG_LANES; i++)
        w[i] = c->w + (channel + i < last ? channel + i : last) * c->channel_step;
    for (int32_t r = 0, at = 0; r < runs; r++, at += c->run * tap_step) {
        for (int32_t k = 0; k + 2 <= c->run; k += 2, to += step)
            mdg_store(to, mdg_conv_pair(w, at + k * tap_step, tap_step, true));
        if (c->run % 2) mdg_store(to, mdg_conv_pair(w, at + (c->run - 1) * tap_step, tap_step, false));
        to += c->run % 2 * step;
    }
}

MDG_AVX2 static inline void mdg_conv_pack(const mdg_conv *c, mdg_conv_block *b) {
    const int32_t last = b->channel + b->n - 1;
    for (int32_t v = 0; v < c->vectors; v++) {
        const int32_t channel = b->channel + v * MDG_LANES;
        int16_t *to = b->weights + v * 2 * MDG_LANES;
        if (c->tap_step == 1)
            mdg_conv_pack_vector(c, channel, last, to, 1);
        else
            mdg_conv_pack_vector(c, channel, last, to, c->tap_step);
    }
}

MDG_AVX2 static inline void mdg_conv_load_channels(const mdg_conv *c, mdg_conv_block *b) {
    for (int32_t v = 0; v < c->vectors && v * MDG_LANES < b->n; v++) {
        const int32_t from = b->channel + v * MDG_LANES, left = b->n - v * MDG_LANES;
        const int32_t n = left < MDG_LANES ? left : MDG_LANES;
        b->channels[v].bias = mdg_load_some(c->bias ? c->bias + from : NULL, n);
        b->channels[v].factors =
            mdg_factors_of(mdg_load_some(c->mult + from, n), mdg_load_some(c->shift + from, n));
    }
    b->range = mdg_range_of(c->p.out_zero, c->p.act_min, c->p.act_max);
}

/* A row of the input; x points at the first column and channel. */
MDG_AVX2 static inline void mdg_conv_fill_row(const mdg_conv2d_params *p, const int8_t *x, int32_t columns,
                                              int16_t *row) {
    const bool is_whole = p->filter_c == p->in_c;
    const int32_t pieces = is_whole ? 1 : columns, length = is_whole ? columns * p->in_c : p->filter_c;
    for (int32_t i = 0; i < pieces; i++)
        mdg_widen(x + i * p->in_c, length, p->in_zero, row + i * p->filter_c);
}

/* The input under a tile's windows; x points at the batch and the group's first channel. */
MDG_AVX2 static inline void mdg_conv_fill(const mdg_conv *c, const int8_t *x, int32_t y0, int32_t x0,
                                          int16_t *rows) {
    const mdg_conv2d_params *p = &c->p;
    const int32_t columns = c->tile.columns, n = p->filter_c;
    const mdg_span inside = mdg_columns_inside(p, x0, columns);
    for (int32_t ky = 0; ky < p->kernel_h; ky++, rows += columns * n) {
        const int32_t iy = y0 + ky * p->dilation_h;
        const bool is_inside = mdg_is_row_inside(p, iy) && inside.from < inside.to;
        const int32_t from = is_inside ? inside.from : columns, to = is_inside ? inside.to : columns;
        memset(rows, 0, (size_t)(from * n) * sizeof *rows);
        memset(rows + to * n, 0, (size_t)((columns - to) * n) * sizeof *rows);
        if (is_inside)
            mdg_conv_fill_row(p, x + (iy * p->in_w + x0 + from) * p->in_c, to - from, rows + from * n);
    }
    *rows = 0; /* an odd run at the very end reads one more, and multiplies it with 0 */
}

/* Two neighbours in all lanes */
MDG_AVX2_INLINE __m256i mdg_repeat_pair(const int16_t *x) {
    int32_t pair;
    memcpy(&pair, x, sizeof pair);
    return _mm256_set1_epi32(pair);
}

/* The sums of four pixels; rows points at the first one's window. */
MDG_AVX2_INLINE void mdg_conv_sums(const mdg_conv *c, const mdg_conv_block *b, const int16_t *rows,
                                   __m256i (*sums)[MDG_CONV_VECTORS], const int vectors) {
    const int32_t n = c->p.filter_c, pixel = c->p.stride_w * n;
    const int16_t *w = b->weights;
    for (int i = 0; i < MDG_QUAD; i++)
        for (int v = 0; v < vectors; v++) sums[i][v] = _mm256_setzero_si256();
    for (int32_t ky = 0; ky < c->p.kernel_h; ky++, rows += c->tile.columns * n) {
        for (int32_t r = 0; r < c->runs_w; r++) {
            const int16_t *x = rows + r * c->p.dilation_w * n;
            for (int32_t k = 0; k < c->pairs; k++, x += 2, w += vectors * 2 * MDG_LANES) {
                for (int i = 0; i < MDG_QUAD; i++) {
                    const __m256i pair = mdg_repeat_pair(x + i * pixel);
                    for (int v = 0; v < vectors; v++)
                        sums[i][v] = mdg_add_products(sums[i][v], pair, mdg_load(w + v * 2 * MDG_LANES));
                }
            }
        }
    }
}

/* n pixels of a tile */
MDG_AVX2_INLINE void mdg_conv_pixels(const mdg_conv *c, const mdg_conv_block *b, int8_t *y, int32_t n,
                                     const int vectors) {
    __m256i sums[MDG_QUAD][MDG_CONV_VECTORS];
    for (int32_t from = 0; from < n; from += MDG_QUAD) {
        mdg_conv_sums(c, b, b->rows + from * c->p.stride_w * c->p.filter_c, sums, vectors);
        for (int32_t i = 0; i < MDG_QUAD && from + i < n; i++, y += c->p.out_c) {
            for (int v = 0; v < vectors && v * MDG_LANES < b->n; v++) {
                const int32_t left = b->n - v * MDG_LANES;
                mdg_store_sums(sums[i][v], &b->channels[v], &b->range, y + v * MDG_LANES,
                               left < MDG_LANES ? left : MDG_LANES);
            }
        }
    }
}

MDG_AVX2 static inline void mdg_conv_row(const mdg_conv *c, mdg_conv_block *b, const int8_t *x, int32_t oy,
                                         int8_t *y) {
    const mdg_conv2d_params *p = &c->p;
    for (int32_t ox = 0; ox < p->out_w; ox += c->tile.pixels, y += c->tile.pixels * p->out_c) {
        const int32_t left = p->out_w - ox, n = left < c->tile.pixels ? left : c->tile.pixels;
        mdg_conv_fill(c, x, oy * p->stride_h - p->pad_h, ox * p->stride_w - p->pad_w, b->rows);
        if (c->vectors == 1)
            mdg_conv_pixels(c, b, y, n, 1);
        else
            mdg_conv_pixels(c, b, y, n, 2);
    }
}

MDG_AVX2 static inline void mdg_conv_run(const mdg_conv *c) {
    const mdg_conv2d_params *p = &c->p;
    const int32_t group_c = p->out_c / (p->in_c / p->filter_c), step = c->vectors * MDG_LANES;
    mdg_conv_block b;
    for (b.channel = 0; b.channel < p->out_c; b.channel += b.n) {
        const int32_t left = group_c - b.channel % group_c;
        b.n = left < step ? left : step;
        mdg_conv_pack(c, &b);
        mdg_conv_load_channels(c, &b);
        const int8_t *x = c->x + b.channel / group_c * p->filter_c;
        int8_t *y = c->y + b.channel;
        for (int32_t i = 0; i < p->batches; i++, x += p->in_h * p->in_w * p->in_c)
            for (int32_t oy = 0; oy < p->out_h; oy++, y += p->out_w * p->out_c) mdg_conv_row(c, &b, x, oy, y);
    }
}

/* in: input, weights, bias or NULL, multipliers, shifts; the steps are those of the weights. Returns false,
 * having done nothing, where the shape does not fit the buffers. */
static inline bool mdg_conv_s8(const mdg_conv2d_params *p, const void *const *in, int8_t *y,
                               int32_t channel_step, int32_t tap_step) {
    mdg_conv c;
    memset(&c, 0, sizeof c);
    c.p = *p;
    c.x = (const int8_t *)in[0];
    c.w = (const int8_t *)in[1];
    c.bias = (const int32_t *)in[2];
    c.mult = (const int32_t *)in[3];
    c.shift = (const int32_t *)in[4];
    c.y = y;
    c.channel_step = channel_step;
    c.tap_step = tap_step;
    if (!mdg_conv_plan(&c)) return false;
    mdg_conv_run(&c);
    return true;
}

#endif
