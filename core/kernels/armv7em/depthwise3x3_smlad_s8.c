/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D of 3x3 on int8, at least 4 channels: four channels at a time are spread to planes of
 * int16, padding included, a band of rows after the other; then each plane is convolved (plane.h). A "row"
 * runs along the longer side of the picture, whichever that is: strides in bytes tell.
 *
 * Planes are read and outputs written in one order, and rows that two bands share stay in the planes: the
 * output may take the input's place where it has its shape.
 *
 * Per channel: bytes (w1 w0 w2 w1) of three kernel rows, where the shift takes the place of the last | bias,
 * multiplier
 */
#include "midge/kernel.h"
#include "plane.h"

/* Two neighbours of four channels to one word of four planes */
static inline void depthwise3x3_put(uint32_t *to, int32_t plane, uint32_t a, uint32_t b) {
    const uint32_t a_even = mdg_sxtb16(a), b_even = mdg_sxtb16(b);
    const uint32_t a_odd = mdg_sxtb16_odd(a), b_odd = mdg_sxtb16_odd(b);
    to[0] = mdg_pkhbt(a_even, b_even);
    to[plane] = mdg_pkhbt(a_odd, b_odd);
    to[2 * plane] = mdg_pkhtb(a_even, b_even);
    to[3 * plane] = mdg_pkhtb(a_odd, b_odd);
}

/* One row of four channels; x = NULL: a row of padding */
static inline void depthwise3x3_spread(const mdg_depthwise3x3_smlad_params *p, uint32_t *to, int32_t plane,
                                       const int8_t *x) {
    const uint32_t zeros = (uint32_t)(uint8_t)p->in_zero * 0x01010101u;
    const uint32_t *const end = to + p->row_words;
    const int32_t step = p->in_step_n;
    if (x) {
        int32_t left = p->in_n;
        if (p->pad_n == 1) {
            depthwise3x3_put(to++, plane, zeros, mdg_load4(x));
            x += step, left--;
        } else if (p->pad_n == 2) {
            depthwise3x3_put(to++, plane, zeros, zeros);
        }
        for (; left >= 2 && to != end; left -= 2, x += 2 * step)
            depthwise3x3_put(to++, plane, mdg_load4(x), mdg_load4(x + step));
        if (left == 1 && to != end) depthwise3x3_put(to++, plane, mdg_load4(x), zeros);
    }
    for (; to != end; to++) to[0] = to[plane] = to[2 * plane] = to[3 * plane] = mdg_sxtb16(zeros);
}

/* Words of a plane */
static inline int32_t depthwise3x3_plane(const mdg_depthwise3x3_smlad_params *p) {
    return ((p->band - 1) * p->stride_m + 3) * p->row_words;
}

/* Rows [from, to) of the planes, of which row 0 is the picture's row `top` */
static inline void depthwise3x3_fill(const mdg_depthwise3x3_smlad_params *p, uint32_t *planes,
                                     const int8_t *x, int32_t top, int32_t from, int32_t to) {
    const int32_t plane = depthwise3x3_plane(p);
    for (int32_t row = from; row < to; row++) {
        const int32_t m = top + row;
        const int8_t *at = m >= 0 && m < p->in_m ? x + m * p->in_step_m : NULL;
        depthwise3x3_spread(p, planes + row * p->row_words, plane, at);
    }
}

/* Moves `rows` rows from row `from` on to the top of all four planes. */
static inline void depthwise3x3_carry(const mdg_depthwise3x3_smlad_params *p, uint32_t *planes, int32_t plane,
                                      int32_t from, int32_t rows) {
    for (int32_t c = 0; c < 4; c++, planes += plane)
        for (int32_t i = 0; i < rows * p->row_words; i++) planes[i] = planes[i + from * p->row_words];
}

