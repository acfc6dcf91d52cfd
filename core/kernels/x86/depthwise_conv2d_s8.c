/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int8 for x86-64.
 *
 * Where each input channel makes one output channel, eight channels at a time: two rows of the input under
 * the kernel are widened and interleaved, [row pair][column][channel][2], so that a vector holds the two
 * products of each channel's sum. One input channel that makes many is a convolution like any other
 * (conv.h).
 */
#include "midge/kernel.h"
#include "conv.h"
#include "reference.h"

enum { VECTOR = 2 * MDG_LANES, MAX_WEIGHTS = 8192, MAX_ROWS = 20480 }; /* of int16: 56 KB */

typedef struct depthwise {
    const mdg_conv2d_params *p;
    int32_t row_pairs;
    mdg_tile tile;
    mdg_channels channels;
    mdg_range range;
    int8_t zeros[MDG_LANES], outside[MDG_LANES]; /* in place of weights, of inputs */
    int16_t weights[MAX_WEIGHTS];                /* [row_pairs][kernel_w][8][2] */
    int16_t rows[MAX_ROWS];                      /* [row_pairs][columns][8][2], minus the zero point */
} depthwise;

/* a0 b0 a1 b1 ... of eight bytes each, widened */
MDG_AVX2_INLINE __m256i interleave(const int8_t *a, const int8_t *b) {
    const __m128i first = _mm_loadl_epi64((const __m128i *)(const void *)a);
    const __m128i second = _mm_loadl_epi64((const __m128i *)(const void *)b);
    return _mm256_cvtepi8_epi16(_mm_unpacklo_epi8(first, second));
}

/* w points at the first of eight channels. */
MDG_AVX2 static void pack(depthwise *d, const int8_t *w) {
    const int32_t row = d->p->kernel_w * d->p->out_c;
    int16_t *to = d->weights;
    for (int32_t ky = 0; ky < d->p->kernel_h; ky += 2) {
        const bool has_second = ky + 1 < d->p->kernel_h;
        for (int32_t kx = 0; kx < d->p->kernel_w; kx++, w += d->p->out_c, to += VECTOR)
            mdg_store(to, interleave(w, has_second ? w + row : d->zeros));
        w += row;
    }
}

/* A row of the input: from its column 0 on, or the zero point over and over */
typedef struct line {
    const int8_t *x;
    int32_t step;
} line;

static line line_of(const depthwise *d, const int8_t *x, int32_t iy) {
    const bool is_inside = mdg_is_row_inside(d->p, iy);
    line l;
    l.x = is_inside ? x + iy * d->p->in_w * d->p->in_c : d->outside;
    l.step = is_inside ? d->p->in_c : 0;
    return l;
}

/* Two lines from column x0 on */
MDG_AVX2 static void fill_pair(const depthwise *d, line a, line b, int32_t x0, int16_t *to) {
    const __m256i zero = _mm256_set1_epi16((int16_t)d->p->in_zero);
    const mdg_span inside = mdg_columns_inside(d->p, x0, d->tile.columns);
    memset(to, 0, (size_t)(inside.from * VECTOR) * sizeof *to);
    for (int32_t i = inside.from; i < inside.to; i++) {
        const __m256i x = interleave(a.x + (x0 + i) * a.step, b.x + (x0 + i) * b.step);
        mdg_store(to + i * VECTOR, _mm256_sub_epi16(x, zero));
    }
    memset(to + inside.to * VECTOR, 0, (size_t)((d->tile.columns - inside.to) * VECTOR) * sizeof *to);
}

/* The input under a tile's windows; x points at the batch and the first of eight channels. */
MDG_AVX2 static void fill(depthwise *d, const int8_t *x, int32_t y0, int32_t x0) {
    for (int32_t i = 0; i < d->row_pairs; i++) {
        const int32_t iy = y0 + 2 * i * d->p->dilation_h;
        fill_pair(d, line_of(d, x, iy), line_of(d, x, iy + d->p->dilation_h), x0,
                  d->rows + i * d->tile.columns * VECTOR);
    }
}