static inline void depthwise3x3_weights(mdg_plane *q, const int32_t *w) {
    const uint32_t mask = 0xFF00FF00u, r0 = (uint32_t)w[0], r1 = (uint32_t)w[1], r2 = (uint32_t)w[2];
    q->w0a = r0 & mask, q->w0b = r0 << 8 & mask;
    q->w1a = r1 & mask, q->w1b = r1 << 8 & mask;
    q->w2a = (r2 & 0xFF00u) | r2 << 24, q->w2b = r2 << 8 & mask;
    q->bias[0] = q->bias[1] = w[3];
    q->mult = w[4];
    q->shift = (int32_t)(r2 >> 24);
    q->offset = 64 + (q->shift > 7 ? 1 << (q->shift - 1) : 0) - (1 << (q->shift + 7)); /* zero point -128 */
}

/* `rows` rows of outputs of four channels, without the first `skip` */
static inline void depthwise3x3_convolve(const mdg_depthwise3x3_smlad_params *p, const uint32_t *planes,
                                         const int32_t *w, int8_t *y, int32_t rows, int32_t skip) {
    const int32_t plane = depthwise3x3_plane(p);
    const int32_t pairs = p->out_n / 2, pair_words = pairs * p->stride_n;
    mdg_plane q;
    q.y_step = p->out_step_n;
    q.odd = p->out_n % 2;
    q.row_bytes = 4 * p->row_words * p->stride_m;
    q.row_back = q.row_bytes - 4 * pair_words;
    q.y_back = p->out_step_m - 2 * pairs * p->out_step_n;
    for (int32_t c = skip; c < 4; c++) {
        depthwise3x3_weights(&q, w + 5 * c);
        q.row0 = planes + c * plane;
        q.row1 = q.row0 + p->row_words;
        q.row2 = q.row1 + p->row_words;
        q.row_end = q.row0 + pair_words;
        q.last_end = q.row_end + rows * p->row_words * p->stride_m;
        q.y = y + c;
        if (p->stride_n == 1)
            mdg_plane_stride1(&q);
        else
            mdg_plane_stride2(&q);
    }
}

/* Four channels of a picture; the first `skip` were done before. */
static inline void depthwise3x3_group(const mdg_depthwise3x3_smlad_params *p, uint32_t *planes,
                                      const int8_t *x, const int32_t *w, int8_t *y, int32_t skip) {
    const int32_t shared = 3 - p->stride_m, band_step = p->band * p->stride_m, plane = depthwise3x3_plane(p);
    int32_t filled = 0; /* rows of the planes that the last band left */
    for (int32_t m = 0; m < p->out_m; m += p->band) {
        const int32_t rows = p->out_m - m < p->band ? p->out_m - m : p->band;
        const int32_t needed = (rows - 1) * p->stride_m + 3;
        depthwise3x3_fill(p, planes, x, m * p->stride_m - p->pad_m, filled, needed);
        depthwise3x3_convolve(p, planes, w, y + m * p->out_step_m, rows, skip);
        if (m + rows < p->out_m) depthwise3x3_carry(p, planes, plane, band_step, shared);
        filled = shared;
    }
}

MDG_KERNEL void mdg_depthwise3x3_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_depthwise3x3_smlad_params *p = (const mdg_depthwise3x3_smlad_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_m][in_n][channels], or [in_n][in_m] */
    const int32_t *w = (const int32_t *)in[1]; /* [channels][5] */
    int8_t *y = (int8_t *)out[0];              /* the same of out_m, out_n */
    uint32_t *planes = (uint32_t *)out[1];     /* scratch [4][band rows of the input][row_words] */

    for (int32_t b = 0; b < p->batches; b++) {
        for (int32_t c = 0; c < p->channels; c += 4) {
            const int32_t first = c + 4 <= p->channels ? c : p->channels - 4;
            depthwise3x3_group(p, planes, x + first, w + 5 * first, y + first, c - first);
        }
        x += p->in_n * p->in_m * p->channels;
        y += p->out_n * p->out_m * p->channels;
    }
}