/* Four pixels; rows points at the first one's window. */
MDG_AVX2_INLINE void sum_quad(const depthwise *d, const int16_t *rows, __m256i *sums) {
    const int32_t pixel = d->p->stride_w * VECTOR, tap = d->p->dilation_w * VECTOR;
    const int16_t *w = d->weights;
    for (int i = 0; i < MDG_QUAD; i++) sums[i] = _mm256_setzero_si256();
    for (int32_t r = 0; r < d->row_pairs; r++, rows += d->tile.columns * VECTOR) {
        const int16_t *x = rows;
        for (int32_t kx = 0; kx < d->p->kernel_w; kx++, x += tap, w += VECTOR)
            for (int i = 0; i < MDG_QUAD; i++)
                sums[i] = mdg_add_products(sums[i], mdg_load(x + i * pixel), mdg_load(w));
    }
}

/* n pixels of a tile */
MDG_AVX2 static void write_pixels(const depthwise *d, int8_t *y, int32_t n) {
    __m256i sums[MDG_QUAD];
    for (int32_t from = 0; from < n; from += MDG_QUAD) {
        sum_quad(d, d->rows + from * d->p->stride_w * VECTOR, sums);
        for (int32_t i = 0; i < MDG_QUAD && from + i < n; i++, y += d->p->out_c)
            mdg_store_sums(sums[i], &d->channels, &d->range, y, MDG_LANES);
    }
}

/* Eight channels of one batch */
MDG_AVX2 static void run_block(depthwise *d, const int8_t *x, int8_t *y) {
    const mdg_conv2d_params *p = d->p;
    for (int32_t oy = 0; oy < p->out_h; oy++) {
        for (int32_t ox = 0; ox < p->out_w; ox += d->tile.pixels) {
            const int32_t left = p->out_w - ox, n = left < d->tile.pixels ? left : d->tile.pixels;
            fill(d, x, oy * p->stride_h - p->pad_h, ox * p->stride_w - p->pad_w);
            write_pixels(d, y, n);
            y += n * p->out_c;
        }
    }
}

static bool plan(depthwise *d, const mdg_conv2d_params *p) {
    d->p = p;
    d->row_pairs = (p->kernel_h + 1) / 2;
    d->tile = mdg_tile_of(p, MAX_ROWS / (d->row_pairs * VECTOR));
    memset(d->zeros, 0, sizeof d->zeros);
    memset(d->outside, p->in_zero, sizeof d->outside);
    return d->row_pairs * p->kernel_w * VECTOR <= MAX_WEIGHTS && d->tile.pixels > 0;
}

/* Channels that are left over are computed with the seven before them, a second time. */
MDG_AVX2 static void run(depthwise *d, const void *const *in, int8_t *y) {
    const mdg_conv2d_params *p = d->p;
    const int8_t *x = (const int8_t *)in[0], *w = (const int8_t *)in[1];
    const int32_t *bias = (const int32_t *)in[2];
    const int32_t *mult = (const int32_t *)in[3], *shift = (const int32_t *)in[4];
    d->range = mdg_range_of(p->out_zero, p->act_min, p->act_max);
    for (int32_t from = 0; from < p->out_c; from += MDG_LANES) {
        const int32_t c = from + MDG_LANES <= p->out_c ? from : p->out_c - MDG_LANES;
        d->channels.bias = bias ? mdg_load(bias + c) : _mm256_setzero_si256();
        d->channels.factors = mdg_factors_of(mdg_load(mult + c), mdg_load(shift + c));
        pack(d, w + c);
        for (int32_t b = 0; b < p->batches; b++)
            run_block(d, x + b * p->in_h * p->in_w * p->in_c + c, y + b * p->out_h * p->out_w * p->out_c + c);
    }
}

static bool run_block_by_block(const mdg_conv2d_params *p, const void *const *in, int8_t *y) {
    depthwise d;
    if (!plan(&d, p)) return false;
    run(&d, in, y);
    return true;
}

MDG_KERNEL void mdg_depthwise_conv2d_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_params *p = (const mdg_conv2d_params *)params;
    int8_t *y = (int8_t *)out[0];
    const bool fits = mdg_has_avx2() && mdg_is_apart((const int8_t *)in[0], y, p);
    bool done = false;
    if (fits && p->in_c == 1)
        done = mdg_conv_s8(p, in, y, 1, p->out_c);
    else if (fits && p->depth_multiplier == 1 && p->out_c >= MDG_LANES)
        done = run_block_by_block(p, in, y);
    if (!done) mdg_ref_depthwise_conv2d_s8(params, in, out);
}
